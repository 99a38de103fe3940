//! Opening a store that may only be starting itself, as after a machine's restart.
//!
//! What passes by itself is waited for, with a line in the log that says for what, and not without end. Whatever needs
//! somebody to do something (a wrong password, a database that is not there) is an error at once.

use std::{fmt::Display, time::Duration};

use tokio::time::{Instant, sleep};

/// Between two tries at first; longer each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Between two tries at the longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// How long to wait for a store.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// While nobody answers at its address.
    pub absent: Duration,
    /// While it says itself that it is starting, or takes nothing for the moment. Much data takes a while to load.
    pub starting: Duration,
}

impl Patience {
    /// Tries once.
    pub const NONE: Self = Self { absent: Duration::ZERO, starting: Duration::ZERO };

    fn with(self, state: NotYet) -> Duration {
        match state {
            NotYet::Absent => self.absent,
            NotYet::Starting => self.starting,
        }
    }
}

impl Default for Patience {
    /// For a process that starts together with its stores.
    fn default() -> Self {
        Self { absent: Duration::from_secs(10), starting: Duration::from_secs(60) }
    }
}

/// Why a store cannot be opened yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// Nobody answers.
    Absent,
    /// It answers that it cannot be used yet.
    Starting,
}

/// Tries to open a store until it is up, cannot become so by waiting, or has been waited for long enough. The error is the last one.
pub async fn once_up<T, E: Display>(
    store: &str,
    patience: Patience,
    not_yet: impl Fn(&E) -> Option<NotYet>,
    mut open: impl AsyncFnMut() -> Result<T, E>,
) -> Result<T, E> {
    let began = Instant::now();
    let (mut pause, mut said) = (FIRST_PAUSE, None);
    loop {
        let error = match open().await {
            Ok(opened) => {
                if said.is_some() {
                    tracing::info!("{store} is there now, after {} s", began.elapsed().as_secs());
                }
                return Ok(opened);
            }
            Err(error) => error,
        };
        let state = not_yet(&error);
        let Some(left) = state.and_then(|state| patience.with(state).checked_sub(began.elapsed())) else {
            return Err(error);
        };
        if left.is_zero() {
            return Err(error);
        }
        if said != state {
            tracing::warn!(
                "{store} cannot be used yet ({error}): waiting for {} s more at the most",
                left.as_secs()
            );
            said = state;
        }
        sleep(pause.min(left)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than any test takes.
    const LONG: Duration = Duration::from_secs(60);

    fn state(error: &&'static str) -> Option<NotYet> {
        match *error {
            "refused" => Some(NotYet::Absent),
            "loading" => Some(NotYet::Starting),
            _ => None,
        }
    }

    /// Opens a store that says these words first, one each time, and then is there. Also how often it was tried.
    async fn opened(patience: Patience, words: &[&'static str]) -> (Result<(), &'static str>, usize) {
        let mut tries = 0;
        let opened = once_up("A store", patience, state, async || {
            tries += 1;
            words.get(tries - 1).map_or(Ok(()), |word| Err(*word))
        });
        (opened.await, tries)
    }

    #[tokio::test]
    async fn what_passes_is_waited_for_and_a_mistake_is_not() {
        let patience = Patience { absent: LONG, starting: LONG };
        assert_eq!(opened(patience, &["refused", "refused", "loading"]).await, (Ok(()), 4));
        assert_eq!(opened(patience, &["wrong password"]).await, (Err("wrong password"), 1));
        assert_eq!(opened(patience, &["loading", "wrong password"]).await, (Err("wrong password"), 2));
    }

    #[tokio::test]
    async fn each_state_has_a_patience_of_its_own() {
        let patience = Patience { absent: Duration::ZERO, starting: LONG };
        assert_eq!(opened(patience, &["refused"]).await, (Err("refused"), 1));
        assert_eq!(opened(patience, &["loading", "loading"]).await, (Ok(()), 3));
        assert_eq!(opened(Patience::NONE, &["loading"]).await, (Err("loading"), 1));
    }

    #[tokio::test]
    async fn waiting_ends_with_the_last_error() {
        let patience = Patience { absent: 3 * FIRST_PAUSE, starting: Duration::ZERO };
        let (opened, tries) = opened(patience, &["refused"; 1000]).await;
        assert_eq!(opened, Err("refused"));
        assert!((2..=5).contains(&tries), "it was tried {tries} times");
    }
}
