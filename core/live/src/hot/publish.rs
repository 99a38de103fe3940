//! Publish/subscribe: messages, read marks and signals to a room, announcements to every node; delivered at most once and never stored.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    talk::Message,
};

use super::{Announcement, HotError};

/// A signal's body has at most this many bytes; a longer one is [`HotError::Unreadable`] and not published.
pub const SIGNAL_BYTES: usize = 32 * 1024;

/// What is published to the subscribers of a room, at most once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// A new or changed message, which is committed. A subscriber that misses it finds a gap in `change`.
    Message(Arc<Message>),
    /// Somebody has read up to a message.
    Read {
        /// Who has.
        member: UserId,
        /// The message's number.
        number: u64,
    },
    /// Something from one phone to others, which only they understand.
    Signal {
        /// Who sends it.
        from: UserId,
        /// Who is to have it; nobody in particular: everybody in the room.
        to: Option<UserId>,
        /// JSON, at most [`SIGNAL_BYTES`].
        body: Arc<str>,
        /// When it was sent, by the clock of its sender's node: a node that was held up passes it on to nobody who has come since, for they
        /// may have got it elsewhere. `None`: an older node does not say.
        #[serde(default)]
        at: Option<Timestamp>,
    },
}

impl Published {
    /// Whether it is as small as it must be.
    pub(super) fn check(&self) -> Result<(), HotError> {
        match self {
            Self::Signal { body, .. } if body.len() > SIGNAL_BYTES => {
                Err(HotError::unreadable(format_args!("a signal of {} bytes is too large", body.len())))
            }
            _ => Ok(()),
        }
    }
}

/// Publishing, which stores nothing.
///
/// At most once: a subscriber that is not reached gets nothing later, and is told [`Change::Missed`](super::Change::Missed) at best. An
/// error means that it is unknown who was reached.
#[async_trait]
pub trait Publish: Send + Sync + 'static {
    /// Publishes to the current [subscribers](super::Subscribe::listen) of a room on every node, as
    /// [`Change::Published`](super::Change::Published).
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError>;

    /// Whether every subscriber of a room is on this node, as far as is known: then what may be lost can be handed to them without being
    /// published. It may be wrong for a moment after somebody has come on another node.
    fn is_subscribed_only_here(&self, _room: RoomCode) -> bool {
        false
    }

    /// Tells every subscriber, on every node, whichever rooms they listen to, as
    /// [`Change::Announced`](super::Change::Announced).
    async fn announce(&self, what: &Announcement) -> Result<(), HotError>;
}
