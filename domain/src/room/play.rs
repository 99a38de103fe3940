//! A deck in play: who swiped what, in which order.

use std::collections::{BTreeMap, BTreeSet};

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

impl Hand {
    /// With a deck of which only the cards of these places are left, in this order.
    fn keeping(self, places: &[Card]) -> Self {
        let now = |was: &Card| places.iter().position(|place| place == was);
        Self {
            verdicts: places.iter().map(|place| self.verdicts.get(*place).copied().flatten()).collect(),
            order: self.order.iter().filter_map(now).collect(),
            layout: self.layout.keeping(now),
        }
    }
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

    /// Whether a member has anything to do with the deck.
    pub(super) fn has_hand(&self, member: UserId) -> bool {
        self.hands.contains_key(&member)
    }

    /// Takes out what a member did with the deck, and these cards, whatever anybody did with them.
    pub(super) fn erase(&mut self, member: UserId, cards: &BTreeSet<TitleId>) {
        self.hands.remove(&member);
        if !self.deck.iter().any(|title| cards.contains(title)) {
            return;
        }
        let before = std::mem::replace(self, Self::new(Vec::new()));
        let (deck, places): (Vec<TitleId>, Vec<Card>) =
            before.deck.into_iter().zip(0..).filter(|(title, _)| !cards.contains(title)).unzip();
        *self = Self::new(deck);
        self.hands = before.hands.into_iter().map(|(id, hand)| (id, hand.keeping(&places))).collect();
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
