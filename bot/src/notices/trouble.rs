//! What becomes of a notice that could not be told.

use std::time::Duration;

use sovpalo_storage::{backoff::Backoff, work::Outcome};

use crate::{failure::Failure, updates::Trouble};

/// The longest wait between two tries of the same notice.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// After so many tries nobody wants to read it any more.
const ATTEMPTS: u32 = 60;

/// Trouble passes, or it is a mistake of ours that would only be repeated for ever.
pub(super) fn in_trouble(notice: i64, attempts: u32, trouble: &Trouble) -> Outcome {
    if let Trouble::Telegram(Failure::Held(wait)) = trouble {
        return Outcome::Waits(*wait);
    }
    match trouble.retry_after() {
        Some(wait) if attempts < ATTEMPTS => Outcome::Again(wait.max(Backoff::after(attempts, LONGEST_WAIT))),
        _ => {
            tracing::warn!(%trouble, notice, "a notice is given up");
            Outcome::GivenUp
        }
    }
}
