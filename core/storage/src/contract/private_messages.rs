//! What may be written to people in private.

use std::time::Duration;

use sovpalo_domain::room::{Command, PeopleCommand, Rule, SwipingCommand, Verdict};

use super::{
    Bench, at, contract, lease,
    story::{Story, reachable, room, title},
    user,
};
use crate::{
    BETWEEN_PRIVATE_MESSAGES, Db, Kind, NoticeKind, PRIVATE_MESSAGES, PRIVATE_MESSAGES_WITHIN, PrivateTopic,
    PrivateTurn, Target,
};

contract!(
    who_only_followed_a_link_is_told_nothing,
    a_match_that_one_person_made_is_told_to_nobody,
    who_only_picked_is_told_of_the_first_match_of_a_round,
    a_match_is_told_to_who_swiped_also_if_the_next_round_has_begun,
    what_waits_for_somebody_is_told_no_more_when_they_leave,
    what_waits_for_somebody_is_told_no_more_when_they_say_so,
    one_message_for_a_room_in_a_minute_and_so_many_in_a_day,
    one_message_about_achievements_in_a_day_and_the_last_one_is_left_to_a_match,
    two_processes_count_together,
    a_message_that_was_not_sent_is_not_counted,
    all_that_waits_of_a_room_is_told_at_once,
    a_room_is_muted_and_unmuted_by_who_was_in_it,
    nothing_is_left_of_who_is_erased,
);

/// Whom something waits for.
async fn waiting(db: &Db, members: impl IntoIterator<Item = i64>) -> Vec<(i64, Vec<String>)> {
    let mut waiting = Vec::new();
    for id in members {
        let pending = db.pending_matches(room("R00M0001"), user(id)).await.unwrap();
        let titles: Vec<String> = pending.iter().map(|pending| pending.title.as_str().to_owned()).collect();
        if !titles.is_empty() {
            waiting.push((id, titles));
        }
    }
    waiting
}

fn pending_of(id: i64, titles: &[&str]) -> (i64, Vec<String>) {
    (id, titles.iter().map(|title| (*title).to_owned()).collect())
}

async fn everybody_reachable(db: &Db) {
    for id in 1..=4 {
        reachable(db, id).await;
    }
}

async fn who_only_followed_a_link_is_told_nothing(bench: Bench) {
    let db = bench.db().await;
    everybody_reachable(&db).await;
    let mut story = Story::with("R00M0001", 0, |created| created.settings.rule = Rule::AtLeast(2));
    (2..=4).for_each(|who| story.joins(who));
    story.picks(1, &["a", "b", "c"]);
    story.does(1, Command::Swiping(SwipingCommand::Start));
    story.does(4, Command::Swiping(SwipingCommand::Swipe { title: title("c"), verdict: Verdict::Skip }));
    for id in ["a", "b"] {
        story.like(1, id);
        story.like(2, id);
    }
    db.project(&story.room, at(1)).await.unwrap();
    let expected = [pending_of(1, &["a", "b"]), pending_of(2, &["a", "b"]), pending_of(4, &["a", "b"])];
    assert_eq!(waiting(&db, 1..=4).await, expected, "3 only came in, 4 swiped something else");
}

async fn a_match_that_one_person_made_is_told_to_nobody(bench: Bench) {
    let db = bench.db().await;
    everybody_reachable(&db).await;
    let mut story = Story::with("R00M0001", 0, |created| created.settings.rule = Rule::AtLeast(1));
    story.joins(2);
    story.picks(1, &["a", "b"]);
    story.does(1, Command::Swiping(SwipingCommand::Start));
    story.does(2, Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Skip }));
    story.like(1, "a");
    story.like(1, "b");
    assert_eq!(story.room.matches().len(), 2);
    db.project(&story.room, at(1)).await.unwrap();
    let due = db.due_notices(100, lease(at(1))).await.unwrap();
    let kinds: Vec<&NoticeKind> = due.iter().map(|notice| &notice.what).collect();
    assert_eq!(kinds, [&NoticeKind::CardStale], "the card shows it, and that is all");
}

async fn who_only_picked_is_told_of_the_first_match_of_a_round(bench: Bench) {
    let db = bench.db().await;
    everybody_reachable(&db).await;
    let mut story = Story::with("R00M0001", 0, |created| created.settings.rule = Rule::AtLeast(2));
    (2..=3).for_each(|who| story.joins(who));
    story.picks(1, &["a", "b"]);
    story.picks(3, &["c"]);
    story.does(1, Command::Swiping(SwipingCommand::Start));
    for id in ["a", "b"] {
        story.like(1, id);
        story.like(2, id);
        db.project(&story.room, at(1)).await.unwrap();
    }
    assert_eq!(waiting(&db, 3..=3).await, [pending_of(3, &["a"])]);
}

