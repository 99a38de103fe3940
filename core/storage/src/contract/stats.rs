//! What people did, counted once, and what they earn by it.

use std::time::Duration;

use sovpalo_domain::{
    achievements::{Achievement, Stats},
    facts::facts_after,
    ids::{Epoch, Timestamp},
    room::{Command, Room, SwipingCommand},
    talk::{MessageKey, MessageText, TalkCommand},
};

use super::{
    Bench, at, contract,
    story::{Story, reachable, room},
    user,
};
use crate::{
    ACHIEVEMENT_SENT_AFTER, Db, Kind, LEAST_FILM, PendingAchievement, Watched, chores::GIVEN_UP_KEPT,
    testing::lease,
};

contract!(
    what_a_room_tells_counts_once_however_often_it_is_projected,
    a_log_that_takes_anothers_place_counts_nothing_again,
    an_achievement_is_given_once_with_its_time,
    who_wants_messages_is_to_be_told_of_an_achievement_an_hour_later_and_once,
    what_somebody_earned_is_told_no_more_when_they_say_so_or_are_erased,
    each_message_counts_once_and_the_hundredth_is_an_achievement,
    a_minute_that_is_said_again_counts_once_and_the_most_of_it,
    two_nodes_that_saw_the_same_minute_count_it_once,
    a_film_is_finished_when_most_of_it_was_watched_together_and_once_for_its_room,
    a_clip_and_a_film_watched_alone_are_no_films_finished,
    what_was_earned_before_there_was_a_rule_is_given_when_it_is_asked_for,
    who_is_erased_has_no_numbers_and_a_later_projection_brings_none_back,
);

const MINUTE: i64 = 29_000_000;

async fn project(db: &Db, story: &Story, seconds: i64) {
    let facts = |after| facts_after(after, &story.log);
    db.project_noting(&story.room, &[], &facts, at(seconds)).await.unwrap();
}

async fn stats(db: &Db, who: i64) -> Stats {
    db.personal_stats(user(who), at(99)).await.unwrap().stats
}

async fn earned(db: &Db, who: i64) -> Vec<(Achievement, Timestamp)> {
    let known = db.personal_stats(user(who), at(99)).await.unwrap();
    known.achievements.iter().map(|given| (given.achievement, given.at)).collect()
}

/// Two people match on the first of two titles, and the round ends.
fn evening(code: &str) -> Story {
    let mut story = Story::swiping(code, 2, &["a", "b"]);
    story.match_on("a");
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    story
}

async fn what_a_room_tells_counts_once_however_often_it_is_projected(bench: Bench) {
    let db = bench.db().await;
    let story = evening("R00M0001");
    project(&db, &Story::swiping("R00M0001", 2, &["a", "b"]), 1).await;
    for seconds in 2..5 {
        project(&db, &story, seconds).await;
    }
    let host = Stats { rooms_created: 1, swipes: 1, matches: 1, largest_match: 2, ..Stats::default() };
    assert_eq!(stats(&db, 1).await, host);
    assert_eq!(stats(&db, 2).await, Stats { rooms_created: 0, rooms_joined: 1, ..host });
    project(&db, &evening("R00M0002"), 6).await;
    assert_eq!(stats(&db, 2).await.rooms_joined, 2, "another room counts");
}

/// The same log in the place of another one.
fn in_its_place(mut story: Story) -> Story {
    story.log[0].event = story.log[0].event.clone().under(Epoch::from_bits(8));
    story.room = Room::replay(&story.log).unwrap();
    story
}

async fn a_log_that_takes_anothers_place_counts_nothing_again(bench: Bench) {
    let db = bench.db().await;
    let story = evening("R00M0001");
    project(&db, &story, 1).await;
    let before = (stats(&db, 1).await, stats(&db, 2).await);
    project(&db, &in_its_place(story), 2).await;
    assert_eq!((stats(&db, 1).await, stats(&db, 2).await), before);
}

