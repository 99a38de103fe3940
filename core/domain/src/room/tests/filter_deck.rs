//! A deck by a filter: the room knows the filter, and each round is started with titles that were chosen for it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::evening::*;
use crate::{
    ids::{Round, TitleId},
    room::{Command, DeckChoice, Refusal, Room, SettingsChange, SwipingCommand, settings::MAX_CURATED},
    title::{Filter, FilterFields},
};

fn comedies() -> DeckChoice {
    by("comedy")
}

fn by(genre: &str) -> DeckChoice {
    let fields = FilterFields { genre: Some(genre.into()), ..FilterFields::default() };
    DeckChoice::by(Filter::new(&fields).expect("a filter"))
}

fn with_deck(deck: DeckChoice) -> Command {
    Command::Swiping(SwipingCommand::Configure(SettingsChange {
        deck: Some(Some(deck)),
        ..SettingsChange::default()
    }))
}

fn titles(count: usize) -> Vec<TitleId> {
    (0..count).map(|n| title(&format!("c{n}"))).collect()
}

/// Starts the round with what is chosen of these.
fn start(evening: &mut Evening, fitting: Vec<TitleId>) {
    let chosen = evening.room.drawing().expect("a deck by a filter").choose(fitting);
    evening
        .must(ANNA, Command::Swiping(SwipingCommand::StartWith { chosen: Some(chosen), seen: Some(vec![]) }));
}

/// The decks of so many rounds.
fn rounds(seed: u64, fitting: usize, rounds: u32) -> Vec<Vec<TitleId>> {
    let mut evening = Evening::seeded(ANNA, default_settings(), seed);
    evening.must(ANNA, with_deck(comedies()));
    let mut decks = Vec::new();
    for round in 1..=rounds {
        if round > 1 {
            evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
            evening.restart(ANNA, round);
        }
        start(&mut evening, titles(fitting));
        decks.push(evening.room.deck().to_vec());
    }
    decks
}

fn shared(one: &[TitleId], other: &[TitleId]) -> usize {
    one.iter().filter(|title| other.contains(title)).count()
}

#[test]
fn a_round_has_titles_that_fit_beside_what_was_picked() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, with_deck(comedies()));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("mine"))));
    start(&mut evening, titles(1_000));
    assert_eq!(evening.deck()[0], "mine");
    assert_eq!(evening.deck().len(), 20);
    assert!(evening.deck()[1..].iter().all(|title| title.starts_with('c')));
}

#[test]
fn a_filter_that_stands_for_nothing_starts_no_round_and_picks_alone_do() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, with_deck(comedies()));
    let nothing = evening.room.drawing().expect("a filter").choose(Vec::new());
    let start = Command::Swiping(SwipingCommand::StartWith { chosen: Some(nothing), seen: Some(vec![]) });
    assert_eq!(refused_field(evening.says(ANNA, start.clone())), "deck");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, start);
    assert_eq!(evening.deck(), ["a"]);
}

#[test]
fn titles_that_were_chosen_for_another_filter_start_nothing() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, with_deck(comedies()));
    let chosen = evening.room.drawing().expect("a filter").choose(titles(30));
    let start = Command::Swiping(SwipingCommand::StartWith { chosen: Some(chosen), seen: Some(vec![]) });
    assert_eq!(evening.says(BORIS, start.clone()), Err(Refusal::NotHost));
    evening.must(ANNA, with_deck(by("drama")));
    assert_eq!(refused_field(evening.says(ANNA, start.clone())), "deck");
    evening.must(ANNA, with_deck(comedies()));
    evening.must(ANNA, start.clone());
    assert_eq!(evening.says(ANNA, start), Ok(vec![]), "said twice is done once");
}

#[test]
fn no_more_titles_are_chosen_than_a_deck_may_have_nor_taken() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, with_deck(comedies()));
    let drawing = evening.room.drawing().expect("a filter");
    assert_eq!(drawing.choose(titles(5_000)).titles.len(), MAX_CURATED);
    let many = DeckChoice { titles: titles(MAX_CURATED + 1).into(), ..comedies() };
    assert_eq!(
        refused_field(evening.says(
            ANNA,
            Command::Swiping(SwipingCommand::StartWith { chosen: Some(many), seen: Some(vec![]) })
        )),
        "deck"
    );
    let with_titles = DeckChoice { titles: titles(1).into(), ..comedies() };
    assert_eq!(
        refused_field(evening.says(ANNA, with_deck(with_titles))),
        "deck",
        "the log holds the filter only"
    );
}

#[test]
fn a_pool_that_is_used_up_begins_again_with_what_was_played_longest_ago() {
    let decks = rounds(7, 50, 4);
    assert_eq!(shared(&decks[0], &decks[1]), 0);
    assert_eq!(shared(&decks[2], &decks[1]), 0, "ten are new, the others are of the first round");
    assert_eq!(shared(&decks[2], &decks[0]), 10);
    assert_eq!(shared(&decks[3], &decks[2]), 0, "ten of the first round are left");
}

#[test]
fn a_small_pool_comes_in_another_order() {
    let decks = rounds(7, 12, 2);
    assert_eq!(decks[0].iter().collect::<BTreeSet<_>>(), decks[1].iter().collect::<BTreeSet<_>>());
    assert_ne!(decks[0], decks[1]);
}

#[test]
fn a_curated_deck_has_in_the_next_round_what_the_last_one_left() {
    let ids: Vec<String> = (0..40).map(|n| format!("c{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&ids))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let first = evening.room.deck().to_vec();
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(shared(&first, evening.room.deck()), 0);
}

#[test]
fn a_node_that_reads_the_log_chooses_the_same_titles() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, with_deck(comedies()));
    start(&mut evening, titles(300));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    let again = Room::replay(&evening.log).expect("a log");
    let mut backwards = titles(300);
    backwards.reverse();
    let here = evening.room.drawing().expect("a filter").choose(titles(300));
    assert_eq!(again.drawing().expect("a filter").choose(backwards), here);
    assert_eq!(again.round(), Round::new(2));
}

proptest! {
    #[test]
    fn two_rounds_of_a_room_share_nothing_while_there_is_enough(seed: u64, fitting in 60_usize..400) {
        let decks = rounds(seed, fitting, 3);
        prop_assert_eq!(shared(&decks[0], &decks[1]), 0);
        prop_assert_eq!(shared(&decks[0], &decks[2]) + shared(&decks[1], &decks[2]), 0);
    }

    #[test]
    fn two_rooms_share_what_chance_makes_them_share(one: u64, other: u64) {
        prop_assume!(one != other);
        let decks = [rounds(one, 1_000, 1).remove(0), rounds(other, 1_000, 1).remove(0)];
        // 20 of 1,000: 0.4 on average; eight or more happens once in a thousand million times.
        prop_assert!(shared(&decks[0], &decks[1]) < 8, "{decks:?}");
    }
}
