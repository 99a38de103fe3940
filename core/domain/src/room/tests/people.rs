//! Who is in the room, who counts, who leads.

use std::time::Duration;

use super::evening::*;
use crate::room::{
    AWAY_AFTER, Command, Event, PeopleCommand, PeopleEvent, Refusal, Standing, SwipingCommand, SwipingEvent,
    bounds::REMOVED_NAMED, settings::MAX_MEMBERS,
};

fn remove(who: i64) -> Command {
    Command::People(PeopleCommand::Remove { member: user(who) })
}

#[test]
fn the_room_is_full_at_its_limit_and_has_room_again_when_somebody_leaves() {
    let everybody: Vec<i64> = (1..).take(MAX_MEMBERS).collect();
    let mut evening = Evening::of(&everybody);
    let late = Command::People(PeopleCommand::Join(profile(1000)));
    assert_eq!(evening.says(1000, late.clone()), Err(Refusal::RoomFull));
    assert_eq!(evening.join(50), [], "who is in is not kept out");
    evening.leave(2);
    assert!(evening.says(1000, late).is_ok());
    assert_eq!(
        evening.says(2, Command::People(PeopleCommand::Join(profile(2)))),
        Err(Refusal::RoomFull),
        "the place is taken"
    );
}

#[test]
fn who_comes_again_finds_their_picks_and_swipes() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c"]);
    evening.skip(ANNA, "b");
    evening.like(BORIS, "a");
    evening.leave(ANNA);
    evening.join(ANNA);
    let view = evening.view(ANNA);
    assert_eq!(view.my_picks.len(), 3);
    assert_eq!(view.my_swipes, 1);
    assert_eq!(view.queue, [title("a"), title("c")], "b is swiped; Boris likes a");
}

#[test]
fn who_comes_again_is_shown_as_they_are_now() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.leave(BORIS);
    let mut renamed = profile(BORIS);
    renamed.name = "Боря".to_owned();
    evening.must(BORIS, Command::People(PeopleCommand::Join(renamed.clone())));
    assert_eq!(evening.view(ANNA).members[1].profile, renamed);
}

#[test]
fn leaving_twice_is_leaving_once() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.leave(BORIS);
    assert_eq!(evening.leave(BORIS), []);
}

#[test]
fn who_left_may_do_nothing_until_they_join_again() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a"]);
    evening.leave(BORIS);
    let swipe =
        Command::Swiping(SwipingCommand::Swipe { title: title("a"), verdict: crate::room::Verdict::Like });
    assert_eq!(evening.says(BORIS, swipe), Err(Refusal::NotAMember));
    assert_eq!(evening.room.view_for(user(BORIS)), None);
}

#[test]
fn who_was_removed_may_not_return() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.must(ANNA, remove(BORIS));
    assert_eq!(
        evening.says(BORIS, Command::People(PeopleCommand::Join(profile(BORIS)))),
        Err(Refusal::NotAMember)
    );
    assert_eq!(evening.must(ANNA, remove(BORIS)), [], "removing twice is removing once");
}

#[test]
fn who_left_can_still_be_kept_from_returning() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.leave(BORIS);
    evening.must(ANNA, remove(BORIS));
    assert_eq!(
        evening.says(BORIS, Command::People(PeopleCommand::Join(profile(BORIS)))),
        Err(Refusal::NotAMember)
    );
}

#[test]
fn only_the_host_removes_and_not_themselves_nor_a_stranger() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    assert_eq!(evening.says(BORIS, remove(VERA)), Err(Refusal::NotHost));
    assert_eq!(refused_field(evening.says(ANNA, remove(ANNA))), "member");
    assert_eq!(refused_field(evening.says(ANNA, remove(DASHA))), "member");
}

#[test]
fn the_host_who_leaves_passes_the_room_to_who_came_next_and_is_here() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.goes_away(BORIS);
    let events = evening.leave(ANNA);
    assert_eq!(
        events,
        [
            Event::People(PeopleEvent::Left { member: user(ANNA) }),
            Event::People(PeopleEvent::HostChanged { member: user(VERA) })
        ],
        "Boris came before Vera, but is away"
    );
}

