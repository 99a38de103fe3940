//! The rounds of a room in which nothing matched.

use sovpalo_domain::{
    facts::facts_after,
    ids::Round,
    room::{Command, PeopleCommand, SwipingCommand, Verdict},
};

use super::{
    Bench, at, contract,
    story::{Story, reachable, room, title},
    user,
};
use crate::{Between, Db, UnmatchedRound};

contract!(
    a_round_without_a_match_is_kept_with_who_was_there_and_a_round_with_one_is_not_among_them,
    a_round_that_goes_on_is_none_of_them,
    they_lie_between_the_matches_of_a_page,
    who_has_left_is_not_named_and_who_erased_themselves_is_gone_with_the_rounds_of_nobody_else,
);

const CODE: &str = "R00M0001";

fn swipes(story: &mut Story, who: i64, id: &str, verdict: Verdict) {
    story.does(who, Command::Swiping(SwipingCommand::Swipe { title: title(id), verdict }));
}

/// The next round begins.
fn begins_again(story: &mut Story) {
    let round = Round::new(story.room.round().get() + 1);
    story.does(1, Command::Swiping(SwipingCommand::Restart { round, final_round: false }));
    story.does(1, Command::Swiping(SwipingCommand::Start));
}

async fn carried_over(db: &Db, story: &Story) {
    let facts = |after| facts_after(after, &story.log);
    db.project_noting(&story.room, &[], &facts, at(9)).await.unwrap();
}

/// Both swipe, and like nothing together; the first one swipes one card only.
fn in_vain(story: &mut Story) {
    swipes(story, 1, "a", Verdict::Like);
    swipes(story, 2, "a", Verdict::Skip);
    swipes(story, 2, "b", Verdict::Like);
    story.does(1, Command::Swiping(SwipingCommand::Finish));
}

/// Two people, and three rounds, in the second of which *a* matches.
async fn three_rounds(db: &Db) -> Story {
    for who in [1, 2] {
        reachable(db, who).await;
    }
    let mut story = Story::swiping(CODE, 2, &["a", "b"]);
    in_vain(&mut story);
    begins_again(&mut story);
    story.match_on("a");
    story.does(1, Command::Swiping(SwipingCommand::Finish));
    begins_again(&mut story);
    in_vain(&mut story);
    carried_over(db, &story).await;
    story
}

async fn unmatched(db: &Db, between: Between) -> Vec<UnmatchedRound> {
    db.unmatched_rounds(room(CODE), between).await.unwrap()
}

fn numbers(rounds: &[UnmatchedRound]) -> Vec<u32> {
    rounds.iter().map(|round| round.round.get()).collect()
}

async fn a_round_without_a_match_is_kept_with_who_was_there_and_a_round_with_one_is_not_among_them(
    bench: Bench,
) {
    let db = bench.db().await;
    let story = three_rounds(&db).await;
    let found = unmatched(&db, Between::default()).await;
    assert_eq!(numbers(&found), [3, 1], "the newest first");
    assert_eq!((found[0].cards, &found[0].members[..]), (2, &[user(1), user(2)][..]));
    assert_eq!(found[0].at, story.log.last().unwrap().at);
    carried_over(&db, &story).await;
    assert_eq!(unmatched(&db, Between::default()).await, found, "carried over twice it is there once");
}

async fn a_round_that_goes_on_is_none_of_them(bench: Bench) {
    let db = bench.db().await;
    let mut story = three_rounds(&db).await;
    begins_again(&mut story);
    swipes(&mut story, 1, "a", Verdict::Like);
    carried_over(&db, &story).await;
    assert_eq!(numbers(&unmatched(&db, Between::default()).await), [3, 1]);
}

async fn they_lie_between_the_matches_of_a_page(bench: Bench) {
    let db = bench.db().await;
    three_rounds(&db).await;
    let after = Some(Round::new(2));
    assert_eq!(numbers(&unmatched(&db, Between { after, before: None }).await), [3]);
    assert_eq!(numbers(&unmatched(&db, Between { after: None, before: Some(1) }).await), [1]);
    assert_eq!(numbers(&unmatched(&db, Between { after, before: Some(1) }).await), Vec::<u32>::new());
}

async fn who_has_left_is_not_named_and_who_erased_themselves_is_gone_with_the_rounds_of_nobody_else(
    bench: Bench,
) {
    let db = bench.db().await;
    let mut story = three_rounds(&db).await;
    story.does(2, Command::People(PeopleCommand::Leave));
    carried_over(&db, &story).await;
    let found = unmatched(&db, Between::default()).await;
    assert_eq!((found[0].cards, &found[0].members[..]), (2, &[user(1)][..]));
    db.erase_user(user(2), &[], at(10)).await.unwrap();
    let found = unmatched(&db, Between::default()).await;
    assert_eq!((found[0].cards, &found[0].members[..]), (1, &[user(1)][..]));
    db.erase_user(user(1), &[], at(11)).await.unwrap();
    assert_eq!(unmatched(&db, Between::default()).await, []);
}
