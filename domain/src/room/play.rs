//! A deck in play: who swiped what, in which order.

use std::collections::BTreeMap;

use super::{
    event::Verdict,
    layout::{FEWEST, Layout},
};
use crate::ids::{TitleId, UserId};

/// A place in the deck, from 0.
pub(super) type Card = usize;

/// The deck and everybody's hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Play {
    deck: Vec<TitleId>,
    places: BTreeMap<TitleId, Card>,
    hands: BTreeMap<UserId, Hand>,
}

/// What one member did with the deck.
#[derive(Debug, Clone, Default, PartialEq)]
struct Hand {
    verdicts: Vec<Option<Verdict>>,
    order: Vec<Card>,
    layout: Layout,
}

impl Play {
    pub(super) fn new(deck: Vec<TitleId>) -> Self {
        let places = deck.iter().cloned().enumerate().map(|(card, title)| (title, card)).collect();
        Self { deck, places, hands: BTreeMap::new() }
    }

    pub(super) fn deck(&self) -> &[TitleId] {
        &self.deck
    }

    pub(super) fn place(&self, title: &TitleId) -> Option<Card> {
        self.places.get(title).copied()
    }

    pub(super) fn verdict(&self, member: UserId, card: Card) -> Option<Verdict> {
        self.hands.get(&member)?.verdicts.get(card).copied().flatten()
    }

    /// How many cards a member has swiped.
    pub(super) fn swiped(&self, member: UserId) -> usize {
        self.hands.get(&member).map_or(0, |hand| hand.order.len())
    }

    pub(super) fn last_swiped(&self, member: UserId) -> Option<Card> {
        self.hands.get(&member)?.order.last().copied()
    }

    pub(super) fn swipe(&mut self, member: UserId, title: &TitleId, verdict: Verdict) {
        let Some(card) = self.place(title) else { return };
        let size = self.deck.len();
        let hand = self.hands.entry(member).or_default();
        hand.verdicts.resize(size, None);
        if hand.verdicts[card].replace(verdict).is_none() {
            hand.order.push(card);
        }
    }

    /// Makes a member's order anew, if they have come to a step. `others` are those whose swipes it goes by.
    pub(super) fn lay_out(&mut self, member: UserId, others: impl Iterator<Item = UserId>) {
        let swiped = self.swiped(member);
        if !self.hands.get(&member).is_some_and(|hand| hand.layout.is_due(swiped)) {
            return;
        }
        let mut swipes = vec![0; self.deck.len()];
        let mut people = 1;
        for other in others {
            people += 1;
            for card in self.hands.get(&other).map_or(&[][..], |hand| &hand.order) {
                swipes[*card] += 1;
            }
        }
        if let Some(hand) = self.hands.get_mut(&member) {
            hand.layout.renew(swiped, (people >= FEWEST).then_some(&swipes));
        }
    }

    /// The cards that a member has not swiped, in the order that is theirs.
    pub(super) fn left(&self, member: UserId) -> impl Iterator<Item = Card> {
        static OWN_ORDER: Layout = Layout::new();
        let layout = self.hands.get(&member).map_or(&OWN_ORDER, |hand| &hand.layout);
        layout.cards(self.deck.len()).filter(move |card| self.verdict(member, *card).is_none())
    }

    pub(super) fn undo(&mut self, member: UserId, title: &TitleId) {
        let Some(card) = self.place(title) else { return };
        if let Some(hand) = self.hands.get_mut(&member)
            && hand.verdicts.get_mut(card).and_then(Option::take).is_some()
        {
            hand.order.retain(|swiped| *swiped != card);
        }
    }
}
