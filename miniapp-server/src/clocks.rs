//! Whether our clock agrees with Telegram's, as far as launch data shows.

use std::time::Duration;

use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::skew::Skew;

/// A launch that is younger than this was made just now.
const JUST_NOW: Duration = Duration::from_secs(30);

/// What genuine launches have shown.
pub(crate) struct Clocks(Skew);

impl Default for Clocks {
    fn default() -> Self {
        Self(Skew::measured_by("launch"))
    }
}

impl Clocks {
    /// Telegram signed a launch at a time by its own clock. An old one shows nothing: clients keep them for hours.
    pub(crate) fn signed(&self, at: Timestamp, now: Timestamp) {
        if now.since(at) < JUST_NOW {
            self.0.seen(at, now);
        }
    }
}
