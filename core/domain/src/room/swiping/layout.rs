//! The order in which one member sees the deck.
//!
//! Titles that many others have swiped come first, so that the members of a room meet at the same cards. It depends on *which* cards
//! others have swiped, never on *how*: a queue that moved for a like would tell everybody whose it was. It changes
//! by steps of the member's own swipes, and at no other moment: neither a reconnect nor somebody's coming or going moves a card, nor
//! does taking a swipe back and giving it again.

use std::cmp::Reverse;

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
    /// Every card of the deck. Empty: the deck's own order.
    cards: Vec<Card>,
}

impl Layout {
    /// The deck's own order.
    pub(super) const fn new() -> Self {
        Self { step: 0, cards: Vec::new() }
    }

    /// Whether a member who has swiped so many cards takes a step.
    pub(super) fn is_due(&self, swiped: usize) -> bool {
        swiped / STEP > self.step
    }

    /// So many cards a member who has swiped so many swipes before the next step.
    pub(super) fn until_step(&self, swiped: usize) -> usize {
        ((self.step + 1) * STEP).saturating_sub(swiped)
    }

    /// Takes the step: `swipes` says of each card of the deck how many others have swiped it. `None`: there are too few of them.
    pub(super) fn renew(&mut self, swiped: usize, swipes: Option<&[usize]>) {
        self.step = swiped / STEP;
        self.cards = swipes.map_or_else(Vec::new, |swipes| {
            let mut cards: Vec<Card> = (0..swipes.len()).collect();
            cards.sort_by_key(|card| Reverse(swipes[*card]));
            cards
        });
    }

    /// The same of a deck with fewer cards: `now` says which place one has now.
    pub(super) fn keeping(self, now: impl Fn(&Card) -> Option<Card>) -> Self {
        Self { step: self.step, cards: self.cards.iter().filter_map(now).collect() }
    }

    /// All cards of a deck of this size, in this order.
    pub(super) fn cards(&self, size: usize) -> impl Iterator<Item = Card> {
        let own = self.cards.is_empty();
        (0..size).map(move |place| if own { place } else { self.cards[place] })
    }
}
