//! Who gets in, and who may do what, whatever people do.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    history::{enough, histories, stranger},
    tell,
};
use crate::{
    ids::UserId,
    room::{
        Command, Event, Pass, PeopleCommand, PeopleEvent, Role, ScreenAction, WatchingCommand, WatchingEvent,
    },
};

proptest! {
    #![proptest_config(enough())]

    #[test]
    fn everybody_has_the_role_that_they_were_given_and_controls_what_it_allows(history in histories()) {
        tell(&history, |moment| {
            let room = &moment.evening.room;
            assert_eq!(room.access(), moment.ledger.access());
            for member in moment.ledger.members() {
                let role = moment.ledger.role(member);
                assert_eq!(room.role(member), Some(role), "{member:?}");
                let anyway = moment.ledger.may_control_anyway(member);
                assert_eq!(room.may_control_anyway(member), anyway, "{member:?} is {role:?}");
                let on_loan = moment.ledger.borrower() == Some(member);
                assert_eq!(room.may_control(member), anyway || on_loan, "{member:?} is {role:?}");
            }
            assert!(!room.may_control(stranger()));
        });
    }

    #[test]
    fn control_is_lent_to_one_member_who_could_not_control_it_and_phones_are_told(history in histories()) {
        tell(&history, |moment| {
            let room = &moment.evening.room;
            assert_eq!(room.borrower(), moment.ledger.borrower());
            if let Some(borrower) = room.borrower() {
                assert!(room.has_member(borrower), "{:?} by {:?}", moment.command, moment.actor);
                assert!(!room.may_control_anyway(borrower), "{:?} by {:?}", moment.command, moment.actor);
            }
            if moment.before.is_watching() && room.is_watching() && room.borrower() != moment.before.borrower() {
                // Each such event carries the screen, from which phones learn who controls it.
                let told = moment.events().iter().any(|event| matches!(event, Event::Watching(_)));
                assert!(told, "{:?} changed who controls it, and nobody was told", moment.command);
            }
        });
    }

    #[test]
    fn control_is_lent_two_minutes_after_the_last_who_may_was_seen_and_not_before(history in histories()) {
        tell(&history, |moment| {
            let lent = moment.events().iter().any(|event| matches!(event, Event::Watching(WatchingEvent::ControlLent { .. })));
            let Command::Watching(WatchingCommand { action: ScreenAction::Borrow { instead_of, last_seen }, rev, .. }) = moment.command
            else {
                return assert!(!lent, "{:?} lent it", moment.command);
            };
            let (before, now) = (moment.before, moment.evening.now);
            let due = before.is_watching() && before.borrower() == *instead_of && now.since(*last_seen).as_secs() >= 120;
            let is_meant = before.screen().is_some_and(|screen| rev.is_none_or(|rev| rev == screen.rev));
            let here = before.has_member(moment.actor) && !before.is_away(moment.actor);
            let wanted = is_meant && here && !before.may_control(moment.actor);
            assert_eq!(lent, due && wanted, "{:?} -> {:?}", moment.command, moment.outcome);
        });
    }

    #[test]
    fn nobody_comes_into_a_room_without_its_password_or_beyond_what_it_holds(history in histories()) {
        tell(&history, |moment| {
            let before = moment.before;
            let comes = matches!(moment.events(), [Event::People(PeopleEvent::Joined { .. }), ..]);
            if comes {
                assert!(before.present_members().count() < usize::from(before.access().capacity));
                let shown = match moment.command {
                    Command::People(PeopleCommand::Enter { pass: Pass::Password(hash), .. }) => Some(hash),
                    _ => None,
                };
                let wanted = before.access().password.as_ref();
                assert!(wanted.is_none() || wanted == shown, "{:?}", moment.command);
            }
        });
    }

    /// What a phone makes of the events that it sees: a host who is one no more is a participant, until it is said otherwise.
    #[test]
    fn who_reads_along_knows_everybodys_role(history in histories()) {
        let mut roles: BTreeMap<UserId, Role> = BTreeMap::new();
        let mut known = None;
        tell(&history, |moment| {
            let room = &moment.evening.room;
            let now: BTreeMap<UserId, Role> =
                room.present_members().filter_map(|member| Some((member.id, room.role(member.id)?))).collect();
            // At the beginning, and where the room came back from SQL, a phone reads all of the room.
            if known != Some(moment.before.clone()) {
                let before = moment.before;
                let all = before.present_members();
                roles = all.filter_map(|member| Some((member.id, before.role(member.id)?))).collect();
            }
            for event in moment.events() {
                match event {
                    Event::People(PeopleEvent::HostChanged { member } | PeopleEvent::HandedOver { member }) => {
                        roles.values_mut().filter(|role| **role == Role::Host).for_each(|role| *role = Role::Participant);
                        roles.insert(*member, Role::Host);
                    }
                    Event::People(PeopleEvent::RoleChanged { member, role }) => drop(roles.insert(*member, *role)),
                    Event::People(PeopleEvent::Left { member } | PeopleEvent::Removed { member } | PeopleEvent::Erased { member, .. }) => {
                        roles.remove(member);
                    }
                    // It says how they are shown, and their role with that.
                    Event::People(PeopleEvent::Joined { member, .. }) => {
                        let host = room.host() == *member && moment.before.host() == *member;
                        roles.insert(*member, if host { Role::Host } else { Role::Participant });
                    }
                    _ => {}
                }
            }
            assert_eq!(roles, now);
            known = Some(room.clone());
        });
    }
}
