//! Fencing: a key for each device in a room, whose value is the newest connection.

use async_trait::async_trait;
use fred::{
    interfaces::KeysInterface,
    types::{Expiration, SetOptions},
};
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Entry,
};

use super::{
    Redis,
    log::{How, Write},
    presence,
};
use crate::hot::{Appended, Device, ExpectedHead, Fencing, FencingToken, HotError, SocketId, fence};

#[async_trait]
impl Fencing for Redis {
    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let (expected, fenced_by) = (Some(expected), Some(fence));
        self.write(room, Write { how: How::Append, expected, entries, durable, fenced_by }).await
    }

    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError> {
        let remembered = i64::try_from(fence::REMEMBERED.as_millis()).map_err(HotError::unreadable)?;
        let FencingToken { member, device, socket } = fence;
        let (key, socket) = (self.server.keys.fence(room, member, device), presence::hex(socket));
        let expires = Some(Expiration::PX(remembered));
        self.server.client.set(key, socket, expires, None, false).await.map_err(HotError::from)
    }

    async fn holder(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<Option<SocketId>, HotError> {
        let key = self.server.keys.fence(room, member, device);
        let holder: Option<String> = self.server.client.get(key).await.map_err(HotError::from)?;
        holder.map(|hex| socket(&hex)).transpose()
    }

    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError> {
        let remembered = i64::try_from(fence::REMEMBERED.as_millis()).map_err(HotError::unreadable)?;
        let FencingToken { member, device, socket: first } = otherwise;
        let (key, first) = (self.server.keys.fence(room, member, device), presence::hex(first));
        let (expires, unless_there) = (Some(Expiration::PX(remembered)), Some(SetOptions::NX));
        let newest: Option<String> =
            self.server.client.set(key, first, expires, unless_there, true).await.map_err(HotError::from)?;
        newest.map_or(Ok(otherwise.socket), |hex| socket(&hex))
    }
}

fn socket(hex: &str) -> Result<SocketId, HotError> {
    u128::from_str_radix(hex, 16).map(SocketId).map_err(HotError::unreadable)
}
