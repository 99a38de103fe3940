//! Which part of the room an event is asked of: the one place of recovery that lists the parts.

use super::part::{Action, Actor, Redo};
use crate::{
    ids::UserId,
    room::{Command, Event, Room, people::People, swiping::Swiping, watching::Watching},
};

/// What each part remembers from the first event that is asked for again to the last.
#[derive(Default)]
pub(super) struct Memories {
    people: <People as Redo>::Memory,
    swiping: <Swiping as Redo>::Memory,
    watching: <Watching as Redo>::Memory,
}

impl Memories {
    /// Who asks for an action again, and how. `None`: nobody does.
    pub(super) fn ask_again(
        &mut self,
        was: &Room,
        now: &Room,
        action: Action<'_, Event>,
    ) -> Option<(UserId, Command)> {
        let (actor, command) = match action.event {
            Event::People(_) => ask(&was.people, &now.people, action, &mut self.people),
            Event::Swiping(_) => ask(&was.swiping, &now.swiping, action, &mut self.swiping),
            Event::Watching(_) => ask(&was.watching, &now.watching, action, &mut self.watching),
            Event::Created(_) | Event::Restored(_) => None,
        }?;
        let actor = match actor {
            Actor::Member(member) => member,
            Actor::Host => now.host(),
        };
        Some((actor, command))
    }
}

fn ask<P: Redo>(
    was: &P,
    now: &P,
    Action { at, event, leads, before, next, room }: Action<'_, Event>,
    memory: &mut P::Memory,
) -> Option<(Actor, Command)> {
    let (before, next) = (before.and_then(P::own), next.and_then(P::own));
    let action = Action { at, event: P::own(event)?, leads, before, next, room };
    let (actor, command) = P::ask_again(was, now, action, memory)?;
    Some((actor, command.into()))
}

/// The place of which of the `earlier` events an event takes back.
pub(super) fn takes_back<'a>(
    event: &Event,
    earlier: impl DoubleEndedIterator<Item = (usize, &'a Event)>,
) -> Option<usize> {
    match event {
        Event::People(event) => People::takes_back(event, own::<People>(earlier)),
        Event::Swiping(event) => Swiping::takes_back(event, own::<Swiping>(earlier)),
        Event::Watching(event) => Watching::takes_back(event, own::<Watching>(earlier)),
        Event::Created(_) | Event::Restored(_) => None,
    }
}

fn own<'a, P: Redo<Event: 'a>>(
    events: impl DoubleEndedIterator<Item = (usize, &'a Event)>,
) -> impl DoubleEndedIterator<Item = (usize, &'a P::Event)> {
    events.filter_map(|(place, event)| Some((place, P::own(event)?)))
}
