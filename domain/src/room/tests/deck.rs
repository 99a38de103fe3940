//! The deck, and the order in which each member sees it.

use std::collections::BTreeSet;

use super::evening::*;
use crate::room::{Command, Goal, Rule, Settings, view::QUEUE};

#[test]
fn what_several_picked_comes_first() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, Command::Select(["a", "b", "c"].map(film).to_vec()));
    evening.must(BORIS, Command::Select(["d", "b", "e"].map(film).to_vec()));
    evening.must(VERA, Command::Select(["f", "b", "e"].map(film).to_vec()));
    evening.must(ANNA, Command::Start);
    let deck = evening.deck();
    assert_eq!(deck[..2], ["b", "e"], "three picked b, two picked e");
    assert_eq!(deck.iter().collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn the_picks_of_who_left_are_not_in_the_deck() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Pick(film("a")));
    evening.must(BORIS, Command::Pick(film("b")));
    evening.leave(BORIS);
    evening.must(ANNA, Command::Start);
    assert_eq!(evening.deck(), ["a"]);
}

#[test]
fn the_picks_of_who_is_away_are() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Pick(film("b")));
    evening.goes_away(BORIS);
    evening.must(ANNA, Command::Start);
    assert_eq!(evening.deck(), ["b"]);
}

#[test]
fn a_curated_deck_fills_up_what_the_picks_leave() {
    let curated_ids: Vec<String> = (0..50).map(|n| format!("c{n}")).collect();
    let curated_ids: Vec<&str> = curated_ids.iter().map(String::as_str).collect();
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Configure(curated(&curated_ids)));
    evening.must(ANNA, Command::Pick(film("mine")));
    evening.must(BORIS, Command::Pick(film("c7")));
    evening.must(ANNA, Command::Start);
    let deck = evening.deck();
    assert_eq!(deck.len(), 20);
    assert_eq!(deck[..2].iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"mine", &"c7"]));
    assert_eq!(deck.iter().collect::<BTreeSet<_>>().len(), 20, "c7 is in it once");
}

#[test]
fn a_large_room_takes_more_from_the_curated_deck() {
    let curated_ids: Vec<String> = (0..50).map(|n| format!("c{n}")).collect();
    let curated_ids: Vec<&str> = curated_ids.iter().map(String::as_str).collect();
    let mut evening = Evening::of(&[1, 2, 3, 4, 5, 6]);
    evening.must(ANNA, Command::Configure(curated(&curated_ids)));
    evening.must(ANNA, Command::Start);
    assert_eq!(evening.deck().len(), 30, "six people who could pick five each");
}

#[test]
fn a_short_curated_deck_is_taken_whole_and_once() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Configure(curated(&["x", "y", "x"])));
    evening.must(ANNA, Command::Start);
    assert_eq!(evening.deck().iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"x", &"y"]));
    assert_eq!(evening.deck().len(), 2);
}

#[test]
fn the_order_is_drawn_from_the_seed_and_the_round() {
    let ids: Vec<String> = (0..30).map(|n| format!("c{n:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let deal = |seed: u64| {
        let mut evening = Evening::seeded(ANNA, default_settings(), seed);
        evening.must(ANNA, Command::Configure(curated(&ids)));
        evening.must(ANNA, Command::Start);
        let first = evening.room.deck().to_vec();
        evening.must(ANNA, Command::Finish);
        evening.restart(ANNA, 2);
        evening.must(ANNA, Command::Start);
        (first, evening.room.deck().to_vec())
    };
    assert_eq!(deal(1), deal(1), "every node deals alike");
    assert_ne!(deal(1).0, deal(2).0, "another room is dealt differently");
    assert_ne!(deal(1).0, deal(1).1, "another round is dealt differently");
}

#[test]
fn a_queue_shows_at_most_three_cards_and_none_that_was_swiped() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c", "d", "e"]);
    assert_eq!(evening.view(ANNA).queue.len(), QUEUE);
    for left in [4, 3, 2, 1, 0] {
        let next = evening.view(ANNA).queue[0].clone();
        evening.skip(ANNA, next.as_str());
        let queue = evening.view(ANNA).queue;
        assert!(!queue.contains(&next));
        assert_eq!(queue.len(), QUEUE.min(left));
    }
}

#[test]
fn what_others_liked_comes_first_and_what_cannot_match_comes_last() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c"]);
    let deck: Vec<String> = evening.deck().iter().map(ToString::to_string).collect();
    evening.skip(ANNA, &deck[0]);
    evening.like(ANNA, &deck[2]);
    let queue: Vec<_> = evening.view(BORIS).queue.iter().map(ToString::to_string).collect();
    assert_eq!(queue, [deck[2].as_str(), deck[1].as_str(), deck[0].as_str()]);
}

#[test]
fn what_matched_already_comes_last() {
    let settings = Settings { rule: Rule::Majority, ..default_settings() };
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], settings, &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(evening.view(VERA).queue, [title("b"), title("a")]);
}

#[test]
fn there_is_no_queue_outside_of_swiping() {
    let settings = Settings { goal: Goal::FirstMatch, ..default_settings() };
    let mut evening = Evening::swiping(&[ANNA, BORIS], settings, &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    assert_eq!(evening.view(ANNA).queue, []);
    evening.restart(ANNA, 2);
    assert_eq!(evening.view(ANNA).queue, []);
}
