//! How far Telegram's clock is from ours: a gauge, and a line in the log when it begins to differ and when it is well again.
//!
//! Launch data is dated by Telegram and judged by our clock, so that a machine that slept, or was never set, turns people away. They are
//! told that it is the clock; whoever runs the machine is told here.

use std::sync::{Mutex, PoisonError};

use sovpalo_domain::ids::Timestamp;

use crate::measure::{self, Label};

/// Clocks that differ by no more than this agree: dates are whole seconds, and an answer is under way for some.
const TOLERATED_SECONDS: i64 = 30;
/// A difference that was logged is logged again once it has changed by so much.
const CHANGED_SECONDS: i64 = 60;

/// What one source of Telegram's time has shown.
#[derive(Debug)]
pub struct Skew {
    source: &'static str,
    /// The difference that was logged, in seconds; 0 while the clocks agree.
    logged: Mutex<i64>,
}

/// What a new look is worth saying.
#[derive(Debug, PartialEq, Eq)]
enum News {
    None,
    Differs,
    Agrees,
}

impl Skew {
    /// As a source shows it: `bot_api`, say.
    pub const fn measured_by(source: &'static str) -> Self {
        Self { source, logged: Mutex::new(0) }
    }

    /// Telegram's clock showed this when ours showed that.
    pub fn seen(&self, theirs: Timestamp, ours: Timestamp) {
        let ahead = (theirs.millis() - ours.millis()) / 1000;
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and seconds are few")]
        measure::gauge("sovpalo_clock_skew_seconds", [("source", Label::word(self.source))])
            .set(ahead as f64);
        match self.news(ahead) {
            News::None => {}
            News::Differs => tracing::warn!(
                source = self.source,
                seconds = ahead.abs(),
                "this machine's clock is {} Telegram's: people may be unable to sign in until it is set right",
                if ahead > 0 { "behind" } else { "ahead of" },
            ),
            News::Agrees => {
                tracing::info!(source = self.source, "this machine's clock agrees with Telegram's again");
            }
        }
    }

    fn news(&self, ahead: i64) -> News {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let differs = ahead.abs() > TOLERATED_SECONDS;
        match (*logged != 0, differs) {
            (false, true) => {}
            (true, true) if (ahead - *logged).abs() >= CHANGED_SECONDS => {}
            (true, false) => {
                *logged = 0;
                return News::Agrees;
            }
            _ => return News::None,
        }
        *logged = ahead;
        News::Differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_news_when_it_begins_changes_and_ends_and_not_in_between() {
        use News::{Agrees, Differs, None};

        let skew = Skew::measured_by("test");
        let news: Vec<_> =
            [0, 29, -30, 120, 121, 90, 300, -40, -40, 2, 2].map(|ahead| skew.news(ahead)).into();
        assert_eq!(news, [None, None, None, Differs, None, None, Differs, Differs, None, Agrees, None]);
    }
}
