//! Getting the tools that are not there.
//!
//! A missing tool is an error that names its remedy. As root on Debian the remedy is applied; what
//! belongs to this checkout alone (cargo-deny) is put under `target/tools` anywhere.

use anyhow::bail;

use crate::tools::{CARGO_DENY, Tool};
use crate::{cargo, debian, paths, process};

/// Sees to it that all of these are here, or says for each that is not how to get it.
pub fn require(tools: &[Tool]) -> anyhow::Result<()> {
    let mut missing = absent(tools);
    if !missing.is_empty() && debian::may_install() {
        debian::install(&missing)?;
        missing = absent(&missing);
    }
    if missing.contains(&Tool::CargoDeny) {
        install_cargo_deny()?;
        missing.retain(|tool| *tool != Tool::CargoDeny);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = missing.iter().map(|tool| format!("  {tool:?}: {}", tool.remedy())).collect();
    bail!("some tools are missing\n{}", list.join("\n"))
}

fn absent(tools: &[Tool]) -> Vec<Tool> {
    tools.iter().copied().filter(|tool| !tool.is_here()).collect()
}

/// Takes about two minutes, once per checkout. Unoptimised, because it runs for a second.
fn install_cargo_deny() -> anyhow::Result<()> {
    let scratch = paths::tools().join("build");
    process::run(
        cargo::cargo()
            .args(["install", "--locked", "--debug", "--root"])
            .arg(paths::tools())
            .arg(format!("cargo-deny@{CARGO_DENY}"))
            .env("CARGO_TARGET_DIR", &scratch),
    )?;
    // Half a gigabyte that nobody needs again; staying behind is no failure.
    let _ = std::fs::remove_dir_all(scratch);
    Ok(())
}
