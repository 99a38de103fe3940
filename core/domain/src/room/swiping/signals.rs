//! Super-likes and vetoes of a round: what members say on purpose, outside the secrecy of verdicts.
//!
//! Each member has one of each in a round. A super-like is a like that lifts its title in the queues of the others; a veto takes its title
//! out of them, and keeps it from matching. Both take effect in a queue at its owner's next [step](super::layout), and neither
//! says whose it is. In a room of two a super-like lifts nothing, since it could only be the other's.
//!
//! What is given can be taken back whole for as long as it has taken effect in nobody's queue. Afterwards a super-like is spent, and lifts
//! its title still, although the like can be undone; a veto cannot be undone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Verdict, layout::Card};
use crate::ids::{Seq, UserId};

/// A member gives so many super-likes in a round; a further one is `invalid`.
pub const SUPER_LIKES: usize = 1;
/// A member gives so many vetoes in a round, if the room has them; a further one is `invalid`.
pub const VETOES: usize = 1;

/// How many signals somebody has left in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalsLeft {
    /// Super-likes, at most [`SUPER_LIKES`].
    pub super_likes: usize,
    /// Vetoes, at most [`VETOES`]; 0 where the room has none.
    pub vetoes: usize,
}

/// What members have given in a round, by who gave it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Signals {
    super_likes: BTreeMap<UserId, Given>,
    vetoes: BTreeMap<UserId, Given>,
}

/// A signal, and with which entry of the log it was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Given {
    pub(super) card: Card,
    pub(super) at: Seq,
}

impl Signals {
    fn of(&self, verdict: Verdict) -> Option<&BTreeMap<UserId, Given>> {
        match verdict {
            Verdict::SuperLike => Some(&self.super_likes),
            Verdict::Veto => Some(&self.vetoes),
            Verdict::Like | Verdict::Skip => None,
        }
    }

    fn of_mut(&mut self, verdict: Verdict) -> Option<&mut BTreeMap<UserId, Given>> {
        match verdict {
            Verdict::SuperLike => Some(&mut self.super_likes),
            Verdict::Veto => Some(&mut self.vetoes),
            Verdict::Like | Verdict::Skip => None,
        }
    }

    /// Whether somebody has given anything.
    pub(super) fn has(&self, member: UserId) -> bool {
        self.super_likes.contains_key(&member) || self.vetoes.contains_key(&member)
    }

    /// Whether nobody has given anything: then no queue depends on it.
    pub(super) fn is_empty(&self) -> bool {
        self.super_likes.is_empty() && self.vetoes.is_empty()
    }

    /// What somebody has given of a kind, if the verdict is a signal.
    pub(super) fn given(&self, member: UserId, verdict: Verdict) -> Option<Given> {
        self.of(verdict)?.get(&member).copied()
    }

    /// Somebody gives one. What was given of this card already was given when it was first.
    pub(super) fn give(&mut self, member: UserId, card: Card, verdict: Verdict, at: Seq) {
        let Some(signals) = self.of_mut(verdict) else { return };
        let given = signals.entry(member).or_insert(Given { card, at });
        if given.card != card {
            *given = Given { card, at };
        }
    }

    /// Somebody has theirs back.
    pub(super) fn take_back(&mut self, member: UserId, verdict: Verdict) {
        if let Some(signals) = self.of_mut(verdict) {
            signals.remove(&member);
        }
    }

    /// What somebody gave is gone with them.
    pub(super) fn erase(&mut self, member: UserId) {
        self.super_likes.remove(&member);
        self.vetoes.remove(&member);
    }

    /// With a deck of which only some cards are left: `now` says which place one has now.
    pub(super) fn keeping(&self, now: impl Fn(&Card) -> Option<Card>) -> Self {
        let keep = |signals: &BTreeMap<UserId, Given>| {
            let kept = signals
                .iter()
                .filter_map(|(who, given)| Some((*who, Given { card: now(&given.card)?, at: given.at })));
            kept.collect()
        };
        Self { super_likes: keep(&self.super_likes), vetoes: keep(&self.vetoes) }
    }

    /// Cards that others than this member have lifted.
    pub(super) fn lifted_for(&self, member: UserId) -> BTreeSet<Card> {
        self.super_likes.iter().filter(|(who, _)| **who != member).map(|(_, given)| given.card).collect()
    }

    /// Whether somebody has vetoed a card, whomever it has reached.
    pub(super) fn is_vetoed(&self, card: Card) -> bool {
        self.vetoes.values().any(|given| given.card == card)
    }

    /// All cards that somebody has vetoed.
    pub(super) fn vetoed(&self) -> BTreeSet<Card> {
        self.vetoes.values().map(|given| given.card).collect()
    }

    /// Cards that were vetoed by this entry of the log.
    pub(super) fn vetoed_by(&self, at: Seq) -> BTreeSet<Card> {
        self.vetoes.values().filter(|given| given.at <= at).map(|given| given.card).collect()
    }
}
