//! `cargo xtask spread`: builds the app and the simulated Telegram, and has real browsers watch films together to see how far apart they are.
//!
//! The runner is `tools/e2e/spread/`. It judges itself: the code is not 0 where phones were too far apart, or the machine too busy to say.

use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use machine::tools::Tool;

use crate::measurement::Measurement;

const LONGEST: Duration = Duration::from_secs(90 * 60);

/// What to measure, and with how much.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The films, in the order in which they are watched; none named means all of them
    #[arg(value_enum)]
    films: Vec<Film>,
    /// Phones that watch, from the quickest network to the slowest
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(4..=8))]
    phones: u8,
    /// How often everything happens once: pause, two seeks, a stall, somebody who leaves and comes back
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=20))]
    rounds: u8,
    /// What happens in which order and to whom, and how late bytes come
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Build as it ships
    #[arg(long)]
    release: bool,
}

/// How a film comes to phones.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Film {
    /// As one file
    File,
    /// As a stream in HLS
    Hls,
    /// From a stand-in of YouTube, with advertisements, coarse reports and coarse rates
    Youtube,
}

impl Film {
    fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Hls => "hls",
            Self::Youtube => "youtube",
        }
    }
}

/// Builds what it takes and runs it.
pub(crate) fn spread(options: &Options) -> anyhow::Result<ExitCode> {
    let films: Vec<&str> = [Film::File, Film::Hls, Film::Youtube]
        .into_iter()
        .filter(|film| options.films.is_empty() || options.films.contains(film))
        .map(Film::name)
        .collect();
    Measurement {
        script: "spread",
        also: &[Tool::Ffmpeg],
        release: options.release,
        longest: LONGEST,
        settings: vec![
            ("SPREAD_FILMS", films.join(",").into()),
            ("SPREAD_PHONES", options.phones.to_string().into()),
            ("SPREAD_ROUNDS", options.rounds.to_string().into()),
            ("SPREAD_SEED", options.seed.to_string().into()),
        ],
    }
    .take()
}
