//! Notes of what happened in a room, as they stand in its timeline.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{TitleId, UserId},
    room::Event,
    room::PeopleEvent,
    room::SwipingEvent,
};

/// What happened in the room. Written in the reader's language by whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemNote {
    pub what: SystemWhat,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<UserId>,
    /// Which title it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<TitleId>,
}

/// The kinds of what happens in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemWhat {
    /// Somebody came into the room.
    Joined,
    /// Somebody left it.
    Left,
    /// The host removed somebody.
    Removed,
    /// A round began.
    Started,
    /// A title matched.
    Matched,
    /// A round is over.
    Finished,
    /// The room went back to its lobby, for another round.
    Restarted,
    /// Somebody else is the host now.
    HostChanged,
}

impl SystemNote {
    /// What the timeline says of an event that came after another one; of most it says nothing.
    pub fn of(event: &Event, before: Option<&Event>) -> Option<Self> {
        let about = |what, member| Some(Self { what, member, title: None });
        match event {
            Event::People(PeopleEvent::Joined { member, .. }) => about(SystemWhat::Joined, Some(*member)),
            Event::People(PeopleEvent::Left { member }) => about(SystemWhat::Left, Some(*member)),
            Event::People(PeopleEvent::Removed { member }) => about(SystemWhat::Removed, Some(*member)),
            Event::Swiping(SwipingEvent::Started { .. }) => about(SystemWhat::Started, None),
            Event::Swiping(SwipingEvent::Matched { title }) => {
                Some(Self { what: SystemWhat::Matched, member: None, title: Some(title.clone()) })
            }
            Event::Swiping(SwipingEvent::Finished) => about(SystemWhat::Finished, None),
            Event::Swiping(SwipingEvent::Restarted { .. }) => about(SystemWhat::Restarted, None),
            // A host who puts the phone away for a while and comes back is not worth a line each time.
            Event::People(PeopleEvent::HostChanged { .. })
                if matches!(
                    before,
                    Some(Event::People(PeopleEvent::Away { .. } | PeopleEvent::Back { .. }))
                ) =>
            {
                None
            }
            Event::People(PeopleEvent::HostChanged { member } | PeopleEvent::HandedOver { member }) => {
                about(SystemWhat::HostChanged, Some(*member))
            }
            Event::Created(_)
            | Event::Restored(_)
            | Event::Watching(_)
            | Event::Swiping(
                SwipingEvent::Picked { .. }
                | SwipingEvent::Unpicked { .. }
                | SwipingEvent::Selected { .. }
                | SwipingEvent::Ready { .. }
                | SwipingEvent::Configured(_)
                | SwipingEvent::SeenLeftOut { .. }
                | SwipingEvent::Swiped { .. }
                | SwipingEvent::Undone { .. }
                | SwipingEvent::Extended { .. }
                | SwipingEvent::Nudged { .. }
                | SwipingEvent::VetoAllowed { .. },
            )
            | Event::People(
                PeopleEvent::Away { .. }
                | PeopleEvent::Back { .. }
                | PeopleEvent::Erased { .. }
                | PeopleEvent::LetIn { .. }
                | PeopleEvent::RoleChanged { .. }
                | PeopleEvent::AccessChanged(_),
            ) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_who_went_away_or_came_back_is_no_note_and_one_who_left_is() {
        let member = UserId::new(2).unwrap();
        let changed = Event::People(PeopleEvent::HostChanged { member });
        let host = UserId::new(1).unwrap();
        assert_eq!(SystemNote::of(&changed, Some(&Event::People(PeopleEvent::Away { member: host }))), None);
        assert_eq!(SystemNote::of(&changed, Some(&Event::People(PeopleEvent::Back { member }))), None);
        let noted = SystemNote { what: SystemWhat::HostChanged, member: Some(member), title: None };
        assert_eq!(
            SystemNote::of(&changed, Some(&Event::People(PeopleEvent::Left { member: host }))),
            Some(noted.clone())
        );
        assert_eq!(SystemNote::of(&changed, None), Some(noted));
    }
}
