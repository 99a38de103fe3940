//! What the engine does when the way to Redis breaks, and how long Redis keeps things. What every engine must do is in the contract.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq, Timestamp, UserId},
    room::{Created, Entry, Event, RoomName, Settings, SwipingEvent},
};
use sovpalo_storage::{SessionId, clock::Clock};
use tokio::sync::broadcast;

use super::{Redis, RedisConfig, own::OwnRedis};
use crate::hot::{
    Announcement, Appended, Change, DirtyRooms as _, ExpectedHead, HeadHash, Health as _, KeyValue as _,
    Log as _, Presence as _, Publish as _, Published, Recover as _, SocketId, Subscribe as _,
};

mod older;
mod recovery;
mod walks;

const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const LONG: Duration = Duration::from_secs(3600);

fn config(server: &OwnRedis, recovery: Duration) -> RedisConfig {
    RedisConfig { recovery, patience: Duration::from_millis(500), ..RedisConfig::new(server.url()) }
}

async fn engine(server: &OwnRedis) -> Redis {
    Redis::connect(config(server, Duration::ZERO), Clock::system()).await.unwrap()
}

fn room() -> RoomCode {
    RoomCode::from_bits(1)
}

fn first() -> Entry {
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let host = UserId::new(1).unwrap();
    let created = Created { code: room(), epoch: Epoch::from_bits(7), host, seed: 42, settings };
    Entry { at: START, event: Event::Created(Box::new(created)) }
}

fn second() -> Entry {
    Entry {
        at: START,
        event: Event::Swiping(SwipingEvent::Ready { member: UserId::new(1).unwrap(), ready: true }),
    }
}

fn after_first() -> ExpectedHead {
    ExpectedHead {
        at: Position { epoch: Epoch::from_bits(7), seq: Seq::new(1) },
        head_hash: HeadHash::of(&first()),
    }
}

async fn missed(changes: &mut broadcast::Receiver<Change>) {
    let told = async { while !matches!(changes.recv().await, Ok(Change::Missed)) {} };
    tokio::time::timeout(Duration::from_secs(30), told)
        .await
        .expect("nobody was told that something was missed");
}

/// What Redis says about the time to live of the one log there is, in milliseconds.
async fn log_lives_for(server: &OwnRedis) -> i64 {
    let found = server.ask("KEYS *:log:*").await;
    let key = found.lines().find(|line| line.contains(":log:")).expect("there is no log");
    let answer = server.ask(&format!("PTTL {key}")).await;
    answer.lines().next().and_then(|line| line.strip_prefix(':')?.parse().ok()).expect("a number")
}

#[tokio::test]
async fn a_lost_subscription_is_renewed_and_told() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    let _listening = hot.listen(room()).await.unwrap();
    let mut changes = hot.changes();
    server.ask("CLIENT KILL TYPE pubsub").await;
    missed(&mut changes).await;
    hot.append(room(), Some(after_first()), &[second()], false).await.unwrap();
    assert!(
        matches!(changes.recv().await, Ok(Change::Appended { .. })),
        "the room is not listened to any more"
    );
    let ended = SessionId::from_bits(UserId::new(1).unwrap(), 1);
    hot.announce(&Announcement::SessionEnded(ended)).await.unwrap();
    assert!(matches!(changes.recv().await, Ok(Change::Announced(_))));
}

#[tokio::test]
async fn a_room_is_subscribed_only_here_until_somebody_comes_on_another_node() {
    let server = OwnRedis::start().await;
    let (here, elsewhere) = (engine(&server).await, engine(&server).await);
    let signal = Published::Signal { from: UserId::new(1).unwrap(), to: None, body: "{}".into(), at: None };
    let _listening = here.listen(room()).await.unwrap();
    assert!(!here.is_subscribed_only_here(room()), "nobody has asked yet");
    here.publish(room(), &signal).await.unwrap();
    assert!(here.is_subscribed_only_here(room()), "it reached this node alone");

    // No member arrives, so that no presence changes: the subscription alone has to end the cache.
    let _also_listening = elsewhere.listen(room()).await.unwrap();
    let heard = async {
        while here.is_subscribed_only_here(room()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), heard).await.expect("they would not be told");
    here.publish(room(), &signal).await.unwrap();
    assert!(!here.is_subscribed_only_here(room()), "it reached them as well");
}

