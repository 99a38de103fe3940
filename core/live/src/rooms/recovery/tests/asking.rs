//! What is said of a room while others may hold more of it.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::Round,
    room::{
        Access, Command, Event, PeopleCommand, PhaseName, Profile, RoomName, Settings, SwipingCommand,
        SwipingEvent,
    },
};
use sovpalo_storage::clock::Clock;

use super::cluster::{Cluster, eventually, like, swiped, swiping, title, user};
use crate::{
    hot::redis::{Redis, RedisConfig},
    rooms::{LiveRoom, RoomError, Rooms, Terms},
};

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

/// A node whose `Start` is done, whose answer is lost, and who may not start any more when it asks again. `meanwhile` happens before that.
async fn starts_as_a_former_host(cluster: &Cluster, meanwhile: impl AsyncFnOnce(&Rooms, &Arc<LiveRoom>)) {
    let way = cluster.redis.way().await;
    let config = RedisConfig { patience: Duration::from_millis(300), ..RedisConfig::new(way.url()) };
    let hot = Redis::connect(config, Clock::system()).await.unwrap();
    let far = Rooms::new(cluster.db.clone(), Arc::new(hot), Clock::system());
    let near = cluster.deaf_node().await;
    let live = swiping(&near, &["a"]).await;
    let restart = SwipingCommand::Restart { round: Round::new(2), final_round: false };
    for command in [SwipingCommand::Finish, restart] {
        near.execute(&live, user(1), &Command::Swiping(command)).await.unwrap();
    }
    let replica = far.open(live.code()).await.unwrap();
    way.lose_answers();
    let patient = Terms { patience: Duration::from_secs(60), ..Terms::default() };
    let start = Command::Swiping(SwipingCommand::Start);
    let (started, ()) = tokio::join!(far.execute_on(patient, &replica, user(1), &start), async {
        eventually("swiping has begun", async || {
            near.catch_up(&live).await.unwrap();
            live.read(|room| room.phase() == PhaseName::Swiping)
        })
        .await;
        let hand_over = Command::People(PeopleCommand::HandOver { member: user(2) });
        near.execute(&live, user(1), &hand_over).await.unwrap();
        meanwhile(&near, &live).await;
        // What is asked after it fails after it.
        far.catch_up(&replica).await.expect_err("no answer arrives");
        way.mend();
    });
    let started = started.expect("it was done while they were the host");
    assert!(started.appended);
    assert_eq!(started.epoch, live.position().epoch);
    let event = live.log().1[usize::try_from(started.seq.get()).unwrap() - 1].event.clone();
    assert!(matches!(event, Event::Swiping(SwipingEvent::Started { .. })), "{event:?} is answered for");
}

#[tokio::test]
async fn a_later_try_finds_what_an_earlier_one_did_although_it_is_not_allowed_any_more() {
    let cluster = Cluster::new().await;
    starts_as_a_former_host(&cluster, async |_, _| ()).await;
}

#[tokio::test]
async fn a_later_try_finds_what_an_earlier_one_did_where_the_room_goes_on_under_another_epoch() {
    let cluster = Cluster::new().await;
    starts_as_a_former_host(&cluster, async |near, live| {
        let before = live.position().epoch;
        // One copy has not heard of the last, and grows another end.
        let other = cluster.deaf_node().await;
        cluster.forget_last(live).await;
        let replica = other.open(live.code()).await.unwrap();
        like(&other, &replica, 2, "a").await;
        near.catch_up(live).await.unwrap();
        assert_ne!(live.position().epoch, before, "both ends were put together");
    })
    .await;
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
    assert!(matches!(here.open(guess).await, Err(RoomError::NotFound)));
}

/// Redis comes back empty. One node has a replica in which user 3 has joined; the other's is from before that.
async fn one_node_has_not_heard_of_a_member(
    cluster: &mut Cluster,
) -> ((Rooms, Arc<LiveRoom>), (Rooms, Arc<LiveRoom>)) {
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    let replica = there.open(live.code()).await.unwrap();
    let profile = Profile { name: "Vera".into(), photo_url: None };
    here.execute(&live, user(3), &Command::People(PeopleCommand::Join(profile))).await.unwrap();
    cluster.redis.kill();
    cluster.redis.revive().await;
    ((here, live), (there, replica))
}

#[tokio::test]
async fn nobody_is_refused_for_what_another_node_is_about_to_put_back() {
    let mut cluster = Cluster::new().await;
    let ((here, live), (there, replica)) = one_node_has_not_heard_of_a_member(&mut cluster).await;
    // The one that has not heard of her is first.
    there.catch_up(&replica).await.unwrap();
    let (told, put_back) = tokio::join!(like(&there, &replica, 3, "a"), here.catch_up(&live));
    put_back.unwrap();
    assert!(told.appended, "she was a member all along");
}

#[tokio::test]
async fn nobody_is_said_to_be_no_member_before_what_another_node_holds_is_put_back() {
    let mut cluster = Cluster::new().await;
    let ((here, live), (there, replica)) = one_node_has_not_heard_of_a_member(&mut cluster).await;
    there.catch_up(&replica).await.unwrap();
    let (told, put_back) = tokio::join!(there.has_member(&replica, user(3)), here.catch_up(&live));
    put_back.unwrap();
    assert!(told.unwrap(), "she was a member all along");
}

#[tokio::test]
async fn whether_somebody_is_a_member_is_asked_of_the_log_and_changes_nothing_in_it() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a"]).await;
    let replica = there.open(live.code()).await.unwrap();
    let profile = Profile { name: "Vera".into(), photo_url: None };
    here.execute(&live, user(3), &Command::People(PeopleCommand::Join(profile))).await.unwrap();
    here.execute(&live, user(2), &Command::People(PeopleCommand::Leave)).await.unwrap();
    let before = live.log();
    assert!(there.has_member(&replica, user(3)).await.unwrap(), "she joined on the other node");
    for (who, why) in [(2, "who left"), (4, "a stranger")] {
        assert!(!there.has_member(&replica, user(who)).await.unwrap(), "{why} is no member");
    }
    here.catch_up(&live).await.unwrap();
    assert_eq!(live.log(), before, "a question is in the log");
}

#[tokio::test]
async fn a_room_is_not_made_twice_for_one_request_while_the_first_may_be_put_back() {
    let mut cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let code = "K00M0001".parse().unwrap();
    let profile = Profile { name: "Anna".into(), photo_url: None };
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let make = async |node: &Rooms| {
        node.create_at(code, 7, user(1), &profile, &settings, &Access::default()).await.unwrap()
    };
    let live = make(&here).await.expect("there is no such room");
    cluster.redis.kill();
    cluster.redis.revive().await;
    let (again, put_back) = tokio::join!(make(&there), here.catch_up(&live));
    put_back.unwrap();
    assert!(again.is_none(), "there are two rooms of one code");
    assert_eq!(there.open(code).await.unwrap().log(), live.log());
}
