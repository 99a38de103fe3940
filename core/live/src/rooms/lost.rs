//! Rooms whose log Redis has lost, in whole or in part: whoever holds them puts them together again.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::{Command, PeopleCommand, PhaseName, Profile, RoomName, Settings, SwipingCommand, Verdict},
    title::TitleRef,
};
use sovpalo_storage::{Db, Erasure, clock::Clock, open_sqlite};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, Rooms};
use crate::{
    erasures,
    hot::redis::{Redis, RedisConfig, own::OwnRedis},
    projector,
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
        let recovery = Duration::from_millis(700);
        let config = RedisConfig {
            recovery,
            patience: Duration::from_millis(500),
            ..RedisConfig::new(self.redis.url())
        };
        let hot = Redis::connect(config, Clock::system()).await.unwrap();
        Rooms::new(self.db.clone(), Arc::new(hot), Clock::system())
    }

    /// A node that hears what the others do.
    async fn node(&self) -> Rooms {
        let node = self.deaf_node().await;
        let (running, stop) = (node.clone(), self.stop.clone());
        tokio::spawn(async move { running.run(stop).await });
        node
    }

    /// What Redis calls the room's log.
    async fn log_of(&self, live: &LiveRoom) -> String {
        let found = self.redis.ask(&format!("KEYS *:log:{}", live.code())).await;
        found.lines().find(|line| line.contains(":log:")).expect("there is no log").to_owned()
    }

    /// A replica of Redis takes over that has not heard of the last entry.
    async fn forget_last(&self, live: &LiveRoom) {
        let key = self.log_of(live).await;
        self.redis.ask(&format!("LTRIM {key} 0 -2")).await;
    }

    /// The same, and nobody has met it yet.
    async fn fail_over(&self, live: &LiveRoom) {
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

fn title(id: &str) -> TitleId {
    TitleId::new(id).unwrap()
}

/// A room of two who are swiping these.
pub(super) async fn swiping(node: &Rooms, titles: &[&str]) -> Arc<LiveRoom> {
    let profile = |n: i64| Profile { name: format!("Person {n}"), photo_url: None };
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
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

pub(super) async fn like(node: &Rooms, live: &LiveRoom, who: i64, id: &str) -> super::Done {
    let command = Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict: Verdict::Like });
    node.execute(live, user(who), &command).await.unwrap()
}

pub(super) fn swiped(live: &LiveRoom, who: i64) -> usize {
    live.read(|room| room.swiped(user(who)))
}

fn matches(live: &LiveRoom) -> Vec<String> {
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
async fn another_millisecond() {
    let now = Clock::system().now();
    eventually("the clock goes on", async || Clock::system().now() > now).await;
}

#[tokio::test]
async fn a_redis_that_came_back_empty_is_filled_by_who_holds_the_room() {
    let mut cluster = Cluster::new().await;
    let (here, there) = (cluster.node().await, cluster.node().await);
    let live = swiping(&here, &["a", "b"]).await;
    let replica = there.open(live.code()).await.unwrap();
    like(&here, &live, 1, "a").await;
    let before = live.log().1;
    let epoch = live.position().epoch;
    cluster.redis.kill();
    cluster.redis.revive().await;
    eventually("the log is back", async || {
        let found = here.hot().read(live.code(), sovpalo_domain::ids::Seq::ZERO).await;
        matches!(found, Ok(Some(tail)) if tail.entries == before)
    })
    .await;
    let done = like(&there, &replica, 2, "a").await;
    assert_eq!(done.epoch, epoch, "it is provably the same history");
    eventually("the first node hears of the match", async || matches(&live) == ["a"]).await;
}

#[tokio::test]
async fn a_command_in_the_middle_of_the_loss_is_done_once() {
    let mut cluster = Cluster::new().await;
    let here = cluster.node().await;
    let live = swiping(&here, &["a", "b"]).await;
    cluster.redis.kill();
    cluster.redis.revive().await;
    let command = Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Like });
    let done = async {
        // Unknown whether it was done: asked again, as a phone does.
        while here.execute(&live, user(1), &command).await.is_err() {}
    };
    tokio::time::timeout(Duration::from_secs(30), done).await.expect("the room never came to itself");
    assert_eq!(swiped(&live, 1), 1);
}

#[tokio::test]
async fn whoever_holds_more_of_the_room_has_the_last_word() {
    let mut cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    let replica = there.open(live.code()).await.unwrap();
    like(&here, &live, 1, "a").await;
    cluster.redis.kill();
    cluster.redis.revive().await;
    // The one that missed the last swipe is first.
    there.catch_up(&replica).await.unwrap();
    here.catch_up(&live).await.unwrap();
    there.catch_up(&replica).await.unwrap();
    assert_eq!(replica.log(), live.log());
    assert_eq!(swiped(&replica, 1), 1, "an acknowledged swipe is lost");
}

