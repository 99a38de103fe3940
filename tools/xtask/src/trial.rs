//! `cargo xtask abuse`, `chaos`, `evening`, `reconnect`, `swipes`, `talk` and `watching`: builds the servers and the harness in `tools/bench/`, and
//! has it run; `convergence` and `costs` take the harness alone.
//!
//! The harness knows its own options; what is typed after the name of a trial is passed on to it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::bail;
use machine::cargo::{self, Features, Profile, Target};
use machine::install;
use machine::paths;
use machine::process::{self, Watched};
use machine::tools::Tool;

/// A trial bounds itself; this is for one that fails at that.
const LONGEST: Duration = Duration::from_secs(90 * 60);

/// What is passed on to the harness.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Options {
    /// Options of the trial; `--help` lists them (`--release` builds as it ships)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    passed_on: Vec<String>,
}

/// Builds and runs one. The harness's exit code comes back.
pub(crate) fn run(name: &'static str, options: &Options) -> anyhow::Result<ExitCode> {
    let embedded = options.passed_on.iter().any(|option| option == "--embedded");
    let asks_only = options.passed_on.iter().any(|option| matches!(option.as_str(), "--help" | "-h"));
    if !embedded && !asks_only {
        install::require(&[Tool::Postgres, Tool::Redis])?;
    }
    let release = options.passed_on.iter().any(|option| option == "--release");
    let programs = Programs::build(if release { Profile::Release } else { Profile::Dev })?;
    let passed_on = options.passed_on.iter().map(String::as_str).filter(|option| *option != "--release");
    match programs.run(name, passed_on, LONGEST)?.code {
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))),
        None => bail!("the trial was ended by a signal"),
    }
}

/// Builds and runs one that needs neither servers nor stores.
pub(crate) fn run_alone(name: &'static str, options: &Options) -> anyhow::Result<ExitCode> {
    let release = options.passed_on.iter().any(|option| option == "--release");
    let profile = if release { Profile::Release } else { Profile::Dev };
    let [harness] = cargo::build([Target::Bench], profile, Features::All)?;
    let passed_on = options.passed_on.iter().filter(|option| *option != "--release");
    let mut command = Command::new(&harness);
    command.arg(name).args(passed_on).current_dir(paths::root());
    match process::watched(name, &mut command, LONGEST)?.code {
        Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))),
        None => bail!("the trial was ended by a signal"),
    }
}

/// What a trial takes.
pub(crate) struct Programs {
    sovpalo: PathBuf,
    harness: PathBuf,
}

impl Programs {
    /// Builds them.
    pub(crate) fn build(profile: Profile) -> anyhow::Result<Self> {
        // Release builds embed the built Mini App, which no phone of a trial looks at.
        fs::create_dir_all(paths::ui_dist())?;
        let [sovpalo, harness] = cargo::build([Target::Sovpalo, Target::Bench], profile, Features::All)?;
        Ok(Self { sovpalo, harness })
    }

    /// Runs one in the open. The code is 0 if every law was kept and 1 if one was broken.
    pub(crate) fn run<'a>(
        &self,
        name: &'static str,
        options: impl IntoIterator<Item = &'a str>,
        limit: Duration,
    ) -> anyhow::Result<Watched> {
        let mut command = Command::new(&self.harness);
        command.arg(name).args(options).env("SOVPALO_BIN", &self.sovpalo).current_dir(paths::root());
        process::watched(name, &mut command, limit)
    }
}
