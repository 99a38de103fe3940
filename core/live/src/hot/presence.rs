//! Presence: whose phones are connected to a room, and which of them are in its voice chat, over all nodes.
//!
//! Nodes repeat of each socket that it is open. A socket that nobody speaks of for a minute is gone, as the node that held it is. Presence is
//! never written to a log: after a loss it comes back with the next repetition.

use async_trait::async_trait;
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use super::HotError;

/// One member's phones in a room, as the hot layer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberPresence {
    pub member: UserId,
    /// Whether a socket of theirs is open.
    pub online: bool,
    /// When one was last known to be.
    pub last_seen: Timestamp,
    /// Which of their sockets is in the room's voice chat, if one is: the one that came last.
    pub voice: Option<SocketId>,
}

/// One socket of one member, unique over all nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketId(pub u128);

/// Members in the voice chat of one room at the same time. One more is [`VoiceChanged::Full`]: each of them sends what they say to each other.
pub const MOST_VOICES: usize = 8;

/// What became of a wish to be in a room's voice chat, or not to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoiceChanged {
    /// It is so now, and the subscribers were told.
    Changed,
    /// It was so before.
    AsItWas,
    /// There are [as many as there may be](MOST_VOICES).
    Full,
}

/// Who is online, and who of them is in the voice chat. Subscribers of a room are told
/// [`Change::PresenceChanged`](super::Change::PresenceChanged) when a member comes online or goes, or their voice does.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A member's socket is open. Says whether the member was offline before.
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// Sockets of a room are still open: to be said of each at least every 30 s. Says what [`Presence::presence`] does.
    async fn beat(
        &self,
        room: RoomCode,
        sockets: &[(UserId, SocketId)],
    ) -> Result<Vec<MemberPresence>, HotError>;

    /// A member's socket is closed. Says whether that was the last one.
    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// A member's socket is in the voice chat (instead of another one of theirs), or is not. It ends with the socket, which is open as far as
    /// the caller knows.
    async fn set_voice(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        on: bool,
    ) -> Result<VoiceChanged, HotError>;

    /// Everybody of a room who has been seen since its log was last idle for long.
    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError>;
}
