//! Rooms in which a newer program has done what this one does not know, as in the middle of a release, and rooms whose log is
//! damaged: they are closed on the node that cannot read them, and all else goes on there as if they were not.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sovpalo_domain::{
    ids::{RoomCode, Round, Seq},
    room::{Command, Entry, Event, SwipingCommand, SwipingEvent},
};
use sovpalo_storage::clock::Clock;

use super::cluster::{Cluster, eventually, like, swiped, swiping, user};
use crate::{
    hot::{
        Change, HotError, codec,
        contract::unreadable::entries_of_the_future,
        redis::{Redis, RedisConfig},
    },
    projector,
    rooms::{LiveRoom, RoomError, Rooms},
};

/// Reads as a program that was built before there were new rounds.
fn without_new_rounds(bytes: &[u8]) -> Result<Entry, HotError> {
    match codec::decode(bytes)? {
        Entry { event: Event::Swiping(SwipingEvent::Restarted { .. }), .. } => {
            Err(HotError::unreadable("variant 18 is not known"))
        }
        entry => Ok(entry),
    }
}

/// A node and its engine.
struct Node {
    rooms: Rooms,
    hot: Arc<Redis>,
}

impl Node {
    async fn new(cluster: &Cluster) -> Self {
        Self::with(cluster, RedisConfig::new(cluster.redis.url())).await
    }

    async fn older(cluster: &Cluster) -> Self {
        let config = RedisConfig { decode: without_new_rounds, ..RedisConfig::new(cluster.redis.url()) };
        Self::with(cluster, config).await
    }

    async fn with(cluster: &Cluster, config: RedisConfig) -> Self {
        let recovery = Duration::from_millis(700);
        let config = RedisConfig { recovery, patience: Duration::from_secs(5), ..config };
        let hot = Arc::new(Redis::connect(config, Clock::system()).await.unwrap());
        let rooms = Rooms::new(cluster.db.clone(), Arc::clone(&hot) as _, Clock::system());
        let (running, stop) = (rooms.clone(), cluster.stop.clone());
        tokio::spawn(async move { running.run(stop).await });
        Self { rooms, hot }
    }
}

async fn acquainted(nodes: &[&Node]) {
    let all_know = async || nodes.iter().all(|node| node.hot.knows(nodes.len() - 1));
    eventually("the nodes have heard of each other", all_know).await;
}

async fn new_round(node: &Rooms, live: &LiveRoom) {
    for command in [
        Command::Swiping(SwipingCommand::Finish),
        Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }),
    ] {
        node.execute(live, user(1), &command).await.unwrap();
    }
}

async fn is_closed(live: &LiveRoom) {
    let closed = live.closed().cancelled();
    tokio::time::timeout(Duration::from_secs(30), closed).await.expect("the room is still open there");
}

async fn cannot_be_opened(node: &Rooms, code: RoomCode) {
    let opened =
        tokio::time::timeout(Duration::from_secs(2), node.open(code)).await.expect("it takes long to say so");
    match opened {
        Err(RoomError::Hot(HotError::Unreadable { room, .. })) => assert_eq!(room, Some(code)),
        other => panic!("{:?}", other.map(|live| live.position())),
    }
    assert!(!node.shared.loaded.contains_key(&code), "something of it is kept");
}

