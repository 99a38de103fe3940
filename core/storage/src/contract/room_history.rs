//! What a room keeps of its evenings, and what its people say of it.

use sovpalo_domain::{
    face::Face,
    room::{Command, PeopleCommand},
};

use super::{
    Bench, at, contract,
    story::{Story, reachable, room, title},
    user,
};
use crate::{Db, HISTORY_PAGE, MarkChange, MarkedInRoom, NEVER_PER_ROOM, PastMatch, RoomMark};

contract!(
    the_history_is_every_match_the_newest_first_page_by_page,
    what_was_watched_together_has_one_face_of_each_who_is_in_the_room,
    a_face_says_that_it_was_watched_and_goes_when_it_is_taken_back,
    what_was_not_watched_after_all_is_not_and_the_first_time_counts,
    a_title_is_never_dealt_until_somebody_thinks_otherwise,
    no_more_titles_are_never_dealt_than_a_room_may_have,
    who_erases_themselves_takes_their_faces_along_and_leaves_the_rooms_marks,
    of_an_unknown_room_and_by_an_unknown_person_nothing_is_kept,
);

const CODE: &str = "R00M0001";
const WATCHED: MarkChange = MarkChange { watched: Some(true), never: None, face: None };
const NEVER: MarkChange = MarkChange { watched: None, never: Some(true), face: None };

fn face(face: Face) -> MarkChange {
    MarkChange { face: Some(Some(face)), ..MarkChange::default() }
}

async fn marks(db: &Db, who: i64, id: &str, change: MarkChange, seconds: i64) -> MarkedInRoom {
    db.mark_title(room(CODE), &title(id), user(who), change, at(seconds)).await.unwrap()
}

async fn marked(db: &Db, who: i64, id: &str, change: MarkChange, seconds: i64) -> RoomMark {
    match marks(db, who, id, change, seconds).await {
        MarkedInRoom::Done(mark) => mark,
        other => panic!("{other:?}"),
    }
}

async fn history(db: &Db) -> Vec<PastMatch> {
    db.room_history(room(CODE), None, 100).await.unwrap().0
}

/// A room of three people in which these have matched.
async fn matched(db: &Db, titles: &[&str]) -> Story {
    for who in [1, 2, 3] {
        reachable(db, who).await;
    }
    // One more, so that the round goes on.
    let mut story = Story::swiping(CODE, 3, &[titles, &["left"]].concat());
    for id in titles {
        story.match_on(id);
    }
    db.project(&story.room, at(1)).await.unwrap();
    story
}

async fn the_history_is_every_match_the_newest_first_page_by_page(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a", "b", "c"]).await;
    let page = async |before, limit| {
        let (page, more) = db.room_history(room(CODE), before, limit).await.unwrap();
        (page.iter().map(|past| (past.number, past.title.to_string())).collect::<Vec<_>>(), more)
    };
    let [a, b, c] = [(1, "a".to_owned()), (2, "b".to_owned()), (3, "c".to_owned())];
    assert_eq!(page(None, 2).await, (vec![c, b], true));
    assert_eq!(page(Some(2), 2).await, (vec![a], false));
    assert_eq!(page(Some(1), HISTORY_PAGE).await, (vec![], false));
    assert_eq!(db.room_history(room("R00M0009"), None, 2).await.unwrap(), (vec![], false), "of no room");
    let newest = &history(&db).await[0];
    assert_eq!((newest.round.get(), &newest.mark), (1, &RoomMark::default()));
}

async fn what_was_watched_together_has_one_face_of_each_who_is_in_the_room(bench: Bench) {
    let db = bench.db().await;
    let mut story = matched(&db, &["a", "b"]).await;
    assert_eq!(marked(&db, 1, "a", WATCHED, 5).await.watched_at, Some(at(5)));
    marked(&db, 1, "a", face(Face::Bad), 6).await;
    marked(&db, 2, "a", face(Face::Asleep), 7).await;
    let mark = marked(&db, 1, "a", face(Face::Love), 8).await;
    assert_eq!(mark.faces, [(user(1), Face::Love), (user(2), Face::Asleep)], "changed, and in its place");
    let shown: Vec<RoomMark> = history(&db).await.into_iter().map(|past| past.mark).collect();
    assert_eq!(shown, [RoomMark::default(), mark]);
    story.does(2, Command::People(PeopleCommand::Leave));
    db.project(&story.room, at(9)).await.unwrap();
    assert_eq!(history(&db).await[1].mark.faces, [(user(1), Face::Love)], "who left is not shown");
    story.joins(2);
    db.project(&story.room, at(10)).await.unwrap();
    assert_eq!(history(&db).await[1].mark.faces.len(), 2, "and is again when they come back");
}

