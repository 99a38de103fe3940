//! Rounds that time ends.

use std::time::Duration;

use super::evening::{
    ANNA, BORIS, Evening, Outcome, VERA, default_settings, finishes, matches_in, refused_field, title, user,
};
use crate::{
    ids::{Round, Timestamp},
    room::{
        Command, Event, Goal, PeopleCommand, PhaseName, Refusal, Settings, SettingsChange, SwipingCommand,
        SwipingEvent, Verdict,
    },
};

const DECK: [&str; 4] = ["a", "b", "c", "d"];

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn timed(people: &[i64], minutes: u16) -> Evening {
    Evening::swiping(people, Settings { goal: Goal::Timed(minutes), ..default_settings() }, &DECK)
}

fn extend(evening: &mut Evening, who: i64, until: Timestamp) -> Outcome {
    evening.says(who, Command::Swiping(SwipingCommand::Extend { until }))
}

fn time_up(evening: &mut Evening) -> Vec<Event> {
    evening.must(ANNA, Command::Swiping(SwipingCommand::TimeUp))
}

fn swipe(evening: &mut Evening, who: i64, card: &str) -> Outcome {
    let swipe = SwipingCommand::Swipe { title: title(card), verdict: Verdict::Like };
    evening.says(who, Command::Swiping(swipe))
}

fn configure(evening: &mut Evening, goal: Goal) -> Outcome {
    let change = SettingsChange { goal: Some(goal), ..SettingsChange::default() };
    evening.says(ANNA, Command::Swiping(SwipingCommand::Configure(change)))
}

#[test]
fn a_timed_round_has_3_to_20_minutes() {
    for minutes in [0, 2, 21, u16::MAX] {
        let mut evening = Evening::of(&[ANNA]);
        assert_eq!(refused_field(configure(&mut evening, Goal::Timed(minutes))), "goal", "{minutes}");
    }
    for minutes in [3, 20] {
        let mut evening = Evening::of(&[ANNA]);
        assert!(configure(&mut evening, Goal::Timed(minutes)).is_ok(), "{minutes}");
    }
}

#[test]
fn it_ends_so_many_minutes_after_its_start_for_everybody() {
    let evening = timed(&[ANNA, BORIS], 5);
    let ends_at = Some(evening.now.plus(minutes(5)));
    assert_eq!((evening.view(ANNA).ends_at, evening.view(BORIS).ends_at), (ends_at, ends_at));
}

#[test]
fn a_round_that_time_does_not_end_has_no_end() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &DECK);
    assert_eq!(evening.view(ANNA).ends_at, None);
    evening.passes(minutes(600));
    assert_eq!(time_up(&mut evening), []);
    assert_eq!(evening.room.phase(), PhaseName::Swiping);
}

#[test]
fn it_is_over_when_its_time_is_up_and_not_a_moment_before() {
    let mut evening = timed(&[ANNA, BORIS], 5);
    evening.passes(minutes(5).saturating_sub(Duration::from_millis(1)));
    assert_eq!(time_up(&mut evening), []);
    evening.passes(Duration::from_millis(1));
    assert_eq!(time_up(&mut evening), [Event::Swiping(SwipingEvent::Finished)]);
    assert_eq!((evening.room.phase(), evening.room.ends_at()), (PhaseName::Finished, None));
}

#[test]
fn of_two_nodes_that_both_say_so_only_the_first_ends_it() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.passes(minutes(3));
    assert!(finishes(&time_up(&mut evening)));
    assert_eq!(time_up(&mut evening), []);
}

#[test]
fn a_late_word_of_the_clock_does_not_end_the_next_round() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.passes(minutes(3));
    time_up(&mut evening);
    evening.restart(ANNA, 2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(time_up(&mut evening), []);
    assert_eq!(evening.room.ends_at(), Some(evening.now.plus(minutes(3))));
}

#[test]
fn matches_do_not_end_it() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.like(ANNA, "a");
    let events = evening.like(BORIS, "a");
    assert_eq!((matches_in(&events), finishes(&events)), (vec!["a"], false));
}

#[test]
fn it_is_over_early_when_nobody_has_a_card_left() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    for card in DECK {
        evening.skip(ANNA, card);
    }
    assert!(DECK.map(|card| finishes(&evening.skip(BORIS, card))).contains(&true));
    assert_eq!(evening.room.ends_at(), None);
}

#[test]
fn nothing_is_swiped_or_taken_back_from_its_end_on_also_before_a_node_says_that_it_is_over() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.like(ANNA, "a");
    evening.like(BORIS, "b");
    evening.passes(minutes(3));
    assert_eq!(swipe(&mut evening, BORIS, "a"), Err(Refusal::WrongPhase));
    assert_eq!(evening.undo(ANNA, "a"), Err(Refusal::WrongPhase));
    assert_eq!(swipe(&mut evening, ANNA, "a"), Ok(vec![]), "what counted in time is acknowledged again");
}

#[test]
fn who_leaves_after_its_end_completes_no_match_and_ends_it() {
    let mut evening = timed(&[ANNA, BORIS, VERA], 3);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.passes(minutes(3));
    let events = evening.leave(VERA);
    assert_eq!((matches_in(&events), finishes(&events)), (vec![], true));
}

