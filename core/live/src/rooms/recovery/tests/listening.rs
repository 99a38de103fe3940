//! What a node hears of the rooms that it holds, and what it finds out by itself.

use super::cluster::{Cluster, like, swiping, user};
use crate::hot::Change;

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
async fn a_room_that_nobody_here_holds_is_not_told_of_here() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.node().await, cluster.node().await);
    let mut told = there.hot().changes();
    let live = swiping(&here, &["a"]).await;
    let other = swiping(&there, &["a"]).await;
    like(&here, &live, 1, "a").await;
    like(&there, &other, 1, "a").await;
    while let Ok(change) = told.recv().await {
        if let Change::Appended { room, at, .. } = change {
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
