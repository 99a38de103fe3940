//! The roll: the open sockets of this process, in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use crate::hot::{MemberPresence, SocketId};

/// Somebody gone for longer than this is forgotten with their room.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// Forgetting is done when there are more rooms than this.
const CROWDED: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Roll(Mutex<HashMap<RoomCode, HashMap<UserId, Phones>>>);

#[derive(Debug, Default)]
struct Phones {
    sockets: HashSet<SocketId>,
    last_seen: Timestamp,
}

impl Roll {
    /// Says whether the member was offline before.
    pub(super) fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId, now: Timestamp) -> bool {
        let mut rooms = self.rooms();
        if rooms.len() > CROWDED && !rooms.contains_key(&room) {
            rooms.retain(|_, members| {
                members.values().any(|p| !p.sockets.is_empty() || now.since(p.last_seen) < REMEMBERED)
            });
        }
        let phones = rooms.entry(room).or_default().entry(member).or_default();
        phones.last_seen = now;
        phones.sockets.insert(socket) && phones.sockets.len() == 1
    }

    /// Says whether that was the member's last socket.
    pub(super) fn depart(&self, room: RoomCode, member: UserId, socket: SocketId, now: Timestamp) -> bool {
        let mut rooms = self.rooms();
        let Some(phones) = rooms.get_mut(&room).and_then(|members| members.get_mut(&member)) else {
            return false;
        };
        if !phones.sockets.remove(&socket) {
            return false;
        }
        phones.last_seen = now;
        phones.sockets.is_empty()
    }

    pub(super) fn of(&self, room: RoomCode, now: Timestamp) -> Vec<MemberPresence> {
        let rooms = self.rooms();
        let phones = rooms.get(&room).into_iter().flatten();
        let mut all: Vec<MemberPresence> = phones
            .map(|(member, phones)| {
                let online = !phones.sockets.is_empty();
                let last_seen = if online { now } else { phones.last_seen };
                MemberPresence { member: *member, online, last_seen }
            })
            .collect();
        all.sort_by_key(|presence| presence.member);
        all
    }

    fn rooms(&self) -> std::sync::MutexGuard<'_, HashMap<RoomCode, HashMap<UserId, Phones>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
