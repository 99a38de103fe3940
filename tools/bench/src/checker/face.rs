//! What of an event everybody may see, so that what two phones were told, and what the log has, can be compared.

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::Event,
    room::PeopleEvent,
    room::SwipingEvent,
};

use super::{
    fold::Fold,
    told::{Goal, RoomTold, Rule, Told},
};

/// The public side of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Face {
    pub(crate) kind: Kind,
    /// How many cards or picks somebody has after it; the author's own phone is not always told.
    pub(crate) count: Option<usize>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Began,
    Joined(UserId),
    Left(UserId, bool),
    Picked(UserId),
    Ready(UserId, bool),
    Configured(Rule, Goal),
    Started(Round),
    Swiped(UserId),
    Undone(UserId),
    Matched(u32, Round, TitleId),
    Away(UserId),
    Back(UserId),
    HostChanged(UserId),
    Finished(Vec<(TitleId, usize)>),
    Restarted(Round),
}

impl Face {
    /// Of what a phone of `viewer` was told; `None`: it is newer than this program.
    pub(crate) fn told(told: &Told, viewer: UserId) -> Option<Self> {
        let (kind, count) = match told {
            Told::Began => (Kind::Began, None),
            Told::Joined { member } => (Kind::Joined(*member), None),
            Told::Left { member, removed } => (Kind::Left(*member, *removed), None),
            Told::Picked { member, picks, .. } => (Kind::Picked(*member), Some(*picks)),
            Told::Ready { member, ready } => (Kind::Ready(*member, *ready), None),
            Told::Configured { rule, goal } => (Kind::Configured(*rule, *goal), None),
            Told::Started { round, deck_size, .. } => (Kind::Started(*round), Some(*deck_size)),
            Told::Progress { member, swiped } => (Kind::Swiped(*member), Some(*swiped)),
            Told::Swiped { .. } => (Kind::Swiped(viewer), None),
            Told::Undone { member, swiped, .. } => (Kind::Undone(*member), Some(*swiped)),
            Told::MatchFound(found) => (Kind::Matched(found.number, found.round, found.title.clone()), None),
            Told::Away { member } => (Kind::Away(*member), None),
            Told::Back { member } => (Kind::Back(*member), None),
            Told::HostChanged { member } => (Kind::HostChanged(*member), None),
            Told::Finished { results, .. } => {
                let mut likes: Vec<_> = results.iter().map(|r| (r.title.clone(), r.likes)).collect();
                likes.sort();
                (Kind::Finished(likes), None)
            }
            Told::Restarted { round } => (Kind::Restarted(*round), None),
            Told::Unknown => return None,
        };
        Some(Self { kind, count })
    }

    /// Of an event in the log; `after` is the room after it.
    pub(crate) fn logged(event: &Event, after: &Fold) -> Self {
        let picks = |member: &UserId| after.members.get(member).map(|member| member.picks.len());
        let (kind, count) = match event {
            Event::Created(_) | Event::Restored(_) => (Kind::Began, None),
            Event::People(PeopleEvent::Joined { member, .. }) => (Kind::Joined(*member), None),
            Event::People(
                PeopleEvent::Left { member }
                | PeopleEvent::LetIn { member }
                | PeopleEvent::Erased { member, .. },
            ) => (Kind::Left(*member, false), None),
            Event::People(PeopleEvent::Removed { member }) => (Kind::Left(*member, true), None),
            Event::Swiping(
                SwipingEvent::Picked { member, .. }
                | SwipingEvent::Unpicked { member, .. }
                | SwipingEvent::Selected { member, .. },
            ) => (Kind::Picked(*member), picks(member)),
            Event::Swiping(SwipingEvent::Ready { member, ready }) => (Kind::Ready(*member, *ready), None),
            Event::Swiping(SwipingEvent::Configured(_)) => (Kind::Configured(after.rule, after.goal), None),
            Event::Swiping(SwipingEvent::Started { deck }) => (Kind::Started(after.round), Some(deck.len())),
            Event::Swiping(SwipingEvent::Swiped { member, .. }) => {
                (Kind::Swiped(*member), Some(after.swiped(*member)))
            }
            Event::Swiping(SwipingEvent::Undone { member, .. }) => {
                (Kind::Undone(*member), Some(after.swiped(*member)))
            }
            Event::Swiping(SwipingEvent::Matched { title }) => {
                let number = after.matches.last().map_or(0, |found| found.number);
                (Kind::Matched(number, after.round, title.clone()), None)
            }
            Event::People(PeopleEvent::Away { member }) => (Kind::Away(*member), None),
            Event::People(PeopleEvent::Back { member }) => (Kind::Back(*member), None),
            Event::People(PeopleEvent::HostChanged { member }) => (Kind::HostChanged(*member), None),
            Event::Swiping(SwipingEvent::Finished) => {
                let likes = after.results.iter().flatten().map(|(title, likes)| (title.clone(), *likes));
                (Kind::Finished(likes.collect()), None)
            }
            Event::Swiping(SwipingEvent::Restarted { round }) => (Kind::Restarted(*round), None),
        };
        Self { kind, count }
    }

