//! Before the deck is drawn: names, settings, picks, readiness.

use super::evening::*;
use crate::{
    room::{
        Command, Event, Goal, PeopleCommand, PeopleEvent, PhaseName, Refusal, RoomName, Rule, SettingsChange,
        SwipingCommand, settings::MAX_PICKS,
    },
    title::TitleText,
};

fn rename(name: &str) -> Command {
    let name = Some(RoomName::new(name).expect("a plain name"));
    Command::Swiping(SwipingCommand::Configure(SettingsChange { name, ..SettingsChange::default() }))
}

#[test]
fn a_new_room_is_a_lobby_with_its_host_in_it() {
    let evening = Evening::of(&[ANNA]);
    assert_eq!(evening.room.phase(), PhaseName::Lobby);
    assert_eq!(evening.room.host(), user(ANNA));
    assert!(evening.room.has_member(user(ANNA)));
}

#[test]
fn a_rooms_name_is_cleaned_of_what_would_break_a_message() {
    let name = RoomName::new("  Кино\n\t на\0 пятницу\u{202E} ").expect("something is left");
    assert_eq!(name.as_str(), "Кино на пятницу");
}

#[test]
fn a_name_of_sixty_characters_is_the_longest() {
    assert!(RoomName::new(&"я".repeat(60)).is_ok());
    assert!(RoomName::new(&"я".repeat(61)).is_err());
    assert!(RoomName::new("\u{200B}\u{FEFF} \n").is_err(), "nothing of that name can be seen");
}

#[test]
fn joining_twice_is_joining_once() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(evening.join(BORIS), []);
}

#[test]
fn the_host_changes_only_what_they_name() {
    let mut evening = Evening::of(&[ANNA]);
    let rule = SettingsChange { rule: Some(Rule::Majority), ..SettingsChange::default() };
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(rule)));
    evening.must(ANNA, rename("Friday"));
    assert_eq!(evening.room.settings().name.as_str(), "Friday");
    assert_eq!(evening.room.settings().rule, Rule::Majority);
    assert_eq!(evening.room.settings().goal, Goal::WholeDeck);
}

#[test]
fn a_curated_deck_can_be_given_back() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&["one"]))));
    evening.must(
        ANNA,
        Command::Swiping(SwipingCommand::Configure(SettingsChange {
            deck: Some(None),
            ..SettingsChange::default()
        })),
    );
    assert_eq!(evening.room.settings().deck, None);
}

#[test]
fn only_the_host_configures() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(evening.says(BORIS, rename("Mine")), Err(Refusal::NotHost));
}

#[test]
fn settings_are_for_the_lobby() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["solaris"]);
    let deck = || Command::Swiping(SwipingCommand::Configure(curated(&["a"])));
    assert_eq!(evening.says(ANNA, deck()), Err(Refusal::WrongPhase));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert_eq!(evening.says(ANNA, deck()), Err(Refusal::WrongPhase));
    evening.restart(ANNA, 2);
    assert_eq!(evening.must(ANNA, deck()).len(), 1);
}

#[test]
fn settings_that_are_so_already_are_no_change_in_any_phase() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["solaris"]);
    assert_eq!(evening.says(ANNA, rename("Movie night")), Ok(vec![]));
}

#[test]
fn every_broken_bound_is_named_at_once() {
    let mut evening = Evening::of(&[ANNA]);
    let mut broken = curated(&[]);
    broken.rule = Some(Rule::AtLeast(0));
    broken.goal = Some(Goal::Matches(101));
    broken.picks_per_member = Some(MAX_PICKS + 1);
    let Err(Refusal::Invalid(errors)) =
        evening.says(ANNA, Command::Swiping(SwipingCommand::Configure(broken)))
    else {
        panic!("settings out of all bounds were taken");
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
    assert_eq!(fields, ["rule", "goal", "picks_per_member", "deck"]);
}

#[test]
fn a_member_picks_as_many_titles_as_the_room_allows() {
    let mut evening = Evening::of(&[ANNA]);
    for id in ["a", "b", "c", "d", "e"] {
        evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film(id))));
    }
    assert_eq!(
        refused_field(evening.says(ANNA, Command::Swiping(SwipingCommand::Pick(film("f"))))),
        "titles"
    );
    let six = ["a", "b", "c", "d", "e", "f"].map(film).to_vec();
    assert_eq!(refused_field(evening.says(ANNA, Command::Swiping(SwipingCommand::Select(six)))), "titles");
    assert_eq!(evening.view(ANNA).my_picks.len(), 5);
}

