//! How things are named in Redis.
//!
//! Everything about a room lies on one of [`SHELVES`] shelves, whose number is the keys' hash tag: a script may then
//! touch a room's log and its shelf's list of dirty rooms in one step, also in a cluster
//! (<https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags>). Everything else stands alone.

use sovpalo_domain::ids::RoomCode;

use crate::hot::Speaker;

/// So many shelves: enough to spread over any cluster, few enough to look through once a second.
pub(super) const SHELVES: u8 = 64;

/// A shelf's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shelf(u8);

impl Shelf {
    /// Where things lie that concern no room.
    pub(super) const FIRST: Self = Self(0);

    /// Where a room lies, always.
    pub(super) fn of(room: RoomCode) -> Self {
        // A code is random; FNV-1a spreads also those that tests count up.
        let hash = room.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash.to_be_bytes()[7] % SHELVES)
    }

    /// Which one it is.
    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..SHELVES).map(Self)
    }
}

/// The names under one prefix.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    pub(super) fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into() }
    }

    /// The log: a list, an element per entry.
    pub(super) fn log(&self, room: RoomCode) -> String {
        self.of_room(room, "log")
    }

    /// A log that never is, on a shelf.
    pub(super) fn no_log(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "no log")
    }

    /// Who is here: a hash of sockets and of when they were last heard of.
    pub(super) fn here(&self, room: RoomCode) -> String {
        self.of_room(room, "here")
    }

    /// The socket that speaks for a device in a room.
    pub(super) fn voice(&self, room: RoomCode, speaker: Speaker) -> String {
        format!("{}:{}:{}", self.of_room(room, "voice"), speaker.member, speaker.device)
    }

    /// Where a room's changes are told.
    pub(super) fn channel(&self, room: RoomCode) -> String {
        self.of_room(room, "tell")
    }

    /// The room of a channel.
    pub(super) fn room_of(&self, channel: &str) -> Option<RoomCode> {
        let (shelf, room) = channel.rsplit_once(":tell:")?;
        shelf.starts_with(&self.prefix).then(|| room.parse().ok()).flatten()
    }

    /// The dirty rooms of a shelf: a sorted set, by when each is due.
    pub(super) fn dirty(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "dirty")
    }

    /// How far each dirty room's log has to be carried over: a hash.
    pub(super) fn marks(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "marks")
    }

    /// Whether this shelf's data is whole, or heals.
    pub(super) fn life(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "life")
    }

    /// Which nodes have to vouch for a shelf that heals, and which have: a hash.
    pub(super) fn roll(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "roll")
    }

    /// Which nodes are there: a hash, by when each said so last.
    pub(super) fn nodes(&self, shelf: Shelf) -> String {
        self.of_shelf(shelf, "nodes")
    }

    /// A value.
    pub(super) fn value(&self, key: &str) -> String {
        format!("{}:value:{key}", self.prefix)
    }

    /// A quota.
    pub(super) fn quota(&self, key: &str) -> String {
        format!("{}:quota:{key}", self.prefix)
    }

    /// Where the ends of sessions are told.
    pub(super) fn sessions(&self) -> String {
        format!("{}:sessions", self.prefix)
    }

    fn of_shelf(&self, Shelf(shelf): Shelf, what: &str) -> String {
        format!("{}:{{{shelf}}}:{what}", self.prefix)
    }

    fn of_room(&self, room: RoomCode, what: &str) -> String {
        format!("{}:{room}", self.of_shelf(Shelf::of(room), what))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_of_a_room_has_the_tag_of_its_shelf() {
        let (keys, room) = (Keys::new("sovpalo"), RoomCode::from_bits(77));
        let shelf = Shelf::of(room);
        let tag = |key: &str| key[key.find('{').unwrap()..=key.find('}').unwrap()].to_owned();
        let names =
            [keys.log(room), keys.here(room), keys.channel(room), keys.dirty(shelf), keys.life(shelf)];
        let tags: HashSet<String> = names.iter().map(|name| tag(name)).collect();
        assert_eq!(tags.len(), 1, "{names:?}");
        assert_eq!(keys.room_of(&keys.channel(room)), Some(room));
    }

    #[test]
    fn rooms_are_spread_over_all_shelves() {
        let used: HashSet<Shelf> = (0..1000).map(|n| Shelf::of(RoomCode::from_bits(n))).collect();
        assert_eq!(used.len(), usize::from(SHELVES));
    }
}
