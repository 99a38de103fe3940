//! A room as its log tells it, folded anew: nothing of the domain's own fold is used, only its vocabulary.
//!
//! It is slow and plain on purpose. What it says of a room is what the checker holds against the server's words.

use std::collections::{BTreeMap, BTreeSet};

use sovpalo_domain::{
    ids::{Round, TitleId, UserId},
    room::{Event, PeopleEvent, Standing, SwipingEvent},
};

use super::told::{Goal, Phase, Rule, Verdict};

/// A room.
#[derive(Debug, Clone)]
pub(crate) struct Fold {
    pub(crate) host: UserId,
    pub(crate) rule: Rule,
    pub(crate) goal: Goal,
    pub(crate) members: BTreeMap<UserId, Member>,
    pub(crate) phase: Phase,
    pub(crate) round: Round,
    pub(crate) deck: Vec<TitleId>,
    /// Everybody's swipes of this round, in their order.
    pub(crate) hands: BTreeMap<UserId, Vec<(TitleId, Verdict)>>,
    /// Of all rounds.
    pub(crate) matches: Vec<Match>,
    /// Likes by title, as they were when the round was over.
    pub(crate) results: Option<BTreeMap<TitleId, usize>>,
}

/// Somebody who is or was a member.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) standing: Standing,
    pub(crate) ready: bool,
    pub(crate) picks: Vec<TitleId>,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) number: u32,
    pub(crate) round: Round,
    pub(crate) title: TitleId,
}

impl Member {
    /// Whether they are a member now.
    pub(crate) fn belongs(&self) -> bool {
        matches!(self.standing, Standing::Here | Standing::Away)
    }
}

impl Fold {
    /// The room after the first event; `None`: no log begins so.
    pub(crate) fn begin(event: &Event) -> Option<Self> {
        let empty = |host, round| Self {
            host,
            rule: Rule::Unanimous,
            goal: Goal::WholeDeck,
            members: BTreeMap::new(),
            phase: Phase::Lobby,
            round,
            deck: Vec::new(),
            hands: BTreeMap::new(),
            matches: Vec::new(),
            results: None,
        };
        match event {
            Event::Created(created) => Some(Self {
                rule: created.settings.rule.into(),
                goal: created.settings.goal.into(),
                ..empty(created.host, Round::FIRST)
            }),
            Event::Restored(restored) => {
                let members = restored.members.iter().map(|member| {
                    let picks = member.picks.clone();
                    (member.id, Member { standing: member.standing, ready: false, picks })
                });
                let results = restored.results.as_ref();
                Some(Self {
                    rule: restored.settings.rule.into(),
                    goal: restored.settings.goal.into(),
                    members: members.collect(),
                    phase: if results.is_some() { Phase::Finished } else { Phase::Lobby },
                    deck: results
                        .map(|all| all.iter().map(|r| r.title.clone()).collect())
                        .unwrap_or_default(),
                    matches: restored
                        .matches
                        .iter()
                        .map(|m| Match { number: m.number, round: m.round, title: m.title.clone() })
                        .collect(),
                    results: results
                        .map(|all| all.iter().map(|r| (r.title.clone(), r.likes as usize)).collect()),
                    ..empty(restored.host, restored.round)
                })
            }
            _ => None,
        }
    }

