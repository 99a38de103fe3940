//! What somebody wants of a room, in a form in which a command that was sent and an event in the log can be
//! compared.

use std::collections::BTreeSet;

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::{Entry, Event, PeopleEvent, Room, SwipingEvent},
};

use super::{
    agreement::Agreement,
    rights::{Control, Role},
    wire::{Goal, Rule, Verdict},
    wish::Wish,
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
    /// Members may veto, or not.
    AllowVeto(bool),
    Start,
    /// Of a card of this round.
    Swipe(Round, TitleId, Verdict),
    /// Of a card of this round.
    Undo(Round, TitleId),
    Finish,
    /// The new round, and whether it is to begin at once, with the titles that came nearest.
    Restart(Round, bool),
    Remove(UserId),
    Role(UserId, Role),
    HandOver(UserId),
    Control(Control),
    Watch(Wish),
}

impl Action {
    /// What has become of it where the log's end was lost: a signal that can be given no more is the opinion that it stands for.
    pub(super) fn without_signal(&self) -> Option<Self> {
        let Self::Swipe(round, title, verdict) = self else { return None };
        let opinion = match verdict {
            Verdict::SuperLike => Verdict::Like,
            Verdict::Veto => Verdict::Skip,
            Verdict::Like | Verdict::Skip => return None,
        };
        Some(Self::Swipe(*round, title.clone(), opinion))
    }
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
        let before = log.get(..index).unwrap_or_default();
        if let Some((author, action)) = action(entry, room.as_ref(), before, finals) {
            actions.push(Done { index, author, action });
        }
        match &mut room {
            Some((room, agreement)) => {
                room.apply(entry);
                agreement.apply(&entry.event, room);
            }
            None => {
                room = Room::begin(entry).ok().map(|room| (room, Agreement::of_the_beginning(&entry.event)));
            }
        }
    }
    actions
}

fn action(
    Entry { at, event }: &Entry,
    before: Option<&(Room, Agreement)>,
    log: &[Entry],
    finals: &BTreeSet<Round>,
) -> Option<(UserId, Action)> {
    let host = before.map(|(room, _)| room.host());
    let round = before.map_or(Round::FIRST, |(room, _)| room.round());
    let last = log.last().map(|last| &last.event);
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
        Event::Swiping(SwipingEvent::VetoAllowed { allowed }) => by_host(Action::AllowVeto(*allowed)),
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
            Some((room, _)) if room.ends_at().is_some_and(|ends_at| ends_at <= *at) => None,
            _ => by_host(Action::Finish),
        },
        Event::Swiping(SwipingEvent::Restarted { round }) => {
            by_host(Action::Restart(*round, finals.contains(round)))
        }
        Event::People(PeopleEvent::HandedOver { member }) => by_host(Action::HandOver(*member)),
        // It follows from that.
        Event::People(PeopleEvent::RoleChanged { .. }) if is_of_another_host(log) => None,
        Event::People(PeopleEvent::RoleChanged { member, role }) => {
            by_host(Action::Role(*member, (*role).into()))
        }
        Event::People(PeopleEvent::AccessChanged(access)) => by_host(Action::Control(access.control.into())),
        Event::Watching(event) => {
            let wish = before.and_then(|(room, _)| Wish::of(event, room))?;
            Some((event.member(), Action::Watch(wish)))
        }
        Event::Restored(_)
        // No phone of the trial asks for that.
        | Event::Swiping(
            SwipingEvent::Matched { .. }
            | SwipingEvent::Extended { .. }
            | SwipingEvent::SeenLeftOut { .. }
            | SwipingEvent::Nudged { .. },
        )
        | Event::People(
            PeopleEvent::Away { .. }
            | PeopleEvent::Back { .. }
            | PeopleEvent::HostChanged { .. }
            | PeopleEvent::Erased { .. }
            | PeopleEvent::LetIn { .. },
        ) => None,
    }
}

/// Whether the last event of a log made somebody else the host, without the former one having left: what that one is now comes next.
fn is_of_another_host(log: &[Entry]) -> bool {
    use PeopleEvent::{Away, Back, HandedOver, HostChanged};
    match log {
        [.., Entry { event: Event::People(HandedOver { .. }), .. }] => true,
        [.., before, Entry { event: Event::People(HostChanged { .. }), .. }] => {
            matches!(before.event, Event::People(Away { .. } | Back { .. }))
        }
        _ => false,
    }
}
