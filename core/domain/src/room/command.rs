//! What people ask of a room. A command says what shall be so; repeating it changes nothing.

use super::{PeopleCommand, SwipingCommand};

pub use super::swiping::Verdict;

/// A command of one person; who it is comes beside it, from the session, never from its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// About who is in the room.
    People(PeopleCommand),
    /// About picks, the deck, swipes and rounds.
    Swiping(SwipingCommand),
}

impl From<PeopleCommand> for Command {
    fn from(command: PeopleCommand) -> Self {
        Self::People(command)
    }
}

impl From<SwipingCommand> for Command {
    fn from(command: SwipingCommand) -> Self {
        Self::Swiping(command)
    }
}
