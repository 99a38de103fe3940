//! What `cargo xtask contact-sheet`, `first-card`, `frames` and `spread` have in common: the app and what it is simulated with are built, and one
//! of the scripts in `tools/e2e/` uses them in a real browser.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use machine::cargo::{self, Features, Profile, Target};
use machine::install;
use machine::paths;
use machine::process;
use machine::tools::{self, Tool};

use crate::ui;

/// A script of `tools/e2e/package.json`, and what it takes.
pub(crate) struct Measurement<'a> {
    /// Its name there.
    pub(crate) script: &'static str,
    /// What it needs beside Node, npm and Chromium with fonts.
    pub(crate) also: &'a [Tool],
    /// Built as it ships.
    pub(crate) release: bool,
    /// Each script bounds itself; this is for one that fails at that.
    pub(crate) longest: Duration,
    /// Variables that it is given.
    pub(crate) settings: Vec<(&'a str, OsString)>,
}

impl Measurement<'_> {
    /// Builds what it takes and runs it.
    pub(crate) fn take(self) -> anyhow::Result<ExitCode> {
        let needed = [&[Tool::Node, Tool::Npm, Tool::Chromium, Tool::Fonts], self.also].concat();
        install::require(&needed)?;
        let profile = if self.release { Profile::Release } else { Profile::Dev };
        ui::install_packages(&paths::ui())?;
        ui::write_types(Profile::Dev, Features::All)?;
        ui::build()?;
        let targets = [Target::Sovpalo, Target::TelegramSim, Target::TmdbSim];
        let [sovpalo, telegram_sim, tmdb_sim] = cargo::build(targets, profile, Features::All)?;
        ui::install_packages(&paths::e2e())?;
        let mut command = ui::npm(&paths::e2e());
        command
            .args(["run", "--silent", self.script])
            .envs(self.settings)
            .env("SOVPALO_BIN", sovpalo)
            .env("TELEGRAM_SIM_BIN", telegram_sim)
            .env("TMDB_SIM_BIN", tmdb_sim)
            .env("CHROMIUM", tools::chromium().context("no Chromium")?);
        let watched = process::watched(self.script, &mut command, self.longest)?;
        Ok(if watched.ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