#[tokio::test]
async fn a_log_that_lost_its_end_gets_it_back_as_it_was() {
    let cluster = Cluster::new().await;
    let here = cluster.deaf_node().await;
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 1, "a").await;
    let before = (live.log(), live.position());
    cluster.forget_last(&live).await;
    here.catch_up(&live).await.unwrap();
    assert_eq!((live.log(), live.position()), before);
    let there = cluster.deaf_node().await;
    assert_eq!(there.open(live.code()).await.unwrap().log(), before.0);
}

#[tokio::test]
async fn a_log_that_grew_another_end_keeps_both_under_a_new_epoch() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    let replica = there.open(live.code()).await.unwrap();
    let epoch = live.position().epoch;
    like(&here, &live, 1, "a").await;
    cluster.forget_last(&live).await;
    like(&there, &replica, 2, "a").await;
    assert_eq!(live.position(), replica.position(), "as long, and not the same");
    // The next command of either finds it out.
    like(&here, &live, 1, "b").await;
    there.catch_up(&replica).await.unwrap();
    assert_ne!(live.position().epoch, epoch, "phones have to ask for the whole room");
    assert_eq!(live.log(), replica.log());
    assert_eq!((swiped(&live, 1), swiped(&live, 2)), (2, 1), "an acknowledged swipe is lost");
    assert_eq!(matches(&live), ["a"]);
}

#[tokio::test]
async fn what_was_acknowledged_first_stays_first_also_if_it_comes_back_last() {
    let cluster = Cluster::new().await;
    let (here, there, third) =
        (cluster.deaf_node().await, cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b", "c"]).await;
    let (replica, other) = (there.open(live.code()).await.unwrap(), third.open(live.code()).await.unwrap());
    like(&here, &live, 1, "a").await;
    cluster.forget_last(&live).await;
    another_millisecond().await;
    like(&there, &replica, 1, "b").await;
    cluster.forget_last(&live).await;
    another_millisecond().await;
    like(&third, &other, 1, "c").await;
    // The one in the middle comes last: by then both others are one.
    here.catch_up(&live).await.unwrap();
    there.catch_up(&replica).await.unwrap();
    here.catch_up(&live).await.unwrap();
    assert_eq!(live.log(), replica.log());
    let swiped: Vec<String> = live
        .log()
        .1
        .into_iter()
        .filter_map(|entry| match entry.event {
            sovpalo_domain::room::Event::Swiping(sovpalo_domain::room::SwipingEvent::Swiped {
                title,
                ..
            }) => Some(title.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(swiped, ["a", "b", "c"]);
}

#[tokio::test]
async fn another_nodes_end_is_noticed_also_when_it_is_longer() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b", "c"]).await;
    let replica = there.open(live.code()).await.unwrap();
    like(&here, &live, 1, "a").await;
    cluster.forget_last(&live).await;
    for id in ["a", "b", "c"] {
        like(&there, &replica, 2, id).await;
    }
    // What the other node tells does not fit onto what this one holds.
    eventually("both ends are one", async || (swiped(&live, 1), swiped(&live, 2)) == (1, 3)).await;
    assert_eq!(matches(&live), ["a"]);
}

#[tokio::test]
async fn what_sql_gave_back_is_joined_with_what_a_node_still_holds() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 1, "a").await;
    projector::project(&**here.hot(), &cluster.db, live.code(), Clock::system().now()).await.unwrap();
    let key = cluster.log_of(&live).await;
    cluster.redis.ask(&format!("DEL {key}")).await;
    let replica = there.open(live.code()).await.unwrap();
    assert_eq!(replica.read(sovpalo_domain::room::Room::phase), PhaseName::Lobby, "SQL knows no swipes");
    here.catch_up(&live).await.unwrap();
    there.catch_up(&replica).await.unwrap();
    assert_eq!(replica.log(), live.log());
    assert_eq!(swiped(&replica, 1), 1, "an acknowledged swipe is lost");
}

#[tokio::test]
async fn a_room_that_nobody_holds_comes_back_from_sql_once_redis_is_whole() {
    let mut cluster = Cluster::new().await;
    let here = cluster.deaf_node().await;
    let live = swiping(&here, &["a"]).await;
    like(&here, &live, 1, "a").await;
    like(&here, &live, 2, "a").await;
    projector::project(&**here.hot(), &cluster.db, live.code(), Clock::system().now()).await.unwrap();
    let (code, epoch) = (live.code(), live.position().epoch);
    drop((live, here));
    cluster.redis.kill();
    cluster.redis.revive().await;
    let there = cluster.deaf_node().await;
    let live = there.open(code).await.unwrap();
    assert_ne!(live.position().epoch, epoch);
    assert_eq!(matches(&live), ["a"]);
}

#[tokio::test]
async fn a_publication_that_was_lost_is_found_by_looking_after_the_rooms() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    let replica = there.open(live.code()).await.unwrap();
    let _phone = there.attend(&replica, user(2), None).await.unwrap();
    like(&here, &live, 1, "a").await;
    there.look_after().await;
    assert_eq!(replica.position(), live.position());
}