#[test]
fn a_host_who_comes_again_is_a_member_like_the_others() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.leave(ANNA);
    evening.join(ANNA);
    assert_eq!(evening.room.host(), user(BORIS));
    assert_eq!(evening.says(ANNA, Command::Swiping(SwipingCommand::Finish)), Err(Refusal::NotHost));
}

#[test]
fn a_host_who_is_away_leaves_the_room_to_somebody_who_can_start_it() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.goes_away(BORIS);
    evening.goes_away(ANNA);
    assert_eq!(evening.room.host(), user(VERA));
    evening.goes_away(VERA);
    assert_eq!(evening.room.host(), user(VERA), "nobody else is here either");
}

#[test]
fn a_room_of_people_who_are_all_away_still_has_a_host_when_the_host_leaves() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.goes_away(BORIS);
    evening.leave(ANNA);
    assert_eq!(evening.room.host(), user(BORIS));
}

#[test]
fn the_last_one_leaves_an_empty_room_that_whoever_comes_next_leads() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(BORIS, "a");
    evening.leave(BORIS);
    let last = evening.leave(ANNA);
    assert_eq!(
        last,
        [Event::People(PeopleEvent::Left { member: user(ANNA) })],
        "nobody is there to lead or to finish"
    );
    evening.join(BORIS);
    assert_eq!(evening.room.host(), user(BORIS));
    assert_eq!(evening.view(BORIS).my_swipes, 1, "the round goes on where it was");
    evening.must(BORIS, Command::Swiping(SwipingCommand::Finish));
}

#[test]
fn the_host_who_returns_to_their_empty_room_leads_it_still() {
    let mut evening = Evening::of(&[ANNA]);
    evening.leave(ANNA);
    let events = evening.join(ANNA);
    assert!(matches!(events[..], [Event::People(PeopleEvent::Joined { .. })]), "{events:?}");
    assert_eq!(evening.room.host(), user(ANNA));
}

#[test]
fn a_phone_silent_for_less_than_it_takes_is_not_away() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let last_seen = evening.now;
    let nearly = AWAY_AFTER.saturating_sub(Duration::from_millis(1));
    evening.passes(nearly);
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Away { last_seen })), []);
    evening.passes(Duration::from_millis(1));
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Away { last_seen })).len(), 1);
    assert_eq!(
        evening.must(BORIS, Command::People(PeopleCommand::Away { last_seen })),
        [],
        "they are away already"
    );
}

#[test]
fn a_clock_that_went_back_makes_nobody_away() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    let last_seen = evening.now.plus(Duration::from_secs(86_400));
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Away { last_seen })), []);
}

#[test]
fn coming_back_is_said_once() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Back)), []);
    evening.goes_away(BORIS);
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Back)).len(), 1);
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Back)), []);
}

#[test]
fn whatever_an_away_member_does_brings_them_back_unless_it_changes_nothing() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.goes_away(BORIS);
    assert_eq!(evening.must(BORIS, Command::Swiping(SwipingCommand::Ready(false))), []);
    let events = evening.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    assert!(
        matches!(
            events[..],
            [Event::Swiping(SwipingEvent::Ready { .. }), Event::People(PeopleEvent::Back { .. })]
        ),
        "{events:?}"
    );
}

#[test]
fn an_away_member_who_leaves_has_left() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.goes_away(BORIS);
    evening.leave(BORIS);
    assert_eq!(evening.room.member(user(BORIS)).map(|m| m.standing), Some(Standing::Left));
}

#[test]
fn a_host_who_was_away_has_the_room_back_when_they_return() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.goes_away(ANNA);
    assert_eq!(evening.room.host(), user(BORIS), "somebody who is here can start the round");
    let events = evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert_eq!(
        events,
        [
            Event::People(PeopleEvent::Back { member: user(ANNA) }),
            Event::People(PeopleEvent::HostChanged { member: user(ANNA) })
        ],
    );
    assert_eq!(evening.room.host(), user(ANNA));
    evening.goes_away(BORIS);
    assert_eq!(evening.must(BORIS, Command::People(PeopleCommand::Back)).len(), 1, "Boris only stood in");
}

#[test]
fn whatever_a_host_who_was_away_does_gives_them_the_room_back() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.goes_away(ANNA);
    evening.must(ANNA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    assert_eq!(evening.room.host(), user(ANNA));
}

