//! Installing what is missing, as root on Debian and its relatives: a fresh machine or a CI container.

use std::path::Path;

use anyhow::bail;

use crate::process;
use crate::programs::{in_path, node_package, own_node_prefix, program};
use crate::tools::{self, Tool};

/// The Node.js that is taken from npm's registry where Debian's own is too old.
const NODE: &str = "24";

/// Whether we may: Debian's package manager is here and so are the rights.
pub(crate) fn may_install() -> bool {
    Path::new("/etc/debian_version").exists() && in_path(&["apt-get"]).is_some() && is_root()
}

#[cfg(unix)]
fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Installs these, and nothing for those that do not come as packages.
pub(crate) fn install(missing: &[Tool]) -> anyhow::Result<()> {
    let packages: Vec<&str> = missing.iter().flat_map(|tool| packages(*tool)).copied().collect();
    if !packages.is_empty() {
        process::run(program("apt-get").args(["update", "--quiet=2"]))?;
        process::run(
            program("apt-get")
                .args(["install", "--yes", "--quiet=2", "--no-install-recommends"])
                .args(&packages)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    for (tool, component) in [(Tool::Rustfmt, "rustfmt"), (Tool::Clippy, "clippy")] {
        if missing.contains(&tool) && in_path(&["rustup"]).is_some() {
            process::run(program("rustup").args(["component", "add", component]))?;
        }
    }
    if missing.contains(&Tool::Node) {
        newer_node_if_needed()?;
    }
    Ok(())
}

fn packages(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Node if tools::node().is_none() => &["nodejs", "npm"],
        Tool::Npm => &["npm"],
        Tool::Postgres => &["postgresql"],
        Tool::Redis => &["redis-server"],
        Tool::PgBouncer => &["pgbouncer"],
        Tool::Coturn => &["coturn"],
        Tool::Chromium => &["chromium"],
        Tool::Ffmpeg => &["ffmpeg"],
        Tool::Fonts => &["fontconfig", "fonts-noto-core", "fonts-noto-color-emoji"],
        Tool::Node | Tool::Rustfmt | Tool::Clippy | Tool::CargoDeny => &[],
    }
}

/// Debian 12 has Node.js 18. npm's registry has the newer ones as plain packages with the program in
/// them, so this checkout gets its own and the system keeps what it has.
fn newer_node_if_needed() -> anyhow::Result<()> {
    if Tool::Node.is_here() {
        return Ok(());
    }
    let Some(package) = node_package() else {
        bail!("no Node.js in npm's registry for this machine; see https://nodejs.org");
    };
    std::fs::create_dir_all(own_node_prefix())?;
    process::run(
        program("npm")
            .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
            .arg(own_node_prefix())
            .arg(format!("{package}@{NODE}")),
    )
}
