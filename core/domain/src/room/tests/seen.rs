//! What somebody here has seen, and the deck without it.

use super::evening::*;
use crate::room::{Command, Event, EventView, Refusal, Rule, SettingsChange, SwipingCommand, SwipingEvent};

fn leaves_out(left_out: bool) -> SettingsChange {
    SettingsChange { leave_out_seen: Some(left_out), ..SettingsChange::default() }
}

fn configure(change: SettingsChange) -> Command {
    Command::Swiping(SwipingCommand::Configure(change))
}

fn start_without(seen: &[&str]) -> Command {
    let seen = seen.iter().map(|id| title(id)).collect();
    Command::Swiping(SwipingCommand::StartWith { chosen: None, seen: Some(seen) })
}

fn with_deck(deck: &[&str]) -> Evening {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, configure(curated(deck)));
    evening
}

#[test]
fn what_was_seen_is_not_in_the_deck() {
    let mut evening = with_deck(&["c1", "c2", "c3", "c4"]);
    evening.must(ANNA, start_without(&["c2", "c4", "elsewhere"]));
    let mut deck = evening.deck();
    deck.sort_unstable();
    assert_eq!(deck, ["c1", "c3"]);
}

#[test]
fn what_somebody_picked_on_purpose_stays_whoever_has_seen_it() {
    let mut evening = with_deck(&["c1", "c2", "c3"]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("c2"))));
    evening.must(ANNA, start_without(&["c1", "c2"]));
    assert_eq!(evening.deck(), ["c2", "c3"]);
}

#[test]
fn a_deck_of_which_nothing_is_left_is_refused_with_a_reason_of_its_own() {
    let mut evening = with_deck(&["c1", "c2"]);
    let refused = evening.says(ANNA, start_without(&["c1", "c2"]));
    let Err(Refusal::Invalid(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors[0].reason.contains("has seen all of it"), "{errors:?}");
}

#[test]
fn only_the_host_starts_and_starting_twice_is_starting_once() {
    let mut evening = with_deck(&["c1", "c2"]);
    assert_eq!(evening.says(BORIS, start_without(&[])), Err(Refusal::NotHost));
    evening.must(ANNA, start_without(&["c1"]));
    let events = evening.says(ANNA, start_without(&["c2"])).unwrap();
    assert!(events.is_empty(), "it has started");
    assert_eq!(evening.deck(), ["c2"]);
}

#[test]
fn the_host_says_in_the_lobby_that_it_is_left_out_and_everybody_is_told() {
    let mut evening = with_deck(&["c1", "c2"]);
    assert!(!evening.room.leaves_out_seen(), "nobody has asked for it");
    assert_eq!(evening.says(BORIS, configure(leaves_out(true))), Err(Refusal::NotHost));
    evening.must(ANNA, configure(leaves_out(true)));
    let shown = evening.room.views(evening.log.last().unwrap());
    let EventView::Configured { leave_out_seen, .. } = shown.seen_by(user(BORIS)) else {
        panic!("{shown:?}");
    };
    assert!(leave_out_seen);
    assert!(evening.room.view_for(user(BORIS)).unwrap().leave_out_seen);
    assert!(evening.says(ANNA, configure(leaves_out(true))).unwrap().is_empty(), "it is so already");
    evening.must(ANNA, start_without(&[]));
    assert_eq!(evening.says(ANNA, configure(leaves_out(false))), Err(Refusal::WrongPhase));
}

#[test]
fn with_another_setting_it_is_two_events_of_one_command() {
    let mut evening = with_deck(&["c1"]);
    let change = SettingsChange { rule: Some(Rule::Majority), ..leaves_out(true) };
    let events = evening.says(ANNA, configure(change)).unwrap();
    let [
        Event::Swiping(SwipingEvent::Configured(settings)),
        Event::Swiping(SwipingEvent::SeenLeftOut { left_out }),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((settings.rule, *left_out), (Rule::Majority, true));
}

#[test]
fn a_room_that_comes_back_leaves_out_what_was_seen_as_before() {
    let mut evening = with_deck(&["c1"]);
    evening.must(ANNA, configure(leaves_out(true)));
    assert!(evening.remembered().room.leaves_out_seen());
    evening.must(ANNA, configure(leaves_out(false)));
    assert!(!evening.remembered().room.leaves_out_seen());
}

#[test]
fn where_nobody_can_say_what_was_seen_the_round_starts_and_the_room_says_that_nothing_is_left_out() {
    let mut evening = with_deck(&["c1", "c2"]);
    let unknown = Command::Swiping(SwipingCommand::StartWith { chosen: None, seen: None });
    evening.must(ANNA, configure(leaves_out(true)));
    evening.must(ANNA, unknown.clone());
    assert_eq!(evening.deck().len(), 2);
    assert!(!evening.view(BORIS).leave_out_seen, "it would say what is not so");
    assert!(evening.says(ANNA, unknown).unwrap().is_empty(), "starting twice is starting once");
}
