//! Nothing in a room grows for ever.

use std::collections::BTreeSet;

use super::evening::*;
use crate::{
    ids::TitleId,
    room::{
        Command, Entry, Event, PeopleCommand, Refusal, Room, Settings, SettingsChange, SwipingCommand,
        SwipingEvent, Verdict,
        bounds::{EVER_MEMBERS, LOG_BYTES, LOG_EVENTS, LOG_EVENTS_WITH_ROUND, UNDONE_BEYOND_DECK},
    },
    title::{TitleRef, TitleText},
};

fn fifty_picks() -> Settings {
    Settings { picks_per_member: 50, ..default_settings() }
}

/// Fifty titles that nobody has typed before.
fn fresh(turn: usize, who: i64) -> Vec<TitleRef> {
    (0..50).map(|n| typed(&format!("film {turn} of {who} is {n} long"))).collect()
}

fn texts(room: &Room) -> BTreeSet<TitleId> {
    room.texts().map(TitleText::id).collect()
}

/// A room whose log has this many events.
fn with_log_of(mut evening: Evening, events: u64) -> Evening {
    let toggled =
        |n: u64| Event::Swiping(SwipingEvent::Ready { member: user(ANNA), ready: n.is_multiple_of(2) });
    for n in evening.room.seq().get()..events {
        let entry = Entry { at: evening.now, event: toggled(n) };
        evening.room.apply(&entry);
        evening.log.push(entry);
    }
    evening
}

#[test]
fn six_people_who_type_fresh_titles_again_and_again_leave_the_last_ones_only() {
    let people = [1, 2, 3, 4, 5, 6];
    let mut evening = Evening::with(&people, fifty_picks());
    for turn in 0..20 {
        for who in people {
            evening.must(who, Command::Swiping(SwipingCommand::Select(fresh(turn, who))));
        }
    }
    let picked: BTreeSet<TitleId> =
        evening.room.members().iter().flat_map(|member| evening.room.picks_of(member.id).to_vec()).collect();
    assert_eq!(picked.len(), 300);
    assert_eq!(texts(&evening.room), picked);
    assert_eq!(evening.room, Room::replay(&evening.log).unwrap());
}

#[test]
fn a_text_that_nobody_picks_any_more_goes_and_one_that_somebody_does_stays() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Unpick(typed("Solaris"))));
    assert_eq!(texts(&evening.room), [typed_id("Solaris")].into());
    evening.leave(BORIS);
    assert_eq!(texts(&evening.room), [typed_id("Solaris")].into(), "who comes again finds their picks");
    evening.join(BORIS);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Select(vec![])));
    assert_eq!(texts(&evening.room), [].into());
}

#[test]
fn what_is_swiped_or_has_matched_keeps_its_text_although_nobody_picks_it() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    for text in ["Solaris", "Stalker"] {
        evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed(text))));
    }
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let (solaris, stalker) = (typed_id("Solaris"), typed_id("Stalker"));
    for who in [ANNA, BORIS] {
        evening.like(who, solaris.as_str());
        evening.skip(who, stalker.as_str());
    }
    evening.restart(ANNA, 2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Select(vec![])));
    assert_eq!(texts(&evening.room), [solaris.clone()].into(), "Solaris is a match of the first round");
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Mirror"))));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    assert_eq!(texts(&evening.room), [solaris, typed_id("Mirror")].into());
}

#[test]
fn one_film_written_in_a_thousand_ways_is_remembered_in_a_few() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Solaris"))));
    for n in 1..1_000 {
        let another = typed(&format!("{n}. Solaris"));
        let events = evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(another.clone())));
        assert!(
            matches!(&events[..], [Event::Swiping(SwipingEvent::Picked { title, .. })] if *title == typed_id("Solaris")),
            "{events:?}"
        );
        evening.must(BORIS, Command::Swiping(SwipingCommand::Unpick(another)));
    }
    assert!(texts(&evening.room).len() <= 10, "{} texts", texts(&evening.room).len());
}

