//! What people ask of a room. A command says what shall be so; repeating it changes nothing.

use super::{AccessChange, PeopleCommand, SettingsChange, SwipingCommand, WatchingCommand};

pub use super::swiping::Verdict;

/// A command of one person; who it is comes beside it, from the session, never from its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// About who is in the room.
    People(PeopleCommand),
    /// About picks, the deck, swipes and rounds.
    Swiping(SwipingCommand),
    /// About what is watched.
    Watching(WatchingCommand),
    /// Change how it is played and who gets in, both or neither (host).
    Configure { settings: SettingsChange, access: AccessChange },
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

impl From<WatchingCommand> for Command {
    fn from(command: WatchingCommand) -> Self {
        Self::Watching(command)
    }
}
