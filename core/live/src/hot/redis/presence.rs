//! Who is here, as Redis keeps it: a hash with a field for each socket (`<member>:<socket>`) and one for each member, and when
//! each was last heard of; and with a field for each socket that is in the voice chat (`voice:<member>:<socket>`), and since when. That counts
//! for as long as the socket's own field does. Older nodes pass over it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use async_trait::async_trait;
use fred::{interfaces::HashesInterface, types::Value};
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use super::{
    Redis, message, scripts,
    value::{bytes, millis},
};
use crate::hot::{HotError, MOST_VOICES, MemberPresence, Presence, SocketId, VoiceChanged};

/// A socket that nobody has spoken of for so long is gone, and the node that held it too: living nodes beat twice as often.
pub(super) const SILENT: Duration = Duration::from_secs(60);
/// Who was here is forgotten with the room.
pub(super) const REMEMBERED: Duration = Duration::from_secs(3600);

#[async_trait]
impl Presence for Redis {
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let keys =
            vec![self.server.keys.here(room), self.server.keys.log(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        arguments.extend([millis(REMEMBERED), millis(self.config.idle), bytes(message::presence())]);
        Ok(self.server.run::<i64>(&scripts::ARRIVE, keys, arguments).await? == 1)
    }

    async fn beat(
        &self,
        room: RoomCode,
        sockets: &[(UserId, SocketId)],
    ) -> Result<Vec<MemberPresence>, HotError> {
        let keys =
            vec![self.server.keys.here(room), self.server.keys.log(room), self.server.keys.channel(room)];
        let (now, silent) = self.times();
        let mut arguments = vec![now.into(), silent.into(), millis(REMEMBERED), millis(self.config.idle)];
        arguments.push(bytes(message::presence()));
        for (member, socket) in sockets {
            arguments.extend([member.to_string().into(), hex(*socket).into()]);
        }
        let here: HashMap<String, i64> = self.server.run(&scripts::BEAT, keys, arguments).await?;
        Ok(read(&here, self.clock.now()))
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let keys = vec![self.server.keys.here(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        arguments.push(bytes(message::presence()));
        Ok(self.server.run::<i64>(&scripts::DEPART, keys, arguments).await? == 1)
    }

    async fn set_voice(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        on: bool,
    ) -> Result<VoiceChanged, HotError> {
        let keys = vec![self.server.keys.here(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        let most = i64::try_from(MOST_VOICES).map_err(HotError::unreadable)?;
        arguments.extend([i64::from(on).into(), most.into(), millis(REMEMBERED), bytes(message::presence())]);
        match self.server.run::<i64>(&scripts::VOICE, keys, arguments).await? {
            1 => Ok(VoiceChanged::Changed),
            0 => Ok(VoiceChanged::AsItWas),
            _ => Ok(VoiceChanged::Full),
        }
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError> {
        let here: HashMap<String, i64> =
            self.server.client.hgetall(self.server.keys.here(room)).await.map_err(HotError::from)?;
        Ok(read(&here, self.clock.now()))
    }
}

impl Redis {
    /// The time, and when a socket that is silent now was last heard of.
    fn times(&self) -> (i64, i64) {
        let now = self.clock.now().millis();
        (now, now - i64::try_from(SILENT.as_millis()).unwrap_or(i64::MAX))
    }

    /// What is said of one socket.
    fn who(&self, member: UserId, socket: SocketId) -> Vec<Value> {
        let (now, silent) = self.times();
        vec![member.to_string().into(), hex(socket).into(), now.into(), silent.into()]
    }
}

/// A socket as it is named here.
pub(super) fn hex(SocketId(socket): SocketId) -> String {
    format!("{socket:032x}")
}

/// Everybody in the hash, in the order of their ids.
pub(super) fn read(here: &HashMap<String, i64>, now: Timestamp) -> Vec<MemberPresence> {
    let mut members: BTreeMap<UserId, MemberPresence> = BTreeMap::new();
    for (field, seen_at) in here {
        let (member, is_socket) = match field.split_once(':') {
            Some((member, _)) => (member, true),
            None => (field.as_str(), false),
        };
        let Some(member) = member.parse().ok().and_then(|id| UserId::new(id).ok()) else { continue };
        let seen_at = Timestamp::from_millis(*seen_at);
        let online = is_socket && now.since(seen_at) < SILENT;
        let known = {
            let unseen = MemberPresence { member, online: false, last_seen: seen_at, voice: None };
            members.entry(member).or_insert(unseen)
        };
        known.last_seen = known.last_seen.max(seen_at);
        known.online |= online;
    }
    for (member, socket) in voices(here) {
        let is_open = here
            .get(&format!("{member}:{}", hex(socket)))
            .is_some_and(|seen_at| now.since(Timestamp::from_millis(*seen_at)) < SILENT);
        if let Some(known) = members.get_mut(&member).filter(|_| is_open) {
            known.voice = Some(socket);
        }
    }
    let mut all: Vec<MemberPresence> = members.into_values().collect();
    for known in all.iter_mut().filter(|known| known.online) {
        known.last_seen = now;
    }
    all
}

/// Whose sockets said that they are in the voice chat.
fn voices(here: &HashMap<String, i64>) -> impl Iterator<Item = (UserId, SocketId)> {
    here.keys().filter_map(|field| {
        let (member, socket) = field.strip_prefix("voice:")?.split_once(':')?;
        let member = UserId::new(member.parse().ok()?).ok()?;
        Some((member, SocketId(u128::from_str_radix(socket, 16).ok()?)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_of_a_node_that_died_is_gone_after_a_minute() {
        let seen_at = Timestamp::from_millis(1_000_000);
        let here = HashMap::from([("7:ab".to_owned(), seen_at.millis())]);
        let seen = |after| read(&here, seen_at.plus(Duration::from_secs(after)))[0];
        assert!(seen(59).online);
        assert_eq!((seen(60).online, seen(60).last_seen), (false, seen_at));
    }

    #[test]
    fn a_voice_ends_with_its_socket_also_where_an_older_node_closed_that() {
        let seen_at = Timestamp::from_millis(1_000_000);
        let voice = |here: &[(&str, i64)], after| {
            let here = here.iter().map(|(field, at)| ((*field).to_owned(), *at)).collect();
            read(&here, seen_at.plus(Duration::from_secs(after)))[0].voice
        };
        let (socket, spoke) = (format!("7:{:032x}", 0xab), format!("voice:7:{:032x}", 0xab));
        let open = [(socket.as_str(), seen_at.millis()), (spoke.as_str(), seen_at.millis())];
        assert_eq!(voice(&open, 59), Some(SocketId(0xab)));
        assert_eq!(voice(&open, 60), None, "nobody has spoken of the socket for a minute");
        assert_eq!(voice(&[("7", seen_at.millis()), open[1]], 1), None, "the socket is closed");
    }

    #[test]
    fn what_is_no_member_is_passed_over() {
        let here = HashMap::from([("nobody:1".to_owned(), 5), (String::new(), 5), ("-1".to_owned(), 5)]);
        assert_eq!(read(&here, Timestamp::from_millis(6)), []);
    }
}
