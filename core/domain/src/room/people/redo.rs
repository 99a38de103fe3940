//! How what happened to people is asked for again after a loss.

use super::{AccessChange, Pass, People, PeopleCommand, PeopleEvent};
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
        was: &Self,
        _: &Self,
        Action { at, event, leads, .. }: Action<'_, PeopleEvent>,
        (): &mut (),
    ) -> Option<(Actor, PeopleCommand)> {
        let by = |member: &_, command| Some((Actor::Member(*member), command));
        let by_host = |command| Some((Actor::Host, command));
        match event {
            // They had what let them in, whatever the room asks for by now.
            PeopleEvent::Joined { member, profile } => {
                by(member, PeopleCommand::Enter { profile: profile.clone(), pass: Pass::WasIn })
            }
            PeopleEvent::Left { member } => by(member, PeopleCommand::Leave),
            PeopleEvent::Removed { member } => by_host(PeopleCommand::Remove { member: *member }),
            PeopleEvent::LetIn { member } => by_host(PeopleCommand::LetIn { member: *member }),
            PeopleEvent::Erased { member, .. } => by(member, PeopleCommand::Erase),
            PeopleEvent::Away { member } => {
                by(member, PeopleCommand::Away { last_seen: at.minus(AWAY_AFTER) })
            }
            PeopleEvent::Back { member } if leads => by(member, PeopleCommand::Back),
            // Where it only repeats what follows from another host it changes nothing.
            PeopleEvent::RoleChanged { member, role } => {
                by_host(PeopleCommand::Role { member: *member, role: *role })
            }
            PeopleEvent::HandedOver { member } => by_host(PeopleCommand::HandOver { member: *member }),
            PeopleEvent::AccessChanged(access) => {
                by_host(PeopleCommand::Configure(AccessChange::between(&was.access, access)))
            }
            // They followed, and follow again: who does something is back, and a room has a host.
            PeopleEvent::Back { .. } | PeopleEvent::HostChanged { .. } => None,
        }
    }
}
