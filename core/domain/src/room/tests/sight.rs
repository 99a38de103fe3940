//! What each member sees, of the room and of what happens in it.

use super::evening::*;
use crate::room::{
    Command, Entry, Event, EventView, EventViews, PeopleCommand, PeopleEvent, Role, SwipingCommand,
    SwipingEvent, Verdict, event::Match,
};

/// How the last thing that happened looks.
fn last(evening: &Evening) -> EventViews {
    evening.room.views(evening.log.last().expect("a log has a beginning"))
}

#[test]
fn a_strangers_view_of_a_room_is_none() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(evening.room.view_for(user(VERA)), None);
    evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(BORIS) }));
    assert_eq!(evening.room.view_for(user(BORIS)), None);
}

#[test]
fn others_see_that_one_swiped_and_ones_other_devices_see_what() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    let views = last(&evening);
    let left = evening.view(BORIS).my_signals_left;
    assert_eq!(views.seen_by(user(ANNA)), &EventView::Progress { member: user(BORIS), swiped: 1 });
    assert_eq!(
        views.seen_by(user(BORIS)),
        &EventView::Swiped { title: title("a"), verdict: Verdict::Like, swiped: 1, left }
    );
    assert!(views.is_own(user(BORIS)) && !views.is_own(user(ANNA)));
}

#[test]
fn others_see_that_one_took_a_swipe_back_and_not_which() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.undo(BORIS, "a").expect("it was the last one");
    let views = last(&evening);
    let seen = |mine| EventView::Undone { member: user(BORIS), swiped: 0, mine };
    assert_eq!(views.seen_by(user(ANNA)), &seen(None));
    assert_eq!(views.seen_by(user(BORIS)), &seen(Some((title("a"), evening.view(BORIS).my_signals_left))));
}

#[test]
fn others_see_how_many_titles_one_picked_and_not_which() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(BORIS, Command::Swiping(SwipingCommand::Pick(film("secret"))));
    let views = last(&evening);
    let seen = |mine| EventView::Picked { member: user(BORIS), picks: 1, mine };
    assert_eq!(views.seen_by(user(ANNA)), &seen(None));
    assert_eq!(views.seen_by(user(BORIS)), &seen(Some(vec![title("secret")])));
    assert_eq!(evening.view(ANNA).members[1].picks, 1);
    assert_eq!(evening.view(ANNA).my_picks, []);
}

#[test]
fn a_match_looks_the_same_to_all() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    let found = Match { number: 1, round: evening.room.round(), title: title("a"), at: evening.now };
    for who in [ANNA, BORIS] {
        assert_eq!(last(&evening).seen_by(user(who)), &EventView::MatchFound(found.clone()));
    }
}

#[test]
fn of_a_title_that_matched_in_two_rounds_the_later_match_is_shown() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    evening.restart(ANNA, 2);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Start));
    evening.like(ANNA, "a");
    evening.like(BORIS, "a");
    let views = last(&evening);
    let EventView::MatchFound(found) = views.seen_by(user(ANNA)) else { panic!("{views:?}") };
    assert_eq!(found.number, 2);
}

#[test]
fn a_member_list_names_those_who_are_in_the_room_in_the_order_of_joining() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA, GLEB]);
    evening.leave(BORIS);
    evening.goes_away(VERA);
    evening.join(BORIS);
    let seen: Vec<_> = evening.view(ANNA).members.iter().map(|m| (m.id, m.away)).collect();
    let expected = [(ANNA, false), (BORIS, false), (VERA, true), (GLEB, false)];
    assert_eq!(seen, expected.map(|(who, away)| (user(who), away)));
}

#[test]
fn leaving_and_being_removed_look_different() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.leave(BORIS);
    assert_eq!(last(&evening).seen_by(user(ANNA)), &EventView::Left { member: user(BORIS), removed: false });
    evening.must(ANNA, Command::People(PeopleCommand::Remove { member: user(VERA) }));
    assert_eq!(last(&evening).seen_by(user(ANNA)), &EventView::Left { member: user(VERA), removed: true });
}

#[test]
fn the_end_shows_results_and_how_many_would_be_in_a_final_round() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(BORIS, "b");
    evening.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    let views = last(&evening);
    let EventView::Finished { results, finalists } = views.seen_by(user(ANNA)) else { panic!("{views:?}") };
    assert_eq!(results[0].title, title("b"));
    assert_eq!((results.len(), *finalists), (2, 1));
}

#[test]
fn the_start_says_how_many_cards_there_are_and_none_of_them() {
    let evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    let started = EventView::Started { round: evening.room.round(), deck_size: 2, ends_at: None };
    assert_eq!(last(&evening).seen_by(user(BORIS)), &started);
}

#[test]
fn every_kind_of_event_has_a_face_of_its_kind() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let entry = |event| Entry { at: evening.now, event };
    assert!(matches!(evening.room.views(&evening.log[0]).seen_by(user(ANNA)), EventView::Began));
    assert!(
        matches!(evening.room.views(&evening.log[2]).seen_by(user(ANNA)), EventView::Joined(m) if m.id == user(BORIS))
    );
    let who = user(BORIS);
    for (event, face) in [
        (
            Event::Swiping(SwipingEvent::Ready { member: who, ready: true }),
            EventView::Ready { member: who, ready: true },
        ),
        (Event::People(PeopleEvent::Away { member: who }), EventView::Away(who)),
        (Event::People(PeopleEvent::Back { member: who }), EventView::Back(who)),
        (Event::People(PeopleEvent::HostChanged { member: who }), EventView::HostChanged(who)),
        (Event::People(PeopleEvent::HandedOver { member: who }), EventView::HostChanged(who)),
        (
            Event::People(PeopleEvent::RoleChanged { member: who, role: Role::Moderator }),
            EventView::RoleChanged { member: who, role: Role::Moderator },
        ),
        (
            Event::People(PeopleEvent::Erased { member: who, texts: vec![] }),
            EventView::Left { member: who, removed: false },
        ),
    ] {
        assert_eq!(evening.room.views(&entry(event)).seen_by(user(ANNA)), &face);
    }
    evening.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&["a"]))));
    assert!(
        matches!(last(&evening).seen_by(who), EventView::Configured { settings, .. } if settings.deck.is_some())
    );
}