#[tokio::test]
async fn a_phone_that_was_heard_before_redis_lost_its_memory_comes_back_before_it_is_heard() {
    let mut cluster = Cluster::new().await;
    let here = cluster.node().await;
    let live = swiping(&here, &["a", "b"]).await;
    let phone = Some(crate::hot::Device::named("phone"));
    let before = here.attend(&live, user(1), phone).await.unwrap();
    cluster.redis.kill();
    cluster.redis.revive().await;
    let command = Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Like });
    let said = loop {
        match before.execute(&command).await {
            // Redis is not reached yet.
            Err(super::RoomError::Hot(_)) => {}
            said => break said,
        }
    };
    assert!(matches!(said, Err(super::RoomError::Fenced)), "{said:?}");
    let now = here.attend(&live, user(1), phone).await.unwrap();
    assert!(now.execute(&command).await.unwrap().appended);
}

#[tokio::test]
async fn nothing_is_said_of_a_copy_that_took_over_before_what_it_misses_is_put_back() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 1, "a").await;
    cluster.fail_over(&live).await;
    let replica = there.open(live.code()).await.unwrap();
    assert_eq!(swiped(&replica, 1), 0, "the copy does not miss it");
    let undo = Command::Swiping(SwipingCommand::Undo { title: title("a") });
    // By what the copy has there would be nothing to take back.
    let (undone, put_back) = tokio::join!(there.execute(&replica, user(1), &undo), here.catch_up(&live));
    put_back.unwrap();
    assert!(undone.unwrap().appended, "it was said to be so already, and came back");
    assert_eq!(swiped(&replica, 1), 0);
    assert_eq!(replica.position().epoch, live.position().epoch);
}

#[tokio::test]
async fn what_was_done_and_lost_its_answer_is_said_to_be_done_whatever_happened_since() {
    let cluster = Cluster::new().await;
    let way = cluster.redis.way().await;
    let config = RedisConfig { patience: Duration::from_secs(20), ..RedisConfig::new(way.url()) };
    let hot = Redis::connect(config, Clock::system()).await.unwrap();
    let far = Rooms::new(cluster.db.clone(), Arc::new(hot), Clock::system());
    let near = cluster.deaf_node().await;
    let live = swiping(&near, &["a"]).await;
    for round in [
        Command::Swiping(SwipingCommand::Finish),
        Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }),
    ] {
        near.execute(&live, user(1), &round).await.unwrap();
    }
    let replica = far.open(live.code()).await.unwrap();
    way.lose_answers();
    let (started, ()) =
        tokio::join!(far.execute(&replica, user(1), &Command::Swiping(SwipingCommand::Start)), async {
            eventually("swiping has begun", async || {
                near.catch_up(&live).await.unwrap();
                live.read(|room| room.phase() == PhaseName::Swiping)
            })
            .await;
            near.execute(&live, user(1), &Command::Swiping(SwipingCommand::Finish)).await.unwrap();
            way.mend();
        });
    assert!(started.unwrap().appended, "it began, and is over");
}

