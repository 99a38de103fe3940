//! What is asked of the deck and the rounds.

use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    room::{DeckChoice, SettingsChange, Verdict},
    title::TitleRef,
};

/// A command about picks, the deck, swipes and rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SwipingCommand {
    /// Say that one is ready, or not yet.
    Ready(bool),
    /// Have a title among one's picks.
    Pick(TitleRef),
    /// Have it there no longer.
    Unpick(TitleRef),
    /// Have exactly these picks.
    Select(Vec<TitleRef>),
    /// Change the settings (host, lobby).
    Configure(SettingsChange),
    /// Draw the deck and begin (host).
    Start,
    /// The same, with what was looked up for it.
    StartWith {
        /// The titles that [`Drawing::choose`](crate::room::Drawing::choose) chose, where the room's deck is by a filter.
        chosen: Option<DeckChoice>,
        /// The titles of the deck that somebody here has seen: they are left out, unless a member picked them. `None`: it cannot be known
        /// now. Then nothing is left out, and the room says so.
        seen: Option<Vec<TitleId>>,
    },
    /// Say what one thinks of a card.
    Swipe {
        /// The card.
        title: TitleId,
        /// The opinion.
        verdict: Verdict,
    },
    /// Take back one's last swipe, which was of this title.
    Undo {
        /// The card.
        title: TitleId,
    },
    /// End the round now (host).
    Finish,
    /// Begin the round of this number (host).
    Restart {
        /// The new round's number: one more than the finished one's.
        round: Round,
        /// At once, with the titles that came nearest to a match.
        final_round: bool,
    },
    /// Have a timed round end no sooner than this (host).
    Extend {
        /// The latest end that is asked for.
        until: Timestamp,
    },
    /// The time of a timed round is up: said by the nodes that hold the room, in nobody's name.
    TimeUp,
    /// Remind a member of the cards that they have not swiped.
    Nudge {
        /// Whom.
        member: UserId,
    },
    /// Do this as if nobody had picked these titles and they were in no deck: they are never dealt in this room.
    Without(Vec<TitleId>, Box<Self>),
    /// Do this in this round: late, in another one, it means nothing.
    InRound(Round, Box<Self>),
}
