//! Redis that came back empty: whoever holds a room fills it again.

use std::time::Duration;

use sovpalo_domain::{
    ids::Seq,
    room::{Command, PhaseName, Room, SwipingCommand, Verdict},
};
use sovpalo_storage::clock::Clock;

use super::cluster::{Cluster, eventually, like, matches, swiped, swiping, title, user};
use crate::{hot::Device, projector, rooms::RoomError};

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
        let found = here.hot().read(live.code(), Seq::ZERO).await;
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
async fn a_phone_that_was_heard_before_redis_lost_its_memory_comes_back_before_it_is_heard() {
    let mut cluster = Cluster::new().await;
    let here = cluster.node().await;
    let live = swiping(&here, &["a", "b"]).await;
    let phone = Some(Device::named("phone"));
    let before = here.attend(&live, user(1), phone).await.unwrap();
    cluster.redis.kill();
    cluster.redis.revive().await;
    let command = Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Like });
    let said = loop {
        match before.execute(&command).await {
            // Redis is not reached yet.
            Err(RoomError::Hot(_)) => {}
            said => break said,
        }
    };
    assert!(matches!(said, Err(RoomError::Fenced)), "{said:?}");
    let now = here.attend(&live, user(1), phone).await.unwrap();
    assert!(now.execute(&command).await.unwrap().appended);
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
async fn what_sql_gave_back_is_joined_with_what_a_node_still_holds() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    like(&here, &live, 1, "a").await;
    projector::project(&**here.hot(), &cluster.db, live.code(), Clock::system().now()).await.unwrap();
    let key = cluster.log_of(&live).await;
    cluster.redis.ask(&format!("DEL {key}")).await;
    let replica = there.open(live.code()).await.unwrap();
    assert_eq!(replica.read(Room::phase), PhaseName::Lobby, "SQL knows no swipes");
    here.catch_up(&live).await.unwrap();
    there.catch_up(&replica).await.unwrap();
    assert_eq!(replica.log(), live.log());
    assert_eq!(swiped(&replica, 1), 1, "an acknowledged swipe is lost");
}
