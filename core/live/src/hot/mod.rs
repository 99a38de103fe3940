//! The hot layer's port: what is shared between nodes and mostly short-lived.
//!
//! Two engines stand behind it: [`embedded`] (tables in a SQLite file, channels in this process) and Redis. Both
//! pass one contract suite; every method here has its sentences there.
//!
//! What the port promises:
//! - **The log.** [`Hot::append`] adds entries only if the log stands exactly where the caller saw it, all of them or none,
//!   and answers only when they cannot be lost any more. Its length is the room's sequence number.
//! - **Changes.** Whatever is appended to a room that is [listened](Hot::listen) to is told to every subscriber in order, at
//!   most once. A subscriber that missed something is told [`Change::Missed`], or sees the gap in `seq` (or another
//!   [`HeadHash`]), and reads the log.
//! - **Publishing.** What is [published](Publish::publish) to a room reaches whoever listens to it now, at most once, and is kept
//!   nowhere.
//! - **Fencing.** What is [appended](Hot::append_fenced) for a device comes from the newest of its connections.
//! - **Loss.** An engine may come back empty, or without a log's end. Whoever holds a replica then puts it back
//!   ([`Hot::put_back`], [`Hot::replace`]); until all who were there have said that they did ([`Hot::recoveries`]) it takes nothing
//!   else, and is [recovering](Hot::recovering).
//! - **Values.** Whole or absent; never older than their time to live.
//!
//! What the caller must do: keep entries small, treat [`HotError::Unavailable`] and [`HotError::Busy`] as "unknown whether it
//! happened" and look again before deciding again, and treat [`HotError::Unreadable`] as the trouble of the one room (or value) that
//! was asked for: another call for it does not help, and calls for others do.

pub mod codec;
#[cfg(test)]
pub(crate) mod contract;
pub mod embedded;
mod error;
mod fence;
mod presence;
mod publish;
mod quota;
pub mod redis;

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use sha1::{Digest, Sha1};
use sovpalo_domain::{
    ids::{Position, RoomCode, Seq, Timestamp, UserId},
    room::Entry,
};
use tokio::sync::broadcast;

pub use self::{
    error::HotError,
    fence::{Device, FencingToken},
    publish::{Publish, Published, SIGNAL_BYTES},
};

/// A trace of one entry, by which two logs are told apart that have the same epoch and length: a log whose end was lost may
/// have grown another one. The first 8 bytes of the SHA-1 of the entry as it is stored; nothing secret hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadHash([u8; 8]);

impl HeadHash {
    /// Before the first entry.
    pub const NONE: Self = Self([0; 8]);

    /// Of a log that ends with this entry.
    pub fn of(last: &Entry) -> Self {
        Self::of_bytes(&codec::encode(last))
    }

    fn of_bytes(entry: &[u8]) -> Self {
        Self(first_8_of(&Sha1::digest(entry)))
    }
}

fn first_8_of(digest: &[u8]) -> [u8; 8] {
    std::array::from_fn(|place| digest[place])
}

/// What an append goes onto: a log that stands there and ends so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedHead {
    /// Where it stands.
    pub at: Position,
    /// How it ends.
    pub head_hash: HeadHash,
}

/// What became of an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Done; the log now stands here.
    At(Position),
    /// Nothing was appended: the log stood elsewhere (`None`: there is none), or ended otherwise.
    Conflict(Option<Position>),
    /// Nothing was appended: the engine came back empty, and for so long takes only what is put back.
    NotYet(Duration),
    /// Nothing was appended: the fencing token is stale. A newer connection of this device holds the fence, or the fence has expired.
    Fenced,
}

/// The end of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Where the whole log stands.
    pub at: Position,
    /// The entries after the `seq` that was asked for, oldest first.
    pub entries: Vec<Entry>,
}

/// A shard that lost what it held, or may have, and takes only what is put back until every node has confirmed its replicas; see
/// [`Hot::recoveries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recovery {
    /// Which part.
    part: u8,
    /// Which of its recoveries.
    which: u64,
}

/// Something subscribers are told.
#[derive(Debug, Clone)]
pub enum Change {
    /// Entries were appended to a room's log, which now stands at `at`.
    Appended {
        /// The room.
        room: RoomCode,
        /// Where the log stands after them.
        at: Position,
        /// How the log ended before them.
        before: HeadHash,
        /// The entries, oldest first; the last one has the seq of `at`. None: the log was put back or replaced.
        entries: Arc<[Entry]>,
    },
    /// Somebody came online in a room, or the last of their sockets closed: ask [`Hot::presence`].
    PresenceChanged {
        /// The room.
        room: RoomCode,
    },
    /// A session was ended: its sockets close now.
    SessionEnded {
        /// The session's id.
        session: Arc<str>,
    },
    /// Something was [published](Publish::publish) to a room's listeners.
    Published {
        /// The room.
        room: RoomCode,
        what: Arc<Published>,
    },
    /// Something was told of a room that this program does not understand: its log says whether that matters.
    Unreadable {
        /// The room.
        room: RoomCode,
    },
    /// Something may have been missed: look at every room again.
    Missed,
}

