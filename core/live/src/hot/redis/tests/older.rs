//! Nodes of an older version and of this one on one Redis, as in the middle of a release. The older one is here with the scripts that it
//! appends and reads with, and with a copy of how it writes and reads what it publishes (commit 9c5e497).

use fred::{interfaces::LuaInterface, types::Value};

use super::*;
use crate::hot::{
    Fencing as _, FencingToken,
    codec::{decode, encode},
    redis::{
        keys::Shard,
        message,
        value::{bytes, number},
    },
};

const APPEND: &str = include_str!("older/append.lua");
const READ: &str = include_str!("older/read.lua");

/// What an older node has read of a log, or believes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    epoch: u32,
    seq: u64,
    tip: [u8; 8],
}

impl Head {
    fn after(seq: u64, last: &Entry) -> Self {
        Self { epoch: 7, seq, tip: HeadHash::of(last).0 }
    }
}

/// An older node's `append` of one entry, as its `log.rs` called the script. `speaker`: the key of a fence, and the socket that asks.
async fn older_appends(hot: &Redis, onto: Head, entry: &Entry, speaker: Option<(String, SocketId)>) -> Value {
    let Head { epoch, seq, tip } = onto;
    let (entry, shard, keys) = (encode(entry), Shard::of(room()), &hot.server.keys);
    let socket = speaker.as_ref().map_or(String::new(), |(_, SocketId(socket))| format!("{socket:032x}"));
    let arguments: Vec<Value> = vec![
        "append".into(),
        bytes(epoch.to_be_bytes().to_vec()),
        number(seq).unwrap(),
        format!("{:016x}", u64::from_be_bytes(tip)).into(),
        bytes([&epoch.to_be_bytes()[..], &(seq + 1).to_be_bytes()].concat()),
        room().to_string().into(),
        START.millis().into(),
        1_800_000.into(),
        0.into(),
        bytes(older_message(Head { seq: seq + 1, ..onto }, &[&entry])),
        socket.into(),
        3_600_000.into(),
        bytes(entry),
    ];
    let mut names =
        vec![keys.log(room()), keys.marks(shard), keys.dirty(shard), keys.life(shard), keys.channel(room())];
    names.extend(speaker.map(|(voice, _)| voice));
    hot.server.client.eval(APPEND, names, arguments).await.unwrap()
}

/// What it publishes with that: `tip` is of the entry before.
fn older_message(Head { epoch, seq, tip }: Head, entries: &[&[u8]]) -> Vec<u8> {
    let mut message = vec![1];
    message.extend(epoch.to_be_bytes());
    message.extend(seq.to_be_bytes());
    message.extend(tip);
    for entry in entries {
        message.extend(u32::try_from(entry.len()).unwrap().to_be_bytes());
        message.extend(*entry);
    }
    message
}

/// What it makes of a message: where the log stands now and what was appended, nothing of that (somebody came or went), or that it cannot
/// read it: then it looks at the log.
#[derive(Debug, PartialEq, Eq)]
enum Received {
    Appended(Head, Vec<Entry>),
    Presence,
    Unreadable,
}

fn older_receives(message: &[u8]) -> Received {
    fn number<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
        let (number, after) = rest.split_first_chunk()?;
        *rest = after;
        Some(*number)
    }
    fn appended(mut rest: &[u8]) -> Option<Received> {
        let epoch = u32::from_be_bytes(number(&mut rest)?);
        let seq = u64::from_be_bytes(number(&mut rest)?);
        let tip = number(&mut rest)?;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let length = u32::from_be_bytes(number(&mut rest)?) as usize;
            let (entry, after) = rest.split_at_checked(length)?;
            entries.push(decode(entry).ok()?);
            rest = after;
        }
        Some(Received::Appended(Head { epoch, seq, tip }, entries))
    }
    match message.split_first() {
        Some((1, rest)) => appended(rest).unwrap_or(Received::Unreadable),
        Some((2, _)) => Received::Presence,
        _ => Received::Unreadable,
    }
}

