//! The order in which one member sees the deck.
//!
//! Titles that many others have swiped come first, so that the members of a room meet at the same cards. It depends on *which* cards
//! others have swiped, never on *how*: a queue that moved for a like would tell everybody whose it was. It changes
//! by steps of the member's own swipes, and at no other moment: neither a reconnect nor somebody's coming or going moves a card, nor
//! does taking a swipe back and giving it again.
//!
//! [Signals](super::signals) that others gave on purpose come before that: at such a step what they super-liked goes to the front, and what
//! they vetoed goes out.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::ids::Seq;

/// A place in the deck, from 0.
pub(super) type Card = usize;

/// A member's order is made anew each time they have swiped so many cards more than ever before in the round.
pub const STEP: usize = 5;
/// Fewer people than this see the deck in its own order: where only one other swipes there is nobody to meet.
pub const FEWEST: usize = 3;

/// One member's order, as of their last step.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout {
    /// The last step that was taken, from 1; 0: none yet.
    step: usize,
    /// With which entry of the log it was taken.
    at: Seq,
    /// Every card of the deck. Empty: the deck's own order.
    cards: Vec<Card>,
}

/// What the others have done, as far as an order goes by it.
#[derive(Debug)]
pub(super) struct Others<'a> {
    /// How many of them have swiped each card of the deck.
    pub(super) swipes: &'a [usize],
    /// What they have super-liked.
    pub(super) lifted: &'a BTreeSet<Card>,
}

impl Layout {
    /// The deck's own order.
    pub(super) const fn new() -> Self {
        Self { step: 0, at: Seq::ZERO, cards: Vec::new() }
    }

    /// Whether a member who has swiped so many cards takes a step.
    pub(super) fn is_due(&self, swiped: usize) -> bool {
        swiped / STEP > self.step
    }

    /// So many cards a member who has swiped so many swipes before the next step.
    pub(super) fn until_step(&self, swiped: usize) -> usize {
        ((self.step + 1) * STEP).saturating_sub(swiped)
    }

    /// Takes the step with this entry of the log. `None`: there are too few others.
    pub(super) fn renew(&mut self, swiped: usize, at: Seq, others: Option<&Others<'_>>) {
        self.step = swiped / STEP;
        self.at = at;
        self.cards = others.map_or_else(Vec::new, |Others { swipes, lifted }| {
            let mut cards: Vec<Card> = (0..swipes.len()).collect();
            cards.sort_by_key(|card| (Reverse(lifted.contains(card)), Reverse(swipes[*card])));
            cards
        });
    }

    /// With which entry of the log the last step was taken; vetoes of before are in effect.
    pub(super) fn at(&self) -> Seq {
        self.at
    }

    /// Whether the last step was taken after this entry of the log, and went by what the others have done.
    pub(super) fn follows_others_since(&self, at: Seq) -> bool {
        self.at >= at && !self.cards.is_empty()
    }

    /// The same of a deck with fewer cards: `now` says which place one has now.
    pub(super) fn keeping(self, now: impl Fn(&Card) -> Option<Card>) -> Self {
        Self { step: self.step, at: self.at, cards: self.cards.iter().filter_map(now).collect() }
    }

    /// All cards of a deck of this size, in this order.
    pub(super) fn cards(&self, size: usize) -> impl Iterator<Item = Card> {
        let own = self.cards.is_empty();
        (0..size).map(move |place| if own { place } else { self.cards[place] })
    }
}
