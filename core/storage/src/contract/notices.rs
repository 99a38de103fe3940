//! The outbox.

use std::collections::BTreeSet;

use futures::future::join_all;
use sovpalo_domain::{
    ids::Round,
    room::{Command, PeopleCommand, SwipingCommand, Verdict},
};

use super::{
    Bench, at, contract,
    story::{Story, card_in, person, reachable, room, title},
    tamper, tell_all, user,
};
use crate::{Db, Kind, Lease, Notice, NoticeKind, Place, Target, Worker};

contract!(
    every_change_makes_the_card_stale_once,
    a_change_while_the_card_is_being_edited_keeps_it_due,
    a_match_is_told_to_groups_and_to_who_allowed_it,
    a_match_that_was_told_is_told_to_nobody_again,
    who_left_is_not_told,
    a_round_that_ended_is_told_once,
    a_taken_notice_is_nobody_elses_until_its_lease_ends,
    a_renewed_lease_goes_on_and_a_lost_one_is_not_renewed,
    what_a_worker_leaves_is_due_at_once,
    matches_are_told_to_each_in_their_order,
    a_match_is_one_notice_for_each_group_that_has_a_card,
    cards_can_be_called_stale_by_anybody,
    workers_at_once_never_take_the_same,
    a_notice_that_failed_comes_again_when_it_was_told_to,
    a_notice_that_waits_for_its_chat_has_not_failed,
    what_one_message_told_is_done_together,
    a_notice_from_a_newer_program_holds_up_nobody,
    a_nudge_is_one_notice_in_each_round_for_who_wants_it,
);

fn lease(by: Worker, seconds: i64) -> Lease {
    Lease { by, ..super::lease(at(seconds)) }
}

/// What is due, and taken by this.
async fn due(db: &Db, seconds: i64) -> Vec<Notice> {
    db.due_notices(100, lease(Worker::new(), seconds)).await.unwrap()
}

fn matched(number: u32, id: &str) -> NoticeKind {
    NoticeKind::Match { number, round: Round::FIRST, title: title(id) }
}

async fn every_change_makes_the_card_stale_once(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    db.project(&story.room, at(1)).await.unwrap();
    story.joins(2);
    db.project(&story.room, at(2)).await.unwrap();
    let taken = due(&db, 3).await;
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(
        (taken[0].room, &taken[0].what, taken[0].to),
        (room("R00M0001"), &NoticeKind::CardStale, Target::Cards)
    );
    assert_eq!(taken[0].attempts, 0);
    db.jobs(Kind::Notice).done(&[taken[0].id]).await.unwrap();
    assert_eq!(due(&db, 1000).await, []);
    story.joins(3);
    db.project(&story.room, at(1001)).await.unwrap();
    let again = due(&db, 1001).await;
    assert_eq!(
        again.iter().map(|notice| (notice.id, notice.attempts)).collect::<Vec<_>>(),
        [(taken[0].id, 0)]
    );
}

async fn a_change_while_the_card_is_being_edited_keeps_it_due(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::of("R00M0001", 0);
    db.project(&story.room, at(1)).await.unwrap();
    let taken = due(&db, 2).await;
    story.joins(2);
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(due(&db, 3).await, [], "somebody is at it");
    db.jobs(Kind::Notice).done(&[taken[0].id]).await.unwrap();
    let again = due(&db, 4).await;
    assert_eq!(again.iter().map(|notice| notice.id).collect::<Vec<_>>(), [taken[0].id]);
    db.jobs(Kind::Notice).done(&[again[0].id]).await.unwrap();
    assert_eq!(due(&db, 1000).await, []);
}

async fn a_match_is_told_to_groups_and_to_who_allowed_it(bench: Bench) {
    let db = bench.db().await;
    card_in(&db, -5).await;
    for id in [1, 2, 3] {
        reachable(&db, id).await;
    }
    db.change_user(user(3), None, Some(false), at(0)).await.unwrap();
    db.see_user(&person(4), None, at(0)).await.unwrap();
    let mut story = Story::swiping("R00M0001", 5, &["a", "b"]);
    story.match_on("b");
    db.project(&story.room, at(1)).await.unwrap();
    let mut targets: Vec<Target> =
        due(&db, 1).await.into_iter().filter(|n| n.what == matched(1, "b")).map(|n| n.to).collect();
    targets.sort_by_key(|target| format!("{target:?}"));
    assert_eq!(targets, [Target::Chat(-5), Target::Member(user(1)), Target::Member(user(2))]);
}

