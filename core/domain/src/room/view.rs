//! What one member may see: the room as it is for them, and each event as it looks to them.
//!
//! Nothing of it depends on how another swiped before that title matches or the round is over: neither what is in a view nor the order
//! of the queue, nor when something happens. What a member can conclude from their own like and a match that does not come is theirs to
//! conclude. Results show everybody how many liked a title. What somebody signals on purpose, by a super-like or a veto, is no secret; its author
//! is in no view before the match.

use std::{cmp::Reverse, sync::Arc};

use super::{
    Access, Entry, Event, Match, Member, PeopleEvent, PhaseName, Profile, Ranked, Role, Room, Screen,
    Settings, SignalsLeft, Standing, SwipingEvent, Verdict, bounds::REMOVED_NAMED,
};
use crate::ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId};

/// A phone is told at most this many of its next cards.
pub const QUEUE: usize = 3;
/// Cards that a phone gets in advance, for when it is offline.
pub const UPCOMING: usize = 30;

/// A room for one member. Titles are ids; who is online is not in the log and joins later.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The room's code.
    pub code: RoomCode,
    /// Its settings.
    pub settings: Settings,
    /// Whether members may veto.
    pub veto: bool,
    /// Where the round is.
    pub phase: PhaseName,
    /// The round's number.
    pub round: Round,
    /// Which history.
    pub epoch: Epoch,
    /// How much of it.
    pub seq: Seq,
    /// The host.
    pub host: UserId,
    /// Who gets in, and who controls what is shown.
    pub access: Access,
    /// The members, in the order of joining.
    pub members: Vec<MemberView>,
    /// Who was removed and may not come back, the newest first, at most [`REMOVED_NAMED`]; `None`: the viewer may not let
    /// them in again. Nobody knows any more who erased themselves since.
    pub removed: Option<Vec<RemovedView>>,
    /// When the round that is being swiped ends by itself; `None`: no time ends it, or nothing is being swiped.
    pub ends_at: Option<Timestamp>,
    /// Whether what somebody here has seen is left out of the curated deck.
    pub leave_out_seen: bool,
    /// The viewer's picks.
    pub my_picks: Vec<TitleId>,
    /// How many cards the round has; 0 in the lobby.
    pub deck_size: usize,
    /// The viewer's next cards, at most [`QUEUE`].
    pub queue: Vec<TitleId>,
    /// How many cards the viewer has behind them.
    pub my_swipes: usize,
    /// What the viewer may still signal in this round.
    pub my_signals_left: SignalsLeft,
    /// This round's matches.
    pub matches: Vec<Match>,
    /// The results, once finished.
    pub results: Option<Vec<Ranked>>,
    /// How many titles a final round would have; 0: there is none.
    pub finalists: usize,
    /// What is watched; `None`: nothing is shown.
    pub screen: Option<Screen>,
}

/// Somebody who was removed, as who may let them in again sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct RemovedView {
    pub id: UserId,
    /// How they were shown.
    pub profile: Profile,
}

/// A member as everybody sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberView {
    pub id: UserId,
    /// How they are shown.
    pub profile: Profile,
    /// What they may do.
    pub role: Role,
    /// Whether they said so, in the lobby.
    pub ready: bool,
    /// How many titles they picked.
    pub picks: usize,
    /// How many cards they swiped.
    pub swiped: usize,
    /// Whether they are away.
    pub away: bool,
    /// Who nudged them in this round.
    pub nudged_by: Option<UserId>,
}