#[test]
fn a_host_who_was_away_has_the_room_back_from_whoever_stands_in_by_then() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA, GLEB]);
    evening.goes_away(ANNA);
    evening.goes_away(BORIS);
    evening.leave(VERA);
    assert_eq!(evening.room.host(), user(GLEB));
    evening.must(BORIS, Command::People(PeopleCommand::Back));
    assert_eq!(evening.room.host(), user(GLEB), "Boris stood in too");
    evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert_eq!(evening.room.host(), user(ANNA));
}

#[test]
fn a_host_who_left_while_they_were_away_does_not_have_the_room_back() {
    let mut evening = Evening::of(&[ANNA, BORIS]);
    evening.goes_away(ANNA);
    evening.leave(ANNA);
    evening.join(ANNA);
    assert_eq!(evening.room.host(), user(BORIS));
    evening.goes_away(ANNA);
    evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert_eq!(evening.room.host(), user(BORIS));
}

#[test]
fn who_stands_in_for_the_host_does_not_remove_them() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    evening.goes_away(ANNA);
    assert_eq!(refused_field(evening.says(BORIS, remove(ANNA))), "member");
    evening.must(BORIS, remove(VERA));
}

#[test]
fn whom_a_stand_in_removed_the_host_who_returned_lets_in_again() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA]);
    let let_in = Command::People(PeopleCommand::LetIn { member: user(VERA) });
    evening.must(VERA, Command::Swiping(SwipingCommand::Pick(film("a"))));
    evening.goes_away(ANNA);
    evening.must(BORIS, remove(VERA));
    evening.must(ANNA, Command::People(PeopleCommand::Back));
    assert_eq!(evening.says(BORIS, let_in.clone()), Err(Refusal::NotHost));
    assert_eq!(
        evening.must(ANNA, let_in.clone()),
        [Event::People(PeopleEvent::LetIn { member: user(VERA) })]
    );
    assert_eq!(evening.must(ANNA, let_in), [], "letting in twice is letting in once");
    assert!(!evening.room.has_member(user(VERA)), "whether they come is their own affair");
    evening.join(VERA);
    assert_eq!(evening.view(VERA).my_picks, [title("a")]);
    let stranger = Command::People(PeopleCommand::LetIn { member: user(DASHA) });
    assert_eq!(refused_field(evening.says(ANNA, stranger)), "member");
}

#[test]
fn who_was_removed_is_named_to_the_host_alone_until_let_in_again() {
    let mut evening = Evening::of(&[ANNA, BORIS, VERA, DASHA]);
    let named = |evening: &Evening, viewer| {
        let removed = evening.view(viewer).removed;
        removed.map(|removed| removed.into_iter().map(|person| person.id).collect::<Vec<_>>())
    };
    assert_eq!(named(&evening, ANNA), Some(vec![]));
    evening.must(ANNA, remove(VERA));
    evening.must(ANNA, remove(DASHA));
    assert_eq!(named(&evening, ANNA), Some(vec![user(DASHA), user(VERA)]), "the newest first");
    assert_eq!(named(&evening, BORIS), None);
    evening.must(ANNA, Command::People(PeopleCommand::LetIn { member: user(DASHA) }));
    assert_eq!(named(&evening, ANNA), Some(vec![user(VERA)]));
    evening.goes_away(ANNA);
    assert_eq!(named(&evening, BORIS), Some(vec![user(VERA)]), "who leads may let in");
    assert_eq!(named(&evening, ANNA), None);
    evening.must(VERA, Command::People(PeopleCommand::Erase));
    assert_eq!(named(&evening, BORIS), Some(vec![]), "nobody knows any more who it was");
}

#[test]
fn of_very_many_who_were_removed_the_newest_are_named() {
    let mut evening = Evening::of(&[ANNA]);
    for somebody in 1_000..1_150 {
        evening.join(somebody);
        evening.must(ANNA, remove(somebody));
    }
    let removed = evening.view(ANNA).removed.expect("the host's view");
    assert_eq!((removed.len(), removed[0].id), (REMOVED_NAMED, user(1_149)));
}
