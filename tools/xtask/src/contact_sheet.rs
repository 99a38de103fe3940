//! `cargo xtask contact-sheet`: builds the app and the simulated Telegram, and has a real browser picture every screen, in both languages and
//! themes, on a small phone and on a large one, with the screens that are empty and those that say what is wrong.
//!
//! The runner is `tools/e2e/screenshots.spec.ts`. The pictures, and one sheet with all of them for each language and theme, are in
//! `target/contact-sheet`.

use std::process::ExitCode;
use std::time::Duration;

use machine::paths;

use crate::measurement::Measurement;

const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);

/// What to build.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build as it ships
    #[arg(long)]
    release: bool,
}

/// Builds what it takes and runs it.
pub(crate) fn contact_sheet(options: &Options) -> anyhow::Result<ExitCode> {
    let folder = paths::root().join("target").join("contact-sheet");
    let code = Measurement {
        script: "screenshots",
        // The walk watches a film, too.
        also: &[machine::tools::Tool::Ffmpeg],
        release: options.release,
        longest: LONGEST,
        settings: vec![("CONTACT_SHEET", folder.clone().into_os_string())],
    }
    .take()?;
    println!("the sheets are in {}", folder.display());
    Ok(code)
}
