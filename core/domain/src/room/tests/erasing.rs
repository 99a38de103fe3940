//! Somebody erases themselves, from a room and from its log.

use super::evening::*;
use crate::room::{
    Command, Entry, Event, Goal, PeopleCommand, PhaseName, Profile, Refusal, Room, Settings, Standing,
    SwipingCommand, SwipingEvent, Verdict,
    erase::{blanked, blanked_until},
};

fn erase(evening: &mut Evening, who: i64) -> Vec<Event> {
    evening.must(who, Command::People(PeopleCommand::Erase))
}

fn rewritten(evening: &Evening) -> (Room, Vec<Entry>) {
    let log = blanked(&evening.log, &[]).expect("somebody was erased");
    (Room::replay(&log).expect("a log"), log)
}

/// Everything in a log or a room, as text to look for words in.
fn text_of(it: &impl std::fmt::Debug) -> String {
    format!("{it:?}")
}

#[test]
fn neither_the_room_nor_its_rewritten_log_knows_a_name_a_picture_or_a_title_of_who_was_erased() {
    let mut evening = Evening::of(&[ANNA]);
    let profile = Profile { name: "Zebedee".into(), photo_url: Some("https://t.me/zebedee.jpg".into()) };
    evening.must(BORIS, Command::People(PeopleCommand::Join(profile)));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Zebedee's film"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    evening.like(BORIS, "a");
    erase(&mut evening, BORIS);
    let (room, log) = rewritten(&evening);
    for (what, text) in [
        ("the room", text_of(&evening.room)),
        ("the rewritten log", text_of(&log)),
        ("what it folds to", text_of(&room)),
    ] {
        assert!(!text.to_lowercase().contains("zebedee"), "{what} still knows: {text}");
    }
    assert_eq!(room.verdict_of(user(BORIS), &title("a")), None);
    assert!(log.iter().all(|entry| !matches!(entry.event, Event::Swiping(SwipingEvent::Swiped { .. }))));
}

#[test]
fn the_round_of_the_others_goes_on_with_their_swipes_and_matches() {
    let settings = Settings { rule: crate::room::Rule::Majority, ..default_settings() };
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], settings, &["a", "b", "c"]);
    evening.like(ANNA, "a");
    evening.like(VERA, "a");
    evening.like(ANNA, "b");
    evening.skip(BORIS, "b");
    erase(&mut evening, VERA);
    for room in [evening.room.clone(), rewritten(&evening).0] {
        assert_eq!(room.phase(), PhaseName::Swiping);
        assert_eq!(room.verdict_of(user(ANNA), &title("b")), Some(Verdict::Like));
        assert_eq!(room.verdict_of(user(BORIS), &title("b")), Some(Verdict::Skip));
        assert_eq!(room.matches().len(), 1, "a match stands");
    }
}

#[test]
fn a_typed_title_that_somebody_else_picked_or_that_matched_keeps_its_text() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("Hers alone"))));
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("Shared"))));
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(typed("Matched"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film(typed_id("Shared").as_str()))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    for who in [ANNA, BORIS, VERA] {
        evening.like(who, typed_id("Matched").as_str());
    }
    erase(&mut evening, VERA);
    for room in [evening.room.clone(), rewritten(&evening).0] {
        let mut texts: Vec<&str> = room.texts().map(crate::title::TitleText::as_str).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["Matched", "Shared"]);
        assert_eq!(room.deck().len(), 2, "a card of which nobody knows what it is goes: {:?}", room.deck());
    }
}

#[test]
fn who_comes_back_is_a_new_person() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.skip(BORIS, "a");
    erase(&mut evening, BORIS);
    evening.join(BORIS);
    for room in [evening.room.clone(), rewritten(&evening).0] {
        assert!(room.has_member(user(BORIS)));
        assert_eq!(room.member(user(BORIS)).map(|member| member.profile.clone()), Some(profile(BORIS)));
        assert_eq!(room.swiped(user(BORIS)), 0, "they had swiped one, as somebody else");
    }
}

#[test]
fn whom_the_host_removed_may_not_come_back_by_being_erased() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(BORIS) }));
    erase(&mut evening, BORIS);
    assert_eq!(
        evening.says(BORIS, Command::People(PeopleCommand::Join(profile(BORIS)))),
        Err(Refusal::NotAMember)
    );
    let member = evening.room.member(user(BORIS)).expect("they were there");
    assert_eq!((member.standing, &member.profile), (Standing::Removed, &Profile::NONE));
}

#[test]
fn erased_twice_is_erased_once_and_a_stranger_leaves_nothing() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(erase(&mut evening, BORIS).len(), 1);
    assert_eq!(erase(&mut evening, BORIS), []);
    assert_eq!(erase(&mut evening, GLEB), []);
}

#[test]
fn who_left_long_ago_is_erased_as_well() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.leave(BORIS);
    erase(&mut evening, BORIS);
    assert!(!text_of(&rewritten(&evening).1).contains("Person 2"));
}

#[test]
fn a_host_who_is_erased_passes_the_room_on_and_may_complete_a_match() {
    let mut evening = Evening::swiping(&[ANNA, BORIS, VERA], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.like(VERA, "a");
    let events = erase(&mut evening, ANNA);
    assert_eq!(matches_in(&events), ["a"]);
    assert_eq!(evening.room.host(), user(BORIS));
}

#[test]
fn a_round_of_which_no_card_is_left_is_over() {
    let settings = Settings { goal: Goal::WholeDeck, ..default_settings() };
    let mut evening = Evening::with(&[ANNA, BORIS], settings);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Only his"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert!(finishes(&erase(&mut evening, BORIS)));
    assert_eq!(evening.room.deck(), []);
    assert_eq!(rewritten(&evening).0.phase(), PhaseName::Finished);
}

#[test]
fn results_are_without_the_likes_of_who_was_erased_once_the_log_is_rewritten() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.like(BORIS, "a");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    erase(&mut evening, BORIS);
    let (room, _) = rewritten(&evening);
    assert_eq!(room.results().map(|results| results[0].likes), Some(0));
}

#[test]
fn a_room_that_came_back_from_sql_forgets_as_well() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Only his"))));
    let restored = Event::Restored(Box::new(remembered(&evening.room)));
    let mut evening = Evening::reopened(restored, evening.now);
    erase(&mut evening, BORIS);
    let text = text_of(&rewritten(&evening));
    assert!(!text.contains("Only his") && !text.contains("Person 2"), "{text}");
}

#[test]
fn what_was_there_before_a_return_can_still_be_taken_out_later() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Before"))));
    let erased_at = evening.now;
    evening.passes(std::time::Duration::from_secs(1));
    evening.must(BORIS, Command::People(PeopleCommand::Leave));
    evening.join(BORIS);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("After"))));
    let log = blanked_until(&evening.log, user(BORIS), erased_at);
    let room = Room::replay(&log).expect("a log");
    assert!(!text_of(&log).contains("Before"), "{log:?}");
    assert_eq!(room.picks_of(user(BORIS)), [typed_id("After")]);
    assert!(room.has_member(user(BORIS)));
}
