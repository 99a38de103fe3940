//! `cargo xtask frames`: builds the app and the simulated Telegram, and has a real browser drag and throw cards on a slow processor.
//!
//! The runner is `tools/e2e/frames/`. It reports: frames that were too long are said and are no failure, since how many there are is
//! the machine's doing as well. What could not be measured is one.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use machine::cargo::{self, Features, Profile, Target};
use machine::install;
use machine::paths;
use machine::process;
use machine::tools::{self, Tool};

use crate::ui;

/// The runner bounds itself; this is for one that fails at that.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Cards that are dragged and thrown
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1000))]
    cards: u16,
    /// So many times slower than this machine is the phone
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=20))]
    slowed: u8,
    /// Build as it ships
    #[arg(long)]
    release: bool,
}

/// Builds what it takes and runs it.
pub(crate) fn frames(options: &Options) -> anyhow::Result<ExitCode> {
    install::require(&[Tool::Node, Tool::Npm, Tool::Chromium, Tool::Fonts])?;
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    ui::write_types(Profile::Dev, Features::All)?;
    ui::install_packages(&paths::ui())?;
    ui::build()?;
    let [sovpalo, telegram_sim] =
        cargo::build([Target::Sovpalo, Target::TelegramSim], profile, Features::All)?;
    ui::install_packages(&paths::e2e())?;
    let mut command = ui::npm(&paths::e2e());
    command
        .args(["run", "--silent", "frames"])
        .env("FRAMES_CARDS", options.cards.to_string())
        .env("FRAMES_SLOWED", options.slowed.to_string())
        .env("SOVPALO_BIN", sovpalo)
        .env("TELEGRAM_SIM_BIN", telegram_sim)
        .env("CHROMIUM", tools::chromium().context("no Chromium")?);
    let watched = process::watched("frames", &mut command, LONGEST)?;
    Ok(if watched.ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