    /// One event later.
    pub(crate) fn apply(&mut self, event: &Event) {
        match event {
            Event::Created(_) | Event::Restored(_) => {}
            Event::People(PeopleEvent::Joined { member, .. }) => {
                self.members
                    .entry(*member)
                    .or_insert(Member { standing: Standing::Here, ready: false, picks: Vec::new() })
                    .standing = Standing::Here;
            }
            Event::People(PeopleEvent::Left { member } | PeopleEvent::LetIn { member }) => {
                self.stand(*member, Standing::Left);
            }
            Event::People(PeopleEvent::Removed { member }) => self.stand(*member, Standing::Removed),
            Event::People(PeopleEvent::Away { member }) => self.stand(*member, Standing::Away),
            Event::People(PeopleEvent::Back { member }) => self.stand(*member, Standing::Here),
            Event::Swiping(SwipingEvent::Picked { member, title, .. }) => {
                self.picks(*member).push(title.clone());
            }
            Event::Swiping(SwipingEvent::Unpicked { member, title }) => {
                self.picks(*member).retain(|pick| pick != title);
            }
            Event::Swiping(SwipingEvent::Selected { member, titles, .. }) => {
                self.picks(*member).clone_from(titles);
            }
            Event::Swiping(SwipingEvent::Ready { member, ready }) => {
                if let Some(member) = self.members.get_mut(member) {
                    member.ready = *ready;
                }
            }
            Event::Swiping(SwipingEvent::Configured(settings)) => {
                self.rule = settings.rule.into();
                self.goal = settings.goal.into();
            }
            Event::Swiping(SwipingEvent::Started { deck }) => {
                self.phase = Phase::Swiping;
                self.deck.clone_from(deck);
                self.hands.clear();
                self.results = None;
            }
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => {
                self.hands.entry(*member).or_default().push((title.clone(), (*verdict).into()));
            }
            Event::Swiping(SwipingEvent::Undone { member, title }) => {
                self.hands.entry(*member).or_default().retain(|(swiped, _)| swiped != title);
            }
            Event::Swiping(SwipingEvent::Matched { title }) => {
                let number = self.matches.last().map_or(1, |last| last.number + 1);
                self.matches.push(Match { number, round: self.round, title: title.clone() });
            }
            Event::People(PeopleEvent::HostChanged { member }) => self.host = *member,
            Event::Swiping(SwipingEvent::Finished) => {
                self.phase = Phase::Finished;
                self.results =
                    Some(self.deck.iter().map(|title| (title.clone(), self.likes(title))).collect());
            }
            Event::People(PeopleEvent::Erased { member, .. }) => {
                self.stand(*member, Standing::Left);
                self.picks(*member).clear();
                self.hands.remove(member);
            }
            Event::Swiping(SwipingEvent::Restarted { round }) => {
                self.round = *round;
                self.phase = Phase::Lobby;
                self.deck.clear();
                self.hands.clear();
                self.results = None;
                self.members.values_mut().for_each(|member| member.ready = false);
            }
        }
    }

    fn stand(&mut self, id: UserId, standing: Standing) {
        if let Some(member) = self.members.get_mut(&id) {
            member.standing = standing;
            member.ready &= member.belongs();
        }
    }

    fn picks(&mut self, id: UserId) -> &mut Vec<TitleId> {
        let nobody = || Member { standing: Standing::Left, ready: false, picks: Vec::new() };
        &mut self.members.entry(id).or_insert_with(nobody).picks
    }

    /// How many cards somebody has swiped in this round.
    pub(crate) fn swiped(&self, id: UserId) -> usize {
        self.hands.get(&id).map_or(0, Vec::len)
    }

    /// What somebody thinks of a card.
    pub(crate) fn verdict(&self, id: UserId, title: &TitleId) -> Option<Verdict> {
        let hand = self.hands.get(&id)?;
        hand.iter().find(|(swiped, _)| swiped == title).map(|(_, verdict)| *verdict)
    }

    /// How many of those who belong to the room like a card.
    pub(crate) fn likes(&self, title: &TitleId) -> usize {
        self.belonging().filter(|id| self.verdict(*id, title) == Some(Verdict::Like)).count()
    }

    /// Who is a member now.
    pub(crate) fn belonging(&self) -> impl Iterator<Item = UserId> {
        self.members.iter().filter(|(_, member)| member.belongs()).map(|(id, _)| *id)
    }

    /// Titles that have matched in this round.
    pub(crate) fn matched(&self) -> BTreeSet<&TitleId> {
        self.matches.iter().filter(|found| found.round == self.round).map(|found| &found.title).collect()
    }
}