/// An event as one member sees it.
#[derive(Debug, Clone, PartialEq)]
pub enum EventView {
    /// The room began, or came back: there is nothing to fold, ask for the room.
    Began,
    /// Somebody is here.
    Joined(MemberView),
    /// Somebody is not, any more.
    Left {
        member: UserId,
        /// Taken out by the host.
        removed: bool,
    },
    /// Somebody's picks changed.
    Picked {
        member: UserId,
        /// How many they are.
        picks: usize,
        /// The viewer's own picks, if they are the viewer's.
        mine: Option<Vec<TitleId>>,
    },
    /// Somebody is ready, or not.
    Ready { member: UserId, ready: bool },
    /// The settings are these.
    Configured {
        settings: Box<Settings>,
        /// Whether what somebody here has seen is left out of the curated deck.
        leave_out_seen: bool,
        /// Whether members may veto.
        veto: bool,
        access: Box<Access>,
    },
    /// Swiping began.
    Started {
        /// The round.
        round: Round,
        /// How many cards. The viewer's own first ones are [`Room::queue`].
        deck_size: usize,
        /// When it ends by itself; `None`: no time ends it.
        ends_at: Option<Timestamp>,
    },
    /// Another member swiped something.
    Progress {
        member: UserId,
        /// How many cards they have swiped.
        swiped: usize,
    },
    /// The viewer swiped, on another device.
    Swiped {
        /// Which card.
        title: TitleId,
        /// What they think of it.
        verdict: Verdict,
        /// How many cards they have behind them.
        swiped: usize,
        /// What they may still signal in this round.
        left: SignalsLeft,
    },
    /// Somebody took back a swipe.
    Undone {
        member: UserId,
        /// How many cards they have swiped now.
        swiped: usize,
        /// Which card it was, and what they may still signal, if it was the viewer's own.
        mine: Option<(TitleId, SignalsLeft)>,
    },
    /// Совпало!
    MatchFound(Match),
    /// Somebody is away.
    Away(UserId),
    /// Somebody is back.
    Back(UserId),
    /// Somebody else is the host.
    HostChanged(UserId),
    /// Somebody may do more than before, or less.
    RoleChanged { member: UserId, role: Role },
    /// The timed round ends later: then.
    Extended(Timestamp),
    /// The round is over.
    Finished {
        /// Most liked first.
        results: Vec<Ranked>,
        /// How many titles a final round would have.
        finalists: usize,
    },
    /// A new round is in its lobby.
    Restarted(Round),
    /// Somebody was reminded of their cards.
    Nudged { by: UserId, member: UserId },
    /// What is watched, how it goes, or what comes next, is this; `None`: nothing is shown.
    ScreenChanged(Option<Box<Screen>>),
}

/// The two views of an event: how it looks to whoever did it, and to everybody else.
#[derive(Debug, Clone, PartialEq)]
pub struct EventViews {
    public: EventView,
    own: Option<(UserId, EventView)>,
}

impl EventViews {
    /// What a member sees.
    pub fn seen_by(&self, viewer: UserId) -> &EventView {
        match &self.own {
            Some((actor, own)) if *actor == viewer => own,
            _ => &self.public,
        }
    }

    /// Whether this member sees it differently from all the others.
    pub fn is_own(&self, viewer: UserId) -> bool {
        self.own.as_ref().is_some_and(|(actor, _)| *actor == viewer)
    }
}

impl Room {
    /// The room for a member; `None` for anybody else.
    pub fn view_for(&self, viewer: UserId) -> Option<View> {
        self.people.present_member(viewer)?;
        Some(View {
            code: self.code,
            settings: self.settings().clone(),
            veto: self.allows_veto(),
            phase: self.phase(),
            round: self.round(),
            epoch: self.epoch,
            seq: self.seq,
            host: self.host(),
            access: self.access().clone(),
            members: self.present_members().map(|member| self.member_view(member)).collect(),
            removed: (viewer == self.host()).then(|| self.removed()),
            ends_at: self.ends_at(),
            leave_out_seen: self.leaves_out_seen(),
            my_picks: self.picks_of(viewer).to_vec(),
            deck_size: self.deck().len(),
            queue: self.queue(viewer, QUEUE),
            my_swipes: self.swiped(viewer),
            my_signals_left: self.signals_left(viewer),
            matches: self.swiping.matches_of_round().to_vec(),
            results: self.results().map(<[Ranked]>::to_vec),
            finalists: self.finalists().len(),
            screen: self.screen(),
        })
    }

    fn removed(&self) -> Vec<RemovedView> {
        let removed = self.people.all().iter().filter(|member| member.standing == Standing::Removed);
        let mut removed: Vec<_> = removed.filter(|member| member.profile != Profile::NONE).collect();
        removed.sort_by_key(|member| Reverse(member.changed));
        removed.truncate(REMOVED_NAMED);
        let view = |member: &Arc<Member>| RemovedView { id: member.id, profile: member.profile.clone() };
        removed.into_iter().map(view).collect()
    }

    fn member_view(&self, member: &Member) -> MemberView {
        MemberView {
            id: member.id,
            profile: member.profile.clone(),
            role: self.people.role(member),
            ready: self.is_ready(member.id),
            picks: self.picks_of(member.id).len(),
            swiped: self.swiped(member.id),
            away: member.standing == Standing::Away,
            nudged_by: self.swiping.nudge_of(member.id).map(|nudge| nudge.by),
        }
    }