async fn an_achievement_is_given_once_with_its_time(bench: Bench) {
    let db = bench.db().await;
    project(&db, &evening("R00M0001"), 1).await;
    assert_eq!(earned(&db, 1).await, [(Achievement::FirstMatch, at(1))]);
    project(&db, &evening("R00M0002"), 2).await;
    assert_eq!(earned(&db, 1).await, [(Achievement::FirstMatch, at(1))], "it is given once");
}

/// What somebody is still to be told of.
async fn untold(db: &Db, who: i64) -> Vec<Option<Achievement>> {
    let pending = db.pending_achievements(user(who)).await.unwrap();
    pending.iter().map(|pending| pending.achievement).collect()
}

async fn who_wants_messages_is_to_be_told_of_an_achievement_an_hour_later_and_once(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    project(&db, &evening("R00M0001"), 1).await;
    assert_eq!(untold(&db, 1).await, [Some(Achievement::FirstMatch)]);
    assert_eq!(untold(&db, 2).await, [], "the bot may not write to them");

    let jobs = db.jobs(Kind::Achievement);
    let then = at(1).plus(ACHIEVEMENT_SENT_AFTER);
    assert_eq!(jobs.take(10, lease(at(1_000))).await.unwrap(), [], "the evening is not over");
    let due = jobs.take(10, lease(then)).await.unwrap();
    let owners: Vec<_> = due.iter().map(|job| PendingAchievement::owner(job).unwrap()).collect();
    assert_eq!(owners, [user(1)]);
    jobs.done_one(due[0].id).await.unwrap();
    jobs.forget_done(GIVEN_UP_KEPT, then.plus(2 * GIVEN_UP_KEPT)).await.unwrap();
    project(&db, &evening("R00M0002"), 2).await;
    assert_eq!(untold(&db, 1).await, [], "it was told");
}

async fn what_somebody_earned_is_told_no_more_when_they_say_so_or_are_erased(bench: Bench) {
    let db = bench.db().await;
    for id in 1..=2 {
        reachable(&db, id).await;
    }
    project(&db, &evening("R00M0001"), 1).await;
    assert_eq!((untold(&db, 1).await.len(), untold(&db, 2).await.len()), (1, 1));
    db.change_user(user(1), None, Some(false), at(2)).await.unwrap();
    db.erase_user(user(2), &[], at(2)).await.unwrap();
    assert_eq!((untold(&db, 1).await, untold(&db, 2).await), (Vec::new(), Vec::new()));
}

async fn each_message_counts_once_and_the_hundredth_is_an_achievement(bench: Bench) {
    let db = bench.db().await;
    let say = async |key: &str, seconds| {
        let text = MessageText::new("Hello").unwrap();
        let say = TalkCommand::Say { key: MessageKey::new(key).unwrap(), text, reply_to: None };
        db.talk(room("R00M0001"), user(1), &say, at(seconds)).await.unwrap();
    };
    for n in 1..=99 {
        say(&format!("k{n}"), 1).await;
    }
    say("k99", 2).await;
    assert_eq!((stats(&db, 1).await.messages, earned(&db, 1).await), (99, Vec::new()));
    say("k100", 3).await;
    assert_eq!(earned(&db, 1).await, [(Achievement::Storyteller, at(3))]);
}

fn watched(who: i64, seconds: u64) -> Watched {
    Watched {
        member: user(who),
        room: room("R00M0001"),
        film: "film".to_owned(),
        seconds,
        together: seconds,
        lasts: None,
    }
}

async fn a_minute_that_is_said_again_counts_once_and_the_most_of_it(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    for seconds in [20, 20, 45, 30] {
        db.count_watched(MINUTE, &[watched(1, seconds)], at(1)).await.unwrap();
    }
    assert_eq!(stats(&db, 1).await.seconds_watched, 45);
    db.count_watched(MINUTE + 1, &[watched(1, 60)], at(2)).await.unwrap();
    db.count_watched(MINUTE, &[watched(1, 60)], at(3)).await.unwrap();
    assert_eq!(stats(&db, 1).await.seconds_watched, 105, "a minute before the last one is over");
}

