//! What is told to whoever listens to a room, and kept nowhere.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    talk::Message,
};

use super::HotError;

/// A signal's body has at most this many bytes; a longer one is [`HotError::Unreadable`] and not published.
pub const SIGNAL_BYTES: usize = 32 * 1024;

/// Something that a room's listeners are told at most once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// A message is new or has changed; it is stored already. Whoever misses it finds the gap in `change`.
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
    },
}

/// The part of the hot layer that passes on and stores nothing.
#[async_trait]
pub trait Publish: Send + Sync + 'static {
    /// Tells everybody who [listens](super::Hot::listen) to a room now, on every node, as
    /// [`Change::Published`](super::Change::Published). At most once: whoever is not reached is not told later, and sees
    /// [`Change::Missed`](super::Change::Missed) at best.
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError>;
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
