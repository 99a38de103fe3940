//! What is published for one socket while it does something else: a few things, in little room.
//!
//! Messages are not here: the phone pulls them from their room's [feed](super::feeds) when it can take them. What is here may be dropped:
//! of signals the oldest go first, and of news about rooms that are not open only that there was news is kept.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_live::hot::{Moved, Published};
use tokio::sync::{Notify, futures::Notified};

/// Signals that wait for one phone. Beyond it the oldest is dropped: a signal is only of use at once.
pub(crate) const SIGNALS_KEPT: usize = 16;
/// News of rooms that are not open that wait for one phone. Beyond it all of its rooms are counted anew.
pub(crate) const NEWS_KEPT: usize = 64;

/// Somebody's signal in a room.
#[derive(Debug)]
pub(super) struct Signal {
    pub(super) room: RoomCode,
    pub(super) from: UserId,
    pub(super) body: Arc<str>,
}

/// The mailbox of one socket.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    stirred: Notify,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    signals: VecDeque<Signal>,
    news: VecDeque<(RoomCode, Arc<Published>)>,
    /// What happened to its person; few, since each is a command of somebody.
    moved: VecDeque<Moved>,
    missed: bool,
}

impl Mailbox {
    /// There may be something to tell.
    pub(super) fn stir(&self) {
        self.stirred.notify_one();
    }

    /// Ready once there may be something to tell.
    pub(super) fn stirred(&self) -> Notified<'_> {
        self.stirred.notified()
    }

    pub(super) fn signal(&self, signal: Signal) {
        let mut inner = self.inner();
        if inner.signals.len() >= SIGNALS_KEPT {
            inner.signals.pop_front();
        }
        inner.signals.push_back(signal);
        drop(inner);
        self.stir();
    }

    pub(super) fn next_signal(&self) -> Option<Signal> {
        self.inner().signals.pop_front()
    }

    /// News of a room that is not open.
    pub(super) fn news(&self, room: RoomCode, what: Arc<Published>) {
        let mut inner = self.inner();
        if inner.news.len() >= NEWS_KEPT {
            inner.news.clear();
            inner.missed = true;
        }
        inner.news.push_back((room, what));
        drop(inner);
        self.stir();
    }

    /// Its person came into a room, or is in it no more.
    pub(super) fn moved(&self, moved: Moved) {
        let mut inner = self.inner();
        if inner.moved.len() >= NEWS_KEPT {
            inner.moved.pop_front();
        }
        inner.moved.push_back(moved);
        drop(inner);
        self.stir();
    }

    pub(super) fn next_move(&self) -> Option<Moved> {
        self.inner().moved.pop_front()
    }

    /// News may have been missed.
    pub(super) fn missed(&self) {
        self.inner().missed = true;
        self.stir();
    }

    pub(super) fn take_news(&self) -> VecDeque<(RoomCode, Arc<Published>)> {
        std::mem::take(&mut self.inner().news)
    }

    pub(super) fn take_missed(&self) -> bool {
        std::mem::take(&mut self.inner().missed)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(n: i64) -> Signal {
        Signal { room: RoomCode::from_bits(1), from: UserId::new(n).unwrap(), body: "{}".into() }
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
