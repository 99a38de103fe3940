//! Rooms whose log this program cannot read: said and counted once each, however often they are met.
//!
//! It happens while a newer program is being rolled out, which appends what this one does not know, and if something has damaged a
//! log. Either way it is that one room's trouble.

use std::{
    collections::BTreeSet,
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::measure;

/// So many are remembered; then they are all said once more.
const REMEMBERED: usize = 10_000;

/// Those that were said already, by one part of the program.
#[derive(Debug)]
pub(crate) struct UnreadableRooms {
    meanwhile: &'static str,
    said: Mutex<BTreeSet<RoomCode>>,
}

impl UnreadableRooms {
    /// None yet; and what becomes of one.
    pub(crate) fn new(meanwhile: &'static str) -> Self {
        Self { meanwhile, said: Mutex::default() }
    }

    /// This one cannot be read. Says whether that is news.
    pub(crate) fn found(&self, room: RoomCode, error: &dyn Display) -> bool {
        let mut said = self.said();
        if said.len() >= REMEMBERED {
            said.clear();
        }
        let news = said.insert(room);
        drop(said);
        if news {
            tracing::error!(%room, %error, "a room's log cannot be read; {}", self.meanwhile);
            measure::count("sovpalo_rooms_unreadable_total", []);
        }
        news
    }

    /// This one can be read (again).
    pub(crate) fn read(&self, room: RoomCode) {
        self.said().remove(&room);
    }

    fn said(&self) -> MutexGuard<'_, BTreeSet<RoomCode>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_cannot_be_read_is_news_once_until_it_can_be() {
        let rooms = UnreadableRooms::new("it is closed");
        let (one, other) = (RoomCode::from_bits(1), RoomCode::from_bits(2));
        assert!(rooms.found(one, &"version 2"));
        assert!(!rooms.found(one, &"version 2"), "said twice");
        assert!(rooms.found(other, &"version 2"), "another room is news of its own");
        rooms.read(one);
        assert!(rooms.found(one, &"version 3"));
    }

    #[test]
    fn no_more_are_remembered_than_a_bound() {
        let rooms = UnreadableRooms::new("it is closed");
        for n in 0..=REMEMBERED as u64 {
            rooms.found(RoomCode::from_bits(n), &"version 2");
        }
        assert!(rooms.said().len() <= REMEMBERED);
    }
}