#[test]
fn the_clock_brings_nobody_back() {
    let mut evening = timed(&[ANNA, BORIS], 20);
    evening.goes_away(ANNA);
    evening.passes(minutes(10));
    assert_eq!(time_up(&mut evening), [Event::Swiping(SwipingEvent::Finished)]);
    assert!(evening.room.is_away(user(ANNA)));
}

#[test]
fn its_host_puts_the_end_off() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    let until = evening.now.plus(minutes(5));
    let extended = extend(&mut evening, ANNA, until);
    assert_eq!(extended, Ok(vec![Event::Swiping(SwipingEvent::Extended { ends_at: until })]));
    assert_eq!(evening.view(BORIS).ends_at, Some(until));
    evening.passes(minutes(3));
    assert_eq!(time_up(&mut evening), []);
    assert!(swipe(&mut evening, BORIS, "a").is_ok());
    evening.passes(minutes(2));
    assert!(finishes(&time_up(&mut evening)));
}

#[test]
fn an_end_that_is_there_already_or_was_passed_is_said_again_and_changes_nothing() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    let (start, until) = (evening.now, evening.now.plus(minutes(5)));
    extend(&mut evening, ANNA, until).unwrap();
    for again in [until, start.plus(minutes(4)), start, Timestamp::from_millis(i64::MIN)] {
        assert_eq!(extend(&mut evening, ANNA, again), Ok(vec![]), "{again:?}");
    }
    evening.passes(minutes(5));
    time_up(&mut evening);
    assert_eq!(extend(&mut evening, ANNA, until), Ok(vec![]), "also when the round is over since");
}

#[test]
fn the_end_is_at_most_20_minutes_ahead_and_60_after_the_start() {
    let mut evening = timed(&[ANNA, BORIS], 20);
    let start = evening.now;
    assert_eq!(
        refused_field(extend(&mut evening, ANNA, start.plus(minutes(20) + Duration::from_millis(1)))),
        "until"
    );
    for passed in [15, 30, 45] {
        evening.now = start.plus(minutes(passed));
        extend(&mut evening, ANNA, start.plus(minutes((passed + 19).min(60)))).unwrap();
    }
    let too_long = start.plus(minutes(60) + Duration::from_millis(1));
    assert_eq!(refused_field(extend(&mut evening, ANNA, too_long)), "until");
    assert_eq!(refused_field(extend(&mut evening, ANNA, Timestamp::from_millis(i64::MAX))), "until");
    assert_eq!(evening.room.lasts(), Some(minutes(60)));
}

#[test]
fn nobody_puts_off_an_end_that_has_come() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.passes(minutes(3));
    let until = evening.now.plus(minutes(1));
    assert_eq!(extend(&mut evening, ANNA, until), Err(Refusal::WrongPhase));
    time_up(&mut evening);
    assert_eq!(extend(&mut evening, ANNA, until), Err(Refusal::WrongPhase));
}

#[test]
fn only_the_host_puts_it_off_and_only_of_a_timed_round() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    let until = evening.now.plus(minutes(4));
    assert_eq!(extend(&mut evening, BORIS, until), Err(Refusal::NotHost));
    assert_eq!(extend(&mut evening, VERA, until), Err(Refusal::NotAMember));
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &DECK);
    assert_eq!(refused_field(extend(&mut evening, ANNA, until)), "until");
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(extend(&mut evening, ANNA, until), Err(Refusal::WrongPhase));
}

#[test]
fn a_final_round_is_timed_as_well() {
    let mut evening = timed(&[ANNA, BORIS], 3);
    evening.like(ANNA, "a");
    evening.passes(minutes(3));
    time_up(&mut evening);
    let restart = SwipingCommand::Restart { round: Round::new(2), final_round: true };
    evening.must(ANNA, Command::Swiping(restart));
    assert_eq!(evening.room.ends_at(), Some(evening.now.plus(minutes(3))));
}

#[test]
fn two_ends_of_a_log_of_which_one_was_extended_go_on_to_the_later_end() {
    let evening = timed(&[ANNA, BORIS], 3);
    let (mut extended, mut ended) = (evening.clone(), evening.clone());
    extended.passes(minutes(2));
    let until = extended.now.plus(minutes(3));
    extend(&mut extended, ANNA, until).unwrap();
    ended.passes(minutes(3));
    assert!(finishes(&time_up(&mut ended)));
    let known = evening.log.len();
    let both = evening.room.reunite(&extended.log[known..], &ended.log[known..]);
    let room = evening.room.later(&both);
    assert_eq!((room.phase(), room.ends_at()), (PhaseName::Swiping, Some(until)));
}

#[test]
fn who_erases_themselves_stops_no_clock() {
    let mut evening = timed(&[ANNA, BORIS, VERA], 3);
    let ends_at = evening.room.ends_at();
    evening.must(VERA, Command::People(PeopleCommand::Erase));
    assert!(ends_at.is_some());
    assert_eq!(evening.room.ends_at(), ends_at);
}
