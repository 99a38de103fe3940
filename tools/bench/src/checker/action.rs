//! What somebody wants of a room, in a form in which a command that was sent and an event in the log can be
//! compared.

use std::collections::BTreeSet;

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::{Entry, Event, PeopleEvent, Room, SwipingEvent},
};

use super::{
    agreement::Agreement,
    wire::{Goal, Rule, Verdict},
};

/// What shall be so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    Create,
    Join,
    Leave,
    Select(Vec<TitleId>),
    Pick(TitleId),
    Unpick(TitleId),
    /// In the lobby of this round.
    Ready(Round, bool),
    Configure(Rule, Goal),
    Start,
    /// Of a card of this round.
    Swipe(Round, TitleId, Verdict),
    /// Of a card of this round.
    Undo(Round, TitleId),
    Finish,
    /// The new round, and whether it is to begin at once, with the titles that came nearest.
    Restart(Round, bool),
    Remove(UserId),
}

/// An event that somebody's command was the cause of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    /// Its index in the log.
    pub(crate) index: usize,
    /// Whose command.
    pub(crate) author: UserId,
    pub(crate) action: Action,
}

/// All that people did, in the log's order. What only follows from it (matches, most endings, another host) is left out,
/// and so is what a server says by itself (somebody is away, or back).
///
/// `finals` are the rounds that a host asked to begin at once: their start belongs to the restart before it.
pub(crate) fn actions(log: &[Entry], finals: &BTreeSet<Round>) -> Vec<Done> {
    let mut actions = Vec::new();
    let mut room: Option<(Room, Agreement)> = None;
    for (index, entry) in log.iter().enumerate() {
        let last = index.checked_sub(1).and_then(|last| log.get(last)).map(|last| &last.event);
        if let Some((author, action)) = action(&entry.event, room.as_ref(), last, finals) {
            actions.push(Done { index, author, action });
        }
        match &mut room {
            Some((room, agreement)) => {
                room.apply(entry);
                agreement.apply(&entry.event, room.deck());
            }
            None => {
                room = Room::begin(entry).ok().map(|room| (room, Agreement::of_the_beginning(&entry.event)));
            }
        }
    }
    actions
}

fn action(
    event: &Event,
    before: Option<&(Room, Agreement)>,
    last: Option<&Event>,
    finals: &BTreeSet<Round>,
) -> Option<(UserId, Action)> {
    let host = before.map(|(room, _)| room.host());
    let round = before.map_or(Round::FIRST, |(room, _)| room.round());
    let by = |member: &UserId, action| Some((*member, action));
    let by_host = |action| host.map(|host| (host, action));
    match event {
        Event::Created(created) => Some((created.host, Action::Create)),
        // Who makes a room is in it.
        Event::People(PeopleEvent::Joined { .. }) if matches!(last, Some(Event::Created(_))) => None,
        Event::People(PeopleEvent::Joined { member, .. }) => by(member, Action::Join),
        Event::People(PeopleEvent::Left { member }) => by(member, Action::Leave),
        Event::People(PeopleEvent::Removed { member }) => by_host(Action::Remove(*member)),
        Event::Swiping(SwipingEvent::Picked { member, title, .. }) => by(member, Action::Pick(title.clone())),
        Event::Swiping(SwipingEvent::Unpicked { member, title }) => by(member, Action::Unpick(title.clone())),
        Event::Swiping(SwipingEvent::Selected { member, titles, .. }) => {
            by(member, Action::Select(titles.clone()))
        }
        Event::Swiping(SwipingEvent::Ready { member, ready }) => by(member, Action::Ready(round, *ready)),
        Event::Swiping(SwipingEvent::Configured(settings)) => {
            by_host(Action::Configure(settings.rule.into(), settings.goal.into()))
        }
        Event::Swiping(SwipingEvent::Started { .. }) => match last {
            Some(Event::Swiping(SwipingEvent::Restarted { round })) if finals.contains(round) => None,
            _ => by_host(Action::Start),
        },
        Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => {
            by(member, Action::Swipe(round, title.clone(), (*verdict).into()))
        }
        Event::Swiping(SwipingEvent::Undone { member, title }) => {
            by(member, Action::Undo(round, title.clone()))
        }
        Event::Swiping(SwipingEvent::Finished) => match before {
            Some((_, agreement)) if agreement.is_over() => None,
            _ => by_host(Action::Finish),
        },
        Event::Swiping(SwipingEvent::Restarted { round }) => {
            by_host(Action::Restart(*round, finals.contains(round)))
        }
        Event::Restored(_)
        | Event::Swiping(SwipingEvent::Matched { .. })
        | Event::People(
            PeopleEvent::Away { .. }
            | PeopleEvent::Back { .. }
            | PeopleEvent::HostChanged { .. }
            | PeopleEvent::Erased { .. }
            | PeopleEvent::LetIn { .. },
        ) => None,
    }
}
