//! What people ask of a room. A command says what shall be so; repeating it changes nothing.

use super::{event::Profile, settings::SettingsChange};
use crate::{
    ids::{Round, Timestamp, TitleId, UserId},
    title::TitleRef,
};

pub use super::event::Verdict;

/// A command of one person; who it is comes beside it, from the session, never from its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Be a member.
    Join(Profile),
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
    /// Like or skip a card.
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
    /// Take somebody out of the room (host).
    Remove { member: UserId },
    /// Let somebody who was removed join again, if they want to (host).
    LetIn { member: UserId },
    /// Be a member no longer.
    Leave,
    /// Do this in this round: late, in another one, it means nothing.
    InRound(Round, Box<Self>),
    /// Said by a node about a member without a socket, never by a phone: away if it has been so
    /// for [`AWAY_AFTER`](super::AWAY_AFTER).
    Away {
        /// When somebody last saw the member's phone.
        last_seen: Timestamp,
    },
    /// Said by a node when a member's phone is here again.
    Back,
    /// Said by a node of somebody who has erased themselves, whether they are a member or were one.
    Erase,
}
