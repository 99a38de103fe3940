//! Nodes over one Redis that can be lost, and one database.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{TitleId, UserId},
    room::{Command, PeopleCommand, Profile, RoomName, Settings, SwipingCommand, Verdict},
    title::TitleRef,
};
use sovpalo_storage::{Db, clock::Clock, open_sqlite};
use tokio_util::sync::CancellationToken;

use crate::{
    hot::redis::{Redis, RedisConfig, own::OwnRedis},
    rooms::{Done, LiveRoom, Rooms},
};

/// Nodes over one Redis and one database.
pub(super) struct Cluster {
    pub(super) redis: OwnRedis,
    pub(super) db: Db,
    pub(super) stop: CancellationToken,
    _dir: tempfile::TempDir,
}

impl Cluster {
    pub(super) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::Sqlite(open_sqlite(&dir.path().join("village.sqlite")).await.unwrap());
        Self { redis: OwnRedis::start().await, db, stop: CancellationToken::new(), _dir: dir }
    }

    /// A node that knows only what it asks for.
    pub(super) async fn deaf_node(&self) -> Rooms {
        self.node_with(&Clock::system()).await
    }

    /// The same, whose rooms go by this clock.
    async fn node_with(&self, clock: &Clock) -> Rooms {
        let recovery = Duration::from_millis(700);
        let config =
            RedisConfig { recovery, patience: Duration::from_secs(5), ..RedisConfig::new(self.redis.url()) };
        let hot = Redis::connect(config, Clock::system()).await.unwrap();
        Rooms::new(self.db.clone(), Arc::new(hot), clock.clone())
    }

    /// A node that hears what the others do.
    pub(super) async fn node(&self) -> Rooms {
        let node = self.deaf_node().await;
        let (running, stop) = (node.clone(), self.stop.clone());
        tokio::spawn(async move { running.run(stop).await });
        node
    }

    /// The same until `stop`, whose rooms go by this clock.
    pub(super) async fn node_by(&self, clock: &Clock, stop: &CancellationToken) -> Rooms {
        let node = self.node_with(clock).await;
        let (running, stop) = (node.clone(), stop.clone());
        tokio::spawn(async move { running.run(stop).await });
        node
    }

    /// What Redis calls the room's log.
    pub(super) async fn log_of(&self, live: &LiveRoom) -> String {
        let found = self.redis.ask(&format!("KEYS *:log:{}", live.code())).await;
        found.lines().find(|line| line.contains(":log:")).expect("there is no log").to_owned()
    }

    /// A replica of Redis takes over that has not heard of the last entry.
    pub(super) async fn forget_last(&self, live: &LiveRoom) {
        let key = self.log_of(live).await;
        self.redis.ask(&format!("LTRIM {key} 0 -2")).await;
    }

    /// The same, and nobody has met it yet.
    pub(super) async fn fail_over(&self, live: &LiveRoom) {
        self.forget_last(live).await;
        self.redis.ask("SCRIPT FLUSH").await;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(super) fn user(n: i64) -> UserId {
    UserId::new(n).unwrap()
}

pub(super) fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}

/// A room of two who are swiping these.
pub(super) async fn swiping(node: &Rooms, titles: &[&str]) -> Arc<LiveRoom> {
    swiping_by(node, Settings::named(RoomName::new("Movie night").unwrap()), titles).await
}

/// The same, played by these settings.
pub(super) async fn swiping_by(node: &Rooms, settings: Settings, titles: &[&str]) -> Arc<LiveRoom> {
    let profile = |n: i64| Profile { name: format!("Person {n}"), photo_url: None };
    let live = node.create(user(1), profile(1), settings).await.unwrap();
    let picks = titles.iter().map(|id| TitleRef::Catalogue(title(id))).collect();
    for (who, command) in [
        (2, Command::People(PeopleCommand::Join(profile(2)))),
        (1, Command::Swiping(SwipingCommand::Select(picks))),
        (1, Command::Swiping(SwipingCommand::Start)),
    ] {
        node.execute(&live, user(who), &command).await.unwrap();
    }
    live
}

pub(super) async fn like(node: &Rooms, live: &LiveRoom, who: i64, id: &str) -> Done {
    let command = Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Like });
    node.execute(live, user(who), &command).await.unwrap()
}

pub(super) fn swiped(live: &LiveRoom, who: i64) -> usize {
    live.read(|room| room.swiped(user(who)))
}

pub(super) fn matches(live: &LiveRoom) -> Vec<String> {
    live.read(|room| room.matches().iter().map(|found| found.title.to_string()).collect())
}

pub(super) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looking)
        .await
        .unwrap_or_else(|_| panic!("never so: {what}"));
}

/// What happens in one millisecond has no order.
pub(super) async fn another_millisecond() {
    let now = Clock::system().now();
    eventually("the clock goes on", async || Clock::system().now() > now).await;
}