#[tokio::test]
async fn what_a_newer_node_does_closes_that_room_on_an_older_one_and_nothing_else() {
    let mut cluster = Cluster::new().await;
    let (newer, older) = (Node::new(&cluster).await, Node::older(&cluster).await);
    let (ahead, other) = (swiping(&newer.rooms, &["a"]).await, swiping(&newer.rooms, &["a", "b"]).await);
    let (behind, replica) =
        (older.rooms.open(ahead.code()).await.unwrap(), older.rooms.open(other.code()).await.unwrap());
    let mut told = older.rooms.hot().changes();
    acquainted(&[&newer, &older]).await;

    new_round(&newer.rooms, &ahead).await;
    is_closed(&behind).await;
    cannot_be_opened(&older.rooms, ahead.code()).await;
    eventually("nobody pins what is out of date", async || Arc::strong_count(&behind) == 1).await;
    like(&newer.rooms, &other, 1, "a").await;
    eventually("other rooms are followed as before", async || swiped(&replica, 1) == 1).await;
    while let Ok(change) = told.try_recv() {
        assert!(!matches!(change, Change::Missed), "one entry makes every room be compared");
    }

    let before = (ahead.log(), other.log());
    let lost = Instant::now();
    cluster.redis.kill();
    cluster.redis.revive().await;
    let whole = async || {
        let logs = (newer.hot_log(&ahead).await, newer.hot_log(&other).await);
        logs == (Some(before.0.1.clone()), Some(before.1.1.clone()))
            && newer.is_whole(&ahead).await
            && newer.is_whole(&other).await
    };
    eventually("Redis is whole", whole).await;
    // A node that does not confirm is waited for, for ten seconds.
    let took = lost.elapsed();
    assert!(took < Duration::from_secs(8), "the older node never confirmed: it took {took:?}");

    like(&older.rooms, &replica, 2, "a").await;
    eventually("the newer node hears of the older one", async || swiped(&other, 2) == 1).await;
    let done = newer.rooms.execute(&ahead, user(1), &Command::Swiping(SwipingCommand::Start)).await.unwrap();
    assert!(done.appended, "the newer node goes on with the room");
    cannot_be_opened(&older.rooms, ahead.code()).await;
    cluster.redis.kill();
    cluster.redis.revive().await;
    eventually("and recovers the next time too", async || {
        newer.is_whole(&other).await && newer.hot_log(&other).await.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_node_that_finds_a_log_it_cannot_read_vouches_for_all_others() {
    let cluster = Cluster::new().await;
    let node = Node::new(&cluster).await;
    let (live, other) = (swiping(&node.rooms, &["a"]).await, swiping(&node.rooms, &["a", "b"]).await);
    acquainted(&[&node]).await;
    // Nobody was told of it, so that the node holds the room when it compares all with their logs.
    let found = cluster.redis.ask(&format!("KEYS *:log:{}", live.code())).await;
    let key = found.lines().find(|line| line.contains(":log:")).expect("there is no log");
    cluster.redis.ask(&format!("RPUSH {key} \"\\x02\"")).await;
    cluster.redis.ask("SCRIPT FLUSH").await;
    let taken_over = Instant::now();
    like(&node.rooms, &other, 1, "a").await;
    let took = taken_over.elapsed();
    assert!(took < Duration::from_secs(8), "the node never confirmed: it took {took:?}");
    is_closed(&live).await;
}

#[tokio::test]
async fn an_older_replica_is_not_put_back_when_what_it_could_not_read_is_lost() {
    let cluster = Cluster::new().await;
    // It hears of nothing, and so puts nothing back.
    let newer = cluster.deaf_node().await;
    let older = Node::older(&cluster).await;
    let live = swiping(&newer, &["a"]).await;
    let behind = older.rooms.open(live.code()).await.unwrap();
    new_round(&newer, &live).await;
    is_closed(&behind).await;
    cluster.redis.ask("FLUSHALL").await;
    // Whatever still holds the replica, it is not a replica any more.
    let caught_up = older.rooms.catch_up(&behind).await;
    assert!(matches!(caught_up, Err(HotError::Unreadable { .. })), "{caught_up:?}");
    let done = older.rooms.execute(&behind, user(1), &Command::Swiping(SwipingCommand::Finish)).await;
    assert!(done.is_err(), "{done:?}");
    assert_eq!(cluster.redis.ask("KEYS *:log:*").await.matches(":log:").count(), 0, "an older log came back");
}

#[tokio::test]
async fn whatever_cannot_be_read_its_room_is_closed_and_its_log_left_as_it_is() {
    let cluster = Cluster::new().await;
    let node = Node::new(&cluster).await;
    let fine = swiping(&node.rooms, &["a", "b"]).await;
    for (what, bytes) in entries_of_the_future() {
        let live = swiping(&node.rooms, &["a"]).await;
        let phone = node.rooms.attend(&live, user(1), None).await.unwrap();
        node.hot.append_raw(live.code(), &bytes).await;
        is_closed(&live).await;
        cannot_be_opened(&node.rooms, live.code()).await;
        let stands = live.position().seq.next().get();
        assert!(phone.execute(&Command::Swiping(SwipingCommand::Finish)).await.is_err(), "{what}");
        node.rooms.look_after().await;
        let found = cluster.redis.ask(&format!("KEYS *:log:{}", live.code())).await;
        let key = found.lines().find(|line| line.contains(":log:")).expect("the log is gone");
        let length = cluster.redis.ask(&format!("LLEN {key}")).await;
        assert!(length.starts_with(&format!(":{stands}\r\n")), "{what}: {length}");
    }
    like(&node.rooms, &fine, 1, "a").await;
    assert!(!fine.closed().is_cancelled());
}

#[tokio::test]
async fn rooms_that_cannot_be_read_do_not_keep_others_from_sql() {
    let cluster = Cluster::new().await;
    let node = Node::new(&cluster).await;
    let mut broken = Vec::new();
    // More than one batch of them, and marked first.
    for _ in 0..70 {
        let live = swiping(&node.rooms, &["a"]).await;
        node.hot.append_raw(live.code(), &[2]).await;
        broken.push(live.code());
    }
    let fine = swiping(&node.rooms, &["a"]).await;
    let run = tokio::spawn(projector::run(node.rooms.clone(), cluster.stop.clone()));
    eventually("the room is in SQL", async || cluster.db.projected(fine.code()).await.unwrap().is_some())
        .await;
    cluster.stop.cancel();
    run.await.unwrap();
    for code in broken {
        assert_eq!(cluster.db.projected(code).await.unwrap(), None, "what cannot be read was written");
    }
}

impl Node {
    async fn hot_log(&self, live: &LiveRoom) -> Option<Vec<Entry>> {
        self.rooms.hot().read(live.code(), Seq::ZERO).await.ok()?.map(|tail| tail.entries)
    }

    async fn is_whole(&self, live: &LiveRoom) -> bool {
        matches!(self.rooms.hot().recovering(live.code()).await, Ok(None))
    }
}
