//! Timed rounds end at their time, once, whichever nodes are there.

use sovpalo_domain::{
    ids::{RoomCode, Seq},
    room::{Goal, Room},
};

use super::*;
use crate::hot::Change;

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

impl House {
    /// A timed round that SQL knows of, and no node any more.
    async fn left_alone(self) -> (Self, RoomCode) {
        let code = self.timed().await.code();
        self.projected(code).await;
        let house = self.restarted().await;
        house.clock.advance(ROUND + Duration::from_secs(11));
        (house, code)
    }

    async fn projected(&self, code: RoomCode) {
        projector::project(&**self.rooms.hot(), self.rooms.db(), code, self.clock.now()).await.unwrap();
    }

    /// The ends in the log, without opening the room.
    async fn ends_in_log(&self, code: RoomCode) -> usize {
        let log = self.rooms.hot().read(code, Seq::ZERO).await.unwrap().unwrap().entries;
        log.iter().filter(|entry| entry.event == Event::Swiping(SwipingEvent::Finished)).count()
    }
}

#[tokio::test]
async fn a_round_that_no_node_was_there_to_end_is_ended_once_by_the_nodes_that_start() {
    let (house, code) = House::new().await.left_alone().await;
    let other = house.another_node();
    assert_eq!(house.ends_in_log(code).await, 0);
    let (here, there) =
        tokio::join!(house.rooms.search_unended_rounds(None), other.search_unended_rounds(None));
    assert_eq!((here.unwrap(), there.unwrap()), (None, None), "there are no more");
    assert_eq!(house.ends_in_log(code).await, 1);
    house.projected(code).await;
    assert_eq!(house.rooms.db().due_rounds(house.clock.now(), None, 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_round_that_goes_on_is_not_searched_for() {
    let house = House::new().await;
    let code = house.timed().await.code();
    house.projected(code).await;
    let house = house.restarted().await;
    house.clock.advance(ROUND.saturating_sub(A_MOMENT));
    house.rooms.search_unended_rounds(None).await.unwrap();
    assert!(house.rooms.held(code).is_none(), "nobody has to load it");
    assert_eq!(house.ends_in_log(code).await, 0);
}

#[tokio::test]
async fn a_node_that_starts_ends_what_is_over_by_itself() {
    let (house, code) = House::new().await.left_alone().await;
    let mut changes = house.rooms.hot().changes();
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (rooms, stop) = (house.rooms.clone(), stop.clone());
        async move { rooms.run(stop).await }
    });
    while !matches!(changes.recv().await.unwrap(), Change::Appended { room, .. } if room == code) {}
    assert_eq!(house.ends_in_log(code).await, 1);
    stop.cancel();
    running.await.unwrap();
}
