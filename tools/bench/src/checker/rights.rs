//! Who may do what in a room: said a second time here, from the events alone, so that the domain does not judge itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::UserId,
    room::{self, Event, PeopleEvent, Room, WatchingEvent},
};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Host,
    Moderator,
    Participant,
}

impl From<room::Role> for Role {
    fn from(role: room::Role) -> Self {
        match role {
            room::Role::Host => Self::Host,
            room::Role::Moderator => Self::Moderator,
            room::Role::Participant => Self::Participant,
        }
    }
}

/// Who may control what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Control {
    Host,
    Moderators,
    Everyone,
}

impl From<room::Control> for Control {
    fn from(control: room::Control) -> Self {
        match control {
            room::Control::Host => Self::Host,
            room::Control::Moderators => Self::Moderators,
            room::Control::Everyone => Self::Everyone,
        }
    }
}

impl Control {
    /// Whether somebody of this role is among them.
    pub(crate) fn includes(self, role: Role) -> bool {
        match self {
            Self::Host => role == Role::Host,
            Self::Moderators => role != Role::Participant,
            Self::Everyone => true,
        }
    }
}

/// Everybody's role, and who controls what is shown.
#[derive(Debug)]
pub(super) struct Rights {
    host: UserId,
    control: Control,
    /// Those who are in the room.
    roles: BTreeMap<UserId, Role>,
    /// Who may control what is shown while nobody is here who may anyway.
    borrower: Option<UserId>,
}

impl Rights {
    /// As a log begins.
    pub(super) fn of_the_beginning(room: &Room) -> Self {
        let there = room.view_for(room.host()).map(|view| view.members).unwrap_or_default();
        Self {
            host: room.host(),
            control: room.access().control.into(),
            roles: there.iter().map(|member| (member.id, member.role.into())).collect(),
            borrower: None,
        }
    }

    /// Whether somebody may control what is shown.
    pub(super) fn may_control(&self, who: UserId) -> bool {
        self.roles.get(&who).is_some_and(|role| self.borrower == Some(who) || self.control.includes(*role))
    }

    /// One event later.
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::People(event) => self.apply_people(event),
            Event::Watching(WatchingEvent::ControlLent { member }) => self.borrower = Some(*member),
            Event::Watching(WatchingEvent::ControlReturned { .. }) => self.borrower = None,
            Event::Created(_) | Event::Restored(_) | Event::Swiping(_) | Event::Watching(_) => {}
        }
    }

    fn apply_people(&mut self, event: &PeopleEvent) {
        match event {
            PeopleEvent::Joined { member, .. } => {
                let role = if *member == self.host { Role::Host } else { Role::Participant };
                self.roles.insert(*member, role);
            }
            PeopleEvent::Left { member }
            | PeopleEvent::Removed { member }
            | PeopleEvent::Erased { member, .. } => drop(self.roles.remove(member)),
            PeopleEvent::HostChanged { member } | PeopleEvent::HandedOver { member } => {
                // What the former host is then is said in an event of its own, if it is more than everybody.
                if let Some(former) = self.roles.get_mut(&self.host) {
                    *former = Role::Participant;
                }
                self.host = *member;
                self.roles.insert(*member, Role::Host);
            }
            PeopleEvent::RoleChanged { member, role } => drop(self.roles.insert(*member, (*role).into())),
            PeopleEvent::AccessChanged(access) => self.control = access.control.into(),
            PeopleEvent::LetIn { .. } | PeopleEvent::Away { .. } | PeopleEvent::Back { .. } => {}
        }
    }
}
