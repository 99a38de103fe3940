//! When a title matches, and when a round is over.

use super::evening::*;
use crate::room::{
    Command, Event, Goal, PeopleCommand, PeopleEvent, PhaseName, Rule, Settings, SwipingEvent,
};

fn ruled(rule: Rule) -> Settings {
    Settings { rule, ..default_settings() }
}

fn aiming(goal: Goal) -> Settings {
    Settings { goal, ..default_settings() }
}

#[test]
fn the_last_like_of_all_is_the_match() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    assert_eq!(matches_in(&evening.like(ANNA, "a")), [""; 0]);
    assert_eq!(matches_in(&evening.like(BORIS, "a")), [""; 0]);
    assert_eq!(matches_in(&evening.like(VERA, "a")), ["a"]);
    assert_eq!(evening.view(BORIS).matches[0].number, 1);
    assert_eq!(evening.view(BORIS).matches[0].at, evening.now);
}

#[test]
fn one_skip_forbids_a_unanimous_match() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.skip(BORIS, "a");
    evening.like(VERA, "a");
    assert_eq!(evening.matched(), [""; 0]);
}

#[test]
fn a_majority_is_more_than_half_and_says_so_once() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA, GLEB], ruled(Rule::Majority), &["a", "b"]);
    evening.like(ANNA, "a");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), [""; 0], "two of four are half, not more");
    assert_eq!(matches_in(&evening.like(VERA, "a")), ["a"]);
    assert_eq!(matches_in(&evening.like(GLEB, "a")), [""; 0], "it was announced already");
}

#[test]
fn a_majority_of_one_is_none() {
    let mut evening = Evening::swiping(&[ANNA], ruled(Rule::Majority), &["a", "b"]);
    evening.like(ANNA, "a");
    assert_eq!(evening.matched(), [""; 0], "a match is something between people");
}

#[test]
fn so_many_likes_are_enough_whatever_the_others_think() {
    let people = [ANNA, BORIS, VERA, GLEB, DASHA];
    let mut evening = Evening::swiping(&people, ruled(Rule::AtLeast(2)), &["a", "b"]);
    evening.skip(ANNA, "a");
    evening.skip(BORIS, "a");
    evening.like(VERA, "a");
    assert_eq!(matches_in(&evening.like(GLEB, "a")), ["a"]);
}

#[test]
fn at_least_one_is_obeyed_to_the_letter() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], ruled(Rule::AtLeast(1)), &["a", "b"]);
    assert_eq!(matches_in(&evening.like(ANNA, "a")), ["a"]);
}

#[test]
fn more_likes_than_people_never_match_and_the_round_still_ends() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], ruled(Rule::AtLeast(3)), &["a"]);
    evening.like(ANNA, "a");
    assert_eq!(evening.like(BORIS, "a").last(), Some(&Event::Swiping(SwipingEvent::Finished)));
    assert_eq!(evening.matched(), [""; 0]);
}

#[test]
fn nobody_matches_with_themselves() {
    let mut evening = Evening::swiping(&[ANNA], default_settings(), &["a"]);
    let events = evening.like(ANNA, "a");
    assert_eq!(matches_in(&events), [""; 0]);
    assert!(finishes(&events), "one person alone in a room reaches its end too");
}

#[test]
fn leaving_completes_the_matches_of_those_who_stay() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b", "c"]);
    let order: Vec<String> = evening.deck().iter().map(ToString::to_string).collect();
    for id in &order[..2] {
        evening.like(ANNA, id);
        evening.like(BORIS, id);
    }
    evening.skip(VERA, &order[0]);
    assert_eq!(matches_in(&evening.leave(VERA)), [order[0].as_str(), order[1].as_str()]);
}

#[test]
fn removing_completes_the_matches_of_those_who_stay() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(
        matches_in(&evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(VERA) }))),
        ["a"]
    );
}

#[test]
fn a_member_away_blocks_nobody() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(matches_in(&evening.goes_away(VERA)), ["a"]);
}

#[test]
fn two_here_match_while_the_third_is_away() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.goes_away(VERA);
    evening.like(ANNA, "a");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), ["a"]);
}

#[test]
fn the_like_of_a_member_who_went_away_still_is_one() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.goes_away(ANNA);
    assert_eq!(matches_in(&evening.like(BORIS, "a")), ["a"]);
}

#[test]
fn the_skip_of_a_member_who_went_away_forbids_nothing() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.skip(VERA, "a");
    evening.goes_away(VERA);
    evening.like(ANNA, "a");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), ["a"]);
}

#[test]
fn who_comes_back_counts_again() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.goes_away(VERA);
    evening.must(VERA, Command::People(PeopleCommand::Back));
    evening.like(ANNA, "a");
    assert_eq!(matches_in(&evening.like(BORIS, "a")), [""; 0]);
    assert_eq!(matches_in(&evening.like(VERA, "a")), ["a"]);
}

