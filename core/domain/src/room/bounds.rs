//! How much a room may hold: every list of it has a most, and its log has one too.
//!
//! A room whose log is full is *worn out*: nothing is said in its lobby any more, a round that is being played is played
//! to its end, and nobody is ever kept from leaving. What changes nothing is never refused, since it costs nothing.

use super::{Command, PeopleCommand, Refusal, Room, SwipingCommand};

/// A room's log has at most this many events that can be refused; beyond it whatever is said in the lobby is
/// `room_worn_out`. An evening has a few hundred.
pub const LOG_EVENTS: u64 = 20_000;
/// The same for what the events hold, in bytes: names, titles and texts.
pub const LOG_BYTES: u64 = 4 * 1024 * 1024;
/// A round that began before may go on until the log has this many events; beyond it swipes are `room_worn_out` too, and the host can
/// only finish.
pub const LOG_EVENTS_WITH_ROUND: u64 = 120_000;
/// In one round a member takes back as many swipes as the deck has cards, and so many more; beyond it `undo` is `room_worn_out`.
pub const UNDONE_BEYOND_DECK: usize = 50;
/// So many different people are ever in one room; beyond it somebody new is refused as `room_worn_out`. Who was there before may come
/// back.
pub const EVER_MEMBERS: usize = 2_000;
/// A typed card remembers so many ways in which it was written; further ones are compared with those.
pub const SPELLINGS_PER_CARD: usize = 8;
/// A room still knows so many texts that went out of use, so that who took a title away can take it back by its id; older ones are
/// forgotten.
pub const LEFT_TEXTS: usize = 100;
/// So many texts stay tied to cards that nobody picks any more; further ones are forgotten.
pub const LOST_SPELLINGS: usize = 200;

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
            Command::People(PeopleCommand::Join(_) | PeopleCommand::LetIn { .. }) => self.is_worn_out(),
            Command::Swiping(command) => self.is_too_full_for(command),
        };
        if full { Err(Refusal::WornOut) } else { Ok(()) }
    }

    fn is_too_full_for(&self, command: &SwipingCommand) -> bool {
        match command {
            SwipingCommand::InRound(_, command) => self.is_too_full_for(command),
            // A round can always be ended.
            SwipingCommand::Finish => false,
            // Bounded by the cards, the members and the swipes that are taken back.
            SwipingCommand::Swipe { .. } | SwipingCommand::Undo { .. } => {
                self.seq.get() >= LOG_EVENTS_WITH_ROUND
            }
            SwipingCommand::Ready(_)
            | SwipingCommand::Pick(_)
            | SwipingCommand::Unpick(_)
            | SwipingCommand::Select(_)
            | SwipingCommand::Configure(_)
            | SwipingCommand::Start
            | SwipingCommand::Restart { .. } => self.is_worn_out(),
        }
    }
}
