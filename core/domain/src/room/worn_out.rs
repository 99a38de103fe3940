//! What a room still takes when its log is full.
//!
//! Such a room is *worn out*: nothing is said in its lobby any more, a round that is being played is played
//! to its end, a film is watched to its end, and nobody is ever kept from leaving. What changes nothing is never refused, since it costs nothing.

use super::{
    Command, PeopleCommand, Refusal, Room, ScreenAction, SwipingCommand,
    bounds::{LOG_BYTES, LOG_EVENTS, LOG_EVENTS_WITH_FILM, LOG_EVENTS_WITH_ROUND},
};

impl Room {
    /// Whether nothing can be said in its lobby any more.
    pub fn is_worn_out(&self) -> bool {
        self.seq.get() >= LOG_EVENTS || self.weight >= LOG_BYTES
    }

    /// Whether the log has room for what a command does.
    pub(super) fn has_room_for(&self, command: &Command) -> Result<(), Refusal> {
        let full = match command {
            // Nobody is held. None of these can be repeated without one of the others.
            Command::People(
                PeopleCommand::Leave
                | PeopleCommand::Erase
                | PeopleCommand::Away { .. }
                | PeopleCommand::Back
                | PeopleCommand::Remove { .. },
            ) => false,
            Command::People(
                PeopleCommand::Join(_)
                | PeopleCommand::Enter { .. }
                | PeopleCommand::LetIn { .. }
                | PeopleCommand::Role { .. }
                | PeopleCommand::HandOver { .. }
                | PeopleCommand::Configure(_),
            )
            | Command::Configure { .. } => self.is_worn_out(),
            Command::Swiping(command) => self.is_too_full_for(command),
            Command::Watching(command) => self.is_too_full_to_watch(&command.action),
        };
        if full { Err(Refusal::WornOut) } else { Ok(()) }
    }

    fn is_too_full_for(&self, command: &SwipingCommand) -> bool {
        match command {
            SwipingCommand::InRound(_, command) | SwipingCommand::Without(_, command) => {
                self.is_too_full_for(command)
            }
            // A round can always be ended.
            SwipingCommand::Finish | SwipingCommand::TimeUp => false,
            // Bounded by the cards, the members and the swipes that are taken back.
            SwipingCommand::Swipe { .. } | SwipingCommand::Undo { .. } | SwipingCommand::Nudge { .. } => {
                self.seq.get() >= LOG_EVENTS_WITH_ROUND
            }
            SwipingCommand::Ready(_)
            | SwipingCommand::Pick(_)
            | SwipingCommand::Unpick(_)
            | SwipingCommand::Select(_)
            | SwipingCommand::Configure(_)
            | SwipingCommand::Start
            | SwipingCommand::StartWith { .. }
            | SwipingCommand::Restart { .. }
            | SwipingCommand::Extend { .. } => self.is_worn_out(),
        }
    }

    /// A film that is shown is watched to its end, and so is what comes next; nothing else is put on.
    fn is_too_full_to_watch(&self, action: &ScreenAction) -> bool {
        match action {
            // Once for each loan.
            ScreenAction::TakeBack => false,
            ScreenAction::Show(Some(_)) | ScreenAction::Enqueue { .. } => self.is_worn_out(),
            ScreenAction::Show(None)
            | ScreenAction::Play(_)
            | ScreenAction::Pause(_)
            | ScreenAction::Seek(_)
            | ScreenAction::Rate(_)
            | ScreenAction::Dequeue(_)
            | ScreenAction::Next { .. }
            | ScreenAction::Borrow { .. } => self.seq.get() >= LOG_EVENTS_WITH_FILM,
        }
    }
}
