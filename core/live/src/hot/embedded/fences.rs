//! The newest connection of each device. In memory: when the process ends, so do all connections.

use std::collections::HashMap;

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use crate::hot::{Device, FencingToken, SocketId, fence::REMEMBERED};

#[derive(Debug, Default)]
pub(super) struct Fences(HashMap<(RoomCode, UserId, Device), (SocketId, Timestamp)>);

impl Fences {
    /// From now on it is this one.
    pub(super) fn raise(&mut self, room: RoomCode, fence: FencingToken, now: Timestamp) {
        let FencingToken { member, device, socket } = fence;
        self.0.insert((room, member, device), (socket, now));
    }

    /// Which one it is: this one from now on, if it was none.
    pub(super) fn newest(&mut self, room: RoomCode, otherwise: FencingToken, now: Timestamp) -> SocketId {
        let FencingToken { member, device, socket } = otherwise;
        let (newest, spoke_at) = self.0.entry((room, member, device)).or_insert((socket, now));
        *spoke_at = now;
        *newest
    }

    /// Whether it is; remembered for longer if so.
    pub(super) fn is_heard(&mut self, room: RoomCode, fence: FencingToken, now: Timestamp) -> bool {
        match self.0.get_mut(&(room, fence.member, fence.device)) {
            Some((socket, spoke_at)) if *socket == fence.socket => {
                *spoke_at = now;
                true
            }
            _ => false,
        }
    }

    /// Forgets who has been silent for long.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        self.0.retain(|_, (_, spoke_at)| now.since(*spoke_at) < REMEMBERED);
    }
}
