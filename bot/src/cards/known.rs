//! Which rooms have cards that this process looks after, within bounds.

use std::collections::{HashSet, VecDeque};

use sovpalo_domain::ids::RoomCode;

/// No more rooms than this are remembered; the longest known one is forgotten first, and is known again with its next notice.
const MOST: usize = 20_000;

/// A bounded set of rooms.
#[derive(Debug, Default)]
pub(super) struct KnownRooms {
    rooms: HashSet<RoomCode>,
    order: VecDeque<RoomCode>,
}

impl KnownRooms {
    /// Remembers that a room has cards, or has none.
    pub(super) fn set(&mut self, room: RoomCode, has_cards: bool) {
        if !has_cards {
            if self.rooms.remove(&room) {
                self.order.retain(|known| *known != room);
            }
        } else if self.rooms.insert(room) {
            self.order.push_back(room);
            if self.order.len() > MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.rooms.remove(&oldest);
            }
        }
    }

    /// Whether the room has cards.
    pub(super) fn has(&self, room: RoomCode) -> bool {
        self.rooms.contains(&room)
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<RoomCode> {
        self.order.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_room_makes_place_for_a_new_one() {
        let mut known = KnownRooms::default();
        for bits in 0..=MOST as u64 {
            known.set(RoomCode::from_bits(bits), true);
        }
        assert_eq!(known.all().len(), MOST);
        assert!(!known.has(RoomCode::from_bits(0)));
        assert!(known.has(RoomCode::from_bits(MOST as u64)));
    }

    #[test]
    fn a_room_without_cards_is_forgotten() {
        let mut known = KnownRooms::default();
        known.set(RoomCode::from_bits(7), true);
        known.set(RoomCode::from_bits(7), false);
        assert!(!known.has(RoomCode::from_bits(7)) && known.all().is_empty());
    }
}
