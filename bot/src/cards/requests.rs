//! What is wanted of the cards of each busy room: the wishes that its task has not come to yet.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sovpalo_domain::ids::RoomCode;
use tokio::sync::{Notify, oneshot};

use super::pace::{Next, Urgency};

/// What became of the wish to see a room's cards up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// They are, or were let go.
    Done,
    /// Another bot keeps them, and they are not yet.
    Elsewhere,
    /// The process ends, and some may not be.
    Stopping,
}

/// Who waits for what.
#[derive(Default)]
pub(super) struct Work {
    /// For a card to be shown, by [`name_of`](super::line::name_of) its place.
    pub(super) placing: Vec<(String, oneshot::Sender<()>)>,
    /// For all cards to be up to date.
    pub(super) waiting: Vec<oneshot::Sender<Refreshed>>,
}

/// The requests of all rooms that have a task; a room is in here exactly as long as it has one.
#[derive(Default)]
pub(super) struct Requests(Mutex<HashMap<RoomCode, Busy>>);

/// A room whose task is running.
#[derive(Default)]
struct Busy {
    stale: Option<Urgency>,
    changed: Arc<Notify>,
    work: Work,
}

impl Requests {
    /// Adds a request and wakes the room's task. `true`: it has none yet, and whoever asks starts it.
    #[must_use]
    pub(super) fn add(&self, room: RoomCode, urgency: Urgency, work: Work) -> bool {
        let mut rooms = self.rooms();
        let is_new = !rooms.contains_key(&room);
        rooms.entry(room).or_default().add(urgency, work);
        is_new
    }

    /// Wakes the task of a room, if it has one.
    pub(super) fn wake(&self, room: RoomCode, urgency: Urgency) {
        if let Some(busy) = self.rooms().get_mut(&room) {
            busy.add(urgency, Work::default());
        }
    }

    /// Like [`Requests::wake`], for every room.
    pub(super) fn wake_all(&self, urgency: Urgency) {
        for busy in self.rooms().values_mut() {
            busy.add(urgency, Work::default());
        }
    }

    /// Takes what a room's task has to do, and how much it matters if anything has changed. `None`: the room has no task.
    pub(super) fn take(&self, room: RoomCode) -> Option<(Option<Urgency>, Work)> {
        let mut rooms = self.rooms();
        let busy = rooms.get_mut(&room)?;
        Some((busy.stale.take(), std::mem::take(&mut busy.work)))
    }

    /// What a room's task does next, and what wakes it before. `None`: it has ended. That is decided under one lock, so that a
    /// request finds the old task or starts a new one.
    pub(super) fn next(
        &self,
        room: RoomCode,
        may_end: bool,
        next: impl FnOnce(Option<Urgency>) -> Next,
    ) -> Option<(Next, Arc<Notify>)> {
        let mut rooms = self.rooms();
        let busy = rooms.get(&room)?;
        let (next, changed) = (next(busy.stale), Arc::clone(&busy.changed));
        if next == Next::End && may_end {
            rooms.remove(&room);
            return None;
        }
        Some((next, changed))
    }

    /// Whether a room has changed and its task has not looked yet.
    pub(super) fn is_stale(&self, room: RoomCode) -> bool {
        self.rooms().get(&room).is_some_and(|busy| busy.stale.is_some())
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomCode, Busy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Busy {
    fn add(&mut self, urgency: Urgency, work: Work) {
        self.stale = self.stale.max(Some(urgency));
        self.work.add(work);
        self.changed.notify_one();
    }
}

impl Work {
    pub(super) fn add(&mut self, more: Self) {
        self.placing.extend(more.placing);
        self.waiting.extend(more.waiting);
    }
}
