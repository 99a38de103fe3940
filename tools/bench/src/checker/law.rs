//! The laws that every history has to keep.

use std::fmt;

/// Which law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Law {
    /// What was acknowledged is in the one order.
    NothingLost,
    /// It is there once.
    NothingTwice,
    /// It is there in the order in which it was done.
    OneOrder,
    /// Nothing is there that nobody asked for.
    NothingInvented,
    /// What was meant for one round is not done in another.
    RightRound,
    /// Whatever two phones are told of the same place is the same, and is what the log has there.
    OneStory,
    /// A phone is told every event after its welcome, in order.
    NoGaps,
    /// Every match that the rules imply is announced, once, to everybody who stayed, and no other.
    EveryMatch,
    /// Nobody is told another's opinion.
    Secrecy,
    /// SQL holds what the log says.
    SqlAgrees,
    /// A room comes to rest: every command is answered and every phone knows all.
    Rest,
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingLost => "lost",
            Self::NothingTwice => "duplicated",
            Self::OneOrder => "reordered",
            Self::NothingInvented => "invented",
            Self::RightRound => "wrong round",
            Self::OneStory => "contradicted",
            Self::NoGaps => "gap",
            Self::EveryMatch => "match",
            Self::Secrecy => "secrecy",
            Self::SqlAgrees => "sql",
            Self::Rest => "no rest",
        })
    }
}