    /// How the event that was *just* applied looks to people. Counts are as of that event.
    pub fn views(&self, entry: &Entry) -> EventViews {
        let actor = match &entry.event {
            Event::Swiping(
                SwipingEvent::Picked { member, .. }
                | SwipingEvent::Unpicked { member, .. }
                | SwipingEvent::Selected { member, .. }
                | SwipingEvent::Swiped { member, .. }
                | SwipingEvent::Undone { member, .. },
            ) => Some(*member),
            _ => None,
        };
        EventViews {
            public: self.seen_by(None, entry),
            own: actor.map(|actor| (actor, self.seen_by(Some(actor), entry))),
        }
    }

    fn seen_by(&self, viewer: Option<UserId>, entry: &Entry) -> EventView {
        let picks = |member: UserId| {
            let picks = self.picks_of(member);
            EventView::Picked {
                member,
                picks: picks.len(),
                mine: (viewer == Some(member)).then(|| picks.to_vec()),
            }
        };
        match &entry.event {
            Event::Created(_) | Event::Restored(_) => EventView::Began,
            Event::People(PeopleEvent::Joined { member, .. }) => match self.member(*member) {
                Some(member) => EventView::Joined(self.member_view(member)),
                None => EventView::Began,
            },
            // Whom the host lets in again is to the others somebody who left, and may join.
            Event::People(
                PeopleEvent::Left { member }
                | PeopleEvent::LetIn { member }
                | PeopleEvent::Erased { member, .. },
            ) => EventView::Left { member: *member, removed: false },
            Event::People(PeopleEvent::Removed { member }) => {
                EventView::Left { member: *member, removed: true }
            }
            Event::Swiping(
                SwipingEvent::Picked { member, .. }
                | SwipingEvent::Unpicked { member, .. }
                | SwipingEvent::Selected { member, .. },
            ) => picks(*member),
            Event::Swiping(SwipingEvent::Ready { member, ready }) => {
                EventView::Ready { member: *member, ready: *ready }
            }
            Event::Swiping(
                SwipingEvent::Configured(_)
                | SwipingEvent::SeenLeftOut { .. }
                | SwipingEvent::VetoAllowed { .. },
            )
            | Event::People(PeopleEvent::AccessChanged(_)) => EventView::Configured {
                settings: Box::new(self.settings().clone()),
                leave_out_seen: self.leaves_out_seen(),
                veto: self.allows_veto(),
                access: Box::new(self.access().clone()),
            },
            Event::Swiping(SwipingEvent::Started { deck }) => {
                EventView::Started { round: self.round(), deck_size: deck.len(), ends_at: self.ends_at() }
            }
            Event::Swiping(SwipingEvent::Extended { ends_at }) => EventView::Extended(*ends_at),
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) if viewer == Some(*member) => {
                EventView::Swiped {
                    title: title.clone(),
                    verdict: *verdict,
                    swiped: self.swiped(*member),
                    left: self.signals_left(*member),
                }
            }
            Event::Swiping(SwipingEvent::Swiped { member, .. }) => {
                EventView::Progress { member: *member, swiped: self.swiped(*member) }
            }
            Event::Swiping(SwipingEvent::Undone { member, title }) => EventView::Undone {
                member: *member,
                swiped: self.swiped(*member),
                mine: (viewer == Some(*member)).then(|| (title.clone(), self.signals_left(*member))),
            },
            Event::Swiping(SwipingEvent::Matched { title }) => {
                match self.matches().iter().rev().find(|m| m.title == *title) {
                    Some(found) => EventView::MatchFound(found.clone()),
                    None => EventView::Began,
                }
            }
            Event::People(PeopleEvent::Away { member }) => EventView::Away(*member),
            Event::People(PeopleEvent::Back { member }) => EventView::Back(*member),
            Event::People(PeopleEvent::HostChanged { member } | PeopleEvent::HandedOver { member }) => {
                EventView::HostChanged(*member)
            }
            // A host is one whatever else they are.
            Event::People(PeopleEvent::RoleChanged { member, role }) => EventView::RoleChanged {
                member: *member,
                role: if *member == self.host() { Role::Host } else { *role },
            },
            Event::Swiping(SwipingEvent::Finished) => EventView::Finished {
                results: self.results().map_or_else(Vec::new, <[Ranked]>::to_vec),
                finalists: self.finalists().len(),
            },
            Event::Swiping(SwipingEvent::Restarted { round }) => EventView::Restarted(*round),
            Event::Swiping(SwipingEvent::Nudged { by, member }) => {
                EventView::Nudged { by: *by, member: *member }
            }
            Event::Watching(_) => EventView::ScreenChanged(self.screen().map(Box::new)),
        }
    }
}
