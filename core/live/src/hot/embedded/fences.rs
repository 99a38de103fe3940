//! The table of fences: the newest connection of each device in a room. In memory: when the process ends, so do all connections.

use std::collections::HashMap;

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use crate::hot::{Device, FencingToken, SocketId, fence::REMEMBERED};

#[derive(Debug, Default)]
pub(super) struct Fences(HashMap<(RoomCode, UserId, Device), (SocketId, Timestamp)>);

impl Fences {
    /// From now on the fence of its device is this connection's.
    pub(super) fn raise(&mut self, room: RoomCode, fence: FencingToken, now: Timestamp) {
        let FencingToken { member, device, socket } = fence;
        self.0.insert((room, member, device), (socket, now));
    }

    /// Whose the fence of a device is.
    pub(super) fn holder(&self, room: RoomCode, member: UserId, device: Device) -> Option<SocketId> {
        self.0.get(&(room, member, device)).map(|(socket, _)| *socket)
    }

    /// Whose the fence of its device is: this connection's from now on, if it was nobody's.
    pub(super) fn newest(&mut self, room: RoomCode, otherwise: FencingToken, now: Timestamp) -> SocketId {
        let FencingToken { member, device, socket } = otherwise;
        let (newest, used_at) = self.0.entry((room, member, device)).or_insert((socket, now));
        *used_at = now;
        *newest
    }

    /// Whether the fence is this connection's; remembered for longer if so.
    pub(super) fn holds(&mut self, room: RoomCode, fence: FencingToken, now: Timestamp) -> bool {
        match self.0.get_mut(&(room, fence.member, fence.device)) {
            Some((socket, used_at)) if *socket == fence.socket => {
                *used_at = now;
                true
            }
            _ => false,
        }
    }

    /// Forgets fences that were not used for long.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        self.0.retain(|_, (_, used_at)| now.since(*used_at) < REMEMBERED);
    }
}
