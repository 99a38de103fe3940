//! Version 1 of a stored entry: all events in one list, which is older than the parts of a room.
//!
//! It is complete and never changes: its order of variants and fields is on disks. Whatever it can say is still written like this, so
//! that nodes of older versions read it beside newer ones. What comes later is written in a later version.

use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{Round, Timestamp, TitleId, UserId},
    room::{self, Created, PeopleEvent, Profile, Restored, Settings, SwipingEvent, Verdict},
    title::TitleText,
};

use super::version2;

/// An entry as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    at: Timestamp,
    event: Event,
}

/// An event as it is stored.
#[derive(Serialize, Deserialize)]
pub(in crate::hot) enum Event {
    Created(Box<Created>),
    Restored(Box<Restored>),
    Joined { member: UserId, profile: Profile },
    Left { member: UserId },
    Removed { member: UserId },
    Picked { member: UserId, title: TitleId, text: Option<TitleText> },
    Unpicked { member: UserId, title: TitleId },
    Selected { member: UserId, titles: Vec<TitleId>, texts: Vec<TitleText> },
    Ready { member: UserId, ready: bool },
    Configured(Box<Settings>),
    Started { deck: Vec<TitleId> },
    Swiped { member: UserId, title: TitleId, verdict: Verdict },
    Undone { member: UserId, title: TitleId },
    Matched { title: TitleId },
    Away { member: UserId },
    Back { member: UserId },
    HostChanged { member: UserId },
    Finished,
    Restarted { round: Round },
    Erased { member: UserId, texts: Vec<TitleText> },
    LetIn { member: UserId },
}

impl TryFrom<room::Entry> for Entry {
    /// What this version cannot say.
    type Error = version2::Entry;

    fn try_from(room::Entry { at, event }: room::Entry) -> Result<Self, version2::Entry> {
        match Event::try_from(event) {
            Ok(event) => Ok(Self { at, event }),
            Err(event) => Err(version2::Entry { at, event }),
        }
    }
}

impl From<Entry> for room::Entry {
    fn from(Entry { at, event }: Entry) -> Self {
        Self { at, event: event.into() }
    }
}

impl TryFrom<room::Event> for Event {
    /// What this version cannot say.
    type Error = version2::Event;

    fn try_from(event: room::Event) -> Result<Self, version2::Event> {
        Ok(match event {
            room::Event::Created(it) => Self::Created(it),
            room::Event::Restored(it) => Self::Restored(it),
            room::Event::People(PeopleEvent::Joined { member, profile }) => Self::Joined { member, profile },
            room::Event::People(PeopleEvent::Left { member }) => Self::Left { member },
            room::Event::People(PeopleEvent::Removed { member }) => Self::Removed { member },
            room::Event::Swiping(SwipingEvent::Picked { member, title, text }) => {
                Self::Picked { member, title, text }
            }
            room::Event::Swiping(SwipingEvent::Unpicked { member, title }) => {
                Self::Unpicked { member, title }
            }
            room::Event::Swiping(SwipingEvent::Selected { member, titles, texts }) => {
                Self::Selected { member, titles, texts }
            }
            room::Event::Swiping(SwipingEvent::Ready { member, ready }) => Self::Ready { member, ready },
            room::Event::Swiping(SwipingEvent::Configured(it)) => Self::Configured(it),
            room::Event::Swiping(SwipingEvent::Started { deck }) => Self::Started { deck },
            room::Event::Swiping(SwipingEvent::Swiped {
                member,
                title,
                verdict: verdict @ (Verdict::Like | Verdict::Skip),
            }) => Self::Swiped { member, title, verdict },
            room::Event::Swiping(SwipingEvent::Undone { member, title }) => Self::Undone { member, title },
            room::Event::Swiping(SwipingEvent::Matched { title }) => Self::Matched { title },
            room::Event::People(PeopleEvent::Away { member }) => Self::Away { member },
            room::Event::People(PeopleEvent::Back { member }) => Self::Back { member },
            room::Event::People(PeopleEvent::HostChanged { member }) => Self::HostChanged { member },
            room::Event::Swiping(SwipingEvent::Finished) => Self::Finished,
            room::Event::Swiping(SwipingEvent::Restarted { round }) => Self::Restarted { round },
            room::Event::People(PeopleEvent::Erased { member, texts }) => Self::Erased { member, texts },
            room::Event::People(PeopleEvent::LetIn { member }) => Self::LetIn { member },
            room::Event::Swiping(
                event @ (SwipingEvent::Extended { .. }
                | SwipingEvent::SeenLeftOut { .. }
                | SwipingEvent::Nudged { .. }),
            ) => {
                return Err(version2::Event::Swiping(event));
            }
            room::Event::Watching(event) => return Err(version2::Event::Watching(event)),
            room::Event::Swiping(
                event @ (SwipingEvent::Swiped { verdict: Verdict::SuperLike | Verdict::Veto, .. }
                | SwipingEvent::VetoAllowed { .. }),
            ) => return Err(version2::Event::Swiping(event)),
            room::Event::People(
                event @ (PeopleEvent::RoleChanged { .. }
                | PeopleEvent::HandedOver { .. }
                | PeopleEvent::AccessChanged(_)),
            ) => return Err(version2::Event::People(event)),
        })
    }
}

impl From<Event> for room::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Created(it) => Self::Created(it),
            Event::Restored(it) => Self::Restored(it),
            Event::Joined { member, profile } => Self::People(PeopleEvent::Joined { member, profile }),
            Event::Left { member } => Self::People(PeopleEvent::Left { member }),
            Event::Removed { member } => Self::People(PeopleEvent::Removed { member }),
            Event::Picked { member, title, text } => {
                Self::Swiping(SwipingEvent::Picked { member, title, text })
            }
            Event::Unpicked { member, title } => Self::Swiping(SwipingEvent::Unpicked { member, title }),
            Event::Selected { member, titles, texts } => {
                Self::Swiping(SwipingEvent::Selected { member, titles, texts })
            }
            Event::Ready { member, ready } => Self::Swiping(SwipingEvent::Ready { member, ready }),
            Event::Configured(it) => Self::Swiping(SwipingEvent::Configured(it)),
            Event::Started { deck } => Self::Swiping(SwipingEvent::Started { deck }),
            Event::Swiped { member, title, verdict } => {
                Self::Swiping(SwipingEvent::Swiped { member, title, verdict })
            }
            Event::Undone { member, title } => Self::Swiping(SwipingEvent::Undone { member, title }),
            Event::Matched { title } => Self::Swiping(SwipingEvent::Matched { title }),
            Event::Away { member } => Self::People(PeopleEvent::Away { member }),
            Event::Back { member } => Self::People(PeopleEvent::Back { member }),
            Event::HostChanged { member } => Self::People(PeopleEvent::HostChanged { member }),
            Event::Finished => Self::Swiping(SwipingEvent::Finished),
            Event::Restarted { round } => Self::Swiping(SwipingEvent::Restarted { round }),
            Event::Erased { member, texts } => Self::People(PeopleEvent::Erased { member, texts }),
            Event::LetIn { member } => Self::People(PeopleEvent::LetIn { member }),
        }
    }
}
