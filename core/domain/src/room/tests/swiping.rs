//! One's own hand: swipes, undo, and what is acknowledged when it comes again.

use super::evening::*;
use crate::ids::Round;
use crate::room::{
    Command, Event, PeopleEvent, Refusal, Rule, Settings, SwipingCommand, SwipingEvent, Verdict,
};

fn two_swiping() -> Evening {
    Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c"])
}

#[test]
fn the_second_like_by_the_same_member_changes_nothing() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    assert_eq!(evening.like(ANNA, "a"), []);
    assert_eq!(evening.view(ANNA).my_swipes, 1);
}

#[test]
fn a_changed_mind_is_an_undo_first() {
    let mut evening = two_swiping();
    evening.skip(ANNA, "a");
    let like = Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Like });
    assert_eq!(refused_field(evening.says(ANNA, like)), "title");
    evening.undo(ANNA, "a").expect("it was the last one");
    assert_eq!(evening.like(ANNA, "a").len(), 1);
}

#[test]
fn a_card_that_is_not_in_the_deck_cannot_be_swiped() {
    let mut evening = two_swiping();
    let stray = Command::Swiping(SwipingCommand::Swipe { title: title("zzz"), verdict: Verdict::Like });
    assert_eq!(refused_field(evening.says(ANNA, stray)), "title");
    assert_eq!(refused_field(evening.undo(ANNA, "zzz")), "title");
}

#[test]
fn there_is_nothing_to_swipe_in_the_lobby() {
    let mut evening = Evening::of(&[ANNA]);
    let early = Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: Verdict::Like });
    assert_eq!(evening.says(ANNA, early), Err(Refusal::WrongPhase));
    assert_eq!(evening.undo(ANNA, "a"), Err(Refusal::WrongPhase));
}

#[test]
fn a_swipe_after_the_end_is_too_late_but_one_sent_again_is_acknowledged() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert_eq!(evening.like(ANNA, "a"), []);
    let late = Command::Swiping(SwipingCommand::Swipe { title: title("b"), verdict: Verdict::Like });
    assert_eq!(evening.says(ANNA, late), Err(Refusal::WrongPhase));
}

#[test]
fn undo_takes_back_the_last_swipe_then_the_one_before() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.skip(ANNA, "c");
    assert_eq!(refused_field(evening.undo(ANNA, "a")), "title", "c was swiped after it");
    evening.undo(ANNA, "c").expect("c was the last one");
    evening.undo(ANNA, "a").expect("a was the last one left");
    assert_eq!(evening.view(ANNA).my_swipes, 0);
    assert_eq!(evening.room.verdict_of(user(ANNA), &title("a")), None);
}

#[test]
fn undo_of_what_was_never_swiped_or_already_taken_back_changes_nothing() {
    let mut evening = two_swiping();
    assert_eq!(evening.undo(ANNA, "b"), Ok(vec![]));
    evening.like(ANNA, "a");
    evening.undo(ANNA, "a").expect("it was the last one");
    assert_eq!(evening.undo(ANNA, "a"), Ok(vec![]));
}

#[test]
fn an_undo_sent_again_after_the_end_is_acknowledged() {
    let mut evening = two_swiping();
    evening.like(BORIS, "a");
    evening.undo(BORIS, "a").expect("it was the last one");
    evening.like(BORIS, "b");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert_eq!(evening.undo(BORIS, "a"), Ok(vec![]), "it is not swiped, as the command says");
    assert_eq!(evening.undo(BORIS, "b"), Err(Refusal::WrongPhase));
}

#[test]
fn a_like_that_is_part_of_a_match_stays() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(refused_field(evening.undo(BORIS, "a")), "title");
    assert_eq!(evening.matched(), ["a"]);
}

#[test]
fn a_skip_of_what_others_matched_can_be_taken_back() {
    let settings = Settings { rule: Rule::Majority, ..default_settings() };
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], settings, &["a", "b"]);
    evening.skip(VERA, "a");
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.undo(VERA, "a").expect("a skip is no part of a match");
    assert_eq!(matches_in(&evening.like(VERA, "a")), [""; 0], "it is not announced twice");
}

#[test]
fn a_like_taken_back_does_not_match() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.undo(ANNA, "a").expect("it was the last one");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), [""; 0]);
}

#[test]
fn nobody_takes_back_anothers_swipe() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    assert_eq!(evening.undo(BORIS, "a"), Ok(vec![]), "Boris has not swiped it, and that is so");
    assert_eq!(evening.room.verdict_of(user(ANNA), &title("a")), Some(Verdict::Like));
}

#[test]
fn undo_brings_a_member_back_who_was_away() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.goes_away(ANNA);
    let events = evening.undo(ANNA, "a").expect("it was the last one");
    assert!(
        matches!(
            events[..],
            [Event::Swiping(SwipingEvent::Undone { .. }), Event::People(PeopleEvent::Back { .. }), ..]
        ),
        "{events:?}"
    );
}

#[test]
fn a_round_that_one_person_alone_could_not_end_waits_for_their_undo_too() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.goes_away(BORIS);
    evening.skip(ANNA, "a");
    evening.undo(ANNA, "a").expect("the round is not over");
    evening.like(ANNA, "a");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), ["a"]);
}

#[test]
fn a_swipe_that_was_under_way_when_the_next_round_began_is_none_of_it() {
    let mut evening = two_swiping();
    evening.like(ANNA, "a");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let in_round =
        |round, command| Command::Swiping(SwipingCommand::InRound(Round::new(round), Box::new(command)));
    let like = || SwipingCommand::Swipe { title: title("b"), verdict: Verdict::Like };
    for other in [1, 3] {
        assert_eq!(evening.says(ANNA, in_round(other, like())), Err(Refusal::WrongPhase), "round {other}");
    }
    assert_eq!(evening.must(ANNA, in_round(2, like())).len(), 1);
    let undo = || SwipingCommand::Undo { title: title("b") };
    assert_eq!(evening.says(ANNA, in_round(1, undo())), Err(Refusal::WrongPhase));
    assert_eq!(evening.must(ANNA, in_round(2, undo())).len(), 1);
}
