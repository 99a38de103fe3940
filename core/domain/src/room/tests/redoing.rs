//! Two ends of one history become one again: nothing that anybody was told is lost.

use std::collections::BTreeSet;

use super::evening::*;
use crate::{
    ids::Round,
    room::{
        Command, DeckChoice, Entry, Event, PeopleCommand, Room, SettingsChange, SwipingCommand, SwipingEvent,
        Verdict, redo::shared,
    },
    title::Filter,
};

/// Two evenings that were one until here.
fn forked() -> (Evening, Evening) {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b", "c"]);
    evening.like(ANNA, "a");
    (evening.clone(), evening)
}

/// What only this evening's log has.
fn end_of<'a>(evening: &'a Evening, other: &Evening) -> &'a [Entry] {
    let shared = evening.log.iter().zip(&other.log).take_while(|(one, two)| one == two).count();
    &evening.log[shared..]
}

/// What comes of the lost end, after the one that was kept.
fn redone(kept: &Evening, lost: &Evening) -> (Vec<Event>, Room) {
    let (one, other) = (end_of(kept, lost), end_of(lost, kept));
    let mut room = Room::replay(&kept.log[..kept.log.len() - one.len()]).unwrap();
    let end = room.reunite(one, other);
    let redone = end.strip_prefix(one).expect("what was kept is not as it was");
    let events = redone.iter().map(|entry| entry.event.clone()).collect();
    for entry in &end {
        room.apply(entry);
    }
    (events, room)
}

