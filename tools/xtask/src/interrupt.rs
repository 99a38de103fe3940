//! Remembers that the developer pressed Ctrl-C, so that whoever started processes can end them.
//!
//! Without this the signal would kill us between starting a service and stopping it, and a
//! PostgreSQL would stay behind.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// One Ctrl-C may come twice: from the terminal, and from whoever started us, who heard it too.
const ONE_PRESS: Duration = Duration::from_secs(1);

/// From now on Ctrl-C and a polite request to end only set a flag; another one ends us at once.
pub fn watch() -> anyhow::Result<()> {
    let mut first: Option<Instant> = None;
    ctrlc::set_handler(move || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        if first.get_or_insert_with(Instant::now).elapsed() > ONE_PRESS {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether somebody asked us to end.
pub fn requested() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
