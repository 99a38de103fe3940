//! Whatever a room has been through: nothing of who was erased is left in it, and all of the others is.

use std::{collections::BTreeSet, time::Duration};

use proptest::prelude::*;

use super::{
    Moment,
    history::{Said, enough, histories},
    tell,
};
use crate::{
    ids::{Epoch, Seq, UserId},
    room::{
        Entry, Event, Member, PeopleEvent, Profile, Room, Standing, SwipingEvent, erase::blanked,
        tests::evening::Evening,
    },
};

fn erased_in(moment: &Moment<'_>) -> Option<UserId> {
    moment.events().iter().find_map(|event| match event {
        Event::People(PeopleEvent::Erased { member, .. }) => Some(*member),
        _ => None,
    })
}

fn blank(evening: &Evening) -> Vec<Entry> {
    blanked(&evening.log, &[]).unwrap_or_else(|| evening.log.clone())
}

/// All that people see of it but the order of queues, which has fewer swipes to go by.
fn outline(room: &Room) -> impl PartialEq + std::fmt::Debug {
    // With which entry a member became what they are is another one in another log.
    let whenever = |member: &Member| Member { changed: Seq::ZERO, ..member.clone() };
    let members: Vec<_> =
        room.present_members().map(|member| (whenever(member), room.swiped(member.id))).collect();
    (room.phase(), room.round(), room.host(), room.settings().clone(), members, room.matches().to_vec())
}

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn nothing_is_left_of_who_was_erased_and_all_of_the_others_is(history in histories()) {
        tell(&history, |moment| {
            let Some(who) = erased_in(moment) else { return };
            let log = blank(moment.evening);
            let rewritten = Room::replay(&log).expect("a log");
            for (room, what) in [(&moment.evening.room, "the room"), (&rewritten, "its rewritten log")] {
                let member = room.member(who).expect("somebody was there");
                assert_eq!((&member.profile, room.picks_of(who)), (&Profile::NONE, &[][..]), "{what}");
                assert!(matches!(member.standing, Standing::Left | Standing::Removed), "{what}");
                let named = room.view_for(room.host()).and_then(|view| view.removed).unwrap_or_default();
                assert!(named.iter().all(|removed| removed.id != who), "{what}");
                assert!(!room.remembered_people().any(|other| other == who), "{what}");
                assert!(room.deck().iter().all(|card| room.verdict_of(who, card).is_none()), "{what}");
            }
            let said = log.iter().any(|entry| matches!(&entry.event,
                Event::Swiping(SwipingEvent::Swiped { member, .. } | SwipingEvent::Undone {
member, .. } | SwipingEvent::Picked { member, .. } | SwipingEvent::Selected {
member, .. }) if *member == who));
            assert!(!said, "an entry of theirs is still there");
            let deck: BTreeSet<_> = moment.evening.room.deck().iter().collect();
            let still: BTreeSet<_> = rewritten.deck().iter().collect();
            // What others picked once and took back may come back to a deck, and nothing else.
            if deck == still {
                assert_eq!(outline(&rewritten), outline(&moment.evening.room));
            }
            assert!(deck.is_subset(&still), "{deck:?} in {still:?}");
        });
    }

    #[test]
    fn a_log_that_was_rewritten_needs_it_no_more_and_goes_on(history in histories()) {
        tell(&history, |moment| {
            if erased_in(moment).is_some() {
                let log = blank(moment.evening);
                assert_eq!(blanked(&log, &[]), None, "the second time there is something left");
                assert_eq!(blanked(&moment.evening.log, &log).unwrap_or(moment.evening.log.clone()), log,
                    "a replica that lags behind comes to the same");
            }
        });
    }

    #[test]
    fn a_replica_that_lacks_the_end_is_the_beginning_of_the_rewritten_log(history in histories()) {
        let mut evening = history.opening();
        for act in history.acts() {
            // Times tell what was before the erasure.
            evening.passes(Duration::from_millis(1));
            let Said::Command(actor, command) = act.said_in(&history, &mut evening) else { return Ok(()) };
            let known = evening.log.len();
            let events = evening.says(actor.get(), command).unwrap_or_default();
            if let Some(Event::People(PeopleEvent::Erased { .. })) = events.first() {
                let log = blank(&evening);
                let older = &evening.log[..known];
                let older = blanked(older, &log).unwrap_or_else(|| older.to_vec());
                assert_eq!(older, log[..older.len()]);
            }
        }
    }
}

#[test]
fn a_log_of_which_nobody_was_erased_is_left_as_it_is() {
    let evening = Evening::of(&[1, 2]);
    assert_eq!(blanked(&evening.log, &[]), None);
    assert_eq!(evening.room.epoch(), Epoch::from_bits(9));
}
