//! Version 2 of a stored entry: what version 1 cannot say, by the parts of a room.
//!
//! The parts' own order of variants and fields is the format here. Variants are only ever added at the end; what version 1 can say is never
//! written like this.

use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::Timestamp,
    room::{self, PeopleEvent, SwipingEvent, WatchingEvent},
};

/// An entry as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) event: Event,
}

/// An event as it is stored.
#[derive(Serialize, Deserialize)]
pub(in crate::hot) enum Event {
    Watching(WatchingEvent),
    People(PeopleEvent),
    Swiping(SwipingEvent),
}

impl From<Entry> for room::Entry {
    fn from(Entry { at, event }: Entry) -> Self {
        Self { at, event: event.into() }
    }
}

impl From<Event> for room::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Watching(event) => Self::Watching(event),
            Event::People(event) => Self::People(event),
            Event::Swiping(event) => Self::Swiping(event),
        }
    }
}