async fn a_match_that_was_told_is_told_to_nobody_again(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    for notice in due(&db, 1).await {
        db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
    }
    // Who can be written to since then hears of the next match, not of this one.
    reachable(&db, 2).await;
    story.joins(3);
    db.project(&story.room, at(2)).await.unwrap();
    let kinds: Vec<NoticeKind> = due(&db, 2).await.into_iter().map(|notice| notice.what).collect();
    assert_eq!(kinds, [NoticeKind::CardStale]);
}

async fn who_left_is_not_told(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 3).await;
    card_in(&db, -5).await;
    let mut story = Story::swiping("R00M0001", 3, &["a", "b"]);
    story.like(1, "a");
    story.like(2, "a");
    story.does(3, Command::People(PeopleCommand::Leave));
    db.project(&story.room, at(1)).await.unwrap();
    let due = due(&db, 1).await;
    assert!(due.iter().any(|notice| notice.what == matched(1, "a")), "leaving completes the match: {due:?}");
    assert!(due.iter().all(|notice| !matches!(notice.to, Target::Member(_))), "{due:?}");
}

async fn a_round_that_ended_is_told_once(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 2, &["a"]);
    story.does(1, Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Skip }));
    story.does(2, Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Skip }));
    db.project(&story.room, at(1)).await.unwrap();
    story.joins(3);
    db.project(&story.room, at(2)).await.unwrap();
    story.does(1, Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }));
    db.project(&story.room, at(3)).await.unwrap();
    story.does(1, Command::Swiping(SwipingCommand::Start));
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    db.project(&story.room, at(4)).await.unwrap();
    let ended: Vec<NoticeKind> = tell_all(&db, at(4))
        .await
        .into_iter()
        .map(|n| n.what)
        .filter(|what| *what != NoticeKind::CardStale)
        .collect();
    let of = |round| NoticeKind::Finished { round: Round::new(round) };
    assert_eq!(ended, [of(1), of(2)]);
}

async fn a_taken_notice_is_nobody_elses_until_its_lease_ends(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    assert_eq!(due(&db, 0).await, [], "not before it was written");
    let taken = due(&db, 1).await;
    assert_eq!(taken.len(), 1);
    assert_eq!(due(&db, 30).await, []);
    let again = due(&db, 31).await;
    assert_eq!(
        again.iter().map(|notice| (notice.id, notice.attempts)).collect::<Vec<_>>(),
        [(taken[0].id, 1)]
    );
}

async fn a_renewed_lease_goes_on_and_a_lost_one_is_not_renewed(bench: Bench) {
    let db = bench.db().await;
    let (slow, quick) = (Worker::new(), Worker::new());
    for code in ["R00M0001", "R00M0002"] {
        db.project(&Story::of(code, 0).room, at(1)).await.unwrap();
    }
    let taken = db.due_notices(9, lease(slow, 1)).await.unwrap();
    let ids: Vec<i64> = taken.iter().map(|notice| notice.id).collect();
    db.jobs(Kind::Notice).renew(&ids[..1], lease(slow, 20)).await.unwrap();
    let lost = db.due_notices(9, lease(quick, 31)).await.unwrap();
    assert_eq!(lost.iter().map(|notice| notice.id).collect::<Vec<_>>(), ids[1..]);
    db.jobs(Kind::Notice).renew(&ids, lease(slow, 40)).await.unwrap();
    let lost = db.due_notices(9, lease(slow, 61)).await.unwrap();
    assert_eq!(lost.iter().map(|notice| notice.id).collect::<Vec<_>>(), ids[1..]);
}

async fn what_a_worker_leaves_is_due_at_once(bench: Bench) {
    let db = bench.db().await;
    let leaving = Worker::new();
    for code in ["R00M0001", "R00M0002"] {
        db.project(&Story::of(code, 0).room, at(1)).await.unwrap();
    }
    let taken = db.due_notices(9, lease(leaving, 1)).await.unwrap();
    db.jobs(Kind::Notice).done(&[taken[0].id]).await.unwrap();
    db.jobs(Kind::Notice).release(leaving).await.unwrap();
    assert_eq!(due(&db, 2).await.iter().map(|notice| notice.id).collect::<Vec<_>>(), [taken[1].id]);
}

