//! Presence: whose phones are connected to a room, over all nodes.
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
}

/// One socket of one member, unique over all nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketId(pub u128);

/// Who is online. Subscribers of a room are told [`Change::PresenceChanged`](super::Change::PresenceChanged) when a member comes online
/// or goes.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A member's socket is open, or still is (said again at least every 30 s). Says whether the member was offline before.
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// A member's socket is closed. Says whether that was the last one.
    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError>;

    /// Everybody of a room who has been seen since its log was last idle for long.
    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError>;
}
