//! The hot layer in Redis 7 or newer: what several nodes share.
//!
//! A room's log is a list whose length is the sequence number. One script call appends to it if it stands as the caller saw
//! it, tells the nodes that listen to the room, and keeps it alive; nothing of a swipe needs a second round trip.
//!
//! What this engine adds to the port's promises:
//! - Commands of all rooms share one connection and are pipelined. Each ends within [`RedisConfig::patience`]; what became of
//!   one that did not is unknown, and every command here bears that (it compares, or may be repeated).
//! - After a lost connection the subscriptions are renewed, and then everybody is told [`Change::Missed`].
//! - Redis that comes back empty, or in which another server has taken over ([`met`]), takes nothing but what is put back until
//!   every node that was there before has confirmed that it has done so ([`nodes`]), shard by shard.
//! - A log that nobody has open and that SQL has heard of ends after [`RedisConfig::idle`].
//!
//! It must never decide by a clock of Redis's what a caller can see: those are the node's (see [`Clock`]), so that tests own
//! them. Redis's own expiry only sweeps up; where it is felt (whom a device speaks through) it makes a phone come back, and no more.

mod client;
mod keys;
mod log;
mod message;
mod met;
mod nodes;
#[cfg(test)]
pub(crate) mod own;
mod presence;
mod scripts;
mod start;
mod subscriptions;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod way;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use fred::{
    interfaces::{ClientLike, KeysInterface, PubsubInterface},
    types::{Expiration, SetOptions, Value},
};
use futures::{StreamExt, TryStreamExt, stream};
use sovpalo_domain::{
    ids::{RoomCode, Seq, Timestamp, UserId},
    room::Entry,
};
use sovpalo_storage::clock::Clock;
use tokio::sync::{Notify, broadcast};

pub use self::client::RedisConfig;
use self::{
    keys::{Keys, Shard},
    log::{How, Write, mark},
    met::Server,
    nodes::Nodes,
    presence::SILENT,
    subscriptions::Subscriptions,
};
use super::{
    Appended, Change, ExpectedHead, FencingToken, Hot, HotError, Listening, Position, Presence, Publish,
    Published, Quota, Recovery, SocketId, Spent, Tail, fence,
};

/// Changes a slow subscriber may be behind by before it is told [`Change::Missed`].
const BACKLOG: usize = 16 * 1024;
/// How often every shard is looked through for rooms that another node marked, or left.
const LOOK_THROUGH_EVERY: Duration = Duration::from_secs(1);

/// The engine. Dropping it closes its connections.
pub struct Redis {
    server: Server,
    nodes: Nodes,
    config: RedisConfig,
    clock: Clock,
    changes: broadcast::Sender<Change>,
    subscriptions: Subscriptions,
    marked: Marked,
}

/// Shelves with rooms that this node has marked: looked at at once, the others now and then.
#[derive(Default)]
struct Marked {
    shards: Mutex<(BTreeSet<Shard>, Option<Timestamp>)>,
    bell: Notify,
}

impl Marked {
    fn put(&self, shard: Shard) {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).0.insert(shard);
        self.bell.notify_one();
    }

    fn take(&self, now: Timestamp) -> Vec<Shard> {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let (marked, looked) = &mut *shards;
        if looked.is_none_or(|looked| now.since(looked) >= LOOK_THROUGH_EVERY) {
            *looked = Some(now);
            marked.clear();
            return Shard::all().collect();
        }
        std::mem::take(marked).into_iter().collect()
    }
}

impl Redis {
    /// Connects, and listens to what concerns all rooms. Waits for a Redis that is starting as [`RedisConfig::starting`] says.
    pub async fn connect(config: RedisConfig, clock: Clock) -> Result<Self, HotError> {
        let keys = Keys::new(&config.prefix);
        let (changes, _) = broadcast::channel(BACKLOG);
        let client = start::connect(&config).await?;
        let subscriptions = Subscriptions::open(&config, keys.clone(), changes.clone()).await?;
        let server = Server::new(client, keys, config.recovery, changes.clone());
        let nodes = Nodes::new(server.clone(), &config);
        Ok(Self { server, nodes, config, clock, changes, subscriptions, marked: Marked::default() })
    }

    /// A value's bytes as they are kept: its end before them.
    fn kept(&self, value: &[u8], ttl: Duration) -> Value {
        let end = self.clock.now().plus(ttl).millis().max(0).to_be_bytes();
        bytes([&end, value].concat())
    }
}

