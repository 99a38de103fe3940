//! A deck in play: who swiped what, in which order, and each card's votes.
//!
//! The votes are counted as they are given, so that looking at a card costs the same however many people there are; a member who
//! comes or goes costs a look at their own cards. What does not change in a round is shared by all copies of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Standing, Verdict,
    clock::RoundClock,
    layout::{Card, FEWEST, Layout, Others, STEP},
    signals::Signals,
};
use crate::ids::{Seq, TitleId, UserId};

/// The deck and everybody's hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Play {
    deck: Arc<[TitleId]>,
    places: Arc<BTreeMap<TitleId, Card>>,
    hands: BTreeMap<UserId, Arc<Hand>>,
    votes: Vec<Votes>,
    matched: Vec<bool>,
    /// Of a timed round.
    clock: Option<RoundClock>,
    /// Who had super-liked what when it matched.
    super_likers: Arc<BTreeMap<Card, Vec<UserId>>>,
    signals: Arc<Signals>,
}

/// What one member did with the deck.
#[derive(Debug, Clone, Default, PartialEq)]
struct Hand {
    verdicts: Vec<Option<Verdict>>,
    order: Vec<Card>,
    layout: Layout,
    /// How many swipes were taken back.
    undone: usize,
}

impl Hand {
    /// With a deck of which only the cards of these places are left, in this order.
    fn keeping(&self, places: &[Card]) -> Self {
        let now = |was: &Card| places.iter().position(|place| place == was);
        Self {
            verdicts: places.iter().map(|place| self.verdicts.get(*place).copied().flatten()).collect(),
            order: self.order.iter().filter_map(now).collect(),
            layout: self.layout.clone().keeping(now),
            undone: self.undone,
        }
    }
}

/// One card's votes among the members of the room.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Votes {
    /// Members who are here and liked it.
    pub(super) here_likes: usize,
    /// Likes of members who are away.
    pub(super) away_likes: usize,
    /// Swipes of members who are here or away, whatever they thought.
    swipes: usize,
}

impl Votes {
    fn of(&mut self, standing: Standing, verdict: Verdict) -> Option<&mut usize> {
        match standing {
            Standing::Here if verdict.is_like() => Some(&mut self.here_likes),
            Standing::Away if verdict.is_like() => Some(&mut self.away_likes),
            _ => None,
        }
    }

    fn give(&mut self, standing: Standing, verdict: Verdict) {
        self.swipes += usize::from(matches!(standing, Standing::Here | Standing::Away));
        if let Some(votes) = self.of(standing, verdict) {
            *votes += 1;
        }
    }

    fn take(&mut self, standing: Standing, verdict: Verdict) {
        let counted = usize::from(matches!(standing, Standing::Here | Standing::Away));
        self.swipes = self.swipes.saturating_sub(counted);
        if let Some(votes) = self.of(standing, verdict) {
            *votes = votes.saturating_sub(1);
        }
    }
}

impl Play {
    pub(super) fn new(deck: Vec<TitleId>) -> Self {
        let places = deck.iter().cloned().enumerate().map(|(card, title)| (title, card)).collect();
        let (votes, matched) = (vec![Votes::default(); deck.len()], vec![false; deck.len()]);
        Self {
            deck: deck.into(),
            places: Arc::new(places),
            hands: BTreeMap::new(),
            votes,
            matched,
            clock: None,
            super_likers: Arc::default(),
            signals: Arc::default(),
        }
    }

    pub(super) fn deck(&self) -> &[TitleId] {
        &self.deck
    }

    /// Of a timed round; `None`: no time ends it.
    pub(super) fn clock(&self) -> Option<RoundClock> {
        self.clock
    }

