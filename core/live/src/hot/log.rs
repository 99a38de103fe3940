//! The log of a room: an append-only list of entries with compare-and-append.
//!
//! Its length is the room's sequence number, and its [`Epoch`](sovpalo_domain::ids::Epoch) says which history it is. Who appends says
//! how the log stood when the append was decided on ([`ExpectedHead`]); if it stands otherwise, nothing is appended. So every entry
//! was decided on with all entries before it in view, without a lock.

use std::time::Duration;

use async_trait::async_trait;
use sha1::{Digest, Sha1};
use sovpalo_domain::{
    ids::{Position, RoomCode, Seq},
    room::Entry,
};

use super::{HotError, codec, digest::first_8_of};

/// A trace of one entry, by which two logs are told apart that have the same epoch and length: a log whose end was lost may
/// have grown another one. The first 8 bytes of the SHA-1 of the entry as it is stored; nothing secret hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadHash(pub(super) [u8; 8]);

impl HeadHash {
    /// Before the first entry.
    pub const NONE: Self = Self([0; 8]);

    /// Of a log that ends with this entry.
    pub fn of(last: &Entry) -> Self {
        Self::of_bytes(&codec::encode(last))
    }

    pub(super) fn of_bytes(entry: &[u8]) -> Self {
        Self(first_8_of(&Sha1::digest(entry)))
    }
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

/// Rooms' logs. An append or a replacement is done as a whole or not at all, and is answered only when it cannot be lost any more.
///
/// After [`HotError::Unavailable`] or [`HotError::Busy`] it is unknown whether it was done: read the log before deciding again.
/// [`HotError::Unreadable`] concerns the one room only, and does not pass with time.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// Appends `entries` if the log stands at `expected` (`None`: there must be none yet; the first entry is then `Created` or
    /// `Restored`, and names the epoch). `durable` also [marks the room](super::DirtyRooms) for the projector, in the same step.
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError>;

    /// Puts another log in the place of one that stands at `instead_of`, in one step. `log` begins with `Created` or
    /// `Restored`, under another epoch. The room is marked for the projector. Also done while the shard
    /// [recovers](super::Recover).
    async fn replace(
        &self,
        room: RoomCode,
        instead_of: ExpectedHead,
        log: &[Entry],
    ) -> Result<Appended, HotError>;

    /// The log after `after`, or `None` if the room has no log (any more).
    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError>;
}
