//! Who is here, as Redis keeps it: a hash with a field for each socket (`<member>:<socket>`) and one for each member, and when
//! each was last heard of.

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
use crate::hot::{HotError, MemberPresence, Presence, SocketId};

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

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let keys = vec![self.server.keys.here(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        arguments.push(bytes(message::presence()));
        Ok(self.server.run::<i64>(&scripts::DEPART, keys, arguments).await? == 1)
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError> {
        let here: HashMap<String, i64> =
            self.server.client.hgetall(self.server.keys.here(room)).await.map_err(HotError::from)?;
        Ok(read(&here, self.clock.now()))
    }
}

impl Redis {
    /// What both presence scripts want to know first.
    fn who(&self, member: UserId, socket: SocketId) -> Vec<Value> {
        let now = self.clock.now().millis();
        let silent = now - i64::try_from(SILENT.as_millis()).unwrap_or(i64::MAX);
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
    for (field, heard) in here {
        let (member, is_socket) = match field.split_once(':') {
            Some((member, _)) => (member, true),
            None => (field.as_str(), false),
        };
        let Some(member) = member.parse().ok().and_then(|id| UserId::new(id).ok()) else { continue };
        let heard = Timestamp::from_millis(*heard);
        let online = is_socket && now.since(heard) < SILENT;
        let known =
            members.entry(member).or_insert(MemberPresence { member, online: false, last_seen: heard });
        known.last_seen = known.last_seen.max(heard);
        known.online |= online;
    }
    let mut all: Vec<MemberPresence> = members.into_values().collect();
    for known in all.iter_mut().filter(|known| known.online) {
        known.last_seen = now;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_of_a_node_that_died_is_gone_after_a_minute() {
        let heard = Timestamp::from_millis(1_000_000);
        let here = HashMap::from([("7:ab".to_owned(), heard.millis())]);
        let seen = |after| read(&here, heard.plus(Duration::from_secs(after)))[0];
        assert!(seen(59).online);
        assert_eq!((seen(60).online, seen(60).last_seen), (false, heard));
    }

    #[test]
    fn what_is_no_member_is_passed_over() {
        let here = HashMap::from([("nobody:1".to_owned(), 5), (String::new(), 5), ("-1".to_owned(), 5)]);
        assert_eq!(read(&here, Timestamp::from_millis(6)), []);
    }
}
