//! What people say against rooms.

use super::{
    Bench, at, contract,
    story::{Story, room},
    user,
};
use crate::{Db, REPORTS_PER_ROOM, Report};

contract!(
    a_person_says_one_thing_against_a_room_however_often,
    the_most_reported_room_comes_first_until_an_operator_has_seen_to_it,
    nothing_is_kept_against_a_room_that_sql_does_not_know,
    a_room_keeps_as_many_reports_as_it_may,
);

async fn says(db: &Db, who: i64, code: &str, reason: &str, seconds: i64) -> bool {
    let report = Report { room: room(code), reporter: user(who), reason: reason.to_owned(), at: at(seconds) };
    db.report_room(&report).await.unwrap()
}

async fn a_person_says_one_thing_against_a_room_however_often(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    assert!(says(&db, 5, "R00M0001", "spam", 2).await);
    assert!(says(&db, 5, "R00M0001", "worse than spam", 3).await);
    let reported = db.reported_rooms(10).await.unwrap();
    assert_eq!(reported.len(), 1);
    assert_eq!((reported[0].reports, reported[0].last_reason.as_str()), (1, "worse than spam"));
}

async fn the_most_reported_room_comes_first_until_an_operator_has_seen_to_it(bench: Bench) {
    let db = bench.db().await;
    for code in ["R00M0001", "R00M0002"] {
        db.project(&Story::of(code, 0).room, at(1)).await.unwrap();
    }
    says(&db, 5, "R00M0001", "spam", 2).await;
    says(&db, 5, "R00M0002", "rude", 3).await;
    says(&db, 6, "R00M0002", "very rude", 4).await;
    let codes = async || {
        let reported = db.reported_rooms(10).await.unwrap();
        reported.iter().map(|reported| reported.room.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes().await, ["R00M0002", "R00M0001"]);
    db.hide_room(room("R00M0002"), true).await.unwrap();
    assert_eq!(codes().await, ["R00M0001"]);
    says(&db, 7, "R00M0002", "still rude", 5).await;
    let reported = db.reported_rooms(10).await.unwrap();
    let again = reported.iter().find(|reported| reported.room == room("R00M0002")).unwrap();
    assert!(again.hidden, "an operator sees what was done already");
}

async fn nothing_is_kept_against_a_room_that_sql_does_not_know(bench: Bench) {
    let db = bench.db().await;
    assert!(!says(&db, 5, "R00M0009", "spam", 2).await);
}

async fn a_room_keeps_as_many_reports_as_it_may(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    for who in (100..).take(REPORTS_PER_ROOM + 3) {
        assert!(says(&db, who, "R00M0001", "spam", 2).await, "nobody is told that theirs is not kept");
    }
    assert_eq!(db.reported_rooms(1).await.unwrap()[0].reports, u32::try_from(REPORTS_PER_ROOM).unwrap());
}