/// A number of uses within a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many uses.
    pub uses: u32,
    /// In how long; uses grow back evenly.
    pub per: Duration,
}

/// Whether a use was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// It was.
    Granted,
    /// It was not; the next one is after this long.
    Exhausted {
        /// How long to wait.
        retry_after: Duration,
    },
}

/// One member's phones in a room, as the hot layer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    pub member: UserId,
    /// Whether a socket of theirs is open.
    pub online: bool,
    /// When one was last known to be.
    pub last_seen: Timestamp,
}

/// One socket of one member, unique over all nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketId(pub u128);

/// Held for as long as a room's changes are wanted; see [`Hot::listen`].
#[must_use = "dropping it ends the listening"]
pub struct Listening(#[expect(dead_code, reason = "held for its drop")] Box<dyn Any + Send + Sync>);

impl Listening {
    /// Ends with `guard`.
    pub fn until_dropped(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listening")
    }
}

/// The port.
#[async_trait]
pub trait Hot: Publish {
    /// Appends `entries` if the log stands at `onto` (`None`: there must be none yet; the first entry is then `Created` or
    /// `Restored`, and names the epoch). `durable` also marks the room for the projector, in the same step.
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError>;

    /// The same, if `fence` is still the newest [raised](Hot::raise_fence) for its device in this room; else it is [`Appended::Fenced`].
    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError>;

    /// Fences a device's older connections off in a room: when this comes back, nothing that they ask for is appended. An engine
    /// that came back empty knows of no fence, and after an hour without a word it may have forgotten one.
    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError>;

    /// The connection that holds the fence of `otherwise`'s device in a room. If none does, `otherwise` does from now on, in the same step.
    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError>;

    /// Appends what the log held before and has lost: the same as [`Hot::append`], durable, and taken also while the
    /// engine takes nothing else.
    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError>;

    /// Puts another log in the place of one that stands at `instead_of`, in one step. `log` begins with `Created` or
    /// `Restored`, under another epoch. The room is marked for the projector.
    async fn replace(
        &self,
        room: RoomCode,
        instead_of: ExpectedHead,
        log: &[Entry],
    ) -> Result<Appended, HotError>;

    /// The log after `after`, or `None` if the room has no log (any more).
    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError>;

    /// For how long the shard of this room still takes only what is put back; `None`: it is whole. Until then a log that is not there
    /// may be one that a node holds a replica of.
    async fn recovering(&self, room: RoomCode) -> Result<Option<Duration>, HotError>;

    /// The shards that recover from a loss of data. Calling this registers the node as one that holds replicas. With `confirmed` it says
    /// that, since it was told of these recoveries, it has compared all its replicas with their logs and put back what was missing. A
    /// shard is whole again when every registered node has confirmed, or at a deadline.
    async fn recoveries(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError>;

    /// Everything that is told from now on, of the rooms that are listened to and of sessions.
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Listens to a room: when this comes back, whatever is appended later is told. Listening twice needs ending twice.
    async fn listen(&self, room: RoomCode) -> Result<Listening, HotError>;

    /// Rooms marked for the projector, oldest first, at most `limit`. Each is leased for `lease`: nobody else is given it
    /// meanwhile, and it comes again if it is not [`Hot::clean`]ed.
    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError>;

    /// The projector has carried a room over up to `upto` (`None`: there was no log): unmark it unless more was appended durably
    /// since, or the log is another one by now.
    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError>;

    /// Waits until there may be dirty rooms. May return early, never waits longer than a second in vain.
    async fn dirtied(&self);

    /// A value, if it is there and alive.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError>;

    /// Sets a value for `ttl`.
    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError>;

    /// Sets a value for `ttl` only if it is now `expected` (`None`: absent). Says whether it did.
    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError>;

    /// Removes a value. Removing what is not there is fine.
    async fn delete(&self, key: &str) -> Result<(), HotError>;

    /// Tells every subscriber, on every node, that a session has ended.
    async fn announce_session_ended(&self, session: &str) -> Result<(), HotError>;

    /// Takes one use of `quota` under `key`.
    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError>;

    /// A member's socket is open, or still is (said again at least every 30 s). Says whether the member was offline before.
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// A member's socket is closed. Says whether that was the last one.
    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// Everybody of a room who has been seen since its log was last idle for long.
    async fn presence(&self, room: RoomCode) -> Result<Vec<Presence>, HotError>;

    /// Whether it can be reached.
    async fn ping(&self) -> Result<(), HotError>;
}