async fn two_nodes_that_saw_the_same_minute_count_it_once(bench: Bench) {
    let db = bench.db().await;
    for who in 1..=20 {
        reachable(&db, who).await;
    }
    let everybody: Vec<Watched> = (1..=20).map(|who| watched(who, 60)).collect();
    let reversed: Vec<Watched> = everybody.iter().rev().cloned().collect();
    let (one, other) =
        tokio::join!(db.count_watched(MINUTE, &everybody, at(1)), db.count_watched(MINUTE, &reversed, at(1)));
    one.unwrap();
    other.unwrap();
    for who in 1..=20 {
        assert_eq!(stats(&db, who).await.seconds_watched, 60);
    }
}

/// Minutes of a film, one after the other, each with so much of it together with somebody.
async fn minutes(db: &Db, numbers: std::ops::Range<i64>, together: u64, lasts: Duration) {
    for minute in numbers {
        let watched = Watched { together, lasts: Some(lasts), ..watched(1, 60) };
        db.count_watched(MINUTE + minute, &[watched], at(minute)).await.unwrap();
    }
}

async fn a_film_is_finished_when_most_of_it_was_watched_together_and_once_for_its_room(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    let ten_minutes = Duration::from_secs(600);
    minutes(&db, 0..7, 60, ten_minutes).await;
    assert_eq!(stats(&db, 1).await.films_finished, 0, "seven minutes of ten");
    minutes(&db, 7..8, 60, ten_minutes).await;
    assert_eq!(stats(&db, 1).await.films_finished, 1, "eight of ten");
    assert_eq!(earned(&db, 1).await, [(Achievement::EndCredits, at(7))]);
    minutes(&db, 8..20, 60, ten_minutes).await;
    assert_eq!(stats(&db, 1).await.films_finished, 1, "seen twice");
    assert_eq!(stats(&db, 1).await.seconds_watched, 20 * 60);
}

async fn a_clip_and_a_film_watched_alone_are_no_films_finished(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    minutes(&db, 0..5, 60, LEAST_FILM.saturating_sub(Duration::from_secs(1))).await;
    minutes(&db, 5..20, 0, Duration::from_secs(600)).await;
    let stats = stats(&db, 1).await;
    assert_eq!((stats.films_finished, stats.seconds_watched), (0, 20 * 60));
}

async fn what_was_earned_before_there_was_a_rule_is_given_when_it_is_asked_for(bench: Bench) {
    let db = bench.db().await;
    reachable(&db, 1).await;
    project(&db, &evening("R00M0001"), 1).await;
    super::tamper(&db, "DELETE FROM user_achievements").await;
    assert_eq!(earned(&db, 1).await, [(Achievement::FirstMatch, at(99))]);
}

async fn who_is_erased_has_no_numbers_and_a_later_projection_brings_none_back(bench: Bench) {
    let db = bench.db().await;
    for who in [1, 2] {
        reachable(&db, who).await;
    }
    let story = evening("R00M0001");
    let mut early = Story::of("R00M0001", 0);
    early.joins(2);
    project(&db, &early, 1).await;
    db.count_watched(MINUTE, &[watched(2, 60)], at(1)).await.unwrap();
    db.erase_user(user(2), &[], at(2)).await.unwrap();
    assert_eq!(stats(&db, 2).await, Stats::default());

    project(&db, &story, 3).await;
    db.count_watched(MINUTE + 1, &[watched(2, 60)], at(3)).await.unwrap();
    assert_eq!((stats(&db, 2).await, earned(&db, 2).await), (Stats::default(), Vec::new()));
    assert_eq!(stats(&db, 1).await.matches, 1, "the others keep theirs");

    reachable(&db, 2).await;
    project(&db, &in_its_place(story), 4).await;
    assert_eq!(stats(&db, 2).await, Stats::default(), "who comes back begins anew");
}
