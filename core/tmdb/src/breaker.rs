//! A circuit breaker: whoever does not answer is left alone for a while, and is then asked by one first.
//!
//! Time is an argument. See "circuit breaker" in Nygard, *Release It!*, or
//! <https://martinfowler.com/bliki/CircuitBreaker.html>.

use std::time::Duration;

use tokio::time::Instant;

/// After so many failures in a row nothing is asked for a while.
pub(crate) const FAILURES: u32 = 4;
/// So long nothing is asked then.
pub(crate) const OPEN_FOR: Duration = Duration::from_secs(20);
/// A single request that tries whether it works again is given up after this, and another one may try.
pub(crate) const PROBE_FOR: Duration = Duration::from_secs(8);
/// The longest that is waited because the other side asks for it (`Retry-After`).
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// All may ask; so many failed in a row.
    Closed { failures: u32 },
    /// Nobody may.
    Open { until: Instant },
    /// One is trying.
    HalfOpen { until: Instant },
}

/// A circuit breaker: decides whether a request is sent. The outcome of each request that was sent is reported back to it.
#[derive(Debug)]
pub(crate) struct Breaker(State);

impl Default for Breaker {
    fn default() -> Self {
        Self(State::Closed { failures: 0 })
    }
}

impl Breaker {
    /// Whether somebody may ask now. Of those who want to when the pause is over, one may.
    pub(crate) fn lets_through(&mut self, now: Instant) -> bool {
        match self.0 {
            State::Closed { .. } => true,
            State::Open { until } | State::HalfOpen { until } if now < until => false,
            State::Open { .. } | State::HalfOpen { .. } => {
                self.0 = State::HalfOpen { until: now + PROBE_FOR };
                true
            }
        }
    }

    /// There was an answer.
    pub(crate) fn answered(&mut self, now: Instant) {
        // An answer that was long under way does not end a pause that was asked for meanwhile.
        if !matches!(self.0, State::Open { until } if now < until) {
            self.0 = State::Closed { failures: 0 };
        }
    }

    /// There was none, or none that helps. `true`: nothing is asked for a while from now on.
    pub(crate) fn failed(&mut self, now: Instant) -> bool {
        let failures = match self.0 {
            State::Closed { failures } => failures.saturating_add(1),
            State::HalfOpen { .. } => FAILURES,
            State::Open { .. } => return false,
        };
        let opens = failures >= FAILURES;
        self.0 = if opens { State::Open { until: now + OPEN_FOR } } else { State::Closed { failures } };
        opens
    }

    /// The other side asks to be left alone for so long.
    pub(crate) fn pause(&mut self, now: Instant, pause: Duration) {
        let until = now + pause.min(LONGEST_PAUSE);
        self.0 = match self.0 {
            State::Open { until: before } => State::Open { until: before.max(until) },
            State::Closed { .. } | State::HalfOpen { .. } => State::Open { until },
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert!(!breaker.failed(now));
            assert!(breaker.lets_through(now));
        }
        assert!(breaker.failed(now));
        breaker
    }

    #[tokio::test]
    async fn after_failures_in_a_row_nobody_asks_for_a_while_and_then_one() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert!(!breaker.lets_through(now + OPEN_FOR / 2));
        assert!(breaker.lets_through(now + OPEN_FOR), "one tries");
        assert!(!breaker.lets_through(now + OPEN_FOR), "and only one");
        breaker.answered(now + OPEN_FOR);
        assert!(breaker.lets_through(now + OPEN_FOR));
    }

    #[tokio::test]
    async fn one_that_tries_and_fails_opens_it_again_and_one_that_is_lost_is_followed_by_another() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert!(breaker.lets_through(now + OPEN_FOR));
        assert!(breaker.failed(now + OPEN_FOR));
        assert!(!breaker.lets_through(now + OPEN_FOR + OPEN_FOR / 2));
        assert!(breaker.lets_through(now + OPEN_FOR * 2));
        assert!(breaker.lets_through(now + OPEN_FOR * 2 + PROBE_FOR), "nobody said how the last one went");
    }

    #[tokio::test]
    async fn an_answer_makes_failures_forgotten() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES * 3 {
            breaker.failed(now);
            breaker.answered(now);
        }
        assert!(breaker.lets_through(now));
    }

    #[tokio::test]
    async fn a_pause_that_is_asked_for_is_kept_and_has_a_most() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        breaker.pause(now, Duration::from_secs(30));
        breaker.answered(now);
        breaker.pause(now, Duration::from_secs(1));
        assert!(!breaker.lets_through(now + Duration::from_secs(29)));
        assert!(breaker.lets_through(now + Duration::from_secs(30)));
        breaker.pause(now, Duration::from_secs(u64::MAX / 4));
        assert!(breaker.lets_through(now + LONGEST_PAUSE));
    }
}
