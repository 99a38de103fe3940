//! What wakes a socket beside its phone and its rooms: its end, and its clock.
//!
//! They are kept from one wait to the next, since a swipe is several waits: to ask for each anew would cost more than what is done.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::extract::ws::Message;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// What there is to do.
pub(super) enum Woken {
    /// Something may be due.
    Stirred,
    /// The time has come for something: a beat, or the end of a phone that says nothing.
    Due,
    /// The phone said something.
    Said(Option<Result<Message, axum::Error>>),
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
