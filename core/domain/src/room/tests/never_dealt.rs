//! A round that is dealt without what a room never wants to see again.

use super::evening::*;
use crate::{
    ids::{Round, TitleId},
    room::{Command, Event, PhaseName, SwipingCommand, SwipingEvent},
};

fn without(titles: &[&str], command: SwipingCommand) -> Command {
    let titles: Vec<TitleId> = titles.iter().map(|id| title(id)).collect();
    Command::Swiping(SwipingCommand::Without(titles, Box::new(command)))
}

#[test]
fn neither_picks_nor_a_curated_deck_bring_what_is_never_dealt() {
    let curated_ids: Vec<String> = (0..30).map(|n| format!("c{n}")).collect();
    let curated_ids: Vec<&str> = curated_ids.iter().map(String::as_str).collect();
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&curated_ids))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(["a", "b"].map(film).to_vec())));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, without(&["a", "c1", "c2", "not-here"], SwipingCommand::Start));
    let deck = evening.deck();
    assert!(!deck.iter().any(|id| ["a", "c1", "c2"].contains(id)), "{deck:?}");
    assert_eq!(deck.len(), 20, "others are drawn in their place");
    assert_eq!(deck[0], "b");
    assert_eq!(evening.view(ANNA).my_picks.len(), 2, "what somebody picked stays picked");
}

#[test]
fn where_nothing_is_left_nothing_starts() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    assert_eq!(refused_field(evening.says(ANNA, without(&["a"], SwipingCommand::Start))), "deck");
    assert_eq!(evening.room.phase(), PhaseName::Lobby);
}

#[test]
fn without_nothing_is_like_any_start_and_said_twice_it_is_said_once() {
    let mut plain = Evening::of(&[ANNA, BORIS]);
    plain.must(ANNA, Command::Swiping(SwipingCommand::Select(["a", "b", "c"].map(film).to_vec())));
    let mut wrapped = plain.clone();
    let started = plain.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(wrapped.must(ANNA, without(&[], SwipingCommand::Start)), started);
    assert_eq!(wrapped.must(ANNA, without(&["a"], SwipingCommand::Start)), [], "it has begun");
}

#[test]
fn a_final_round_has_none_of_them_either() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b", "c"]);
    for (who, liked) in [(ANNA, "a"), (BORIS, "b"), (VERA, "c")] {
        for id in ["a", "b", "c"] {
            if id == liked {
                evening.like(who, id)
            } else {
                evening.skip(who, id)
            };
        }
    }
    let next = SwipingCommand::Restart { round: Round::new(2), final_round: true };
    let events = evening.must(ANNA, without(&["b"], next));
    let dealt = events.iter().find_map(|event| match event {
        Event::Swiping(SwipingEvent::Started { deck }) => Some(deck.len()),
        _ => None,
    });
    assert_eq!(dealt, Some(2));
    assert!(!evening.deck().contains(&"b"));
}