async fn matches_are_told_to_each_in_their_order(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    card_in(&db, -5).await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b", "c"]);
    story.match_on("a");
    story.match_on("b");
    db.project(&story.room, at(1)).await.unwrap();
    let matches = |due: Vec<Notice>| {
        let mut matches: Vec<_> = due.into_iter().filter(|n| n.what != NoticeKind::CardStale).collect();
        matches.sort_by_key(|notice| matches!(notice.to, Target::Chat(_)));
        matches
    };
    let first = matches(due(&db, 1).await);
    let whats: Vec<&NoticeKind> = first.iter().map(|notice| &notice.what).collect();
    assert_eq!(whats, [&matched(1, "a"), &matched(1, "a")], "to the member and to the group");
    db.jobs(Kind::Notice).done(&[first[0].id]).await.unwrap();
    db.jobs(Kind::Notice).again(first[1].id, at(9)).await.unwrap();
    let second = matches(due(&db, 2).await);
    let notices: Vec<_> = second.iter().map(|notice| (&notice.what, notice.to)).collect();
    assert_eq!(notices, [(&matched(2, "b"), Target::Member(user(1)))], "the group waits for its first one");
}

async fn a_match_is_one_notice_for_each_group_that_has_a_card(bench: Bench) {
    let db = bench.db().await;
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    for chat in [-5, -6, 7] {
        card_in(&db, chat).await;
    }
    db.want_card(room("R00M0001"), &Place::Inline { message: "AbC".to_owned() }).await.unwrap();
    story.match_on("a");
    db.project(&story.room, at(1)).await.unwrap();
    // This card shows the match when it is drawn.
    card_in(&db, -8).await;
    let each = due(&db, 1).await;
    let targets: Vec<_> = each.iter().map(|notice| (&notice.what, notice.to)).collect();
    let stale = NoticeKind::CardStale;
    let expected =
        [(&stale, Target::Cards), (&matched(1, "a"), Target::Chat(-5)), (&matched(1, "a"), Target::Chat(-6))];
    assert_eq!(targets, expected);
    for notice in &each {
        db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
    }
    story.joins(3);
    db.project(&story.room, at(4)).await.unwrap();
    let kinds: Vec<NoticeKind> = due(&db, 1_000).await.into_iter().map(|notice| notice.what).collect();
    assert_eq!(kinds, [NoticeKind::CardStale], "what was told is told to no other card");
}

async fn cards_can_be_called_stale_by_anybody(bench: Bench) {
    let db = bench.db().await;
    db.cards_are_stale(room("R00M0001"), at(0)).await.unwrap();
    assert_eq!(due(&db, 1).await, [], "nobody knows the room yet");
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    assert_eq!(tell_all(&db, at(1)).await.len(), 1);
    db.cards_are_stale(room("R00M0001"), at(2)).await.unwrap();
    assert_eq!(tell_all(&db, at(2)).await.len(), 1);
}

async fn workers_at_once_never_take_the_same(bench: Bench) {
    let db = bench.db().await;
    for n in 0..30 {
        db.project(&Story::of(&format!("R00M00{n:02}"), 0).room, at(1)).await.unwrap();
    }
    let taken = join_all((0..6).map(|_| db.due_notices(5, lease(Worker::new(), 2)))).await;
    let ids: Vec<i64> = taken.into_iter().flat_map(|taken| taken.unwrap()).map(|notice| notice.id).collect();
    let rest = due(&db, 2).await;
    let distinct: BTreeSet<i64> = ids.iter().copied().chain(rest.iter().map(|notice| notice.id)).collect();
    assert_eq!(distinct.len(), ids.len() + rest.len(), "one was taken twice");
    assert_eq!(distinct.len(), 30);
}

