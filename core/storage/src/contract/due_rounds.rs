//! Timed rounds that nobody has ended.

use std::time::Duration;

use sovpalo_domain::{
    ids::RoomCode,
    room::{Command, Goal, SettingsChange, SwipingCommand},
};

use super::{
    Bench, at, contract,
    story::{Story, room},
};
use crate::Db;

contract!(
    a_timed_round_is_due_from_its_end_on_until_it_is_ended,
    a_round_that_was_put_off_is_due_later,
    what_is_due_is_found_page_by_page,
);

/// A round of three minutes.
fn timed(code: &str) -> Story {
    let mut story = Story::of(code, 0);
    story.joins(2);
    story.picks(1, &["a", "b"]);
    let goal = Some(Goal::Timed(3));
    story.does(1, Command::Swiping(SwipingCommand::Configure(SettingsChange { goal, ..Default::default() })));
    story.does(1, Command::Swiping(SwipingCommand::Start));
    story
}

async fn due(db: &Db, seconds: i64) -> Vec<RoomCode> {
    db.due_rounds(at(seconds), None, 9).await.unwrap()
}

async fn a_timed_round_is_due_from_its_end_on_until_it_is_ended(bench: Bench) {
    let db = bench.db().await;
    let mut story = timed("R00M0001");
    db.project(&story.room, at(1)).await.unwrap();
    db.project(&Story::swiping("R00M0002", 2, &["a", "b"]).room, at(1)).await.unwrap();
    assert_eq!(due(&db, 179).await, [], "it goes on");
    assert_eq!(due(&db, 181).await, [room("R00M0001")]);
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    db.project(&story.room, at(182)).await.unwrap();
    assert_eq!(due(&db, 999).await, []);
}

async fn a_round_that_was_put_off_is_due_later(bench: Bench) {
    let db = bench.db().await;
    let mut story = timed("R00M0001");
    db.project(&story.room, at(1)).await.unwrap();
    let until = story.room.ends_at().unwrap().plus(Duration::from_secs(60));
    story.does(1, Command::Swiping(SwipingCommand::Extend { until }));
    assert!(story.log.last().unwrap().event.is_durable(), "SQL has to know of it");
    db.project(&story.room, at(2)).await.unwrap();
    assert_eq!(due(&db, 239).await, []);
    assert_eq!(due(&db, 241).await, [room("R00M0001")]);
}

async fn what_is_due_is_found_page_by_page(bench: Bench) {
    let db = bench.db().await;
    let codes = ["R00M0001", "R00M0002", "R00M0003"];
    for code in codes {
        db.project(&timed(code).room, at(1)).await.unwrap();
    }
    let [first, second, third] = codes.map(room);
    assert_eq!(db.due_rounds(at(999), None, 2).await.unwrap(), [first, second]);
    assert_eq!(db.due_rounds(at(999), Some(second), 2).await.unwrap(), [third]);
    assert_eq!(db.due_rounds(at(999), Some(third), 2).await.unwrap(), []);
}
