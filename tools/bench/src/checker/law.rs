//! The laws that every history has to keep, and the stable word of each: the trial's report says it, and whoever plants a
//! bug demands it.

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
    /// Every event is what the domain decides of its command, and nothing that follows from it is left out.
    Decided,
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
    /// A message that was acknowledged is there, for everybody who stayed.
    MessageLost,
    /// One key is one message.
    MessageTwice,
    /// Numbers and changes have no gaps, and follow the order in which things were said.
    MessageOrder,
    /// A phone is sent every change of the messages after its opening, in order.
    MessageGap,
    /// Nothing is shown that SQL does not have: it was told before it was committed.
    MessageUncommitted,
    /// Whatever two phones are told of the same change is the same.
    MessageContradicted,
    /// An acknowledged edit, unsay, reaction or read mark is what is seen in the end.
    MessageChangeLost,
    /// Nothing is said, changed or taken back that nobody asked for.
    MessageInvented,
    /// Nothing is left of the words of somebody who was erased.
    ErasedWords,
    /// What was meant for one screen is not done to another: a command that is sent again rewinds nobody.
    RightScreen,
    /// Only those who may change what is shown.
    OnlyWhoMay,
    /// In the end every phone shows what the log has.
    SameScreen,
    /// A signal comes at most once, to others, as it was sent.
    Signals,
    /// The server's clock is what it says.
    Clock,
}

impl Law {
    /// Every law, in the order of a report.
    pub(crate) const ALL: [Self; 26] = [
        Self::NothingLost,
        Self::NothingTwice,
        Self::OneOrder,
        Self::NothingInvented,
        Self::Decided,
        Self::RightRound,
        Self::OneStory,
        Self::NoGaps,
        Self::EveryMatch,
        Self::Secrecy,
        Self::SqlAgrees,
        Self::Rest,
        Self::MessageLost,
        Self::MessageTwice,
        Self::MessageOrder,
        Self::MessageGap,
        Self::MessageUncommitted,
        Self::MessageContradicted,
        Self::MessageChangeLost,
        Self::MessageInvented,
        Self::ErasedWords,
        Self::RightScreen,
        Self::OnlyWhoMay,
        Self::SameScreen,
        Self::Signals,
        Self::Clock,
    ];

    /// Its word. Reports and scripts rely on it: it stays.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::NothingLost => "lost",
            Self::NothingTwice => "duplicated",
            Self::OneOrder => "reordered",
            Self::NothingInvented => "invented",
            Self::Decided => "not-decided",
            Self::RightRound => "wrong-round",
            Self::OneStory => "contradicted",
            Self::NoGaps => "gap",
            Self::EveryMatch => "match",
            Self::Secrecy => "secrecy",
            Self::SqlAgrees => "sql",
            Self::Rest => "no-rest",
            Self::MessageLost => "message-lost",
            Self::MessageTwice => "message-duplicated",
            Self::MessageOrder => "message-reordered",
            Self::MessageGap => "message-gap",
            Self::MessageUncommitted => "message-uncommitted",
            Self::MessageContradicted => "message-contradicted",
            Self::MessageChangeLost => "message-change-lost",
            Self::MessageInvented => "message-invented",
            Self::ErasedWords => "erased-words",
            Self::RightScreen => "wrong-screen",
            Self::OnlyWhoMay => "not-allowed",
            Self::SameScreen => "screen",
            Self::Signals => "signal",
            Self::Clock => "clock",
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no law's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoLaw(String);

impl fmt::Display for NoLaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Law::ALL.map(Law::word).join(", ");
        write!(f, "no law is called {:?}; they are: {words}", self.0)
    }
}

impl std::error::Error for NoLaw {}

impl std::str::FromStr for Law {
    type Err = NoLaw;

    fn from_str(word: &str) -> Result<Self, NoLaw> {
        Self::ALL.into_iter().find(|law| law.word() == word).ok_or_else(|| NoLaw(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_has_a_word_of_its_own_by_which_it_is_found() {
        for law in Law::ALL {
            assert_eq!(law.word().parse(), Ok(law));
            let plain = law.word().chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(plain, "{law} is more than a word");
        }
        assert!("lots".parse::<Law>().unwrap_err().to_string().contains("message-uncommitted"));
    }
}
