//! When people agree: the one rule of the domain that is said a second time here, so that it does not judge itself.
//!
//! A match is something that everybody who is to swipe likes; it is found once. All of it is read off the events of a log, one
//! after the other, without the domain's room. Who is *here* is to swipe. Who is *away* (gone for ten minutes) blocks
//! nobody, and a like they gave is one. `unanimous` and `majority` want two likes at least, `at_least` is obeyed to
//! the letter. What somebody has vetoed matches no more.

use std::collections::{BTreeMap, BTreeSet};

use sovpalo_domain::{
    ids::{TitleId, UserId},
    room::{Event, Goal, PeopleEvent, Room, Rule, Settings, Standing, SwipingEvent, Verdict},
};

/// Who likes what in a round.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    rule: Option<Rule>,
    goal: Option<Goal>,
    here: BTreeSet<UserId>,
    away: BTreeSet<UserId>,
    /// The cards of the round; `None`: nobody swipes.
    deck: Option<Vec<TitleId>>,
    opinions: BTreeMap<(UserId, TitleId), Verdict>,
    /// In a round with a veto: how many cards people have behind them.
    behind: BTreeMap<UserId, usize>,
    /// What has matched in the round.
    matched: BTreeSet<TitleId>,
}

impl Agreement {
    /// After the first event of a log.
    pub(super) fn of_the_beginning(event: &Event) -> Self {
        let mut beginning = Self::default();
        match event {
            Event::Created(created) => beginning.settle(&created.settings),
            Event::Restored(restored) => {
                beginning.settle(&restored.settings);
                for member in &restored.members {
                    beginning.stand(member.id, member.standing);
                }
            }
            _ => {}
        }
        beginning
    }

    /// One event later. Which cards go with somebody who is erased, and out of whose queue a veto has taken its card, is the domain's to
    /// say: `room` is after the event.
    pub(super) fn apply(&mut self, event: &Event, room: &Room) {
        let deck = room.deck();
        match event {
            Event::People(PeopleEvent::Joined { member, .. } | PeopleEvent::Back { member }) => {
                self.stand(*member, Standing::Here);
            }
            Event::People(PeopleEvent::Away { member }) => self.stand(*member, Standing::Away),
            Event::People(
                PeopleEvent::Left { member }
                | PeopleEvent::LetIn { member }
                | PeopleEvent::Removed { member },
            ) => self.stand(*member, Standing::Left),
            Event::People(PeopleEvent::Erased { member, .. }) => {
                self.stand(*member, Standing::Left);
                self.opinions.retain(|(who, card), _| who != member && deck.contains(card));
                if let Some(cards) = &mut self.deck {
                    cards.retain(|card| deck.contains(card));
                }
            }
            Event::Swiping(SwipingEvent::Configured(settings)) => self.settle(settings),
            Event::Swiping(SwipingEvent::Started { deck }) => {
                self.deck = Some(deck.clone());
                self.opinions.clear();
                self.matched.clear();
            }
            Event::Swiping(SwipingEvent::Swiped { member, title, verdict }) => {
                self.opinions.insert((*member, title.clone()), *verdict);
            }
            Event::Swiping(SwipingEvent::Undone { member, title }) => {
                self.opinions.remove(&(*member, title.clone()));
            }
            Event::Swiping(SwipingEvent::Matched { title }) => drop(self.matched.insert(title.clone())),
            Event::Swiping(SwipingEvent::Finished | SwipingEvent::Restarted { .. }) => self.deck = None,
            _ => {}
        }
        self.behind.clear();
        if self.opinions.values().any(|opinion| *opinion == Verdict::Veto) {
            let people = self.here.union(&self.away);
            self.behind = people.map(|who| (*who, room.swiped(*who))).collect();
        }
    }

    /// The titles that match and have not been announced, in the deck's order; no more than the round still wants.
    pub(super) fn due(&self) -> Vec<&TitleId> {
        let deck = self.deck.iter().flatten();
        let fresh = deck.filter(|title| !self.matched.contains(title) && self.matches(title));
        fresh.take(self.wanted().saturating_sub(self.matched.len())).collect()
    }

    /// Whether a title has matched in this round.
    pub(super) fn has_matched(&self, title: &TitleId) -> bool {
        self.matched.contains(title)
    }

    /// Whether a round that is being swiped has nothing left to do. One person alone ends none for those who are away.
    pub(super) fn is_over(&self) -> bool {
        let Some(deck) = &self.deck else { return false };
        let by_themselves = |who: &UserId| self.opinions.keys().filter(|(by, _)| by == who).count();
        let swiped = |who: &UserId| self.behind.get(who).copied().unwrap_or_else(|| by_themselves(who));
        let done = |who: &&UserId| swiped(who) >= deck.len();
        let finished = self.here.union(&self.away).filter(done).count();
        let all_done = !self.here.is_empty() && self.here.iter().all(|who| done(&who));
        let belonging = self.here.len() + self.away.len();
        self.matched.len() >= self.wanted() || all_done && finished >= belonging.min(2)
    }

    fn matches(&self, title: &TitleId) -> bool {
        let likes = |who: &&UserId| self.opinions.get(&(**who, title.clone())).is_some_and(|it| it.is_like());
        let count = self.here.union(&self.away).filter(likes).count();
        let enough = match self.rule.unwrap_or(Rule::Unanimous) {
            Rule::Unanimous => self.here.iter().all(|who| likes(&who)) && count >= 2,
            Rule::Majority => 2 * count > self.here.len() && count >= 2,
            Rule::AtLeast(wanted) => count >= usize::from(wanted),
        };
        !self.here.is_empty() && enough && !self.is_vetoed(title)
    }

    /// Also by somebody who has left since.
    fn is_vetoed(&self, title: &TitleId) -> bool {
        self.opinions.iter().any(|((_, card), opinion)| card == title && *opinion == Verdict::Veto)
    }

    fn wanted(&self) -> usize {
        match self.goal {
            None | Some(Goal::WholeDeck | Goal::Timed(_)) => usize::MAX,
            Some(Goal::FirstMatch) => 1,
            Some(Goal::Matches(count)) => count.into(),
        }
    }

    fn settle(&mut self, settings: &Settings) {
        (self.rule, self.goal) = (Some(settings.rule), Some(settings.goal));
    }

    fn stand(&mut self, who: UserId, standing: Standing) {
        self.here.remove(&who);
        self.away.remove(&who);
        match standing {
            Standing::Here => drop(self.here.insert(who)),
            Standing::Away => drop(self.away.insert(who)),
            Standing::Left | Standing::Removed => {}
        }
    }
}
