//! Presence: who is on the [roll](super::roll).

use async_trait::async_trait;
use sovpalo_domain::ids::{RoomCode, UserId};

use super::Embedded;
use crate::hot::{Change, HotError, MemberPresence, Presence, SocketId};

#[async_trait]
impl Presence for Embedded {
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let was_offline = self.roll.arrive(room, member, socket, self.clock.now());
        if was_offline {
            self.changes.tell(Change::PresenceChanged { room });
        }
        Ok(was_offline)
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let was_last = self.roll.depart(room, member, socket, self.clock.now());
        if was_last {
            self.changes.tell(Change::PresenceChanged { room });
        }
        Ok(was_last)
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError> {
        Ok(self.roll.of(room, self.clock.now()))
    }
}
