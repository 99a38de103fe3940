//! Logs that lost their end, and perhaps have grown another one.

use sovpalo_domain::room::{Command, Event, PeopleCommand, Room, SwipingEvent};

use super::cluster::{Cluster, another_millisecond, eventually, like, matches, swiped, swiping, user};

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
async fn what_followed_from_a_command_comes_with_it_where_only_that_was_lost() {
    let cluster = Cluster::new().await;
    let (here, there) = (cluster.deaf_node().await, cluster.deaf_node().await);
    let live = swiping(&here, &["a", "b"]).await;
    here.execute(&live, user(1), &Command::People(PeopleCommand::Leave)).await.unwrap();
    // That somebody else is the host now is the second entry of the same append.
    cluster.forget_last(&live).await;
    let replica = there.open(live.code()).await.unwrap();
    assert_eq!(replica.read(Room::host), user(1));
    another_millisecond().await;
    like(&there, &replica, 2, "a").await;
    here.catch_up(&live).await.unwrap();
    there.catch_up(&replica).await.unwrap();
    for live in [&live, &replica] {
        assert_eq!((live.read(Room::host), swiped(live, 2)), (user(2), 1));
    }
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
            Event::Swiping(SwipingEvent::Swiped { title, .. }) => Some(title.to_string()),
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