#[test]
fn what_was_done_first_stays_first_on_whichever_end() {
    let (mut early, mut late) = forked();
    early.like(BORIS, "b");
    late.passes(std::time::Duration::from_secs(1));
    late.like(ANNA, "b");
    early.passes(std::time::Duration::from_secs(2));
    early.skip(BORIS, "c");
    let fork = Room::replay(&early.log[..early.log.len() - end_of(&early, &late).len()]).unwrap();
    let end = fork.reunite(end_of(&late, &early), end_of(&early, &late));
    let swiped: Vec<_> = end
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Swiping(SwipingEvent::Swiped { member, title, .. }) => {
                Some((member.get(), title.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(swiped, [(BORIS, "b"), (ANNA, "b"), (BORIS, "c")]);
    assert!(end.is_sorted_by_key(|entry| entry.at), "each at its own time: {end:?}");
}

#[test]
fn what_followed_from_a_command_comes_with_it_where_an_end_lacks_only_that() {
    let (mut whole, _) = forked();
    whole.passes(std::time::Duration::from_millis(1));
    whole.must(ANNA, Command::People(PeopleCommand::Leave));
    let mut cut = whole.clone();
    cut.log.pop();
    cut.room = Room::replay(&cut.log).unwrap();
    // In the same millisecond: nothing of the other end comes before it.
    cut.skip(BORIS, "b");
    let common = shared(&whole.log, &cut.log);
    let room = Room::replay(&whole.log[..common]).unwrap();
    for (one, other) in [(&whole, &cut), (&cut, &whole)] {
        let end = room.reunite(&one.log[common..], &other.log[common..]);
        let both = room.later(&end);
        assert_eq!((both.host(), both.swiped(user(BORIS))), (user(BORIS), 1), "{end:?}");
    }
}

#[test]
fn who_was_away_is_away_and_who_came_back_is_here() {
    let (mut kept, mut lost) = forked();
    kept.skip(ANNA, "c");
    lost.join(VERA);
    lost.goes_away(BORIS);
    lost.goes_away(VERA);
    lost.passes(std::time::Duration::from_millis(1));
    lost.must(VERA, Command::People(PeopleCommand::Back));
    let (_, room) = redone(&kept, &lost);
    assert!(room.is_away(user(BORIS)) && !room.is_away(user(VERA)));
}

#[test]
fn swipes_of_a_lost_end_are_swiped_again() {
    let (mut kept, mut lost) = forked();
    kept.skip(BORIS, "b");
    lost.skip(ANNA, "c");
    lost.like(BORIS, "c");
    let (events, room) = redone(&kept, &lost);
    let swiped = |member, id, verdict| {
        Event::Swiping(SwipingEvent::Swiped { member: user(member), title: title(id), verdict })
    };
    assert_eq!(events, [swiped(ANNA, "c", Verdict::Skip), swiped(BORIS, "c", Verdict::Like)]);
    assert_eq!((room.swiped(user(ANNA)), room.swiped(user(BORIS))), (2, 2));
}

#[test]
fn likes_on_either_end_match_once_they_meet() {
    let (mut kept, mut lost) = forked();
    kept.like(ANNA, "b");
    lost.like(BORIS, "b");
    assert_eq!(matches_in(&redone(&kept, &lost).0), ["b"]);
}

#[test]
fn a_match_that_both_ends_found_is_found_once() {
    let (mut kept, mut lost) = forked();
    lost.passes(std::time::Duration::from_millis(1));
    kept.like(BORIS, "a");
    lost.like(BORIS, "a");
    assert_eq!(redone(&kept, &lost).0, []);
}

#[test]
fn what_was_taken_back_stays_taken_back() {
    let (mut kept, mut lost) = forked();
    kept.like(BORIS, "b");
    lost.like(ANNA, "b");
    lost.undo(ANNA, "b").expect("it was the last one");
    let (_, room) = redone(&kept, &lost);
    assert_eq!(room.swiped(user(ANNA)), 1, "only the first card is swiped");
}

#[test]
fn who_came_and_who_went_came_and_went() {
    let (mut kept, mut lost) = forked();
    kept.like(ANNA, "b");
    lost.join(VERA);
    lost.like(VERA, "a");
    lost.leave(BORIS);
    let (events, room) = redone(&kept, &lost);
    assert!(room.has_member(user(VERA)) && !room.has_member(user(BORIS)), "{events:?}");
    assert_eq!(matches_in(&events), ["a"], "Anna and Vera are all who are left");
}

#[test]
fn what_cannot_be_any_more_is_left_out() {
    let (mut kept, mut lost) = forked();
    kept.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    lost.like(BORIS, "b");
    assert_eq!(redone(&kept, &lost).0, []);
}

#[test]
fn a_host_who_ended_the_round_has_ended_it() {
    let (mut kept, mut lost) = forked();
    kept.skip(BORIS, "b");
    lost.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert!(finishes(&redone(&kept, &lost).0));
}

#[test]
fn a_lobby_is_put_together_again() {
    let mut kept = Evening::of(&[ANNA, BORIS]);
    let mut lost = kept.clone();
    kept.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Select(vec![film("a"), typed("Солярис")])));
    lost.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Сталкер"))));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Configure(curated(&["x"]))));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Start));
    let (_, room) = redone(&kept, &lost);
    assert_eq!(room.deck(), lost.room.deck());
    assert_eq!(room.texts().count(), 2);
}

#[test]
fn a_round_of_a_lost_end_has_the_titles_that_its_filter_brought() {
    let mut kept = Evening::of(&[ANNA, BORIS]);
    let mut lost = kept.clone();
    kept.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
    let deck = Some(Some(DeckChoice::by(Filter::default())));
    let change = SettingsChange { deck, ..SettingsChange::default() };
    lost.must(ANNA, Command::Swiping(SwipingCommand::Configure(change)));
    lost.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    let fitting = (0..300).map(|n| title(&format!("c{n}"))).collect();
    let chosen = lost.room.drawing().expect("a deck by a filter").choose(fitting);
    lost.must(ANNA, Command::Swiping(SwipingCommand::StartWith { chosen: Some(chosen), seen: Some(vec![]) }));
    let (_, room) = redone(&kept, &lost);
    let titles = |room: &Room| room.deck().iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(titles(&room), titles(&lost.room));
    assert_eq!(room.deck().len(), 20);
}

#[test]
fn a_round_of_a_lost_end_has_nothing_that_is_never_dealt_there() {
    let titles: Vec<String> = (0..30).map(|n| format!("c{n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let by_filter =
        SettingsChange { deck: Some(Some(DeckChoice::by(Filter::default()))), ..Default::default() };
    for (deck, is_filter) in [(curated(&titles), false), (by_filter, true)] {
        let mut kept = Evening::of(&[ANNA, BORIS]);
        let mut lost = kept.clone();
        kept.must(BORIS, Command::Swiping(SwipingCommand::Ready(true)));
        lost.must(ANNA, Command::Swiping(SwipingCommand::Configure(deck)));
        lost.must(ANNA, Command::Swiping(SwipingCommand::Select(["a", "b"].map(film).to_vec())));
        let never = ["b", "c1", "c2"].map(title).to_vec();
        let start = if is_filter {
            let fitting = titles.iter().map(|id| title(id)).filter(|id| !never.contains(id)).collect();
            let chosen = lost.room.drawing().expect("a deck by a filter").choose(fitting);
            SwipingCommand::StartWith { chosen: Some(chosen), seen: Some(vec![]) }
        } else {
            SwipingCommand::Start
        };
        lost.must(ANNA, Command::Swiping(SwipingCommand::Without(never.clone(), Box::new(start))));
        let (_, room) = redone(&kept, &lost);
        let dealt = |room: &Room| room.deck().iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!(dealt(&room), dealt(&lost.room));
        assert!(!room.deck().is_empty() && never.iter().all(|title| !room.deck().contains(title)));
    }
}

#[test]
fn a_final_round_of_a_lost_end_has_nothing_that_is_never_dealt_there() {
    let mut evening = Evening::swiping(&[ANNA, BORIS], default_settings(), &["a", "b"]);
    evening.like(ANNA, "a");
    evening.skip(ANNA, "b");
    evening.skip(BORIS, "a");
    evening.like(BORIS, "b");
    let (mut kept, mut lost) = (evening.clone(), evening);
    kept.join(VERA);
    lost.passes(std::time::Duration::from_millis(1));
    let last = SwipingCommand::Restart { round: Round::new(2), final_round: true };
    lost.must(ANNA, Command::Swiping(SwipingCommand::Without(vec![title("b")], Box::new(last))));
    let (_, room) = redone(&kept, &lost);
    assert_eq!((room.round().get(), room.deck()), (2, &[title("a")][..]));
}

#[test]
fn a_swipe_of_a_round_that_the_other_end_has_left_is_no_swipe_of_the_next() {
    let (mut kept, mut lost) = forked();
    kept.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    kept.restart(ANNA, 2);
    kept.passes(std::time::Duration::from_millis(1));
    kept.must(ANNA, Command::Swiping(SwipingCommand::Start));
    lost.like(BORIS, "b");
    assert_eq!(redone(&kept, &lost).0, []);
}

#[test]
fn ending_a_round_that_the_other_end_has_left_does_not_end_the_next() {
    let (mut kept, mut lost) = forked();
    kept.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    kept.restart(ANNA, 2);
    kept.passes(std::time::Duration::from_millis(1));
    kept.must(ANNA, Command::Swiping(SwipingCommand::Start));
    lost.passes(std::time::Duration::from_millis(2));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    assert_eq!(redone(&kept, &lost).0, []);
}

#[test]
fn a_swipe_of_a_lost_round_comes_with_it() {
    let (mut kept, mut lost) = forked();
    kept.skip(BORIS, "b");
    lost.must(ANNA, Command::Swiping(SwipingCommand::Finish));
    lost.restart(ANNA, 2);
    lost.passes(std::time::Duration::from_millis(1));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Start));
    lost.like(ANNA, "c");
    let (events, room) = redone(&kept, &lost);
    let liked = Event::Swiping(SwipingEvent::Swiped {
        member: user(ANNA),
        title: title("c"),
        verdict: Verdict::Like,
    });
    assert_eq!((events.last(), room.round().get()), (Some(&liked), 2));
}

#[test]
fn a_film_that_each_end_has_under_another_spelling_is_one_card_and_its_swipes_count() {
    let mut kept = Evening::of(&[ANNA, BORIS]);
    let mut lost = kept.clone();
    kept.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Солярис (1972)"))));
    for evening in [&mut kept, &mut lost] {
        evening.passes(std::time::Duration::from_millis(1));
    }
    lost.must(BORIS, Command::Swiping(SwipingCommand::Select(vec![typed("«Солярис»")])));
    lost.must(ANNA, Command::Swiping(SwipingCommand::Start));
    lost.passes(std::time::Duration::from_millis(1));
    lost.like(BORIS, typed_id("«Солярис»").as_str());
    lost.like(ANNA, typed_id("«Солярис»").as_str());
    let (events, room) = redone(&kept, &lost);
    let card = typed_id("Солярис (1972)");
    assert_eq!(room.deck(), std::slice::from_ref(&card));
    assert_eq!(matches_in(&events), [card.as_str()]);
}

#[test]
fn a_pick_that_was_taken_back_under_another_spelling_is_taken_back() {
    let mut kept = Evening::of(&[ANNA, BORIS]);
    let mut lost = kept.clone();
    kept.must(ANNA, Command::Swiping(SwipingCommand::Pick(typed("Солярис"))));
    lost.passes(std::time::Duration::from_millis(1));
    lost.must(BORIS, Command::Swiping(SwipingCommand::Pick(typed("СОЛЯРИС!"))));
    lost.must(BORIS, Command::Swiping(SwipingCommand::Unpick(typed("солярис"))));
    let (_, room) = redone(&kept, &lost);
    assert!(room.has_member(user(BORIS)) && room.picks_of(user(BORIS)).is_empty());
}
