//! Replicas of before somebody erased themselves.

use sovpalo_domain::room::{Command, PeopleCommand, Profile};
use sovpalo_storage::{Erasure, clock::Clock, testing::story::person};

use super::cluster::{Cluster, like, swiped, swiping, user};
use crate::{
    erasures, projector,
    rooms::{LiveRoom, Rooms},
};

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
    projector::project_held(&**there.hot(), &cluster.db, &old, Clock::system().now()).await.unwrap();
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

#[tokio::test]
async fn who_comes_back_while_they_are_being_taken_out_of_a_log_of_before_is_left_in_it() {
    let cluster = Cluster::new().await;
    let node = cluster.deaf_node().await;
    let live = swiping(&node, &["a", "b"]).await;
    let (room, before) = live.read_log(|room, log| (room.clone(), log.to_vec()));
    let at = Clock::system().now();
    cluster.db.erase_user(user(2), &[live.code()], at).await.unwrap();
    let found = erasures::log::due_in(&cluster.db, &room, &before).await.unwrap();
    assert_eq!(found.len(), 1, "a projection finds them in what it has read");
    erase(&cluster, &node, &live, 2).await;
    cluster.db.see_user(&person(2), None, at).await.unwrap();
    node.catch_up(&live).await.unwrap();
    let joins = PeopleCommand::Join(Profile { name: "Nova".to_owned(), photo_url: None });
    node.execute(&live, user(2), &Command::People(joins)).await.unwrap();
    erasures::log::take_out(&**node.hot(), &cluster.db, live.code(), &found, at).await.unwrap();
    node.catch_up(&live).await.unwrap();
    assert!(live.read(|room| room.has_member(user(2))), "who has come back is taken out again");
    assert!(!knows(&live, "Person 2"));
}