/// The whole log, as it reads it.
async fn older_reads(hot: &Redis) -> Vec<Entry> {
    let found: Vec<Value> =
        hot.server.client.eval(READ, vec![hot.server.keys.log(room())], vec!["0"]).await.unwrap();
    assert_eq!(found[0].as_bytes(), Some(&7_u32.to_be_bytes()[..]), "of which history it is");
    assert_eq!(found[1].as_u64(), Some(found.len() as u64 - 2), "how long it is");
    found[2..].iter().map(|element| decode(element.as_bytes().unwrap()).unwrap()).collect()
}

fn ready(ready: bool) -> Entry {
    let member = UserId::new(1).unwrap();
    Entry { at: START, event: Event::Swiping(SwipingEvent::Ready { member, ready }) }
}

#[tokio::test]
async fn an_older_node_and_this_one_append_to_one_log_and_neither_overtakes_the_other() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    let answer = older_appends(&hot, Head::after(1, &first()), &second(), None).await;
    assert_eq!(answer, Value::Integer(2), "it takes our log for its own");
    let at = |seq| Position { epoch: Epoch::from_bits(7), seq: Seq::new(seq) };
    let missed = hot.append(room(), Some(after_first()), &[ready(false)], false).await.unwrap();
    assert_eq!(missed, Appended::Conflict(Some(at(2))), "what it appended is seen");

    let expected = ExpectedHead { at: at(2), head_hash: HeadHash::of(&second()) };
    let appended = hot.append(room(), Some(expected), &[ready(false)], false).await.unwrap();
    assert_eq!(appended, Appended::At(at(3)));
    let missed = older_appends(&hot, Head::after(2, &second()), &ready(true), None).await;
    let Value::Array(missed) = missed else { panic!("it appended to a log that is elsewhere: {missed:?}") };
    assert_eq!(missed[1].as_u64(), Some(3), "what we appended is seen");
    let log = [first(), second(), ready(false)];
    assert_eq!(older_reads(&hot).await, log);
    assert_eq!(hot.read(room(), Seq::ZERO).await.unwrap().unwrap().entries, log);

    // What it left to be carried over to SQL is.
    hot.clean(room(), Some(at(1))).await.unwrap();
    assert_eq!(hot.dirty(9, Duration::ZERO).await.unwrap(), [room()], "it was durable");
    hot.clean(room(), Some(at(2))).await.unwrap();
    assert_eq!(hot.dirty(9, Duration::ZERO).await.unwrap(), []);
}

#[tokio::test]
async fn a_phone_that_comes_to_this_node_is_fenced_off_at_an_older_one() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    let member = UserId::new(1).unwrap();
    let fence = FencingToken { member, device: crate::hot::Device::named("phone"), socket: SocketId(2) };
    hot.raise_fence(room(), fence).await.unwrap();
    let voice = hot.server.keys.fence(room(), member, fence.device);
    let at = Head::after(1, &first());
    let late = older_appends(&hot, at, &second(), Some((voice.clone(), SocketId(1)))).await;
    assert_eq!(late, Value::Array(Vec::new()), "what its older socket had sent is done");
    let done = older_appends(&hot, at, &second(), Some((voice, SocketId(2)))).await;
    assert_eq!(done, Value::Integer(2));
}

#[test]
fn each_reads_what_the_other_publishes_or_knows_that_it_cannot() {
    let (one, two) = (second(), ready(false));
    let head = Head::after(3, &first());
    let older = older_message(head, &[&encode(&one), &encode(&two)]);
    let at = Position { epoch: Epoch::from_bits(head.epoch), seq: Seq::new(head.seq) };
    let answer = [&encode(&one)[..], &encode(&two)[..]];
    assert_eq!(message::appended(at, HeadHash::of(&first()), answer), older);
    assert_eq!(older_receives(&older), Received::Appended(head, vec![one, two]));
    assert_eq!(older_receives(&message::presence()), Received::Presence);

    let member = UserId::new(1).unwrap();
    for published in [
        Published::Read { member, number: 7 },
        Published::Signal { from: member, to: None, body: "{}".into(), at: None },
    ] {
        // It looks at the log then, where nothing is new.
        assert_eq!(older_receives(&message::published(&published).unwrap()), Received::Unreadable);
    }
}
