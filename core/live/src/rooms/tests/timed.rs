//! Timed rounds end at their time, once, whichever nodes are there.

use sovpalo_domain::room::{Goal, Room};

use super::*;

impl House {
    /// A room of two that swipes for three minutes.
    async fn timed(&self) -> Arc<LiveRoom> {
        let settings =
            Settings { goal: Goal::Timed(3), ..Settings::named(RoomName::new("Movie night").unwrap()) };
        let live = self.rooms.create(user(1), profile(1), settings).await.unwrap();
        self.done(&live, 2, Command::People(PeopleCommand::Join(profile(2)))).await;
        let picks = ["a", "b"].map(|id| TitleRef::Catalogue(title(id))).to_vec();
        self.done(&live, 1, Command::Swiping(SwipingCommand::Select(picks))).await;
        self.done(&live, 1, Command::Swiping(SwipingCommand::Start)).await;
        live
    }
}

const ROUND: Duration = Duration::from_secs(180);
const A_MOMENT: Duration = Duration::from_millis(1);

fn is_over(live: &LiveRoom) -> bool {
    live.read(|room| room.phase() == PhaseName::Finished)
}

/// How often the log says that a round is over.
fn ends(live: &LiveRoom) -> usize {
    let is_end = |event: &Event| *event == Event::Swiping(SwipingEvent::Finished);
    live.log().1.iter().filter(|entry| is_end(&entry.event)).count()
}

#[tokio::test]
async fn a_node_ends_a_round_when_its_time_is_up_and_not_before() {
    let house = House::new().await;
    let live = house.timed().await;
    house.clock.advance(ROUND.saturating_sub(A_MOMENT));
    house.rooms.end_due_rounds().await;
    assert!(!is_over(&live), "too early");
    house.clock.advance(A_MOMENT);
    house.rooms.end_due_rounds().await;
    assert!(is_over(&live));
}

#[tokio::test]
async fn two_nodes_that_end_a_round_at_the_same_moment_end_it_once() {
    let house = House::new().await;
    let live = house.timed().await;
    let other = house.another_node();
    let there = other.open(live.code()).await.unwrap();
    house.clock.advance(ROUND);
    tokio::join!(house.rooms.end_due_rounds(), other.end_due_rounds());
    for (rooms, live) in [(&house.rooms, &live), (&other, &there)] {
        rooms.catch_up(live).await.unwrap();
        assert_eq!((is_over(live), ends(live)), (true, 1));
    }
}

#[tokio::test]
async fn a_round_outlives_the_node_that_began_it() {
    let mut house = House::new().await;
    let live = house.timed().await;
    let code = live.code();
    let other = house.another_node();
    let there = other.open(code).await.unwrap();
    drop(live);
    // It is gone, and the other one has the room.
    house.rooms = other;
    house.clock.advance(ROUND);
    house.rooms.end_due_rounds().await;
    assert_eq!((is_over(&there), ends(&there)), (true, 1));
}

#[tokio::test]
async fn a_round_that_no_node_was_there_to_end_is_over_when_the_room_is_opened() {
    let house = House::new().await;
    let live = house.timed().await;
    let code = live.code();
    drop(live);
    let house = house.restarted().await;
    house.clock.advance(ROUND);
    let live = house.rooms.open(code).await.unwrap();
    assert_eq!((is_over(&live), ends(&live)), (true, 1));
}

#[tokio::test]
async fn a_node_keeps_a_room_without_sockets_until_its_round_is_over() {
    let house = House::new().await;
    let live = house.timed().await;
    let code = live.code();
    let until = house.clock.now().plus(Duration::from_secs(1_000));
    house.done(&live, 1, Command::Swiping(SwipingCommand::Extend { until })).await;
    drop(live);
    house.clock.advance(Duration::from_secs(999));
    house.rooms.look_after().await;
    let live = house.rooms.held(code).expect("its round is not over");
    house.clock.advance(Duration::from_secs(1));
    house.rooms.end_due_rounds().await;
    assert!(is_over(&live));
    drop(live);
    house.clock.advance(Duration::from_secs(301));
    house.rooms.look_after().await;
    assert!(house.rooms.held(code).is_none(), "nobody needs it any more");
}

#[tokio::test]
async fn an_end_that_was_put_off_on_another_node_does_not_come_early_here() {
    let house = House::new().await;
    let live = house.timed().await;
    let other = house.another_node();
    let there = other.open(live.code()).await.unwrap();
    let until = house.clock.now().plus(ROUND * 2);
    house.done(&live, 1, Command::Swiping(SwipingCommand::Extend { until })).await;
    house.clock.advance(ROUND);
    // Its replica still has the earlier end.
    assert!(there.read(Room::ends_at) < Some(until));
    other.end_due_rounds().await;
    assert_eq!((is_over(&there), there.read(Room::ends_at)), (false, Some(until)));
}

#[tokio::test]
async fn a_running_node_ends_a_round_by_itself() {
    let house = House::new().await;
    let live = house.timed().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (rooms, stop) = (house.rooms.clone(), stop.clone());
        async move { rooms.run(stop).await }
    });
    let mut moved = live.watch();
    moved.mark_unchanged();
    house.clock.advance(ROUND);
    moved.changed().await.unwrap();
    assert!(is_over(&live));
    stop.cancel();
    running.await.unwrap();
}