#[tokio::test]
async fn a_room_that_nobody_here_holds_is_not_told_of_here() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.node().await, cluster.node().await);
    let mut told = there.hot().changes();
    let live = swiping(&here, &["a"]).await;
    let other = swiping(&there, &["a"]).await;
    like(&here, &live, 1, "a").await;
    like(&there, &other, 1, "a").await;
    while let Ok(change) = told.recv().await {
        if let crate::hot::Change::Appended { room, at, .. } = change {
            assert_eq!(room, other.code(), "another node's room costs this one something");
            if at == other.position() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn who_opens_a_room_sees_what_another_node_has_acknowledged() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    there.open(live.code()).await.unwrap();
    let done = like(&here, &live, 1, "a").await;
    assert!(there.open(live.code()).await.unwrap().position().seq >= done.seq);
}

#[tokio::test]
async fn a_replica_that_moved_on_is_not_set_back_by_what_was_read_before() {
    let cluster = Cluster::new().await;
    let here = cluster.deaf_node().await;
    let live = swiping(&here, &["a"]).await;
    let (stood, log) = live.log();
    like(&here, &live, 1, "a").await;
    let now = live.position();
    assert_eq!(live.replace(stood, log).await, Ok(false));
    assert_eq!(live.position(), now, "an acknowledged swipe is taken back from the phones here");
}

#[tokio::test]
async fn a_room_that_only_another_node_knows_is_waited_for() {
    let mut cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    cluster.redis.kill();
    cluster.redis.revive().await;
    let (opened, put_back) = tokio::join!(there.open(live.code()), async {
        // The other one has asked, and found neither a log nor a row.
        eventually("the shard heals", async || cluster.redis.ask("KEYS *:life").await.contains(":life"))
            .await;
        here.catch_up(&live).await
    });
    put_back.unwrap();
    assert_eq!(opened.unwrap().log(), live.log());
}

#[tokio::test]
async fn a_room_that_never_was_is_not_found_once_redis_is_whole() {
    let cluster = Cluster::new().await;
    let here = cluster.deaf_node().await;
    let guess = "ZZZZZZZZ".parse().unwrap();
    assert!(matches!(here.open(guess).await, Err(super::RoomError::NotFound)));
}

#[tokio::test]
async fn nobody_is_refused_for_what_another_node_is_about_to_put_back() {
    let mut cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    let replica = there.open(live.code()).await.unwrap();
    let profile = Profile { name: "Vera".into(), photo_url: None };
    here.execute(&live, user(3), &Command::People(PeopleCommand::Join(profile))).await.unwrap();
    cluster.redis.kill();
    cluster.redis.revive().await;
    // The one that has not heard of her is first.
    there.catch_up(&replica).await.unwrap();
    let (told, put_back) = tokio::join!(like(&there, &replica, 3, "a"), here.catch_up(&live));
    put_back.unwrap();
    assert!(told.appended, "she was a member all along");
}

/// Somebody erases themselves, as this node does it.
async fn erase(cluster: &Cluster, node: &Rooms, live: &LiveRoom, who: i64) {
    let (code, at) = (live.code(), Clock::system().now());
    cluster.db.erase_user(user(who), &[code], at).await.unwrap();
    let erasure = Erasure { room: code, member: user(who), at };
    erasures::carry_out(&**node.hot(), &cluster.db, &erasure, at).await.unwrap();
}

fn knows(live: &LiveRoom, name: &str) -> bool {
    let (_, log) = live.log();
    format!("{log:?}").contains(name) || live.read(|room| format!("{room:?}").contains(name))
}

#[tokio::test]
async fn a_replica_of_before_an_erasure_takes_the_log_without_them_and_keeps_what_the_others_did() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 2, "a").await;
    let old = there.open(live.code()).await.unwrap();
    like(&here, &live, 1, "b").await;
    erase(&cluster, &here, &live, 2).await;
    assert!(knows(&old, "Person 2"), "nobody has told it yet");
    for (node, replica) in [(&there, &old), (&here, &live)] {
        node.catch_up(replica).await.unwrap();
        assert!(!knows(replica, "Person 2"));
        assert_eq!((swiped(replica, 1), swiped(replica, 2)), (1, 0));
    }
    assert_eq!(old.position(), live.position());
}

#[tokio::test]
async fn a_replica_of_before_an_erasure_that_puts_a_lost_log_back_brings_no_name_back() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 1, "a").await;
    let old = there.open(live.code()).await.unwrap();
    erase(&cluster, &here, &live, 2).await;
    let key = cluster.log_of(&live).await;
    cluster.redis.ask(&format!("DEL {key}")).await;
    there.catch_up(&old).await.unwrap();
    assert!(knows(&old, "Person 2"), "it puts back what it holds");
    projector::project(&**there.hot(), &cluster.db, old.code(), Clock::system().now()).await.unwrap();
    for (node, replica) in [(&there, &old), (&here, &live)] {
        node.catch_up(replica).await.unwrap();
        assert!(!knows(replica, "Person 2"));
        assert_eq!(swiped(replica, 1), 1, "the others' swipes are there");
    }
}

#[tokio::test]
async fn what_another_node_appended_while_somebody_was_erased_is_not_lost() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    let other = there.open(live.code()).await.unwrap();
    let ((), done) = tokio::join!(erase(&cluster, &here, &live, 2), like(&there, &other, 1, "a"));
    assert!(done.appended);
    here.catch_up(&live).await.unwrap();
    assert_eq!(swiped(&live, 1), 1);
    assert!(!knows(&live, "Person 2"));
}