#[async_trait]
impl Hot for Redis {
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        self.write(room, Write { how: How::Append, expected, entries, durable, fenced_by: None }).await
    }

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
        let (key, socket) = (self.server.keys.fence(room, fence), presence::hex(fence.socket));
        let expires = Some(Expiration::PX(remembered));
        self.server.client.set(key, socket, expires, None, false).await.map_err(HotError::from)
    }

    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError> {
        let remembered = i64::try_from(fence::REMEMBERED.as_millis()).map_err(HotError::unreadable)?;
        let (key, socket) = (self.server.keys.fence(room, otherwise), presence::hex(otherwise.socket));
        let (expires, unless_there) = (Some(Expiration::PX(remembered)), Some(SetOptions::NX));
        let newest: Option<String> =
            self.server.client.set(key, socket, expires, unless_there, true).await.map_err(HotError::from)?;
        match newest {
            Some(hex) => u128::from_str_radix(&hex, 16).map(SocketId).map_err(HotError::unreadable),
            None => Ok(otherwise.socket),
        }
    }

    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError> {
        self.write(room, Write { how: How::PutBack, expected, entries, durable: true, fenced_by: None }).await
    }

    async fn replace(
        &self,
        room: RoomCode,
        instead_of: ExpectedHead,
        log: &[Entry],
    ) -> Result<Appended, HotError> {
        let expected = Some(instead_of);
        self.write(room, Write { how: How::Replace, expected, entries: log, durable: true, fenced_by: None })
            .await
    }

    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError> {
        self.read_log(room, after).await
    }

    async fn recovering(&self, room: RoomCode) -> Result<Option<Duration>, HotError> {
        let keys = vec![self.server.keys.life(Shard::of(room))];
        let wait: u64 =
            self.server.run(&scripts::RECOVERING, keys, vec![millis(self.config.recovery)]).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }

    async fn recoveries(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        self.nodes.answer(confirmed).await
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn listen(&self, room: RoomCode) -> Result<Listening, HotError> {
        self.subscriptions.listen(room).await
    }

    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError> {
        let now = self.clock.now();
        let arguments: Vec<Value> =
            vec![now.millis().into(), now.plus(lease).millis().into(), number(limit as u64)?];
        let due = self.marked.take(now).into_iter().map(|shard| {
            let arguments = arguments.clone();
            async move {
                let due = self
                    .server
                    .run::<Vec<String>>(&scripts::LEASE, vec![self.server.keys.dirty(shard)], arguments)
                    .await;
                // What could not be looked at is looked at again.
                self.rooms_named(shard, due.inspect_err(|_| self.marked.put(shard))?).await
            }
        });
        let due: Vec<Vec<RoomCode>> = stream::iter(due).buffer_unordered(64).try_collect().await?;
        Ok(due.into_iter().flatten().collect())
    }

    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError> {
        let shard = Shard::of(room);
        let keys =
            vec![self.server.keys.log(room), self.server.keys.marks(shard), self.server.keys.dirty(shard)];
        let arguments = vec![
            room.to_string().into(),
            bytes(upto.map_or(Vec::new(), mark)),
            self.clock.now().millis().into(),
            millis(self.config.idle),
        ];
        self.server.run::<i64>(&scripts::CLEAN, keys, arguments).await.map(drop)
    }

    async fn dirtied(&self) {
        // What other nodes mark requests nothing here, hence the second.
        let _ = tokio::time::timeout(LOOK_THROUGH_EVERY, self.marked.bell.notified()).await;
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError> {
        let kept: Option<fred::bytes::Bytes> =
            self.server.client.get(self.server.keys.value(key)).await.map_err(HotError::from)?;
        let Some(kept) = kept else { return Ok(None) };
        let (end, value) = kept.split_first_chunk().ok_or_else(|| nonsense("a value"))?;
        Ok((i64::from_be_bytes(*end) > self.clock.now().millis()).then(|| value.to_vec()))
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError> {
        let expires = Some(Expiration::PX(i64::try_from(ttl.as_millis()).map_err(HotError::unreadable)?));
        let (key, kept) = (self.server.keys.value(key), self.kept(value, ttl));
        self.server.client.set(key, kept, expires, None, false).await.map_err(HotError::from)
    }

    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError> {
        let arguments = vec![
            bytes(self.clock.now().millis().max(0).to_be_bytes().to_vec()),
            if expected.is_some() { "some" } else { "none" }.into(),
            bytes(expected.unwrap_or_default().to_vec()),
            self.kept(value, ttl),
            millis(ttl),
        ];
        let swapped: i64 =
            self.server.run(&scripts::SWAP, vec![self.server.keys.value(key)], arguments).await?;
        Ok(swapped == 1)
    }

    async fn delete(&self, key: &str) -> Result<(), HotError> {
        self.server.client.del(self.server.keys.value(key)).await.map_err(HotError::from)
    }

    async fn announce_session_ended(&self, session: &str) -> Result<(), HotError> {
        self.server.client.publish(self.server.keys.sessions(), session).await.map_err(HotError::from)
    }

    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError> {
        let step = quota.per / quota.uses.max(1);
        let arguments: Vec<Value> =
            vec![self.clock.now().millis().into(), (step.as_secs_f64() * 1000.0).into(), millis(quota.per)];
        let wait: u64 =
            self.server.run(&scripts::SPEND, vec![self.server.keys.quota(key)], arguments).await?;
        Ok(match wait {
            0 => Spent::Granted,
            wait => Spent::Exhausted { retry_after: Duration::from_millis(wait) },
        })
    }

    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let keys =
            vec![self.server.keys.here(room), self.server.keys.log(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        arguments.extend([
            millis(presence::REMEMBERED),
            millis(self.config.idle),
            bytes(message::presence()),
        ]);
        Ok(self.server.run::<i64>(&scripts::ARRIVE, keys, arguments).await? == 1)
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let keys = vec![self.server.keys.here(room), self.server.keys.channel(room)];
        let mut arguments = self.who(member, socket);
        arguments.push(bytes(message::presence()));
        Ok(self.server.run::<i64>(&scripts::DEPART, keys, arguments).await? == 1)
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<Presence>, HotError> {
        use fred::interfaces::HashesInterface;
        let here: std::collections::HashMap<String, i64> =
            self.server.client.hgetall(self.server.keys.here(room)).await.map_err(HotError::from)?;
        Ok(presence::read(&here, self.clock.now()))
    }

    async fn ping(&self) -> Result<(), HotError> {
        self.server.client.ping::<String>(None).await.map(drop).map_err(HotError::from)
    }
}

#[async_trait]
impl Publish for Redis {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        let (channel, message) = (self.server.keys.channel(room), bytes(message::published(what)?));
        self.server.client.spublish(channel, message).await.map_err(HotError::from)
    }
}

#[cfg(test)]
impl Redis {
    /// Appends to a log what another program may have written, and tells of it.
    pub(crate) async fn append_raw(&self, room: RoomCode, entry: &[u8]) {
        use fred::interfaces::LuaInterface;
        let (log, channel) = (self.server.keys.log(room), self.server.keys.channel(room));
        let at = self.read_log(room, Seq::ZERO).await.unwrap().unwrap().at;
        let at = Position { seq: at.seq.next(), ..at };
        let told = message::appended(at, super::HeadHash::NONE, [entry]);
        let script = "redis.call('RPUSH', KEYS[1], ARGV[1]) redis.call('SPUBLISH', KEYS[2], ARGV[2])";
        let arguments = vec![bytes(entry.to_vec()), bytes(told)];
        self.server.client.eval::<Value, _, _, _>(script, vec![log, channel], arguments).await.unwrap();
    }

    /// Marks something for the projector that is no room's.
    pub(crate) async fn mark_raw(&self, name: &str) {
        use fred::interfaces::LuaInterface;
        let script = "redis.call('ZADD', KEYS[1], 0, ARGV[1])";
        let keys = vec![self.server.keys.dirty(Shard::FIRST)];
        self.server.client.eval::<Value, _, _, _>(script, keys, vec![name]).await.unwrap();
    }

    /// Whether it has heard of so many other nodes, and of nobody else.
    pub(crate) fn knows(&self, others: usize) -> bool {
        self.nodes.knows(others)
    }
}

impl Redis {
    /// The rooms of these marks. A mark that names no room is no room's, and is taken away.
    async fn rooms_named(&self, shard: Shard, names: Vec<String>) -> Result<Vec<RoomCode>, HotError> {
        let mut rooms = Vec::with_capacity(names.len());
        for name in names {
            if let Ok(room) = name.parse() {
                rooms.push(room);
                continue;
            }
            tracing::error!(name, "a mark for the projector names no room, and is taken away");
            let keys = &self.server.keys;
            let keys = vec![keys.no_log(shard), keys.marks(shard), keys.dirty(shard)];
            let arguments = vec![name.into(), "".into(), 0.into(), millis(self.config.idle)];
            self.server.run::<i64>(&scripts::CLEAN, keys, arguments).await?;
        }
        Ok(rooms)
    }

    /// What both presence scripts want to know first.
    fn who(&self, member: UserId, socket: SocketId) -> Vec<Value> {
        let now = self.clock.now().millis();
        let silent = now - i64::try_from(SILENT.as_millis()).unwrap_or(i64::MAX);
        vec![member.to_string().into(), presence::hex(socket).into(), now.into(), silent.into()]
    }
}

fn bytes(bytes: Vec<u8>) -> Value {
    Value::Bytes(bytes.into())
}

fn number(number: u64) -> Result<Value, HotError> {
    i64::try_from(number).map(Value::Integer).map_err(HotError::unreadable)
}

fn millis(duration: Duration) -> Value {
    Value::Integer(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

fn nonsense(what: &str) -> HotError {
    HotError::unreadable(format_args!("Redis answers nonsense about {what}"))
}