async fn a_notice_that_failed_comes_again_when_it_was_told_to(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    let taken = due(&db, 1).await;
    db.jobs(Kind::Notice).again(taken[0].id, at(5)).await.unwrap();
    assert_eq!(due(&db, 4).await, []);
    let again = due(&db, 5).await;
    assert_eq!(
        again.iter().map(|notice| (notice.id, notice.attempts)).collect::<Vec<_>>(),
        [(taken[0].id, 1)]
    );
    db.jobs(Kind::Notice).done(&[again[0].id]).await.unwrap();
    db.jobs(Kind::Notice).again(again[0].id, at(6)).await.unwrap();
    assert_eq!(due(&db, 1000).await, [], "done is done");
}

async fn a_notice_that_waits_for_its_chat_has_not_failed(bench: Bench) {
    let db = bench.db().await;
    db.project(&Story::of("R00M0001", 0).room, at(1)).await.unwrap();
    for round in 0..100 {
        let taken = due(&db, 2 + round).await;
        assert_eq!(taken.iter().map(|notice| notice.attempts).collect::<Vec<_>>(), [0], "in round {round}");
        db.jobs(Kind::Notice).waits_until(taken[0].id, at(3 + round)).await.unwrap();
        assert_eq!(due(&db, 2 + round).await, [], "not before it was told to");
    }
}

async fn what_one_message_told_is_done_together(bench: Bench) {
    let db = bench.db().await;
    for code in ["R00M0001", "R00M0002", "R00M0003"] {
        db.project(&Story::of(code, 0).room, at(1)).await.unwrap();
    }
    let ids: Vec<i64> = due(&db, 1).await.iter().map(|notice| notice.id).collect();
    db.jobs(Kind::Notice).done(&[]).await.unwrap();
    db.jobs(Kind::Notice).done(&ids[..2]).await.unwrap();
    let left = due(&db, 1000).await;
    assert_eq!(left.iter().map(|notice| notice.id).collect::<Vec<_>>(), ids[2..]);
}

async fn a_notice_from_a_newer_program_holds_up_nobody(bench: Bench) {
    let db = bench.db().await;
    for code in ["R00M0001", "R00M0002"] {
        db.project(&Story::of(code, 0).room, at(1)).await.unwrap();
    }
    tamper(
        &db,
        "UPDATE jobs SET payload = replace(payload, 'card_stale', 'telepathy') WHERE lane = 'cards/R00M0001'",
    )
    .await;
    let rooms: Vec<_> = due(&db, 1).await.into_iter().map(|notice| notice.room).collect();
    assert_eq!(rooms, [room("R00M0002")]);
}

async fn a_nudge_is_one_notice_in_each_round_for_who_wants_it(bench: Bench) {
    let db = bench.db().await;
    for id in [1, 2, 3] {
        reachable(&db, id).await;
    }
    db.see_user(&person(4), None, at(0)).await.unwrap();
    let mut story = Story::swiping("R00M0001", 4, &["a", "b"]);
    db.project(&story.room, at(1)).await.unwrap();
    db.mute_room(room("R00M0001"), user(3), true, at(1)).await.unwrap();
    for whom in [2, 3, 4] {
        story.does(1, Command::Swiping(SwipingCommand::Nudge { member: user(whom) }));
    }
    db.project(&story.room, at(2)).await.unwrap();
    let nudges = |due: Vec<Notice>| -> Vec<(NoticeKind, Target)> {
        let nudges = due.into_iter().filter(|notice| matches!(notice.what, NoticeKind::Nudge { .. }));
        nudges.map(|notice| (notice.what, notice.to)).collect()
    };
    let of = |round| (NoticeKind::Nudge { round: Round::new(round) }, Target::Member(user(2)));
    assert_eq!(nudges(tell_all(&db, at(2)).await), [of(1)], "three has muted the room, four allows nothing");
    // Whatever else happens in the round.
    story.like(1, "a");
    story.does(2, Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Skip }));
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    db.project(&story.room, at(3)).await.unwrap();
    assert_eq!(nudges(tell_all(&db, at(3)).await), []);
    story.does(1, Command::Swiping(SwipingCommand::Restart { round: Round::new(2), final_round: false }));
    story.does(1, Command::Swiping(SwipingCommand::Start));
    story.does(1, Command::Swiping(SwipingCommand::Nudge { member: user(2) }));
    db.project(&story.room, at(4)).await.unwrap();
    assert_eq!(nudges(tell_all(&db, at(4)).await), [of(2)]);
}