#[tokio::test]
async fn what_was_reached_while_nothing_was_heard_here_says_nothing_about_who_listens() {
    let server = OwnRedis::start().await;
    let (here, elsewhere) = (engine(&server).await, engine(&server).await);
    let signal = Published::Signal { from: UserId::new(1).unwrap(), to: None, body: "{}".into(), at: None };
    let _listening = here.listen(room()).await.unwrap();
    here.publish(room(), &signal).await.unwrap();
    let _also_listening = elsewhere.listen(room()).await.unwrap();
    let mut changes = here.changes();
    server.ask("CLIENT KILL TYPE pubsub").await;
    missed(&mut changes).await;
    assert!(!here.is_subscribed_only_here(room()), "somebody may have come meanwhile");
}

#[tokio::test]
async fn a_lost_connection_is_renewed_in_the_middle_of_commands() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    for n in 0..50_u8 {
        if n % 10 == 0 {
            server.ask("CLIENT KILL TYPE normal SKIPME yes").await;
        }
        hot.put(&n.to_string(), &[n], LONG).await.unwrap();
    }
    assert_eq!(hot.get("49").await.unwrap(), Some(vec![49]));
}

#[tokio::test]
async fn while_it_is_away_commands_end_in_time_and_when_it_is_back_they_work() {
    let mut server = OwnRedis::start().await;
    let hot = engine(&server).await;
    let _listening = hot.listen(room()).await.unwrap();
    let mut changes = hot.changes();
    server.kill();
    let asked = tokio::time::timeout(Duration::from_secs(10), hot.get("k")).await;
    assert!(asked.expect("a command hangs while Redis is away").is_err());
    assert!(hot.ping().await.is_err());
    server.revive().await;
    missed(&mut changes).await;
    hot.ping().await.unwrap();
    hot.put_back(room(), None, &[first()]).await.unwrap();
    let told = async { while !matches!(changes.recv().await, Ok(Change::Appended { .. })) {} };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the room is not listened to any more");
}

#[tokio::test]
async fn an_address_without_redis_is_refused_in_time_and_not_repeated() {
    let config = RedisConfig {
        patience: Duration::from_millis(300),
        ..RedisConfig::new("redis://anna:hunter2@127.0.0.1:1")
    };
    assert!(!format!("{config:?}").contains("hunter2"));
    let refused = Redis::connect(config, Clock::system()).await.err().expect("nobody is there").to_string();
    assert!(!refused.contains("hunter2"), "{refused}");
    let config = RedisConfig::new("hunter2");
    let refused = Redis::connect(config, Clock::system()).await.err().expect("no address").to_string();
    assert!(!refused.contains("hunter2"), "{refused}");
}

#[tokio::test]
async fn a_log_that_sql_has_not_heard_of_does_not_end() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    hot.append(room(), Some(after_first()), &[second()], false).await.unwrap();
    assert_eq!(log_lives_for(&server).await, -1);
    let at = Position { seq: Seq::new(2), ..after_first().at };
    hot.clean(room(), Some(at)).await.unwrap();
    let idle = i64::try_from(RedisConfig::new("").idle.as_millis()).unwrap();
    assert!((1..=idle).contains(&log_lives_for(&server).await));
}

#[tokio::test]
async fn an_open_room_is_not_idle() {
    let server = OwnRedis::start().await;
    let hot = engine(&server).await;
    hot.append(room(), None, &[first()], true).await.unwrap();
    hot.clean(room(), Some(after_first().at)).await.unwrap();
    let key =
        server.ask("KEYS *:log:*").await.lines().find(|line| line.contains(":log:")).unwrap().to_owned();
    server.ask(&format!("PEXPIRE {key} 60000")).await;
    hot.arrive(room(), UserId::new(1).unwrap(), SocketId(1)).await.unwrap();
    assert!(log_lives_for(&server).await > 60_000, "a beat did not keep the log");
}
