//! Projecting again, projecting late, projecting at once, and a room whose history began anew.

use std::time::Duration;

use futures::future::join_all;
use sovpalo_domain::{
    ids::{Epoch, Timestamp},
    room::{Command, Entry, Event, PeopleCommand, PhaseName, Room, SwipingCommand},
};

use super::{
    Bench, at, contract, lease,
    story::{Story, card_in, reachable, room, title, typed},
    tell_all, user,
};
use crate::{Db, Kind, Lease, Notice, NoticeKind, Remembered, RoomRow};

contract!(
    projecting_twice_writes_the_same_rows,
    fewer_entries_of_the_same_history_change_nothing,
    a_transaction_that_was_cut_short_leaves_nothing,
    projections_at_once_leave_the_newest,
    many_rooms_at_once_are_all_written,
    a_restored_room_repeats_no_match,
    a_history_that_was_replaced_never_comes_back,
    another_title_under_a_used_number_is_news,
    a_match_that_has_another_number_under_a_new_history_is_no_news,
    moments_keep_their_order_with_and_without_a_fraction,
    texts_that_nobody_uses_any_more_are_deleted,
    what_has_not_changed_is_not_written_again,
);

async fn everything(db: &Db, code: &str) -> (Option<RoomRow>, Option<Remembered>, Vec<Notice>) {
    let row = db.room_row(room(code)).await.unwrap();
    let remembered = db.remembered_room(room(code)).await.unwrap();
    (row, remembered, due(db, at(1000)).await)
}

async fn due(db: &Db, now: Timestamp) -> Vec<Notice> {
    // Nothing is kept from the next look.
    db.due_notices(1000, Lease { lasts: Duration::ZERO, ..lease(now) }).await.unwrap()
}

async fn projecting_twice_writes_the_same_rows(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 2).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    for notice in due(&db, at(2)).await {
        db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
    }
    let before = everything(&db, "R00M0001").await;
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(everything(&db, "R00M0001").await, before);
    assert_eq!(before.2, [], "and nobody is told again");
}

async fn fewer_entries_of_the_same_history_change_nothing(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 2, &["a"]);
    let earlier = story.room.clone();
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    let before = everything(&db, "R00M0001").await;
    db.project(&earlier, at(2)).await.unwrap();
    assert_eq!(everything(&db, "R00M0001").await.0, before.0);
    assert_eq!(db.projected(room("R00M0001")).await.unwrap().unwrap().seq, story.room.seq());
}

async fn a_transaction_that_was_cut_short_leaves_nothing(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    reachable(&db, 2).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    // The last step of a projection cannot be done: everything before it must be undone.
    super::tamper(&db, "ALTER TABLE jobs RENAME TO jobs_elsewhere").await;
    db.project(&story.room, at(1)).await.unwrap_err();
    assert_eq!(db.room_row(room("R00M0001")).await.unwrap(), None);
    assert_eq!(db.projected(room("R00M0001")).await.unwrap(), None);
    super::tamper(&db, "ALTER TABLE jobs_elsewhere RENAME TO jobs").await;
    db.project(&story.room, at(2)).await.unwrap();
    assert_eq!(db.matches_of(user(2), 9).await.unwrap().len(), 1);
    assert_eq!(due(&db, at(2)).await.len(), 3, "the card, the group's match and the member's");
}

async fn projections_at_once_leave_the_newest(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    reachable(&db, 2).await;
    let mut story = Story::swiping("R00M0001", 3, &["a", "b", "c"]);
    story.match_on("a");
    story.match_on("b");
    let states: Vec<Room> =
        (1..=story.log.len()).map(|length| Room::replay(&story.log[..length]).unwrap()).collect();
    let twice = states.iter().chain(states.iter().rev());
    for projected in join_all(twice.map(|state| db.project(state, at(1)))).await {
        projected.unwrap();
    }
    assert_eq!(db.projected(room("R00M0001")).await.unwrap().unwrap().seq, story.room.seq());
    let row = db.room_row(room("R00M0001")).await.unwrap().unwrap();
    assert_eq!((row.members, row.matches), (3, 2));
    let due = tell_all(&db, at(1)).await;
    let matches = due.iter().filter(|notice| matches!(notice.what, NoticeKind::Match { .. })).count();
    assert_eq!(matches, 4, "each match once to the group and once to the member: {due:?}");
    assert_eq!(due.len(), 5);
}

