//! The roll: the open sockets of this process, in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use crate::hot::{MOST_VOICES, MemberPresence, SocketId, VoiceChanged};

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
    /// One of the sockets.
    voice: Option<SocketId>,
}

/// What a socket's end changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Departed {
    /// Whether it was the member's last one.
    pub(super) was_last: bool,
    /// Whether it was in the voice chat.
    pub(super) had_voice: bool,
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

    /// A socket is closed.
    pub(super) fn depart(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        now: Timestamp,
    ) -> Departed {
        let mut rooms = self.rooms();
        let Some(phones) = rooms.get_mut(&room).and_then(|members| members.get_mut(&member)) else {
            return Departed::default();
        };
        if !phones.sockets.remove(&socket) {
            return Departed::default();
        }
        phones.last_seen = now;
        let had_voice = phones.voice.take_if(|voice| *voice == socket).is_some();
        Departed { was_last: phones.sockets.is_empty(), had_voice }
    }

    /// A socket is in the voice chat, or is not.
    pub(super) fn set_voice(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        on: bool,
        now: Timestamp,
    ) -> VoiceChanged {
        let mut rooms = self.rooms();
        let members = rooms.entry(room).or_default();
        let has_voice = |phones: &Phones| phones.voice == Some(socket);
        if on == members.get(&member).is_some_and(has_voice) {
            return VoiceChanged::AsItWas;
        }
        let others = members.iter().filter(|(other, phones)| **other != member && phones.voice.is_some());
        if on && others.count() >= MOST_VOICES {
            return VoiceChanged::Full;
        }
        let phones = members.entry(member).or_default();
        phones.sockets.insert(socket);
        phones.last_seen = now;
        phones.voice = on.then_some(socket);
        VoiceChanged::Changed
    }

    pub(super) fn of(&self, room: RoomCode, now: Timestamp) -> Vec<MemberPresence> {
        let rooms = self.rooms();
        let phones = rooms.get(&room).into_iter().flatten();
        let mut all: Vec<MemberPresence> = phones
            .map(|(member, phones)| {
                let online = !phones.sockets.is_empty();
                let last_seen = if online { now } else { phones.last_seen };
                MemberPresence { member: *member, online, last_seen, voice: phones.voice }
            })
            .collect();
        all.sort_by_key(|presence| presence.member);
        all
    }

    fn rooms(&self) -> std::sync::MutexGuard<'_, HashMap<RoomCode, HashMap<UserId, Phones>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
