//! Fencing: raised, asked and compared in the writer's queue, in the order in which connections ask.

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::Entry,
};

use super::{
    Embedded,
    append::{Append, Place},
    writer::Write,
};
use crate::hot::{Appended, Device, ExpectedHead, Fencing, FencingToken, HotError, SocketId};

#[async_trait]
impl Fencing for Embedded {
    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let place = Place::AfterAll(Some(expected));
        let append = Append { room, place, entries: entries.into(), durable, fenced_by: Some(fence) };
        self.write(|answer| Write::Append { append, answer }).await
    }

    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError> {
        // In the queue, behind what an older connection has asked for already.
        self.write(|answer| Write::RaiseFence { room, fence, answer }).await
    }

    async fn holder(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<Option<SocketId>, HotError> {
        // In the queue too: behind whoever raises it.
        self.write(|answer| Write::Holder { room, member, device, answer }).await
    }

    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError> {
        self.write(|answer| Write::Fence { room, otherwise, answer }).await
    }
}
