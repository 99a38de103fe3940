//! Subscriptions: what a node is told of the rooms that it listens to, and what is announced.
//!
//! Changes of one room come in order, each at most once. A subscriber that missed something is told [`Change::Missed`], or sees the gap
//! in `seq` (or another [`HeadHash`]), and reads the log.

use std::{any::Any, fmt, sync::Arc};

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{Position, RoomCode},
    room::Entry,
};
use tokio::sync::broadcast;

use super::{Announcement, HeadHash, HotError, Published};

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
    /// Somebody came online in a room, or the last of their sockets closed: ask [`Presence::presence`](super::Presence::presence).
    PresenceChanged {
        /// The room.
        room: RoomCode,
    },
    /// Something was [announced](super::Publish::announce) to every node.
    Announced(Announcement),
    /// Something was [published](super::Publish::publish) to a room's listeners.
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

/// Held for as long as a room's changes are wanted; see [`Subscribe::listen`].
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

/// Subscribing.
#[async_trait]
pub trait Subscribe: Send + Sync + 'static {
    /// Everything that is told from now on, of the rooms that are listened to, and what is announced. A receiver that falls too far behind is
    /// told so (`RecvError::Lagged`), which means the same as [`Change::Missed`].
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Listens to a room: when this comes back, whatever is appended or published later is told. Listening twice needs ending twice.
    /// After an error the room is not listened to.
    async fn listen(&self, room: RoomCode) -> Result<Listening, HotError>;
}
