//! What wakes a socket beside its phone and its rooms: its end, and its clock.
//!
//! Beats of all sockets of a process fall on the same ticks: tasks that are woken at the same moment cost the machine less than those that
//! are woken one by one, since a thread has to wake and sleep again for each of these.
//!
//! They are kept from one wait to the next, since a swipe is several waits: to ask for each anew would cost more than what is done.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use sovpalo_domain::ids::Timestamp;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tungstenite::{Error, Message};

/// Between two ticks.
const TICK: Duration = Duration::from_millis(100);

/// How long it is from now until the first tick at which so long has passed.
pub(super) fn until_tick_after(wait: Duration, now: Timestamp) -> Duration {
    // A wait that is short, as a test's is, is not made much longer by it.
    let tick = TICK.min(wait / 8).as_millis().max(1);
    let at = u128::from(now.millis().unsigned_abs()) + wait.as_millis();
    let late = at.next_multiple_of(tick) - at;
    wait + Duration::from_millis(u64::try_from(late).unwrap_or_default())
}

/// What there is to do.
pub(super) enum Woken {
    /// Something may be due.
    Stirred,
    /// The time has come for something: a beat, or the end of a phone that says nothing.
    Due,
    /// The phone said something.
    Said(Option<Result<Message, Error>>),
}

/// They are boxed, since they cannot be moved once they are waited for.
pub(super) struct Wakes {
    ends: [Pin<Box<WaitForCancellationFutureOwned>>; 2],
    alarm: Pin<Box<Sleep>>,
}

impl Wakes {
    /// Until one of its ends, and first at this moment.
    pub(super) fn new(ends: [CancellationToken; 2], first: Instant) -> Self {
        Self { ends: ends.map(|end| Box::pin(end.cancelled_owned())), alarm: Box::pin(sleep_until(first)) }
    }

    /// Ready once one of its ends has come.
    pub(super) fn poll_ends(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let [one, other] = &mut self.ends;
        // Both of them, so that each will wake this task.
        let (one, other) = (one.as_mut().poll(cx), other.as_mut().poll(cx));
        if one.is_ready() { one } else { other }
    }

    /// Ready from this moment on.
    pub(super) fn poll_until(&mut self, cx: &mut Context<'_>, moment: Instant) -> Poll<()> {
        if moment < self.alarm.deadline() {
            self.alarm.as_mut().reset(moment);
        }
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            if moment <= self.alarm.deadline() {
                return Poll::Ready(());
            }
            // Put off since: mostly the alarm need not be set again for that.
            self.alarm.as_mut().reset(moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn waits_that_begin_at_different_moments_end_at_the_same_ticks_and_none_early() {
        let ends = |wait: Duration| -> BTreeSet<i64> {
            let end = |now| {
                let until = until_tick_after(wait, Timestamp::from_millis(now));
                assert!((wait..=wait + TICK).contains(&until), "{until:?} instead of {wait:?}");
                now + i64::try_from(until.as_millis()).unwrap()
            };
            (1_000..1_200).map(end).collect()
        };
        for wait in [25_000 * MS, 24_987 * MS] {
            let ends = ends(wait);
            assert!((2..=3).contains(&ends.len()), "200 ms have {} ticks", ends.len());
        }
    }

    #[test]
    fn a_short_wait_stays_short() {
        for wait in [MS, 40 * MS, 300 * MS] {
            assert!(until_tick_after(wait, Timestamp::from_millis(12_345)) <= wait + wait / 8);
        }
    }
}
