//! Timed rounds end at their time, whatever Redis loses and whichever node is gone.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{Seq, Timestamp},
    room::{Event, Goal, PhaseName, RoomName, Settings, SwipingEvent},
};
use sovpalo_storage::clock::Clock;
use tokio_util::sync::CancellationToken;

use super::cluster::{Cluster, eventually, like, swiping_by};
use crate::rooms::{LiveRoom, Rooms};

const ROUND: Duration = Duration::from_secs(180);

fn a_clock() -> Clock {
    Clock::manual(Timestamp::from_millis(1_790_000_000_000))
}

async fn timed(node: &Rooms) -> Arc<LiveRoom> {
    let settings =
        Settings { goal: Goal::Timed(3), ..Settings::named(RoomName::new("Movie night").unwrap()) };
    swiping_by(node, settings, &["a", "b"]).await
}

async fn is_over(live: &LiveRoom) {
    let finished = async || live.read(|room| room.phase() == PhaseName::Finished);
    eventually("the round is over", finished).await;
}

/// How often the log that Redis has says that the round is over.
async fn ends(node: &Rooms, live: &LiveRoom) -> usize {
    let log = node.hot().read(live.code(), Seq::ZERO).await.unwrap().expect("there is no log");
    let is_end = |event: &Event| *event == Event::Swiping(SwipingEvent::Finished);
    log.entries.iter().filter(|entry| is_end(&entry.event)).count()
}

#[tokio::test]
async fn a_round_whose_time_was_up_while_redis_was_lost_is_ended_once_by_two_nodes() {
    let mut cluster = Cluster::new().await;
    let clock = a_clock();
    let here = cluster.node_by(&clock, &cluster.stop).await;
    let there = cluster.node_by(&clock, &cluster.stop).await;
    let live = timed(&here).await;
    let replica = there.open(live.code()).await.unwrap();
    like(&here, &live, 1, "a").await;
    cluster.redis.kill();
    clock.advance(ROUND);
    cluster.redis.revive().await;
    is_over(&live).await;
    is_over(&replica).await;
    assert_eq!(ends(&there, &replica).await, 1);
    let likes = live.read(|room| room.results().map(|results| results[0].likes));
    assert_eq!(likes, Some(1), "what was swiped in time counts");
}

#[tokio::test]
async fn a_round_is_ended_by_the_node_that_is_left() {
    let cluster = Cluster::new().await;
    let (clock, dies) = (a_clock(), CancellationToken::new());
    let here = cluster.node_by(&clock, &dies).await;
    let there = cluster.node_by(&clock, &cluster.stop).await;
    let live = timed(&here).await;
    let replica = there.open(live.code()).await.unwrap();
    dies.cancel();
    drop((here, live));
    clock.advance(ROUND);
    is_over(&replica).await;
    assert_eq!(ends(&there, &replica).await, 1);
}