#[test]
fn picking_again_what_one_picked_changes_nothing_even_when_no_more_fit() {
    let mut evening = Evening::of(&[ANNA]);
    for id in ["a", "b", "c", "d", "e"] {
        evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film(id))));
    }
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Pick(film("c")))), Ok(vec![]));
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Unpick(film("f")))), Ok(vec![]));
}

#[test]
fn a_selection_replaces_what_was_picked_and_counts_a_title_once() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("old"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(vec![film("b"), film("a"), film("b")])));
    assert_eq!(evening.view(ANNA).my_picks, [title("b"), title("a")]);
}

#[test]
fn a_title_typed_differently_by_two_people_is_one_title_in_its_first_spelling() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Ёжик в тумане"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("  ежик  В ТУМАНЕ"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let [only] = evening.room.deck() else { panic!("the deck is {:?}", evening.deck()) };
    assert_eq!(evening.room.text_of(only).map(TitleText::as_str), Some("Ёжик в тумане"));
}

#[test]
fn one_list_with_a_title_typed_twice_has_it_once() {
    let mut evening = Evening::of(&[ANNA]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(vec![typed("Solaris"), typed("SOLARIS")])));
    assert_eq!(evening.view(ANNA).my_picks.len(), 1);
    assert_eq!(evening.room.texts().map(TitleText::as_str).collect::<Vec<_>>(), ["Solaris"]);
}

#[test]
fn picks_are_for_the_lobby_but_what_is_so_already_is_acknowledged() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    assert_eq!(
        evening.says(BORIS, Command::Swiping(SwipingCommand::Pick(film("b")))),
        Err(Refusal::WrongPhase)
    );
    assert_eq!(
        evening.says(ANNA, Command::Swiping(SwipingCommand::Unpick(film("a")))),
        Err(Refusal::WrongPhase)
    );
    assert_eq!(
        evening.says(ANNA, Command::Swiping(SwipingCommand::Select(vec![]))),
        Err(Refusal::WrongPhase)
    );
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Pick(film("a")))), Ok(vec![]));
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Select(vec![film("a")]))), Ok(vec![]));
}

#[test]
fn being_ready_is_said_in_the_lobby_and_acknowledged_if_it_was() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(
        evening.says(BORIS, Command::Swiping(SwipingCommand::Ready(true))),
        Ok(vec![]),
        "sent again, it still is so"
    );
    assert_eq!(evening.says(BORIS, Command::Swiping(SwipingCommand::Ready(false))), Err(Refusal::WrongPhase));
}

#[test]
fn who_left_is_not_ready_when_they_come_again() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    evening.leave(BORIS);
    evening.join(BORIS);
    assert!(evening.view(ANNA).members.iter().all(|member| !member.ready));
}

#[test]
fn only_the_host_starts() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a"))));
    assert_eq!(evening.says(BORIS, Command::Swiping(SwipingCommand::Start)), Err(Refusal::NotHost));
}

#[test]
fn nothing_to_swipe_is_nothing_to_start() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(refused_field(evening.says(ANNA, Command::Swiping(SwipingCommand::Start))), "deck");
}

#[test]
fn starting_twice_is_starting_once() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Start)), Ok(vec![]));
}

#[test]
fn a_stranger_may_do_nothing_but_join() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    for command in [
        Command::Swiping(SwipingCommand::Ready(true)),
        Command::Swiping(SwipingCommand::Pick(film("a"))),
        Command::Swiping(SwipingCommand::Start),
        Command::Swiping(SwipingCommand::Finish),
        Command::People(PeopleCommand::Leave),
        Command::People(PeopleCommand::Back),
        Command::People(PeopleCommand::Remove { member: user(ANNA) }),
    ] {
        let said = format!("{command:?}");
        assert_eq!(evening.says(VERA, command), Err(Refusal::NotAMember), "{said}");
    }
    let joined = evening.join(VERA);
    assert!(matches!(joined[..], [Event::People(PeopleEvent::Joined { .. })]), "{joined:?}");
}
