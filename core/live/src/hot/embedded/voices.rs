//! Which connection speaks for a device. In memory: when the process ends, so do all connections.

use std::collections::HashMap;

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use crate::hot::{Device, SocketId, Speaker, speaker::REMEMBERED};

#[derive(Debug, Default)]
pub(super) struct Voices(HashMap<(RoomCode, UserId, Device), (SocketId, Timestamp)>);

impl Voices {
    /// From now on it is this one.
    pub(super) fn raise(&mut self, room: RoomCode, speaker: Speaker, now: Timestamp) {
        let Speaker { member, device, socket } = speaker;
        self.0.insert((room, member, device), (socket, now));
    }

    /// Which one it is: this one from now on, if it was none.
    pub(super) fn speaking(&mut self, room: RoomCode, otherwise: Speaker, now: Timestamp) -> SocketId {
        let Speaker { member, device, socket } = otherwise;
        let (speaking, spoke_at) = self.0.entry((room, member, device)).or_insert((socket, now));
        *spoke_at = now;
        *speaking
    }

    /// Whether it is; remembered for longer if so.
    pub(super) fn is_heard(&mut self, room: RoomCode, speaker: Speaker, now: Timestamp) -> bool {
        match self.0.get_mut(&(room, speaker.member, speaker.device)) {
            Some((socket, spoke_at)) if *socket == speaker.socket => {
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