    pub(super) fn set_clock(&mut self, clock: Option<RoundClock>) {
        self.clock = clock;
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

    /// Takes out what a member did with the deck, whose votes count no more, and these cards, whatever anybody did with them.
    pub(super) fn erase(&mut self, member: UserId, cards: &BTreeSet<TitleId>) {
        self.hands.remove(&member);
        if self.signals.has(member) {
            Arc::make_mut(&mut self.signals).erase(member);
        }
        if self.super_likers.values().flatten().any(|who| *who == member) {
            for likers in Arc::make_mut(&mut self.super_likers).values_mut() {
                likers.retain(|liker| *liker != member);
            }
        }
        if !self.deck.iter().any(|title| cards.contains(title)) {
            return;
        }
        let (deck, places): (Vec<TitleId>, Vec<Card>) =
            self.deck.iter().cloned().zip(0..).filter(|(title, _)| !cards.contains(title)).unzip();
        let mut left = Self::new(deck);
        left.votes = places.iter().map(|place| self.votes[*place]).collect();
        left.matched = places.iter().map(|place| self.matched[*place]).collect();
        let now = |was: &Card| places.iter().position(|place| place == was);
        left.signals = Arc::new(self.signals.keeping(now));
        let super_likers = self.super_likers.iter();
        left.super_likers =
            Arc::new(super_likers.filter_map(|(card, who)| Some((now(card)?, who.clone()))).collect());
        left.hands = self.hands.iter().map(|(id, hand)| (*id, Arc::new(hand.keeping(&places)))).collect();
        left.clock = self.clock;
        *self = left;
    }

    pub(super) fn votes(&self, card: Card) -> Votes {
        self.votes.get(card).copied().unwrap_or_default()
    }

    /// Whether a card has matched in this round.
    pub(super) fn has_matched(&self, card: Card) -> bool {
        self.matched.get(card).copied().unwrap_or(false)
    }

    /// How many cards a member has behind them: what they swiped, and what was taken out of their queue.
    pub(super) fn swiped(&self, member: UserId) -> usize {
        let taken_out = self.taken_out(member).into_iter();
        self.swipes(member) + taken_out.filter(|card| self.verdict(member, *card).is_none()).count()
    }

    /// How many cards a member would have behind them once they have swiped this one as well.
    pub(super) fn swiped_with(&self, member: UserId, card: Card) -> usize {
        let swipes = self.swipes(member) + 1;
        let steps =
            self.hands.get(&member).map_or(Layout::new().is_due(swipes), |hand| hand.layout.is_due(swipes));
        let taken_out = if steps { self.signals.vetoed() } else { self.taken_out(member) };
        let unseen = |other: &Card| *other != card && self.verdict(member, *other).is_none();
        swipes + taken_out.into_iter().filter(unseen).count()
    }

    /// How many cards a member has swiped by themselves.
    fn swipes(&self, member: UserId) -> usize {
        self.hands.get(&member).map_or(0, |hand| hand.order.len())
    }

    /// The vetoed cards that are out of a member's queue, as of their last step.
    fn taken_out(&self, member: UserId) -> BTreeSet<Card> {
        match self.hands.get(&member) {
            Some(hand) if !self.signals.is_empty() => self.signals.vetoed_by(hand.layout.at()),
            _ => BTreeSet::new(),
        }
    }

    /// Whether somebody has vetoed a card: then it matches no more in this round.
    pub(super) fn is_vetoed(&self, card: Card) -> bool {
        self.signals.is_vetoed(card)
    }

    /// Whether a member has given such a signal already, of another card.
    pub(super) fn has_spent(&self, member: UserId, verdict: Verdict, card: Card) -> bool {
        self.signals.given(member, verdict).is_some_and(|given| given.card != card)
    }

    /// How many super-likes and vetoes a member has given.
    pub(super) fn given(&self, member: UserId) -> [usize; 2] {
        [Verdict::SuperLike, Verdict::Veto]
            .map(|kind| usize::from(self.signals.given(member, kind).is_some()))
    }

    /// Whether what a member gave with such a verdict has taken effect in somebody's queue.
    pub(super) fn is_in_effect(&self, member: UserId, verdict: Verdict) -> bool {
        let Some(given) = self.signals.given(member, verdict) else { return false };
        let mut others =
            self.hands.iter().filter(|(other, _)| **other != member).map(|(_, hand)| &hand.layout);
        match verdict {
            Verdict::SuperLike => others.any(|layout| layout.follows_others_since(given.at)),
            Verdict::Veto => others.any(|layout| layout.at() >= given.at),
            Verdict::Like | Verdict::Skip => false,
        }
    }

    /// How many swipes a member has taken back.
    pub(super) fn undone(&self, member: UserId) -> usize {
        self.hands.get(&member).map_or(0, |hand| hand.undone)
    }

    pub(super) fn last_swiped(&self, member: UserId) -> Option<Card> {
        self.hands.get(&member)?.order.last().copied()
    }

    /// A member who stands like this swipes a card, with this entry of the log.
    pub(super) fn swipe(
        &mut self,
        member: UserId,
        standing: Standing,
        title: &TitleId,
        verdict: Verdict,
        at: Seq,
    ) {
        let Some(card) = self.place(title) else { return };
        let size = self.deck.len();
        let hand = Arc::make_mut(self.hands.entry(member).or_default());
        hand.verdicts.resize(size, None);
        match hand.verdicts[card].replace(verdict) {
            Some(before) => self.votes[card].take(standing, before),
            None => hand.order.push(card),
        }
        self.votes[card].give(standing, verdict);
        if matches!(verdict, Verdict::SuperLike | Verdict::Veto) {
            Arc::make_mut(&mut self.signals).give(member, card, verdict, at);
        }
    }

    /// A member takes a swipe back, and with it what they signalled, unless that is in effect.
    pub(super) fn undo(&mut self, member: UserId, standing: Standing, title: &TitleId) {
        let Some(card) = self.place(title) else { return };
        if let Some(verdict @ (Verdict::SuperLike | Verdict::Veto)) = self.verdict(member, card)
            && !self.is_in_effect(member, verdict)
        {
            Arc::make_mut(&mut self.signals).take_back(member, verdict);
        }
        let Some(hand) = self.hands.get_mut(&member).map(Arc::make_mut) else { return };
        if let Some(verdict) = hand.verdicts.get_mut(card).and_then(Option::take) {
            hand.order.retain(|swiped| *swiped != card);
            hand.undone += 1;
            self.votes[card].take(standing, verdict);
        }
    }

    /// A member's votes count otherwise from now on.
    pub(super) fn stand(&mut self, member: UserId, before: Standing, now: Standing) {
        let Some(hand) = self.hands.get(&member) else { return };
        for card in &hand.order {
            if let Some(verdict) = hand.verdicts[*card] {
                self.votes[*card].take(before, verdict);
                self.votes[*card].give(now, verdict);
            }
        }
    }

    /// Makes a member's order anew, if they have come to a step, with this entry of the log. It goes by the swipes and super-likes of so many
    /// `others`, who belong to the room.
    pub(super) fn lay_out(&mut self, member: UserId, others: usize, at: Seq) {
        let swiped = self.swipes(member);
        let Some(hand) = self.hands.get_mut(&member).filter(|hand| hand.layout.is_due(swiped)) else {
            return;
        };
        let own = |card: Card| usize::from(hand.verdicts.get(card).copied().flatten().is_some());
        let swipes: Vec<usize> =
            self.votes.iter().zip(0..).map(|(votes, card)| votes.swipes.saturating_sub(own(card))).collect();
        let lifted = self.signals.lifted_for(member);
        let by = Others { swipes: &swipes, lifted: &lifted };
        Arc::make_mut(hand).layout.renew(swiped, at, (others + 1 >= FEWEST).then_some(&by));
    }

    /// The cards that a member has not swiped and that are not taken out of their queue, in the order that is theirs.
    pub(super) fn left(&self, member: UserId) -> impl Iterator<Item = Card> {
        static OWN_ORDER: Layout = Layout::new();
        let layout = self.hands.get(&member).map_or(&OWN_ORDER, |hand| &hand.layout);
        let taken_out = self.taken_out(member);
        let cards = layout.cards(self.deck.len()).filter(move |card| !taken_out.contains(card));
        cards.filter(move |card| self.verdict(member, *card).is_none())
    }

    /// The same in the deck's own order.
    pub(super) fn left_of_deck(&self, member: UserId) -> impl Iterator<Item = Card> {
        let taken_out = self.taken_out(member);
        let cards = (0..self.deck.len()).filter(move |card| !taken_out.contains(card));
        cards.filter(move |card| self.verdict(member, *card).is_none())
    }

    /// So many cards a member swipes before their order can change.
    pub(super) fn until_step(&self, member: UserId) -> usize {
        self.hands.get(&member).map_or(STEP, |hand| hand.layout.until_step(hand.order.len()))
    }

    /// A card has matched, which these had super-liked.
    pub(super) fn matched(&mut self, title: &TitleId, super_likers: Vec<UserId>) {
        if let Some(card) = self.place(title) {
            self.matched[card] = true;
            if !super_likers.is_empty() {
                Arc::make_mut(&mut self.super_likers).insert(card, super_likers);
            }
        }
    }

    /// Who had super-liked a title when it matched.
    pub(super) fn super_likers(&self, title: &TitleId) -> &[UserId] {
        let found = self.place(title).and_then(|card| self.super_likers.get(&card));
        found.map_or(&[], Vec::as_slice)
    }
}
