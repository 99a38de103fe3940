//! What of an event everybody may see, so that what two phones were told, and what the log has, can be compared; and a room as its member was told it, held against the domain's view of the replayed log.

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::{EventView, Ranked, Room, Screen},
};

use super::{
    rights::{Control, Role},
    screen::SeenScreen,
    wire::{Goal, Phase, Rule, WireEvent, WireRoom},
};

/// The public side of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicEvent {
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
    /// With or without vetoes.
    Configured(Rule, Goal, bool, Control),
    Started(Round),
    Extended,
    Nudged(UserId, UserId),
    Swiped(UserId),
    Undone(UserId),
    Matched(u32, Round, TitleId),
    Away(UserId),
    Back(UserId),
    HostChanged(UserId),
    RoleChanged(UserId, Role),
    Finished(Vec<(TitleId, usize)>),
    Restarted(Round),
    Screen(Option<Box<SeenScreen>>),
}

impl PublicEvent {
    /// Of what a phone of `viewer` was told; `None`: it is newer than this program.
    pub(crate) fn told(told: &WireEvent, viewer: UserId) -> Option<Self> {
        let (kind, count) = match told {
            WireEvent::Began => (Kind::Began, None),
            WireEvent::Joined { member } => (Kind::Joined(*member), None),
            WireEvent::Left { member, removed } => (Kind::Left(*member, *removed), None),
            WireEvent::Picked { member, picks, .. } => (Kind::Picked(*member), Some(*picks)),
            WireEvent::Ready { member, ready } => (Kind::Ready(*member, *ready), None),
            WireEvent::Configured { rule, goal, veto, access } => {
                (Kind::Configured(*rule, *goal, *veto, access.control), None)
            }
            WireEvent::Started { round, deck_size, .. } => (Kind::Started(*round), Some(*deck_size)),
            WireEvent::Extended => (Kind::Extended, None),
            WireEvent::Nudged { by, member } => (Kind::Nudged(*by, *member), None),
            WireEvent::Progress { member, swiped } => (Kind::Swiped(*member), Some(*swiped)),
            WireEvent::Swiped { .. } => (Kind::Swiped(viewer), None),
            WireEvent::Undone { member, swiped, .. } => (Kind::Undone(*member), Some(*swiped)),
            WireEvent::MatchFound(found) => {
                (Kind::Matched(found.number, found.round, found.title.clone()), None)
            }
            WireEvent::Away { member } => (Kind::Away(*member), None),
            WireEvent::Back { member } => (Kind::Back(*member), None),
            WireEvent::HostChanged { member } => (Kind::HostChanged(*member), None),
            WireEvent::RoleChanged { member, role } => (Kind::RoleChanged(*member, *role), None),
            WireEvent::Finished { results, .. } => {
                let mut likes: Vec<_> = results.iter().map(|r| (r.title.clone(), r.likes)).collect();
                likes.sort();
                (Kind::Finished(likes), None)
            }
            WireEvent::Restarted { round } => (Kind::Restarted(*round), None),
            WireEvent::ScreenChanged { screen } => (Kind::Screen(screen.clone()), None),
            WireEvent::Unknown => return None,
        };
        Some(Self { kind, count })
    }