async fn a_match_is_told_to_who_swiped_also_if_the_next_round_has_begun(bench: Bench) {
    let db = bench.db().await;
    everybody_reachable(&db).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    story.does(
        1,
        Command::Swiping(SwipingCommand::Restart {
            round: sovpalo_domain::ids::Round::new(2),
            final_round: false,
        }),
    );
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(waiting(&db, 1..=2).await, [pending_of(1, &["a"]), pending_of(2, &["a"])]);
}

/// Three people, and one match that waits for each.
async fn matched(db: &Db) -> Story {
    everybody_reachable(db).await;
    let mut story = Story::swiping("R00M0001", 3, &["a", "b"]);
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(waiting(db, 1..=3).await.len(), 3);
    story
}

async fn what_waits_for_somebody_is_told_no_more_when_they_leave(bench: Bench) {
    let db = bench.db().await;
    let mut story = matched(&db).await;
    story.does(2, Command::People(PeopleCommand::Leave));
    story.does(1, Command::People(PeopleCommand::Remove { member: user(3) }));
    db.project(&story.room, at(2)).await.unwrap();
    assert_eq!(waiting(&db, 1..=3).await, [pending_of(1, &["a"])]);
}

async fn what_waits_for_somebody_is_told_no_more_when_they_say_so(bench: Bench) {
    let db = bench.db().await;
    matched(&db).await;
    assert!(db.mute_room(room("R00M0001"), user(1), true, at(2)).await.unwrap());
    db.change_user(user(2), None, Some(false), at(2)).await.unwrap();
    db.allow_writes(user(3), false, at(2)).await.unwrap();
    assert_eq!(waiting(&db, 1..=3).await, []);
    for id in 1..=3 {
        let turn = db.private_turn(room("R00M0001"), user(id), at(3)).await.unwrap();
        assert_eq!(turn, PrivateTurn::Unwanted, "{id}");
    }
    let due = db.due_notices(100, lease(at(3))).await.unwrap();
    assert!(due.iter().all(|notice| !matches!(notice.to, Target::Member(_))), "{due:?}");
}

async fn one_message_for_a_room_in_a_minute_and_so_many_in_a_day(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    let (one, other) = (room("R00M0001"), room("R00M0002"));
    let turn = async |about, now| db.private_turn(about, user(1), now).await.unwrap();
    let mut now = at(0);
    assert!(matches!(turn(one, now).await, PrivateTurn::Now { is_last: false, .. }));
    assert_eq!(turn(one, at(1)).await, PrivateTurn::Later(now.plus(BETWEEN_PRIVATE_MESSAGES)));
    assert!(matches!(turn(other, at(1)).await, PrivateTurn::Now { .. }), "another room has its own minute");
    for number in 3..=PRIVATE_MESSAGES {
        now = now.plus(BETWEEN_PRIVATE_MESSAGES);
        let PrivateTurn::Now { is_last, .. } = turn(one, now).await else { panic!("number {number}") };
        assert_eq!(is_last, number == PRIVATE_MESSAGES, "number {number}");
    }
    now = now.plus(BETWEEN_PRIVATE_MESSAGES);
    assert_eq!(turn(one, now).await, PrivateTurn::Spent);
    assert_eq!(turn(other, now).await, PrivateTurn::Spent, "over all rooms");
    reachable(&db, 2).await;
    assert!(
        matches!(db.private_turn(one, user(2), now).await.unwrap(), PrivateTurn::Now { .. }),
        "another person"
    );
    let tomorrow = at(0).plus(PRIVATE_MESSAGES_WITHIN);
    assert!(
        matches!(turn(one, tomorrow).await, PrivateTurn::Now { is_last: true, .. }),
        "the first one is a day old"
    );
}

