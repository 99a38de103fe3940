//! Who took part in a round, and which matches are news: what is kept to know who gets a notice of a match.
//!
//! Notices of a match go to those who swiped in its round. None are sent if one person made it alone, which the rule `at_least 1`
//! allows. Both are known for the current round and the one before it, so that a notice that is sent late still finds its recipients.
//! Nothing is kept of older rounds, and no notices are sent for them.

use std::collections::{BTreeMap, BTreeSet};

use super::Match;
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

    /// Whether notices are sent for a match: at least [`MAKERS_OF_NEWS`] people made it.
    pub(super) fn is_news(&self, found: &Match) -> bool {
        self.rounds.get(&found.round).is_some_and(|played| played.news.contains(&found.number))
    }

    pub(super) fn has_swiped_in(&self, round: Round, member: UserId) -> bool {
        self.rounds.get(&round).is_some_and(|played| played.swiped.contains(&member))
    }
}
