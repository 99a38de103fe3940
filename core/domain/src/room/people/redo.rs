//! How what happened to people is asked for again after a loss.

use super::{People, PeopleCommand, PeopleEvent};
use crate::room::{
    AWAY_AFTER, Event,
    redo::part::{Action, Actor, Redo},
};

impl Redo for People {
    type Event = PeopleEvent;
    type Command = PeopleCommand;
    type Memory = ();

    fn own(event: &Event) -> Option<&PeopleEvent> {
        if let Event::People(event) = event { Some(event) } else { None }
    }

    fn ask_again(
        _: &Self,
        _: &Self,
        Action { at, event, leads, .. }: Action<'_, PeopleEvent>,
        (): &mut (),
    ) -> Option<(Actor, PeopleCommand)> {
        let by = |member: &_, command| Some((Actor::Member(*member), command));
        let by_host = |command| Some((Actor::Host, command));
        match event {
            PeopleEvent::Joined { member, profile } => by(member, PeopleCommand::Join(profile.clone())),
            PeopleEvent::Left { member } => by(member, PeopleCommand::Leave),
            PeopleEvent::Removed { member } => by_host(PeopleCommand::Remove { member: *member }),
            PeopleEvent::LetIn { member } => by_host(PeopleCommand::LetIn { member: *member }),
            PeopleEvent::Erased { member, .. } => by(member, PeopleCommand::Erase),
            PeopleEvent::Away { member } => {
                by(member, PeopleCommand::Away { last_seen: at.minus(AWAY_AFTER) })
            }
            PeopleEvent::Back { member } if leads => by(member, PeopleCommand::Back),
            // They followed, and follow again: who does something is back, and a room has a host.
            PeopleEvent::Back { .. } | PeopleEvent::HostChanged { .. } => None,
        }
    }
}
