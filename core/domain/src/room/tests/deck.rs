//! The deck, and the order in which each member sees it.

use std::collections::BTreeSet;

use super::evening::*;
use crate::room::{Command, Goal, Room, Rule, Settings, SwipingCommand, layout::STEP, view::QUEUE};

#[test]
fn what_several_picked_comes_first() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(["a", "b", "c"].map(film).to_vec())));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Select(["d", "b", "e"].map(film).to_vec())));
    evening.must(VERA, Command::Swiping(SwipingCommand::Select(["f", "b", "e"].map(film).to_vec())));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let deck = evening.deck();
    assert_eq!(deck[..2], ["b", "e"], "three picked b, two picked e");
    assert_eq!(deck.iter().collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn the_picks_of_who_left_are_not_in_the_deck() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("b"))));
    evening.leave(BORIS);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.deck(), ["a"]);
}

#[test]
fn the_picks_of_who_is_away_are() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("b"))));
    evening.goes_away(BORIS);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.deck(), ["b"]);
}

#[test]
fn a_curated_deck_fills_up_what_the_picks_leave() {
    let curated_ids: Vec<String> = (0..50).map(|n| format!("c{n}")).collect();
    let curated_ids: Vec<&str> = curated_ids.iter().map(String::as_str).collect();
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&curated_ids))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("mine"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("c7"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
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
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&curated_ids))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.deck().len(), 30, "six people who could pick five each");
}

#[test]
fn a_short_curated_deck_is_taken_whole_and_once() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&["x", "y", "x"]))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(evening.deck().iter().collect::<BTreeSet<_>>(), BTreeSet::from([&"x", &"y"]));
    assert_eq!(evening.deck().len(), 2);
}

#[test]
fn the_order_is_drawn_from_the_seed_and_the_round() {
    let ids: Vec<String> = (0..30).map(|n| format!("c{n:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let deal = |seed: u64| {
        let mut evening = Evening::seeded(ANNA, default_settings(), seed);
        evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&ids))));
        evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
        let first = evening.room.deck().to_vec();
        evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
        evening.restart(ANNA, 2);
        evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
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

/// Twelve cards for these people, in the order in which they are dealt.
fn dealt(people: &[i64]) -> (Evening, Vec<String>) {
    let ids: Vec<String> = (0..12).map(|n| format!("c{n:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let settings = Settings { picks_per_member: 12, ..default_settings() };
    let evening = Evening::swiping(people, settings, &ids);
    let deck = evening.deck().into_iter().map(str::to_owned).collect();
    (evening, deck)
}

fn whole_queue(evening: &Evening, who: i64) -> Vec<String> {
    evening.room.queue(user(who), usize::MAX).iter().map(ToString::to_string).collect()
}

/// The first cards of the deck, which nobody else swipes in these tests.
fn swipes_the_first(evening: &mut Evening, who: i64, cards: &[String]) {
    for card in cards {
        evening.skip(who, card);
    }
}

#[test]
fn in_a_room_of_three_what_most_others_have_swiped_comes_first_whatever_they_thought() {
    let (mut evening, deck) = dealt(&[ANNA, BORIS, VERA]);
    evening.skip(BORIS, &deck[11]);
    evening.like(VERA, &deck[11]);
    evening.skip(VERA, &deck[9]);
    evening.like(BORIS, &deck[7]);
    swipes_the_first(&mut evening, ANNA, &deck[..STEP]);
    let first = [11, 7, 9, 5, 6, 8, 10].map(|place| deck[place].clone());
    assert_eq!(whole_queue(&evening, ANNA), first);
}

#[test]
fn a_queue_changes_only_where_its_member_has_swiped_five_more_than_ever_before() {
    let (mut evening, deck) = dealt(&[ANNA, BORIS, VERA, GLEB]);
    swipes_the_first(&mut evening, ANNA, &deck[..STEP]);
    let stays = |evening: &Evening, gone: usize, why: &str| {
        assert_eq!(whole_queue(evening, ANNA), deck[gone..], "{why}");
    };
    evening.like(BORIS, &deck[11]);
    evening.skip(VERA, &deck[11]);
    stays(&evening, 5, "others swiped");
    evening.undo(ANNA, &deck[4]).expect("the last one");
    evening.skip(ANNA, &deck[4]);
    stays(&evening, 5, "she took a swipe back and gave it again");
    evening.leave(VERA);
    stays(&evening, 5, "somebody left");
    evening.join(VERA);
    evening.goes_away(GLEB);
    evening.join(DASHA);
    stays(&evening, 5, "people came and went");
    evening.room = Room::replay(&evening.log).expect("a log");
    stays(&evening, 5, "another node reads the log");
    swipes_the_first(&mut evening, ANNA, &deck[5..9]);
    stays(&evening, 9, "she swiped four");
    evening.skip(ANNA, &deck[9]);
    assert_eq!(whole_queue(&evening, ANNA), [deck[11].clone(), deck[10].clone()], "the tenth");
}

#[test]
fn in_a_room_of_two_the_deck_has_its_own_order() {
    let (mut evening, deck) = dealt(&[ANNA, BORIS]);
    evening.like(BORIS, &deck[11]);
    swipes_the_first(&mut evening, ANNA, &deck[..STEP]);
    assert_eq!(whole_queue(&evening, ANNA), deck[STEP..]);
}

#[test]
fn a_card_that_can_match_no_longer_keeps_its_place() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c"]);
    let deck = evening.room.deck().to_vec();
    evening.skip(ANNA, deck[0].as_str());
    assert_eq!(evening.view(BORIS).queue, deck, "a card that moves tells of a skip");
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

fn upcoming(evening: &Evening, who: i64, limit: usize) -> Vec<String> {
    evening.room.upcoming(user(who), limit).iter().map(ToString::to_string).collect()
}

#[test]
fn what_comes_in_advance_is_the_queue_up_to_the_step_and_then_the_deck_whatever_others_swipe() {
    let (mut evening, deck) = dealt(&[ANNA, BORIS, VERA]);
    assert_eq!(upcoming(&evening, ANNA, usize::MAX), deck);
    swipes_the_first(&mut evening, BORIS, &deck[9..]);
    swipes_the_first(&mut evening, ANNA, &deck[..STEP]);
    let in_advance = upcoming(&evening, ANNA, usize::MAX);
    let queue = whole_queue(&evening, ANNA);
    assert_eq!(in_advance[..STEP], queue[..STEP], "as it is dealt");
    assert_eq!(in_advance[STEP..], deck[7..9], "those that are left, in the deck's own order");
    let mut sorted = (in_advance.clone(), queue);
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1, "each card that is left, and each once");
    swipes_the_first(&mut evening, VERA, &deck[5..]);
    assert_eq!(upcoming(&evening, ANNA, usize::MAX), in_advance, "it stays until the next step");
    assert_eq!(upcoming(&evening, ANNA, 3), in_advance[..3]);
    assert_eq!(upcoming(&evening, 99, 3).len(), 3, "whether somebody belongs to the room is not judged here");
}
