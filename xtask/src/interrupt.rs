//! Remembers that the developer pressed Ctrl-C, so that whoever started processes can end them.
//!
//! Without this the signal would kill us between starting a service and stopping it, and a
//! PostgreSQL would stay behind.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C and a polite request to end only set a flag; the second one ends us at once.
pub fn watch() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Whether somebody asked us to end.
pub fn requested() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
