//! `cargo xtask frames`: builds the app and the simulated Telegram, and has a real browser drag and throw cards on a slow processor.
//!
//! The runner is `tools/e2e/frames/`. It reports: frames that were too long are said and are no failure, since how many there are is
//! the machine's doing as well. What could not be measured is one.

use std::process::ExitCode;
use std::time::Duration;

use crate::measurement::Measurement;

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
    Measurement {
        script: "frames",
        also: &[],
        release: options.release,
        longest: LONGEST,
        settings: vec![
            ("FRAMES_CARDS", options.cards.to_string().into()),
            ("FRAMES_SLOWED", options.slowed.to_string().into()),
        ],
    }
    .take()
}
