//! Which titles a deck by a filter brings to a round.
//!
//! A filter may fit a hundred thousand titles. So they are chosen without holding the room, from a small copy of what matters ([`Drawing`]),
//! and the round is started with the choice.

use std::{collections::BTreeSet, sync::Arc};

use super::{Phase, Swiping, played::Played};
use crate::{
    chance::Chance,
    ids::{Round, TitleId},
    room::{DeckChoice, settings::MAX_CURATED},
    title::Filter,
};

/// The titles are chosen by other numbers than those that the deck is drawn with.
const OF_ALL_THAT_FIT: u64 = 0x6C62_272E_07BB_0142;

/// What the titles of a deck by a filter are chosen by: the room's seed, its round, and what it has played.
#[derive(Debug, Clone)]
pub struct Drawing {
    choice: DeckChoice,
    seed: u64,
    round: Round,
    played: Arc<Played>,
    matched: Arc<BTreeSet<TitleId>>,
}

impl Drawing {
    /// What the room's deck is narrowed to.
    pub fn filter(&self) -> Option<&Filter> {
        self.choice.filter()
    }

    /// At most [`MAX_CURATED`] of the titles that fit, by chance; what no round has had before what was played longest ago.
    pub fn choose(&self, mut fitting: Vec<TitleId>) -> DeckChoice {
        // The choice is the same in whichever order the titles come.
        fitting.sort_unstable();
        fitting.dedup();
        chance_of_round(self.seed ^ OF_ALL_THAT_FIT, self.round).shuffle(&mut fitting);
        fitting.sort_by_cached_key(|title| last_played(&self.played, &self.matched, title));
        fitting.truncate(MAX_CURATED);
        DeckChoice { titles: fitting.into(), ..self.choice.clone() }
    }
}

impl Swiping {
    /// By what the titles of the next round are chosen; `None`: the room has no deck by a filter, or no round can begin.
    pub(in crate::room) fn drawing(&self) -> Option<Drawing> {
        let choice = self.settings.deck.as_ref().filter(|deck| deck.filter().is_some())?;
        matches!(self.phase, Phase::Lobby).then(|| Drawing {
            choice: choice.clone(),
            seed: self.seed,
            round: self.round,
            played: Arc::clone(&self.played),
            matched: Arc::clone(&self.matched),
        })
    }

    /// The last round that had a title; `None`: none had it, or it was long ago.
    pub(super) fn last_played(&self, title: &TitleId) -> Option<Round> {
        last_played(&self.played, &self.matched, title)
    }
}

/// A match is remembered for ever, its round only as long as others are.
fn last_played(played: &Played, matched: &BTreeSet<TitleId>, title: &TitleId) -> Option<Round> {
    played.last(title).or_else(|| matched.contains(title).then_some(Round::FIRST))
}

/// The numbers that belong to a round of a room.
pub(super) fn chance_of_round(seed: u64, round: Round) -> Chance {
    Chance::seeded(seed ^ u64::from(round.get()).wrapping_mul(0xD6E8_FEB8_6659_FD93))
}
