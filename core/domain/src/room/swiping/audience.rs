//! Who may get a notice of a match, outside of the room.
//!
//! Notices of a match go to those who swiped in its round. None are sent if one person made it alone, which the rule `at_least 1`
//! allows. Both are known for the current round and the one before it, so that a notice that is sent late still finds its recipients.
//! Nothing is kept of older rounds, and no notices are sent for them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Match, Member, People, Swiping};
use crate::ids::{Round, UserId};

/// What is known of this many rounds, the newest.
const ROUNDS: usize = 2;
/// So many people have to like what they are told of.
pub const MAKERS_OF_NEWS: usize = 2;

/// Of the newest rounds: who took part, and which matches are news.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Audience {
    rounds: BTreeMap<Round, Played>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Played {
    swiped: BTreeSet<UserId>,
    news: BTreeSet<u32>,
}

impl Audience {
    fn round(&mut self, round: Round) -> &mut Played {
        while self.rounds.len() >= ROUNDS && !self.rounds.contains_key(&round) {
            self.rounds.pop_first();
        }
        self.rounds.entry(round).or_default()
    }

    pub(super) fn swiped(&mut self, round: Round, member: UserId) {
        self.round(round).swiped.insert(member);
    }

    pub(super) fn matched(&mut self, found: &Match, likes: usize) {
        if likes >= MAKERS_OF_NEWS {
            self.round(found.round).news.insert(found.number);
        }
    }
}

impl Swiping {
    /// Whether notices are sent for a match: at least [`MAKERS_OF_NEWS`] people made it.
    pub(in crate::room) fn is_news(&self, found: &Match) -> bool {
        self.audience.rounds.get(&found.round).is_some_and(|played| played.news.contains(&found.number))
    }

    /// Members who swiped in the round of a match.
    pub(in crate::room) fn who_swiped<'a>(
        &'a self,
        people: &'a People,
        round: Round,
    ) -> impl Iterator<Item = &'a Member> {
        people.present().filter(move |member| self.has_swiped_in(round, member.id))
    }

    /// Members who did not swipe in the round, and who picked a title in this room by themselves. Following a link is not enough.
    pub(in crate::room) fn who_only_picked<'a>(
        &'a self,
        people: &'a People,
        round: Round,
    ) -> impl Iterator<Item = &'a Member> {
        let picked = |member: &&Member| !self.picks_of(member.id).is_empty();
        people.present().filter(picked).filter(move |member| !self.has_swiped_in(round, member.id))
    }

    fn has_swiped_in(&self, round: Round, member: UserId) -> bool {
        self.audience.rounds.get(&round).is_some_and(|played| played.swiped.contains(&member))
    }
}
