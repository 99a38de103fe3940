//! `cargo xtask first-card`: builds the app and the simulated Telegram, and has a real browser open a room on slow 4G and a slow processor,
//! with nothing cached, until its first card is painted.
//!
//! The runner is `tools/e2e/first-card/`. It reports: a first card that is late is said and is no failure, since how late it is is the
//! machine's doing as well. What could not be measured is one.

use std::process::ExitCode;
use std::time::Duration;

use crate::measurement::Measurement;

const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Launches, of which the median counts
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u8).range(1..=100))]
    runs: u8,
    /// So many times slower than this machine is the phone
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=20))]
    slowed: u8,
    /// Build as it ships
    #[arg(long)]
    release: bool,
}

/// Builds what it takes and runs it.
pub(crate) fn first_card(options: &Options) -> anyhow::Result<ExitCode> {
    Measurement {
        script: "first-card",
        also: &[],
        release: options.release,
        longest: LONGEST,
        settings: vec![
            ("FIRST_CARD_RUNS", options.runs.to_string().into()),
            ("FIRST_CARD_SLOWED", options.slowed.to_string().into()),
        ],
    }
    .take()
}
