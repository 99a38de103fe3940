//! The room as one phone sees it: as much of it as a thumb needs.

use std::collections::{BTreeMap, BTreeSet};

use sovpalo_domain::ids::{Round, TitleId, UserId};

use crate::checker::{
    rights::{Control, Role},
    screen::SeenScreen,
    wire::{Goal, Phase, Rule, Verdict, WireEvent, WireRoom},
};

/// What is on the screen.
#[derive(Debug)]
pub(super) struct View {
    pub(super) phase: Phase,
    pub(super) round: Round,
    pub(super) host: Option<UserId>,
    pub(super) members: BTreeSet<UserId>,
    /// Those of whom it was said.
    pub(super) roles: BTreeMap<UserId, Role>,
    pub(super) control: Control,
    /// What is watched.
    pub(super) screen: Option<Box<SeenScreen>>,
    /// What the room plays by; `None`: that has not been said yet.
    pub(super) settings: Option<(Rule, Goal)>,
    /// Whether members may veto; `None`: that has not been said yet.
    pub(super) veto: Option<bool>,
    /// The rounds in which this phone gave its super-like and its veto last: one that was taken back is not given again.
    pub(super) super_liked: Option<Round>,
    pub(super) vetoed: Option<Round>,
    pub(super) picks: Vec<TitleId>,
    /// The next cards, as the server last dealt them.
    pub(super) queue: Vec<TitleId>,
    /// What was swiped in this round, the last one on top, whether it has been acknowledged or not.
    pub(super) swiped: Vec<(TitleId, Verdict)>,
    /// Titles that have matched in this round.
    pub(super) matched: BTreeSet<TitleId>,
    /// How many titles a final round would have.
    pub(super) finalists: usize,
}

impl Default for View {
    fn default() -> Self {
        Self {
            phase: Phase::Lobby,
            round: Round::FIRST,
            host: None,
            members: BTreeSet::new(),
            roles: BTreeMap::new(),
            control: Control::Everyone,
            screen: None,
            settings: None,
            veto: None,
            super_liked: None,
            vetoed: None,
            picks: Vec::new(),
            queue: Vec::new(),
            swiped: Vec::new(),
            matched: BTreeSet::new(),
            finalists: 0,
        }
    }
}

impl View {
    /// The whole room.
    pub(super) fn show(&mut self, room: &WireRoom) {
        if room.round != self.round {
            self.swiped.clear();
        }
        self.phase = room.phase;
        self.round = room.round;
        self.host = Some(room.host);
        self.members = room.members.iter().map(|member| member.id).collect();
        self.roles = room.members.iter().map(|member| (member.id, member.role)).collect();
        self.control = room.access.control;
        self.screen.clone_from(&room.screen);
        self.settings = Some((room.rule, room.goal));
        self.veto = Some(room.veto);
        self.picks.clone_from(&room.my_picks);
        self.queue.clone_from(&room.queue);
        self.matched = room.matches.iter().map(|found| found.title.clone()).collect();
        self.finalists = room.finalists;
    }

    /// Something happened.
    pub(super) fn hear(&mut self, told: &WireEvent) {
        match told {
            WireEvent::Started { round, queue, .. } => {
                self.phase = Phase::Swiping;
                self.round = *round;
                self.queue.clone_from(queue);
                self.swiped.clear();
                self.matched.clear();
            }
            WireEvent::MatchFound(found) => drop(self.matched.insert(found.title.clone())),
            WireEvent::Joined { member } => {
                self.members.insert(*member);
                self.roles.insert(*member, Role::Participant);
            }
            WireEvent::Left { member, .. } => {
                self.members.remove(member);
                self.roles.remove(member);
            }
            WireEvent::RoleChanged { member, role } => drop(self.roles.insert(*member, *role)),
            WireEvent::ScreenChanged { screen } => self.screen.clone_from(screen),
            WireEvent::Picked { my_picks: Some(picks), .. } => self.picks.clone_from(picks),
            WireEvent::Configured { rule, goal, veto, access } => {
                self.settings = Some((*rule, *goal));
                self.veto = Some(*veto);
                self.control = access.control;
            }
            WireEvent::HostChanged { member } => {
                if let Some(former) = self.host.and_then(|host| self.roles.get_mut(&host)) {
                    *former = Role::Participant;
                }
                self.roles.insert(*member, Role::Host);
                self.host = Some(*member);
            }
            WireEvent::Finished { finalists, .. } => {
                self.phase = Phase::Finished;
                self.finalists = *finalists;
                self.queue.clear();
            }
            WireEvent::Restarted { round } => {
                self.phase = Phase::Lobby;
                self.round = *round;
                self.queue.clear();
                self.swiped.clear();
                self.matched.clear();
            }
            _ => {}
        }
    }

    /// A card is swiped, whether the room knows of it yet or not.
    pub(super) fn swipe(&mut self, title: TitleId, verdict: Verdict) {
        match verdict {
            Verdict::SuperLike => self.super_liked = Some(self.round),
            Verdict::Veto => self.vetoed = Some(self.round),
            Verdict::Like | Verdict::Skip => {}
        }
        self.swiped.push((title, verdict));
    }

    /// Whether a super-like can be given.
    pub(super) fn may_super_like(&self) -> bool {
        self.super_liked != Some(self.round)
    }

    /// Whether this card can be vetoed.
    pub(super) fn may_veto(&self, title: &TitleId) -> bool {
        self.veto == Some(true) && self.vetoed != Some(self.round) && !self.matched.contains(title)
    }

    /// The card on top.
    pub(super) fn top(&self) -> Option<&TitleId> {
        self.queue.iter().find(|card| !self.swiped.iter().any(|(swiped, _)| swiped == *card))
    }

    /// The last swipe, if it can be taken back.
    pub(super) fn undoable(&self) -> Option<&TitleId> {
        let (title, verdict) = self.swiped.last()?;
        (!verdict.is_like() || !self.matched.contains(title)).then_some(title)
    }
}
