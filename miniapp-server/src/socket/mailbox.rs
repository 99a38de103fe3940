//! What is published for one socket while it does something else: a few things, in little room.
//!
//! Messages are not here: the phone pulls them from their room's [feed](super::feeds) when it can take them. What is here may be dropped:
//! of signals the oldest go first, and of news about rooms that are not open only that there was news is kept.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use futures::task::AtomicWaker;
use sovpalo_domain::ids::RoomCode;
use sovpalo_live::hot::{Moved, Published};

use super::rendered::Signal;
use crate::problem::Refused;

/// Signals that wait for one phone. Beyond it the oldest is dropped: a signal is only of use at once.
pub(crate) const SIGNALS_KEPT: usize = 16;
/// News of rooms that are not open that wait for one phone. Beyond it all of its rooms are counted anew.
pub(crate) const NEWS_KEPT: usize = 64;
/// Signals for one person alone that wait for one phone. Beyond it the oldest is dropped: connections that miss one begin again.
pub(crate) const DIRECT_SIGNALS_KEPT: usize = 32;
/// Refusals of what has no answer of its own that wait for one phone. Beyond it the oldest is dropped.
pub(crate) const REFUSALS_KEPT: usize = 16;

/// The mailbox of one socket.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    stirred: AtomicBool,
    /// Of the socket's task.
    waker: AtomicWaker,
    /// Something may be in it.
    filled: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    signals: VecDeque<Signal>,
    direct: VecDeque<Signal>,
    refusals: VecDeque<(RoomCode, Refused)>,
    news: VecDeque<(RoomCode, Arc<Published>)>,
    /// What happened to its person; few, since each is a command of somebody.
    moved: VecDeque<Moved>,
    missed: bool,
}

impl Inner {
    fn is_empty(&self) -> bool {
        let Self { signals, direct, refusals, news, moved, missed } = self;
        let said = signals.is_empty() && direct.is_empty() && refusals.is_empty();
        said && news.is_empty() && moved.is_empty() && !missed
    }
}

impl Mailbox {
    /// There may be something to tell.
    pub(super) fn stir(&self) {
        self.stirred.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Ready once there may be something to tell. One waits: the socket.
    pub(super) fn poll_stirred(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.waker.register(cx.waker());
        if self.stirred.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Whether nothing is in it. Asked before everything that is told, and so without its lock.
    pub(super) fn is_empty(&self) -> bool {
        !self.filled.load(Ordering::Acquire)
    }

    pub(super) fn signal(&self, signal: Signal) {
        self.put(|inner| push(&mut inner.signals, signal, SIGNALS_KEPT));
    }

    /// A signal for this person alone.
    pub(super) fn direct_signal(&self, signal: Signal) {
        self.put(|inner| push(&mut inner.direct, signal, DIRECT_SIGNALS_KEPT));
    }

    pub(super) fn next_signal(&self) -> Option<Signal> {
        self.take(|inner| inner.direct.pop_front().or_else(|| inner.signals.pop_front()))
    }

    /// A signal of this phone was refused.
    pub(super) fn refused(&self, room: RoomCode, refused: Refused) {
        self.put(|inner| push(&mut inner.refusals, (room, refused), REFUSALS_KEPT));
    }

    pub(super) fn next_refusal(&self) -> Option<(RoomCode, Refused)> {
        self.take(|inner| inner.refusals.pop_front())
    }

    /// News of a room that is not open.
    pub(super) fn news(&self, room: RoomCode, what: Arc<Published>) {
        self.put(|inner| {
            if inner.news.len() >= NEWS_KEPT {
                inner.news.clear();
                inner.missed = true;
            }
            inner.news.push_back((room, what));
        });
    }

    /// Its person came into a room, or is in it no more.
    pub(super) fn moved(&self, moved: Moved) {
        self.put(|inner| {
            if inner.moved.len() >= NEWS_KEPT {
                inner.moved.pop_front();
            }
            inner.moved.push_back(moved);
        });
    }

    pub(super) fn next_move(&self) -> Option<Moved> {
        self.take(|inner| inner.moved.pop_front())
    }

    /// News may have been missed.
    pub(super) fn missed(&self) {
        self.put(|inner| inner.missed = true);
    }

    pub(super) fn take_news(&self) -> VecDeque<(RoomCode, Arc<Published>)> {
        self.take(|inner| std::mem::take(&mut inner.news))
    }

    pub(super) fn take_missed(&self) -> bool {
        self.take(|inner| std::mem::take(&mut inner.missed))
    }

    fn put(&self, put: impl FnOnce(&mut Inner)) {
        let mut inner = self.inner();
        put(&mut inner);
        self.filled.store(true, Ordering::Release);
        drop(inner);
        self.stir();
    }

    fn take<R>(&self, take: impl FnOnce(&mut Inner) -> R) -> R {
        let mut inner = self.inner();
        let taken = take(&mut inner);
        self.filled.store(!inner.is_empty(), Ordering::Release);
        taken
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The oldest makes room.
fn push<T>(queue: &mut VecDeque<T>, what: T, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(what);
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::UserId;

    use super::*;

    fn signal(n: i64) -> Signal {
        Signal::new(RoomCode::from_bits(1), UserId::new(n).unwrap(), "{}".into())
    }

    #[test]
    fn a_mailbox_is_empty_only_once_all_was_taken_from_it() {
        let mailbox = Mailbox::default();
        assert!(mailbox.is_empty());
        mailbox.signal(signal(1));
        mailbox.missed();
        assert!(mailbox.take_missed());
        assert!(!mailbox.is_empty(), "the signal would wait for the next one");
        assert!(mailbox.next_signal().is_some());
        assert!(mailbox.is_empty(), "every turn of the socket takes its lock again");
    }

    #[test]
    fn of_signals_the_oldest_are_dropped() {
        let mailbox = Mailbox::default();
        (1..=20).for_each(|n| mailbox.signal(signal(n)));
        let kept: Vec<i64> = std::iter::from_fn(|| mailbox.next_signal()).map(|s| s.from.get()).collect();
        assert_eq!(kept, (5..=20).collect::<Vec<_>>());
    }

    #[test]
    fn of_more_news_than_are_kept_it_is_known_that_there_were_some() {
        let mailbox = Mailbox::default();
        let read = Arc::new(Published::Read { member: UserId::new(1).unwrap(), number: 1 });
        (0..NEWS_KEPT).for_each(|_| mailbox.news(RoomCode::from_bits(1), Arc::clone(&read)));
        assert!(!mailbox.take_missed());
        mailbox.news(RoomCode::from_bits(1), read);
        assert!(mailbox.take_missed());
        assert_eq!(mailbox.take_news().len(), 1);
    }
}
