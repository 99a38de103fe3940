//! The names of keys in Redis.
//!
//! All keys of a room share one of [`SHARDS`] hash tags, so that one script can update its log and its shard's dirty set, in a cluster too
//! (<https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags>). Everything else has a key of its own.

use sovpalo_domain::ids::{RoomCode, UserId};

use crate::hot::Device;

/// How many shards there are: enough to spread over any cluster, few enough to look through once a second.
pub(super) const SHARDS: u8 = 64;

/// A shard's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shard(u8);

impl Shard {
    /// Where things lie that concern no room.
    pub(super) const FIRST: Self = Self(0);

    /// The shard of a room, always the same.
    pub(super) fn of(room: RoomCode) -> Self {
        // A code is random; FNV-1a spreads also those that tests count up.
        let hash = room.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash.to_be_bytes()[7] % SHARDS)
    }

    /// Which one it is.
    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..SHARDS).map(Self)
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

    /// A log that never is, on a shard.
    pub(super) fn no_log(&self, shard: Shard) -> String {
        self.of_shard(shard, "no log")
    }

    /// Who is here: a hash of sockets and of when they were last heard of.
    pub(super) fn here(&self, room: RoomCode) -> String {
        self.of_room(room, "here")
    }

    /// The newest socket of a device in a room: its fence. Older nodes share the key, so it keeps its name.
    pub(super) fn fence(&self, room: RoomCode, member: UserId, device: Device) -> String {
        format!("{}:{member}:{device}", self.of_room(room, "voice"))
    }

    /// Where a room's changes are told.
    pub(super) fn channel(&self, room: RoomCode) -> String {
        self.of_room(room, "tell")
    }

    /// The room of a channel.
    pub(super) fn room_of(&self, channel: &str) -> Option<RoomCode> {
        let (shard, room) = channel.rsplit_once(":tell:")?;
        shard.starts_with(&self.prefix).then(|| room.parse().ok()).flatten()
    }

    /// The dirty rooms of a shard: a sorted set, by when each is due.
    pub(super) fn dirty(&self, shard: Shard) -> String {
        self.of_shard(shard, "dirty")
    }

    /// How far each dirty room's log has to be carried over: a hash.
    pub(super) fn marks(&self, shard: Shard) -> String {
        self.of_shard(shard, "marks")
    }

    /// Whether this shard's data is whole, or recovers.
    pub(super) fn life(&self, shard: Shard) -> String {
        self.of_shard(shard, "life")
    }

    /// Which nodes have to confirm the recovery of a shard, and which have: a hash.
    pub(super) fn roll(&self, shard: Shard) -> String {
        self.of_shard(shard, "roll")
    }

    /// Which nodes are there: a hash, by when each said so last.
    pub(super) fn nodes(&self, shard: Shard) -> String {
        self.of_shard(shard, "nodes")
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

    fn of_shard(&self, Shard(shard): Shard, what: &str) -> String {
        format!("{}:{{{shard}}}:{what}", self.prefix)
    }

    fn of_room(&self, room: RoomCode, what: &str) -> String {
        format!("{}:{room}", self.of_shard(Shard::of(room), what))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn all_of_a_room_has_the_tag_of_its_shard() {
        let (keys, room) = (Keys::new("sovpalo"), RoomCode::from_bits(77));
        let shard = Shard::of(room);
        let tag = |key: &str| key[key.find('{').unwrap()..=key.find('}').unwrap()].to_owned();
        let names =
            [keys.log(room), keys.here(room), keys.channel(room), keys.dirty(shard), keys.life(shard)];
        let tags: HashSet<String> = names.iter().map(|name| tag(name)).collect();
        assert_eq!(tags.len(), 1, "{names:?}");
        assert_eq!(keys.room_of(&keys.channel(room)), Some(room));
    }

    #[test]
    fn rooms_are_spread_over_all_shards() {
        let used: HashSet<Shard> = (0..1000).map(|n| Shard::of(RoomCode::from_bits(n))).collect();
        assert_eq!(used.len(), usize::from(SHARDS));
    }
}