async fn a_face_says_that_it_was_watched_and_goes_when_it_is_taken_back(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    assert_eq!(marked(&db, 3, "a", face(Face::Good), 5).await.watched_at, Some(at(5)));
    let none = MarkChange { face: Some(None), ..MarkChange::default() };
    for _ in 0..2 {
        let mark = marked(&db, 3, "a", none, 6).await;
        assert_eq!((mark.faces, mark.watched_at), (vec![], Some(at(5))));
    }
}

async fn what_was_not_watched_after_all_is_not_and_the_first_time_counts(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    marked(&db, 1, "a", WATCHED, 5).await;
    assert_eq!(marked(&db, 2, "a", WATCHED, 50).await.watched_at, Some(at(5)));
    let not = MarkChange { watched: Some(false), ..MarkChange::default() };
    assert_eq!(marked(&db, 2, "a", not, 60).await, RoomMark::default());
    assert_eq!(history(&db).await[0].mark, RoomMark::default());
}

async fn a_title_is_never_dealt_until_somebody_thinks_otherwise(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    for _ in 0..2 {
        assert!(marked(&db, 1, "a", NEVER, 5).await.never);
    }
    marked(&db, 2, "z", NEVER, 6).await;
    assert_eq!(db.never_dealt(room(CODE)).await.unwrap(), [(title("a"), None), (title("z"), None)]);
    assert!(history(&db).await[0].mark.never);
    let again = MarkChange { never: Some(false), ..MarkChange::default() };
    assert_eq!(marked(&db, 3, "a", again, 7).await, RoomMark::default());
    assert_eq!(db.never_dealt(room(CODE)).await.unwrap(), [(title("z"), None)]);
    assert_eq!(db.never_dealt(room("R00M0002")).await.unwrap(), [], "another room has its own");
}

async fn no_more_titles_are_never_dealt_than_a_room_may_have(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    for n in 0..NEVER_PER_ROOM {
        marked(&db, 1, &format!("t{n}"), NEVER, 5).await;
    }
    assert_eq!(marks(&db, 1, "one-more", NEVER, 6).await, MarkedInRoom::TooManyNever);
    assert!(marked(&db, 1, "t0", NEVER, 7).await.never, "what is so already is so");
    assert_eq!(marked(&db, 1, "a", WATCHED, 8).await.watched_at, Some(at(8)), "the rest goes on");
    assert_eq!(db.never_dealt(room(CODE)).await.unwrap().len(), NEVER_PER_ROOM);
}

async fn who_erases_themselves_takes_their_faces_along_and_leaves_the_rooms_marks(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    marked(&db, 1, "a", face(Face::Good), 5).await;
    marked(&db, 2, "a", face(Face::Bad), 5).await;
    marked(&db, 2, "a", NEVER, 5).await;
    db.erase_user(user(2), &[], at(6)).await.unwrap();
    let mark = &history(&db).await[0].mark;
    assert_eq!((&mark.faces[..], mark.never), (&[(user(1), Face::Good)][..], true));
    assert_eq!(
        marks(&db, 2, "a", face(Face::Bad), 7).await,
        MarkedInRoom::NoPerson,
        "a request that was under way"
    );
    // Their row comes back with them, and their face does not.
    reachable(&db, 2).await;
    assert_eq!(history(&db).await[0].mark.faces, [(user(1), Face::Good)]);
}

async fn of_an_unknown_room_and_by_an_unknown_person_nothing_is_kept(bench: Bench) {
    let db = bench.db().await;
    matched(&db, &["a"]).await;
    let of_no_room = db.mark_title(room("R00M0009"), &title("a"), user(1), WATCHED, at(5)).await.unwrap();
    assert_eq!(of_no_room, MarkedInRoom::NoRoom);
    assert_eq!(marks(&db, 99, "a", WATCHED, 5).await, MarkedInRoom::NoPerson);
    assert_eq!(history(&db).await[0].mark, RoomMark::default());
}
