//! What happens while people swipe.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    room::Settings,
    title::TitleText,
};

/// An opinion of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// "I would watch that."
    Like,
    /// "Not tonight."
    Skip,
    /// A like that lifts its title in the queues of the others.
    SuperLike,
    /// "Anything but that": takes its title out of the queues of the others.
    Veto,
}

impl Verdict {
    /// Whether a rule counts it as a like.
    pub fn is_like(self) -> bool {
        matches!(self, Self::Like | Self::SuperLike)
    }
}

/// Something that happened in the deck or in a round. Variants are only ever added at the end: their order is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwipingEvent {
    /// A title is among a member's picks.
    Picked {
        member: UserId,
        title: TitleId,
        /// Its text, if it was typed.
        text: Option<TitleText>,
    },
    /// A title is there no longer.
    Unpicked { member: UserId, title: TitleId },
    /// A member's picks are exactly these.
    Selected {
        member: UserId,
        /// All of them, in order.
        titles: Vec<TitleId>,
        /// The texts of those that were typed.
        texts: Vec<TitleText>,
    },
    /// A member is ready, or not any more.
    Ready { member: UserId, ready: bool },
    /// The settings are these.
    Configured(Box<Settings>),
    /// The deck was drawn and swiping began.
    Started {
        /// The deck, in order.
        deck: Vec<TitleId>,
    },
    /// A member swiped a card.
    Swiped {
        member: UserId,
        /// Which card.
        title: TitleId,
        /// What they think of it.
        verdict: Verdict,
    },
    /// A member took back their last swipe.
    Undone {
        member: UserId,
        /// Which card.
        title: TitleId,
    },
    /// Совпало!
    Matched {
        /// The title.
        title: TitleId,
    },
    /// The round is over.
    Finished,
    /// The round of this number is in its lobby.
    Restarted {
        /// Its number.
        round: Round,
    },
    /// A timed round ends later.
    Extended {
        /// When.
        ends_at: Timestamp,
    },
    /// What somebody here has seen is left out of the curated deck from now on, or is not.
    SeenLeftOut { left_out: bool },
    /// A member reminded another one of the cards that they have not swiped.
    Nudged {
        /// Who did.
        by: UserId,
        /// Whom.
        member: UserId,
    },
    /// The host has vetoes in the room from now on, or no longer.
    VetoAllowed {
        /// Whether members may veto.
        allowed: bool,
    },
}

impl SwipingEvent {
    /// Whether SQL keeps a trace of it: of single swipes and of who is ready it does not.
    pub fn is_durable(&self) -> bool {
        !matches!(self, Self::Swiped { .. } | Self::Undone { .. } | Self::Ready { .. })
    }

    /// About how many bytes it holds beside its kind and its time.
    pub(in crate::room) fn weight(&self) -> usize {
        let titles = |titles: &[TitleId]| titles.iter().map(|title| title.as_str().len() + 1).sum::<usize>();
        let texts = |texts: &[TitleText]| texts.iter().map(TitleText::weight).sum::<usize>();
        match self {
            Self::Picked { title, text, .. } => titles(std::slice::from_ref(title)) + texts(text.as_slice()),
            Self::Selected { titles: picks, texts: typed, .. } => titles(picks) + texts(typed),
            Self::Configured(settings) => settings.weight(),
            Self::Started { deck } => titles(deck),
            Self::Unpicked { title, .. }
            | Self::Swiped { title, .. }
            | Self::Undone { title, .. }
            | Self::Matched { title } => title.as_str().len(),
            Self::Ready { .. }
            | Self::Finished
            | Self::Restarted { .. }
            | Self::Extended { .. }
            | Self::SeenLeftOut { .. }
            | Self::Nudged { .. }
            | Self::VetoAllowed { .. } => 0,
        }
    }
}