async fn one_message_about_achievements_in_a_day_and_the_last_one_is_left_to_a_match(bench: Bench) {
    let db = bench.db().await;
    for id in [1, 2] {
        reachable(&db, id).await;
    }
    let praise = async |id, now| db.private_turn(PrivateTopic::Achievements, user(id), now).await.unwrap();
    assert!(matches!(praise(1, at(0)).await, PrivateTurn::Now { is_last: false, .. }));
    let tomorrow = at(0).plus(PRIVATE_MESSAGES_WITHIN);
    assert_eq!(praise(1, at(3600)).await, PrivateTurn::Later(tomorrow));
    assert!(matches!(praise(1, tomorrow).await, PrivateTurn::Now { .. }));
    for n in 1..PRIVATE_MESSAGES {
        let about = room(&format!("R00M00{n:02}"));
        let turn = db.private_turn(about, user(2), at(1)).await.unwrap();
        assert!(matches!(turn, PrivateTurn::Now { is_last: false, .. }), "number {n}");
    }
    assert_eq!(praise(2, at(1)).await, PrivateTurn::Spent);
    let last = db.private_turn(room("R00M0012"), user(2), at(1)).await.unwrap();
    assert!(matches!(last, PrivateTurn::Now { is_last: true, .. }), "{last:?}");
}

async fn two_processes_count_together(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    let asked = (0..40).map(|n| {
        let (db, about) = (db.clone(), room(&format!("R00M00{n:02}")));
        async move { db.private_turn(about, user(1), at(1)).await.unwrap() }
    });
    let turns = futures::future::join_all(asked).await;
    let given = turns.iter().filter(|turn| matches!(turn, PrivateTurn::Now { .. })).count();
    assert_eq!(given, usize::try_from(PRIVATE_MESSAGES).unwrap());
}

async fn a_message_that_was_not_sent_is_not_counted(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    for second in 0..30 {
        let turn = db.private_turn(room("R00M0001"), user(1), at(second)).await.unwrap();
        let PrivateTurn::Now { turn, .. } = turn else { panic!("{turn:?} in second {second}") };
        db.give_back_turn(turn).await.unwrap();
    }
}

async fn all_that_waits_of_a_room_is_told_at_once(bench: Bench) {
    let db = bench.db().await;
    let mut story = matched(&db).await;
    story.match_on("b");
    db.project(&story.room, at(2)).await.unwrap();
    let pending = db.pending_matches(room("R00M0001"), user(1)).await.unwrap();
    let ids: Vec<i64> = pending.iter().map(|pending| pending.notice).collect();
    assert_eq!(ids.len(), 2);
    db.jobs(Kind::Notice).done(&ids).await.unwrap();
    assert_eq!(waiting(&db, 1..=3).await, [pending_of(2, &["a", "b"]), pending_of(3, &["a", "b"])]);
    let due = db.due_notices(100, lease(at(3))).await.unwrap();
    assert!(due.iter().all(|notice| notice.to != Target::Member(user(1))), "{due:?}");
}

async fn a_room_is_muted_and_unmuted_by_who_was_in_it(bench: Bench) {
    let db = bench.db().await;
    let mut story = matched(&db).await;
    let code = room("R00M0001");
    for _ in 0..2 {
        assert!(db.mute_room(code, user(1), true, at(2)).await.unwrap());
        assert!(db.has_muted(code, user(1)).await.unwrap());
    }
    assert!(!db.has_muted(code, user(2)).await.unwrap());
    story.match_on("b");
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(waiting(&db, 1..=2).await, [pending_of(2, &["a", "b"])]);
    assert!(!db.mute_room(code, user(77), true, at(4)).await.unwrap(), "a stranger");
    assert!(!db.mute_room(room("R00M0009"), user(1), true, at(4)).await.unwrap(), "no such room");
    assert!(!db.has_muted(code, user(77)).await.unwrap());
    for _ in 0..2 {
        assert!(db.mute_room(code, user(1), false, at(5)).await.unwrap());
        assert!(!db.has_muted(code, user(1)).await.unwrap());
    }
    story.does(2, Command::People(PeopleCommand::Leave));
    db.project(&story.room, at(6)).await.unwrap();
    assert!(db.mute_room(code, user(2), true, at(7)).await.unwrap(), "who was there once");
}

async fn nothing_is_left_of_who_is_erased(bench: Bench) {
    let db = bench.db().await;
    matched(&db).await;
    let code = room("R00M0001");
    db.private_turn(code, user(1), at(2)).await.unwrap();
    db.mute_room(code, user(1), true, at(2)).await.unwrap();
    db.erase_user(user(1), &[], at(3)).await.unwrap();
    assert!(!db.has_muted(code, user(1)).await.unwrap());
    assert_eq!(db.private_turn(code, user(1), at(3)).await.unwrap(), PrivateTurn::Unwanted);
    reachable(&db, 1).await;
    let again = db.private_turn(code, user(1), at(2).plus(Duration::from_millis(1))).await.unwrap();
    assert!(matches!(again, PrivateTurn::Now { .. }), "{again:?}");
}
