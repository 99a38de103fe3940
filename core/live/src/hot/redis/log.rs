//! A room's log: a list whose length is the sequence number, changed by one script.

use std::time::Duration;

use async_trait::async_trait;
use fred::types::Value;
use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq},
    room::Entry,
};

use super::{
    Redis,
    keys::Shard,
    message, presence, scripts,
    value::{bytes, millis, nonsense, number},
};
use crate::hot::{Appended, ExpectedHead, FencingToken, HeadHash, HotError, Log, Tail, codec, fence};

/// One change of a log.
pub(super) struct Write<'a> {
    pub(super) how: How,
    pub(super) expected: Option<ExpectedHead>,
    pub(super) entries: &'a [Entry],
    pub(super) durable: bool,
    pub(super) fenced_by: Option<FencingToken>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Append,
    PutBack,
    Replace,
}

impl How {
    fn word(self) -> &'static str {
        match self {
            Self::Append => "append",
            Self::PutBack => "put back",
            Self::Replace => "replace",
        }
    }
}

#[async_trait]
impl Log for Redis {
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        self.write(room, Write { how: How::Append, expected, entries, durable, fenced_by: None }).await
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
        let arguments = vec![number(after.get())?];
        let found: Vec<Value> =
            self.server.run(&scripts::READ, vec![self.server.keys.log(room)], arguments).await?;
        let Some(([epoch, length], elements)) = found.split_first_chunk() else { return Ok(None) };
        let at = position(epoch, length)?.ok_or_else(|| nonsense("a log"))?;
        let entry = |element: &Value| {
            let bytes = element.as_bytes().ok_or_else(|| nonsense("a log"));
            bytes.and_then(self.config.decode()).map_err(|error| error.of(room))
        };
        Ok(Some(Tail { at, entries: elements.iter().map(entry).collect::<Result<_, _>>()? }))
    }
}

impl Redis {
    /// Changes a log in one step.
    pub(super) async fn write(&self, room: RoomCode, write: Write<'_>) -> Result<Appended, HotError> {
        let Write { how, expected, entries, durable, fenced_by } = write;
        let before = match (how, expected) {
            (How::Replace, _) | (_, None) => beginning(entries)?,
            (How::Append | How::PutBack, Some(expected)) => expected.at,
        };
        let at = Position { epoch: before.epoch, seq: before.seq.after(entries.len()) };
        let encoded: Vec<Vec<u8>> = entries.iter().map(codec::encode).collect();
        // What others may hold more of than this node does, they had better read.
        let published = if how == How::Append { encoded.as_slice() } else { &[] };
        let head_hash = expected.map_or(HeadHash::NONE, |expected| expected.head_hash);
        let message = message::appended(at, head_hash, published.iter().map(Vec::as_slice));
        let mut arguments: Vec<Value> = vec![
            how.word().into(),
            bytes(expected.map_or(Vec::new(), |expected| expected.at.epoch.get().to_be_bytes().to_vec())),
            number(expected.map_or(0, |expected| expected.at.seq.get()))?,
            expected.map_or(String::new(), |expected| hex(expected.head_hash)).into(),
            bytes(if durable { mark(at) } else { Vec::new() }),
            room.to_string().into(),
            self.clock.now().millis().into(),
            millis(self.config.idle),
            millis(self.config.recovery),
            bytes(message),
            fenced_by.map_or(String::new(), |fence| presence::hex(fence.socket)).into(),
            millis(fence::REMEMBERED),
        ];
        let begins = before.seq == Seq::ZERO;
        arguments.extend(encoded.into_iter().enumerate().map(|(place, entry)| {
            if begins && place == 0 { bytes(headed(at.epoch, &entry)) } else { bytes(entry) }
        }));
        let shard = Shard::of(room);
        let mut keys = vec![
            self.server.keys.log(room),
            self.server.keys.marks(shard),
            self.server.keys.dirty(shard),
            self.server.keys.life(shard),
            self.server.keys.channel(room),
        ];
        keys.extend(fenced_by.map(|by| self.server.keys.fence(room, by.member, by.device)));
        let answer: Value = self.server.run(&scripts::APPEND, keys, arguments).await?;
        let appended = match answer {
            Value::Integer(_) => Appended::At(at),
            Value::Array(found) => match found.as_slice() {
                [] => Appended::Fenced,
                [wait] => Appended::NotYet(Duration::from_millis(wait.as_u64().unwrap_or_default())),
                [epoch, length] => Appended::Conflict(position(epoch, length)?),
                _ => return Err(nonsense("append")),
            },
            _ => return Err(nonsense("append")),
        };
        if durable && matches!(appended, Appended::At(_)) {
            self.marked.put(shard);
        }
        Ok(appended)
    }
}

/// Before the first entry of a new log.
fn beginning(entries: &[Entry]) -> Result<Position, HotError> {
    let epoch = entries.first().and_then(|first| first.event.begins());
    let epoch = epoch.ok_or_else(|| HotError::unreadable("a log begins with `Created` or `Restored`"))?;
    Ok(Position { epoch, seq: Seq::ZERO })
}

/// The first element of a log.
fn headed(epoch: Epoch, entry: &[u8]) -> Vec<u8> {
    [&epoch.get().to_be_bytes(), entry].concat()
}

/// How far a log has to be carried over, in an order that bytes have too.
pub(super) fn mark(at: Position) -> Vec<u8> {
    [&at.epoch.get().to_be_bytes()[..], &at.seq.get().to_be_bytes()].concat()
}

/// A position as the scripts tell it; without an epoch there is no log.
fn position(epoch: &Value, length: &Value) -> Result<Option<Position>, HotError> {
    let epoch = epoch.as_bytes().ok_or_else(|| nonsense("a position"))?;
    let length = length.as_u64().ok_or_else(|| nonsense("a position"))?;
    if epoch.is_empty() {
        return Ok(None);
    }
    let epoch = u32::from_be_bytes(epoch.try_into().map_err(|_| nonsense("a position"))?);
    Ok(Some(Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(length) }))
}

fn hex(HeadHash(head_hash): HeadHash) -> String {
    if HeadHash(head_hash) == HeadHash::NONE {
        String::new()
    } else {
        format!("{:016x}", u64::from_be_bytes(head_hash))
    }
}

#[cfg(test)]
impl Redis {
    /// Appends to a log what another program may have written, and tells of it.
    pub(crate) async fn append_raw(&self, room: RoomCode, entry: &[u8]) {
        use fred::interfaces::LuaInterface;
        let (log, channel) = (self.server.keys.log(room), self.server.keys.channel(room));
        let at = self.read(room, Seq::ZERO).await.unwrap().unwrap().at;
        let at = Position { seq: at.seq.next(), ..at };
        let published = message::appended(at, HeadHash::NONE, [entry]);
        let script = "redis.call('RPUSH', KEYS[1], ARGV[1]) redis.call('SPUBLISH', KEYS[2], ARGV[2])";
        let arguments = vec![bytes(entry.to_vec()), bytes(published)];
        self.server.client.eval::<Value, _, _, _>(script, vec![log, channel], arguments).await.unwrap();
    }
}
