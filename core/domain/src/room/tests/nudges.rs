//! Reminding somebody of the cards that wait for them.

use super::evening::*;
use crate::{
    ids::Round,
    room::{Command, Event, PeopleCommand, Refusal, SwipingCommand, SwipingEvent, erase::blanked},
};

fn nudge(member: i64) -> Command {
    Command::Swiping(SwipingCommand::Nudge { member: user(member) })
}

fn nudged(by: i64, member: i64) -> Event {
    Event::Swiping(SwipingEvent::Nudged { by: user(by), member: user(member) })
}

fn two_of_three_are_done() -> Evening {
    two_are_done(&[ANNA, BORIS, VERA])
}

/// Anna and Boris have swiped everything.
fn two_are_done(people: &[i64]) -> Evening {
    let mut evening = Evening::swiping(people, default_settings(), &["a", "b"]);
    for who in [ANNA, BORIS] {
        evening.skip(who, "a");
        evening.skip(who, "b");
    }
    evening
}

fn is_invalid(outcome: &Outcome) -> bool {
    matches!(outcome, Err(Refusal::Invalid(invalid)) if invalid.iter().all(|field| field.field == "member"))
}

#[test]
fn any_member_nudges_who_is_not_done_and_everybody_sees_it() {
    let mut evening = two_of_three_are_done();
    assert_eq!(evening.must(BORIS, nudge(VERA)), [nudged(BORIS, VERA)]);
    let by: Vec<_> = evening.view(ANNA).members.iter().map(|member| member.nudged_by).collect();
    assert_eq!(by, [None, None, Some(user(BORIS))]);
}

#[test]
fn somebody_is_nudged_once_in_a_round_whoever_does_it() {
    let mut evening = two_of_three_are_done();
    evening.must(BORIS, nudge(VERA));
    for who in [BORIS, ANNA, VERA] {
        assert_eq!(evening.must(who, nudge(VERA)), [], "by {who}");
    }
    evening.skip(VERA, "a");
    evening.skip(VERA, "b");
    assert_eq!(evening.must(BORIS, nudge(VERA)), [], "a copy that comes late");
    let next = Round::new(2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Restart { round: next, final_round: false }));
    assert!(
        evening.view(ANNA).members.iter().all(|member| member.nudged_by.is_none()),
        "the next round begins without"
    );
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.must(ANNA, nudge(VERA)), [nudged(ANNA, VERA)]);
}

#[test]
fn who_is_done_who_is_not_here_and_oneself_are_not_nudged() {
    // Where one goes, another one keeps the round from being over.
    let mut evening = two_are_done(&[ANNA, BORIS, VERA, GLEB]);
    for whom in [ANNA, DASHA] {
        assert!(is_invalid(&evening.says(BORIS, nudge(whom))), "{whom}");
    }
    assert!(is_invalid(&evening.says(VERA, nudge(VERA))));
    evening.must(VERA, Command::People(PeopleCommand::Leave));
    assert!(is_invalid(&evening.says(BORIS, nudge(VERA))), "who left");
    assert_eq!(evening.says(DASHA, nudge(VERA)), Err(Refusal::NotAMember));
}

#[test]
fn nobody_is_nudged_where_there_are_no_cards_or_in_another_round() {
    let mut lobby = Evening::of(&[ANNA, BORIS]);
    assert_eq!(lobby.says(ANNA, nudge(BORIS)), Err(Refusal::WrongPhase));
    let mut evening = two_of_three_are_done();
    let late = SwipingCommand::InRound(Round::new(2), Box::new(SwipingCommand::Nudge { member: user(VERA) }));
    assert_eq!(evening.says(ANNA, Command::Swiping(late)), Err(Refusal::WrongPhase));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert_eq!(evening.says(ANNA, nudge(VERA)), Err(Refusal::WrongPhase));
}

#[test]
fn who_is_away_is_nudged_as_well() {
    let mut evening = two_are_done(&[ANNA, BORIS, VERA, GLEB]);
    evening.goes_away(VERA);
    assert_eq!(evening.must(ANNA, nudge(VERA)), [nudged(ANNA, VERA)]);
}

#[test]
fn nothing_of_a_nudge_is_left_of_who_erased_themselves() {
    for (by, whom, erased) in [(BORIS, VERA, BORIS), (BORIS, VERA, VERA)] {
        let mut evening = two_of_three_are_done();
        evening.must(by, nudge(whom));
        evening.must(erased, Command::People(PeopleCommand::Erase));
        assert_eq!(evening.room.nudges().count(), 0, "{erased} was erased");
        let log = blanked(&evening.log, &[]).expect("somebody was erased");
        assert!(!log.iter().any(|entry| entry.event == nudged(by, whom)), "{erased} was erased");
    }
}