async fn many_rooms_at_once_are_all_written(bench: Bench) {
    let db = bench.db().await;
    let stories: Vec<Story> =
        (0..40).map(|n| Story::swiping(&format!("R00M00{n:02}"), 4, &["a", "b"])).collect();
    let projections = stories.iter().chain(&stories).map(|story| db.project(&story.room, at(1)));
    for projected in join_all(projections).await {
        projected.unwrap();
    }
    assert_eq!(db.rooms_of(user(4), 100).await.unwrap().len(), 40);
    assert_eq!(due(&db, at(1)).await.len(), 40, "one stale card each");
}

/// The room as it comes back from SQL under another epoch.
async fn restore(db: &Db, code: &str, epoch: u32) -> Story {
    let remembered = db.remembered_room(room(code)).await.unwrap().unwrap();
    let restored = remembered.under(Epoch::from_bits(epoch));
    Story::from(Entry { at: at(100), event: Event::Restored(Box::new(restored)) })
}

async fn a_restored_room_repeats_no_match(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    reachable(&db, 2).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    for notice in due(&db, at(2)).await {
        db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
    }
    let mut again = restore(&db, "R00M0001", 8).await;
    db.project(&again.room, at(101)).await.unwrap();
    let stands = db.projected(room("R00M0001")).await.unwrap().unwrap();
    assert_eq!(
        (stands.epoch, stands.seq),
        (Epoch::from_bits(8), again.room.seq()),
        "a shorter log, and newer"
    );
    assert_eq!(db.room_row(room("R00M0001")).await.unwrap().unwrap().phase, PhaseName::Lobby);
    assert_eq!(db.matches_of(user(2), 9).await.unwrap().len(), 1);
    let notices: Vec<NoticeKind> = due(&db, at(102)).await.into_iter().map(|notice| notice.what).collect();
    assert_eq!(notices, [NoticeKind::CardStale]);

    again.does(1, Command::Swiping(SwipingCommand::Start));
    again.match_on("b");
    db.project(&again.room, at(103)).await.unwrap();
    let listed = db.matches_of(user(2), 9).await.unwrap();
    assert_eq!(listed.iter().map(|found| found.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        due(&db, at(104)).await.len(),
        3,
        "the card, and the new match to the group and to the member"
    );
}

async fn a_history_that_was_replaced_never_comes_back(bench: Bench) {
    let db = bench.db().await;
    let mut old = Story::swiping("R00M0001", 2, &["a", "b"]);
    db.project(&old.room, at(1)).await.unwrap();
    let new = restore(&db, "R00M0001", 8).await;
    db.project(&new.room, at(2)).await.unwrap();
    // A node that slept through all that goes on with the old one.
    old.match_on("a");
    db.project(&old.room, at(3)).await.unwrap();
    assert_eq!(db.projected(room("R00M0001")).await.unwrap().unwrap().epoch, Epoch::from_bits(8));
    assert_eq!(db.matches_of(user(1), 9).await.unwrap(), []);
}

async fn another_title_under_a_used_number_is_news(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    let mut lost = Story::swiping("R00M0001", 2, &["a", "b"]);
    db.project(&lost.room, at(1)).await.unwrap();
    let mut other = restore(&db, "R00M0001", 8).await;
    lost.match_on("a");
    db.project(&lost.room, at(2)).await.unwrap();
    other.does(1, Command::Swiping(SwipingCommand::Start));
    other.match_on("b");
    db.project(&other.room, at(3)).await.unwrap();
    let titles: Vec<_> =
        db.matches_of(user(1), 9).await.unwrap().into_iter().map(|found| found.title).collect();
    assert_eq!(titles, [title("b")], "rows say what the log says");
    let titles: Vec<_> = tell_all(&db, at(4))
        .await
        .into_iter()
        .filter_map(|notice| match notice.what {
            NoticeKind::Match { title, .. } => Some(title),
            _ => None,
        })
        .collect();
    assert_eq!(titles, [title("a"), title("b")], "and people hear of both, since both were on their phones");
}

async fn a_match_that_has_another_number_under_a_new_history_is_no_news(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    let mut lost = Story::swiping("R00M0001", 2, &["a", "b"]);
    db.project(&lost.room, at(1)).await.unwrap();
    let mut both = restore(&db, "R00M0001", 8).await;
    lost.match_on("b");
    db.project(&lost.room, at(2)).await.unwrap();
    // Laid together with another end of the log, on which another match came first.
    both.does(1, Command::Swiping(SwipingCommand::Start));
    both.match_on("a");
    both.match_on("b");
    db.project(&both.room, at(3)).await.unwrap();
    let told = tell_all(&db, at(4)).await;
    let mut told: Vec<_> = told
        .into_iter()
        .filter_map(|notice| match notice.what {
            NoticeKind::Match { title, .. } => Some((title, notice.to)),
            _ => None,
        })
        .collect();
    let all = told.len();
    told.sort_by_key(|told| format!("{told:?}"));
    told.dedup();
    assert_eq!(told.len(), all, "somebody hears twice of one match: {told:?}");
    assert!(told.iter().any(|(which, _)| *which == title("a")), "and of the other one not at all");
}

async fn moments_keep_their_order_with_and_without_a_fraction(bench: Bench) {
    let db = bench.db().await;
    let whole = at(0).millis();
    for (n, millis) in [1, 0, 999, -1, 500, 1000].into_iter().enumerate() {
        let mut story = Story::of(&format!("R00M000{n}"), 0);
        let first = Entry { at: Timestamp::from_millis(whole + millis), event: story.log[0].event.clone() };
        story = Story::from(first);
        story.joins(1);
        db.project(&story.room, at(1)).await.unwrap();
    }
    let listed = db.rooms_of(user(1), 9).await.unwrap();
    let millis: Vec<i64> = listed.into_iter().map(|row| row.created_at.millis() - whole).collect();
    assert_eq!(millis, [1000, 999, 500, 1, 0, -1]);
}

async fn texts(db: &Db, code: &str) -> Vec<String> {
    let restored = db.remembered_room(room(code)).await.unwrap().unwrap().under(Epoch::from_bits(9));
    restored.texts.iter().map(|text| text.as_str().to_owned()).collect()
}

async fn texts_that_nobody_uses_any_more_are_deleted(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::with("R00M0001", 0, |created| created.settings.picks_per_member = 50);
    for turn in 0..5 {
        let fresh = (0..50).map(|n| typed(&format!("film {n} of turn {turn}"))).collect();
        story.does(1, Command::Swiping(SwipingCommand::Select(fresh)));
        db.project(&story.room, at(turn)).await.unwrap();
    }
    let left = texts(&db, "R00M0001").await;
    assert_eq!(left.len(), 50);
    assert!(left.iter().all(|text| text.ends_with("of turn 4")), "{left:?}");
    // What an earlier program left behind goes with the next change.
    super::tamper(&db, "INSERT INTO room_texts (room, title, text) VALUES ('R00M0001', 'xleft', 'Left')")
        .await;
    story.does(1, Command::Swiping(SwipingCommand::Select(vec![typed("Solaris")])));
    db.project(&story.room, at(9)).await.unwrap();
    assert_eq!(texts(&db, "R00M0001").await, ["Solaris"]);
}

async fn what_has_not_changed_is_not_written_again(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 3, &["a", "b"]);
    story.does(2, Command::People(PeopleCommand::Leave));
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    super::tamper(&db, "UPDATE room_members SET name = 'as it was' WHERE member = 1").await;
    super::tamper(&db, "UPDATE room_matches SET at = '2020-01-01T00:00:00Z'").await;
    story.joins(2);
    story.match_on("b");
    db.project(&story.room, at(2)).await.unwrap();
    let restored = db.remembered_room(room("R00M0001")).await.unwrap().unwrap().under(Epoch::from_bits(9));
    let names: Vec<&str> = restored.members.iter().map(|member| member.profile.name.as_str()).collect();
    assert_eq!(names, ["as it was", "Name 2", "Name 3"]);
    let ages: Vec<bool> = restored.matches.iter().map(|found| found.at < at(0)).collect();
    assert_eq!(ages, [true, false], "a match is written once");
}
