//! `cargo xtask audit`: what is known of vulnerabilities in everything that is depended on, from RustSec and from npm.
//!
//! A database that cannot be reached is a failure here: nothing was looked at. `cargo xtask test` holds the same checks and says "not
//! checked" instead, since a developer without a network has done nothing wrong. It runs once a day in `.github/workflows/audit.yml`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context as _;
use machine::install;
use machine::paths;
use machine::process;
use machine::tools::{self, Tool};
use serde_json::Value;

use crate::report::{Checked, Report};
use crate::tally::Tally;
use crate::ui;

/// Holds all checks; none may be passed over.
pub(crate) fn audit() -> anyhow::Result<ExitCode> {
    install::require(&[Tool::CargoDeny, Tool::Node, Tool::Npm])?;
    let mut report = Report::new();
    report.check("Rust packages (RustSec)", || insisted(rust()?));
    report.check("npm packages", || insisted(npm()?));
    Ok(if report.finish() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What was not looked at is not fine.
fn insisted(checked: Checked) -> anyhow::Result<Checked> {
    match checked {
        Checked::NotHere(why) => anyhow::bail!("nothing was checked: {why}"),
        other => Ok(other),
    }
}

/// cargo-deny, which reads `.cargo/deny.toml`.
pub(crate) fn deny(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(tools::cargo_deny().context("no cargo-deny")?);
    command.current_dir(paths::root()).arg("--all-features").args(arguments);
    Ok(command)
}

/// Advisories about crates.
pub(crate) fn rust() -> anyhow::Result<Checked> {
    if process::quietly(&mut deny(&["fetch", "db"])?).is_err() {
        return Ok(Checked::NotHere("RustSec's database of advisories cannot be reached from here".into()));
    }
    process::run(&mut deny(&["--offline", "check", "advisories"])?)?;
    Ok(Checked::Ran(Tally::default()))
}

/// Advisories about the packages of the Mini App, and of the browser tests.
pub(crate) fn npm() -> anyhow::Result<Checked> {
    for folder in [paths::ui(), paths::e2e()] {
        match npm_of(&folder)? {
            Npm::Fine => {}
            Npm::Unreachable => {
                return Ok(Checked::NotHere(
                    "npm's database of advisories cannot be reached from here".into(),
                ));
            }
            Npm::Found(what) => anyhow::bail!("{}: {what}", folder.display()),
        }
    }
    Ok(Checked::Ran(Tally::default()))
}

#[derive(Debug, PartialEq, Eq)]
enum Npm {
    Fine,
    Unreachable,
    Found(String),
}

/// Everything that is in the lockfile: what builds the Mini App can change it as well as what is in it.
fn npm_of(folder: &Path) -> anyhow::Result<Npm> {
    let output =
        ui::npm(folder).args(["audit", "--json", "--audit-level=moderate"]).output().context("npm")?;
    read(&String::from_utf8_lossy(&output.stdout))
}

/// Reads npm's report. What is no report at all means that nobody answered.
fn read(report: &str) -> anyhow::Result<Npm> {
    let Ok(report) = serde_json::from_str::<Value>(report) else { return Ok(Npm::Unreachable) };
    let Some(counts) = report["metadata"]["vulnerabilities"].as_object() else { return Ok(Npm::Unreachable) };
    let serious = ["moderate", "high", "critical"];
    let count = |level: &str| counts.get(level).and_then(Value::as_u64).context("npm's report has no counts");
    let counts = serious.into_iter().map(count).collect::<anyhow::Result<Vec<_>>>()?;
    if counts.iter().all(|count| *count == 0) {
        return Ok(Npm::Fine);
    }
    let found = report["vulnerabilities"].as_object().into_iter().flatten();
    let found = found.filter(|(_, it)| serious.contains(&it["severity"].as_str().unwrap_or_default()));
    let names = found.map(|(name, it)| format!("{name} ({})", it["severity"].as_str().unwrap_or_default()));
    Ok(Npm::Found(names.collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_cannot_be_reached_fails_the_audit_and_not_the_tests() {
        let unreachable = || Checked::NotHere("no network".into());
        assert!(insisted(unreachable()).is_err());
        let mut report = Report::new();
        assert!(report.check("audit", || Ok(unreachable())), "the tests go on");
        assert!(report.finish(), "and do not fail");
    }

    #[test]
    fn npms_report_is_told_from_its_words_about_the_network() {
        let counts = |moderate: u64, low: u64| {
            format!(
                r#"{{"vulnerabilities":{{"left-pad":{{"severity":"moderate"}},"small":{{"severity":"low"}}}},"metadata":{{"vulnerabilities":
                {{"info":0,"low":{low},"moderate":{moderate},"high":0,"critical":0,"total":{moderate}}}}}}}"#
            )
        };
        assert_eq!(read(&counts(0, 3)).unwrap(), Npm::Fine);
        assert_eq!(read(&counts(1, 0)).unwrap(), Npm::Found("left-pad (moderate)".into()));
        for nobody in
            ["", "npm error audit endpoint returned an error", r#"{"message":"request failed","error":{}}"#]
        {
            assert_eq!(read(nobody).unwrap(), Npm::Unreachable, "{nobody}");
        }
    }
}
