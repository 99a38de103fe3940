//! The deck a round is played with, the order in which each member sees it, and the final round.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{People, Phase, Swiping, drawing::chance_of_round};
use crate::ids::{TitleId, UserId};

/// With a deck to draw from, a round has at least this many cards.
const WANTED: usize = 20;
/// A final round has at most this many.
const FINALISTS: usize = 5;

impl Swiping {
    /// The deck of the round that starts now: what several people picked, most picked first; then
    /// what one did; then, when the room wants more, the titles of its deck without what somebody has `seen`: those first that no round
    /// has had, or longest ago. Chance comes from the room's seed.
    pub(super) fn draw(&self, people: &People, titles: &[TitleId], seen: &[TitleId]) -> Vec<TitleId> {
        let mut votes: BTreeMap<&TitleId, usize> = BTreeMap::new();
        for pick in people.present().flat_map(|member| self.picks_of(member.id)) {
            *votes.entry(pick).or_default() += 1;
        }
        let mut chance = chance_of_round(self.seed, self.round);
        let mut picked: Vec<(&TitleId, usize)> = votes.into_iter().collect();
        chance.shuffle(&mut picked);
        picked.sort_by_key(|(_, votes)| std::cmp::Reverse(*votes));
        let mut deck: Vec<TitleId> = picked.into_iter().map(|(title, _)| title.clone()).collect();

        let wanted = WANTED.max(people.present().count() * usize::from(self.settings.picks_per_member));
        let mut rest: Vec<&TitleId> = titles.iter().collect();
        rest.sort_unstable();
        rest.dedup();
        let there: BTreeSet<&TitleId> = deck.iter().chain(seen).collect();
        rest.retain(|title| !there.contains(title));
        chance.shuffle(&mut rest);
        rest.sort_by_key(|title| self.last_played(title));
        let missing = wanted.saturating_sub(deck.len());
        deck.extend(rest.into_iter().take(missing).cloned());
        deck
    }

    /// The same picks, decks and results, but for these titles. For judging what a round is dealt, not for folding.
    pub(super) fn without(&self, titles: &[TitleId]) -> Self {
        let mut without = self.clone();
        if titles.is_empty() {
            return without;
        }
        let titles: BTreeSet<&TitleId> = titles.iter().collect();
        if self.choices.values().any(|choice| choice.picks.iter().any(|pick| titles.contains(pick))) {
            for choice in Arc::make_mut(&mut without.choices).values_mut() {
                choice.picks.retain(|pick| !titles.contains(pick));
            }
        }
        if let Some(curated) = &mut Arc::make_mut(&mut without.settings).deck {
            curated.titles = curated.titles.iter().filter(|title| !titles.contains(title)).cloned().collect();
        }
        if let Phase::Finished(_, results) = &mut without.phase {
            results.retain(|ranked| !titles.contains(&ranked.title));
        }
        without
    }

    /// The titles of a final round: the most liked of a round without a match. Empty if there is nothing to decide.
    pub(in crate::room) fn finalists(&self) -> Vec<TitleId> {
        match &self.phase {
            Phase::Finished(_, results) if self.matches_of_round().is_empty() => results
                .iter()
                .filter(|ranked| ranked.likes > 0)
                .take(FINALISTS)
                .map(|ranked| ranked.title.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// A member's next cards, at most `limit`: in the order that is [theirs](super::layout), but for what has matched, which comes last.
    /// A card that can match no longer keeps its place: that it cannot is a skip of somebody's.
    pub(in crate::room) fn queue(&self, member: UserId, limit: usize) -> Vec<TitleId> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        let open = play.left(member).filter(|card| !play.has_matched(*card));
        let settled = play.left(member).filter(|card| play.has_matched(*card));
        open.chain(settled).take(limit).map(|card| play.deck()[card].clone()).collect()
    }

    /// What a member may swipe while they hear nothing, at most `limit`: their queue as far as it stays, and then the deck's own order, which
    /// depends on nobody's swipes.
    pub(in crate::room) fn upcoming(&self, member: UserId, limit: usize) -> Vec<TitleId> {
        let Phase::Swiping(play) = &self.phase else { return Vec::new() };
        let mut next = self.queue(member, play.until_step(member).min(limit));
        let there: BTreeSet<TitleId> = next.iter().cloned().collect();
        let open = play.left_of_deck(member).filter(|card| !play.has_matched(*card));
        let settled = play.left_of_deck(member).filter(|card| play.has_matched(*card));
        let others = open.chain(settled).map(|card| &play.deck()[card]).filter(|card| !there.contains(card));
        next.extend(others.take(limit - next.len()).cloned());
        next
    }
}
