//! One end of a log, read from where it parted from the other: what was done in it, and in which room.

use std::collections::BTreeSet;

use super::{dispatch::takes_back, part::Action};
use crate::{
    ids::Timestamp,
    room::{Entry, Event, Room},
};

/// The end of a log that has to be asked for again, without what people took back in it: a like that nobody means must not complete a match
/// on its way.
pub(super) struct End<'a> {
    /// As it was before the next entry.
    room: Room,
    entries: &'a [Entry],
    /// The place of the next one.
    place: usize,
    taken_back: BTreeSet<usize>,
}

impl<'a> End<'a> {
    /// What came after this room.
    pub(super) fn after(room: Room, entries: &'a [Entry]) -> Self {
        let mut end = Self { room, entries, place: 0, taken_back: taken_back(entries) };
        end.skip_taken_back();
        end
    }

    /// When the next thing was done.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.entries.get(self.place).map(|entry| entry.at)
    }

    /// The next thing that was done, and the room it was done in.
    pub(super) fn next(&self) -> Option<(&Room, Action<'_, Event>)> {
        let Entry { at, event } = self.entries.get(self.place)?;
        let at_once = |place: usize| self.entries.get(place).filter(|entry| entry.at == *at);
        let before = self.place.checked_sub(1).and_then(at_once).map(|before| &before.event);
        let next = at_once(self.place + 1).map(|next| &next.event);
        let leads = before.is_none();
        Some((&self.room, Action { at: *at, event, leads, before, next, room: &self.room }))
    }

    /// Goes on to the one after it.
    pub(super) fn step(&mut self) {
        self.fold();
        self.skip_taken_back();
    }

    fn skip_taken_back(&mut self) {
        while self.taken_back.contains(&self.place) {
            self.fold();
        }
    }

    fn fold(&mut self) {
        if let Some(entry) = self.entries.get(self.place) {
            self.room.apply(entry);
            self.place += 1;
        }
    }
}

/// The places of what was taken back, and of what took it back.
fn taken_back(entries: &[Entry]) -> BTreeSet<usize> {
    let mut taken_back = BTreeSet::new();
    for (place, Entry { event, .. }) in entries.iter().enumerate() {
        let earlier = entries[..place].iter().map(|entry| &entry.event).enumerate();
        let found = takes_back(event, earlier.filter(|(place, _)| !taken_back.contains(place)));
        taken_back.extend(found.into_iter().flat_map(|found| [found, place]));
    }
    taken_back
}