#[test]
fn a_swipe_brings_its_member_back_before_it_is_judged() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.goes_away(BORIS);
    let events = evening.skip(BORIS, "b");
    assert!(
        matches!(
            events[..],
            [Event::Swiping(SwipingEvent::Swiped { .. }), Event::People(PeopleEvent::Back { .. })]
        ),
        "{events:?}"
    );
    assert_eq!(matches_in(&evening.like(VERA, "a")), [""; 0], "Boris is here and has not said yes");
}

#[test]
fn when_all_were_away_the_first_to_return_finds_what_matched_meanwhile() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.goes_away(ANNA);
    evening.goes_away(BORIS);
    assert_eq!(matches_in(&evening.goes_away(VERA)), [""; 0], "nobody is here to see it");
    assert_eq!(matches_in(&evening.must(BORIS, Command::People(PeopleCommand::Back))), ["a"]);
}

#[test]
fn when_all_were_away_the_first_to_return_finds_the_round_over_if_it_is() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a"]);
    evening.skip(ANNA, "a");
    evening.skip(BORIS, "a");
    evening.goes_away(ANNA);
    evening.goes_away(BORIS);
    assert!(!finishes(&evening.goes_away(VERA)));
    assert!(finishes(&evening.must(ANNA, Command::People(PeopleCommand::Back))));
}

#[test]
fn a_host_who_returns_by_removing_somebody_counts_in_what_follows() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA, GLEB], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.like(VERA, "a");
    for member in [BORIS, VERA, GLEB, ANNA] {
        evening.goes_away(member);
    }
    let events = evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(GLEB) }));
    assert!(
        matches!(
            events[..],
            [Event::People(PeopleEvent::Removed { .. }), Event::People(PeopleEvent::Back { .. })]
        ),
        "{events:?}"
    );
    assert_eq!(matches_in(&evening.like(ANNA, "a")), ["a"]);
}

#[test]
fn a_late_joiner_counts_and_swipes_the_whole_deck() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.join(VERA);
    assert_eq!(evening.view(VERA).queue.len(), 2);
    assert_eq!(matches_in(&evening.like(BORIS, "a")), [""; 0]);
    assert_eq!(matches_in(&evening.like(VERA, "a")), ["a"]);
}

#[test]
fn what_matched_before_a_late_joiner_stays_matched() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.join(VERA);
    assert_eq!(evening.view(VERA).matches.len(), 1);
    evening.skip(VERA, "a");
    assert_eq!(evening.matched(), ["a"]);
}

#[test]
fn who_returns_with_a_like_completes_its_match() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.leave(BORIS);
    evening.like(ANNA, "a");
    assert_eq!(evening.matched(), [""; 0]);
    assert_eq!(matches_in(&evening.join(BORIS)), ["a"]);
}

#[test]
fn the_first_match_ends_a_round_that_wants_one() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], aiming(Goal::FirstMatch), &["a", "b", "c"]);
    evening.like(ANNA, "b");
    let events = evening.like(BORIS, "b");
    assert!(
        matches!(
            events[..],
            [_, Event::Swiping(SwipingEvent::Matched { .. }), Event::Swiping(SwipingEvent::Finished)]
        ),
        "{events:?}"
    );
    assert_eq!(evening.room.phase(), PhaseName::Finished);
}

#[test]
fn so_many_matches_end_a_round_that_wants_so_many() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], aiming(Goal::Matches(2)), &["a", "b", "c"]);
    evening.like(ANNA, "a");
    assert!(!finishes(&evening.like(BORIS, "a")));
    evening.like(ANNA, "c");
    assert!(finishes(&evening.like(BORIS, "c")));
}

#[test]
fn when_one_departure_completes_more_than_the_goal_wants_only_the_goal_is_announced() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], aiming(Goal::Matches(2)), &["a", "b", "c", "d"]);
    for id in ["a", "b", "c"] {
        evening.like(ANNA, id);
        evening.like(BORIS, id);
    }
    let events = evening.leave(VERA);
    assert_eq!(matches_in(&events).len(), 2);
    assert!(finishes(&events));
}

#[test]
fn the_round_is_over_when_nobody_here_has_a_card_left() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a"]);
    evening.goes_away(VERA);
    assert!(!finishes(&evening.like(ANNA, "a")));
    assert!(finishes(&evening.skip(BORIS, "a")));
}

#[test]
fn one_person_alone_does_not_end_the_round_for_those_who_are_away() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.goes_away(BORIS);
    assert!(!finishes(&evening.like(ANNA, "a")), "Boris may come back to it");
    let events = evening.like(BORIS, "a");
    assert_eq!(matches_in(&events), ["a"]);
    assert!(finishes(&events));
}

#[test]
fn one_person_alone_ends_the_round_once_the_others_left() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.goes_away(BORIS);
    evening.skip(ANNA, "a");
    assert!(finishes(&evening.leave(BORIS)));
}

#[test]
fn the_last_one_without_cards_left_can_be_the_one_who_leaves() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a"]);
    evening.skip(ANNA, "a");
    evening.skip(BORIS, "a");
    assert!(finishes(&evening.leave(VERA)));
}