#[test]
fn a_room_whose_log_is_full_takes_nothing_more_in_its_lobby_and_lets_everybody_go() {
    let mut evening = with_log_of(Evening::of(&[ANNA, BORIS, VERA]), LOG_EVENTS - 1);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a"))));
    let settings = SettingsChange { picks_per_member: Some(9), ..SettingsChange::default() };
    for command in [
        Command::Swiping(SwipingCommand::Pick(film("b"))),
        Command::Swiping(SwipingCommand::Unpick(film("a"))),
        Command::Swiping(SwipingCommand::Select(vec![film("b")])),
        Command::Swiping(SwipingCommand::Ready(true)),
    ] {
        assert_eq!(evening.says(BORIS, command.clone()), Err(Refusal::WornOut), "{command:?}");
    }
    for command in
        [Command::Swiping(SwipingCommand::Configure(settings)), Command::Swiping(SwipingCommand::Start)]
    {
        assert_eq!(evening.says(ANNA, command.clone()), Err(Refusal::WornOut), "{command:?}");
    }
    assert_eq!(
        evening.says(DASHA, Command::People(PeopleCommand::Join(profile(DASHA)))),
        Err(Refusal::WornOut)
    );
    assert_eq!(
        evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("a")))),
        [],
        "what is so already costs nothing"
    );
    evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(VERA) }));
    assert_eq!(
        evening.says(ANNA, Command::People(PeopleCommand::LetIn { member: user(VERA) })),
        Err(Refusal::WornOut)
    );
    evening.goes_away(BORIS);
    evening.must(BORIS, Command::People(PeopleCommand::Back));
    evening.leave(ANNA);
    assert_eq!(evening.room.host(), user(BORIS));
    evening.leave(BORIS);
}

#[test]
fn a_round_that_is_being_played_when_the_log_is_full_is_played_to_its_end() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening = with_log_of(evening, LOG_EVENTS);
    for who in [ANNA, BORIS] {
        evening.skip(who, "a");
        evening.undo(who, "a").expect("a thumb that slipped");
        evening.skip(who, "a");
        evening.skip(who, "b");
    }
    let again =
        Command::Swiping(SwipingCommand::Restart { round: evening.room.round().next(), final_round: false });
    assert_eq!(evening.says(ANNA, again), Err(Refusal::WornOut), "the round is over, and was the last");
}

#[test]
fn swiping_and_taking_back_has_an_end_too() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    for _ in 0..2 + UNDONE_BEYOND_DECK {
        evening.skip(ANNA, "a");
        evening.undo(ANNA, "a").expect("there are some left");
    }
    evening.skip(ANNA, "a");
    assert_eq!(evening.undo(ANNA, "a"), Err(Refusal::WornOut));
    evening.skip(BORIS, "a");
    evening.undo(BORIS, "a").expect("everybody has their own");
    evening.skip(ANNA, "b");

    let mut evening = with_log_of(evening, LOG_EVENTS_WITH_ROUND);
    let swipe = Command::Swiping(SwipingCommand::Swipe { title: title("b"), verdict: Verdict::Skip });
    assert_eq!(evening.says(BORIS, swipe), Err(Refusal::WornOut));
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
}

#[test]
fn a_log_is_full_too_if_what_its_events_hold_is_much() {
    let mut evening = Evening::with(&[ANNA, BORIS], fifty_picks());
    let long = |turn: usize, n: usize| film(&format!("{turn:08}-{n:02}-{}", "x".repeat(20)));
    let selected = (0..5_000).take_while(|turn| {
        let titles = (0..50).map(|n| long(*turn, n)).collect();
        evening.says(BORIS, Command::Swiping(SwipingCommand::Select(titles))) != Err(Refusal::WornOut)
    });
    let bytes = selected.count() as u64 * 50 * 32;
    assert!(LOG_BYTES / 2 < bytes && bytes <= LOG_BYTES, "{bytes} bytes of titles are in the log");
}

#[test]
fn no_more_people_than_so_many_are_ever_in_a_room() {
    let mut evening = Evening::of(&[ANNA]);
    for who in 2..=i64::try_from(EVER_MEMBERS).unwrap() {
        evening.join(who);
        evening.leave(who);
    }
    let late = Command::People(PeopleCommand::Join(profile(5_000)));
    assert_eq!(evening.says(5_000, late), Err(Refusal::WornOut));
    evening.join(BORIS);
}

#[test]
fn a_log_from_before_there_were_bounds_is_the_same_room() {
    let mut evening = Evening::with(&[ANNA, BORIS], fifty_picks());
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    let longer = with_log_of(evening, LOG_EVENTS + 1_000);
    let room = Room::replay(&longer.log).unwrap();
    assert_eq!(room, longer.room);
    assert!(room.is_worn_out());
    assert_eq!(room.view_for(user(ANNA)).unwrap().my_picks, [title("a")]);
}
