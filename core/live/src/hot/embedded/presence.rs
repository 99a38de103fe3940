//! Presence: who is on the [roll](super::roll).

use async_trait::async_trait;
use sovpalo_domain::ids::{RoomCode, UserId};

use super::{Embedded, roll::Departed};
use crate::hot::{Change, HotError, MemberPresence, Presence, SocketId, VoiceChanged};

#[async_trait]
impl Presence for Embedded {
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let was_offline = self.roll.arrive(room, member, socket, self.clock.now());
        if was_offline {
            self.changes.tell(Change::PresenceChanged { room });
        }
        Ok(was_offline)
    }

    async fn beat(
        &self,
        room: RoomCode,
        sockets: &[(UserId, SocketId)],
    ) -> Result<Vec<MemberPresence>, HotError> {
        for (member, socket) in sockets {
            self.arrive(room, *member, *socket).await?;
        }
        self.presence(room).await
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let Departed { was_last, had_voice } = self.roll.depart(room, member, socket, self.clock.now());
        if was_last || had_voice {
            self.changes.tell(Change::PresenceChanged { room });
        }
        Ok(was_last)
    }

    async fn set_voice(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        on: bool,
    ) -> Result<VoiceChanged, HotError> {
        let changed = self.roll.set_voice(room, member, socket, on, self.clock.now());
        if changed == VoiceChanged::Changed {
            self.changes.tell(Change::PresenceChanged { room });
        }
        Ok(changed)
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError> {
        Ok(self.roll.of(room, self.clock.now()))
    }
}