    /// Of what the domain shows `viewer` of an event.
    pub(crate) fn shown(view: &EventView, viewer: UserId) -> Self {
        let (kind, count) = match view {
            EventView::Began => (Kind::Began, None),
            EventView::Joined(member) => (Kind::Joined(member.id), None),
            EventView::Left { member, removed } => (Kind::Left(*member, *removed), None),
            EventView::Picked { member, picks, .. } => (Kind::Picked(*member), Some(*picks)),
            EventView::Ready { member, ready } => (Kind::Ready(*member, *ready), None),
            EventView::Configured { settings, veto, access, .. } => {
                let (rule, goal) = (settings.rule.into(), settings.goal.into());
                (Kind::Configured(rule, goal, *veto, access.control.into()), None)
            }
            EventView::Started { round, deck_size, .. } => (Kind::Started(*round), Some(*deck_size)),
            EventView::Extended(_) => (Kind::Extended, None),
            EventView::Nudged { by, member } => (Kind::Nudged(*by, *member), None),
            EventView::Progress { member, swiped } => (Kind::Swiped(*member), Some(*swiped)),
            EventView::Swiped { .. } => (Kind::Swiped(viewer), None),
            EventView::Undone { member, swiped, .. } => (Kind::Undone(*member), Some(*swiped)),
            EventView::MatchFound(found) => {
                (Kind::Matched(found.number, found.round, found.title.clone()), None)
            }
            EventView::Away(member) => (Kind::Away(*member), None),
            EventView::Back(member) => (Kind::Back(*member), None),
            EventView::HostChanged(member) => (Kind::HostChanged(*member), None),
            EventView::RoleChanged { member, role } => (Kind::RoleChanged(*member, (*role).into()), None),
            EventView::Finished { results, .. } => (Kind::Finished(counted(results)), None),
            EventView::Restarted(round) => (Kind::Restarted(*round), None),
            EventView::ScreenChanged(screen) => (Kind::Screen(screen.as_deref().map(boxed)), None),
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

fn boxed(screen: &Screen) -> Box<SeenScreen> {
    Box::new(screen.into())
}

/// Titles and their likes, whatever their order.
fn counted(results: &[Ranked]) -> Vec<(TitleId, usize)> {
    let mut likes: Vec<_> = results.iter().map(|r| (r.title.clone(), r.likes as usize)).collect();
    likes.sort();
    likes
}

/// What is wrong with what only its author is told of an event, if anything.
pub(crate) fn wrong_in_private(told: &WireEvent, view: &EventView) -> Option<String> {
    match (told, view) {
        (WireEvent::Swiped { title, verdict }, EventView::Swiped { title: card, verdict: opinion, .. }) => {
            let same = title == card && *verdict == (*opinion).into();
            (!same).then(|| format!("it was told of its own swipe {title} {verdict:?}, the log has {card}"))
        }
        (WireEvent::Undone { title: Some(title), .. }, EventView::Undone { mine: Some((card, _)), .. }) => {
            (title != card).then(|| format!("it was told that {title} is taken back, the log has {card}"))
        }
        (WireEvent::Picked { my_picks: Some(mine), .. }, EventView::Picked { mine: Some(logged), .. }) => {
            (mine != logged).then(|| format!("its picks were told as {mine:?}, the log has {logged:?}"))
        }
        _ => None,
    }
}

/// What is wrong with a room as its member was told it, if anything: the replayed log up to there says otherwise.
pub(crate) fn wrong(told: &WireRoom, room: &Room, viewer: UserId) -> Option<String> {
    let Some(view) = room.view_for(viewer) else { return Some("it is no member there".into()) };
    let mut wrong = Vec::new();
    let mut compare = |what: &str, told: &dyn std::fmt::Debug, logged: &dyn std::fmt::Debug| {
        let (told, logged) = (format!("{told:?}"), format!("{logged:?}"));
        if told != logged {
            wrong.push(format!("{what} is {told} and should be {logged}"));
        }
    };
    compare("phase", &told.phase, &Phase::from(view.phase));
    compare("round", &told.round, &view.round);
    compare("host", &told.host, &view.host);
    let played_by = (Rule::from(view.settings.rule), Goal::from(view.settings.goal));
    compare("rule and goal", &(told.rule, told.goal), &played_by);
    compare("veto", &told.veto, &view.veto);
    let left = view.my_signals_left;
    let signals_left = (told.my_super_likes_left, told.my_vetoes_left);
    compare("signals left", &signals_left, &(left.super_likes, left.vetoes));
    compare("control", &told.access.control, &Control::from(view.access.control));
    compare("deck_size", &told.deck_size, &view.deck_size);
    compare("my_swipes", &told.my_swipes, &view.my_swipes);
    compare("my_picks", &told.my_picks, &view.my_picks);
    compare("queue", &told.queue, &view.queue);
    let members = told.members.iter().map(|m| (m.id, m.role, m.ready, m.picks, m.swiped, m.away));
    let logged = view.members.iter().map(|m| (m.id, Role::from(m.role), m.ready, m.picks, m.swiped, m.away));
    compare("members", &sorted(members), &sorted(logged));
    let matches: Vec<_> = told.matches.iter().map(|m| (m.number, m.round, &m.title)).collect();
    let logged: Vec<_> = view.matches.iter().map(|m| (m.number, m.round, &m.title)).collect();
    compare("matches", &matches, &logged);
    let results = told.results.as_ref().map(|all| sorted(all.iter().map(|r| (r.title.clone(), r.likes))));
    compare("results", &results, &view.results.as_deref().map(counted));
    compare("screen", &told.screen, &view.screen.as_ref().map(boxed));
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items
}