    /// Whether both can be of the same event.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.kind == other.kind
            && match (self.count, other.count) {
                (Some(mine), Some(theirs)) => mine == theirs,
                _ => true,
            }
    }
}

/// What is wrong with a room as its member was told it, if anything: the fold of the log up to there says otherwise.
pub(crate) fn wrong(told: &RoomTold, room: &Fold, viewer: UserId) -> Option<String> {
    let mut wrong = Vec::new();
    let mut compare = |what: &str, told: &dyn std::fmt::Debug, logged: &dyn std::fmt::Debug| {
        let (told, logged) = (format!("{told:?}"), format!("{logged:?}"));
        if told != logged {
            wrong.push(format!("{what} is {told} and should be {logged}"));
        }
    };
    compare("phase", &told.phase, &room.phase);
    compare("round", &told.round, &room.round);
    compare("host", &told.host, &room.host);
    compare("rule and goal", &(told.rule, told.goal), &(room.rule, room.goal));
    compare("deck_size", &told.deck_size, &room.deck.len());
    compare("my_swipes", &told.my_swipes, &room.swiped(viewer));
    compare("my_picks", &told.my_picks, &room.members.get(&viewer).map_or(&[][..], |me| &me.picks));
    let mut members: Vec<_> =
        told.members.iter().map(|m| (m.id, m.ready, m.picks, m.swiped, m.away)).collect();
    members.sort_unstable();
    let logged: Vec<_> = room
        .members
        .iter()
        .filter(|(_, member)| member.belongs())
        .map(|(id, member)| {
            let away = member.standing == sovpalo_domain::room::Standing::Away;
            (*id, member.ready, member.picks.len(), room.swiped(*id), away)
        })
        .collect();
    compare("members", &members, &logged);
    let matches: Vec<_> = told.matches.iter().map(|m| (m.number, m.round, &m.title)).collect();
    let found = room.matches.iter().filter(|found| found.round == room.round);
    let logged: Vec<_> = found.map(|m| (m.number, m.round, &m.title)).collect();
    compare("matches", &matches, &logged);
    let mut results: Option<Vec<_>> =
        told.results.as_ref().map(|all| all.iter().map(|r| (&r.title, r.likes)).collect());
    if let Some(all) = &mut results {
        all.sort_unstable();
    }
    let logged: Option<Vec<_>> =
        room.results.as_ref().map(|all| all.iter().map(|(title, likes)| (title, *likes)).collect());
    compare("results", &results, &logged);
    let stale =
        told.queue.iter().any(|card| !room.deck.contains(card) || room.verdict(viewer, card).is_some());
    compare("a card of the queue that cannot be swiped", &stale, &false);
    (!wrong.is_empty()).then(|| wrong.join("; "))
}
