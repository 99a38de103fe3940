//! Word of a person's rooms to all of that person's sockets, on every node: they came into a room, or are in it no more.
//!
//! A socket that does not have a room open hears nothing else of it. The word follows the commit that makes them a member in SQL, so that
//! whoever hears it finds them there; and it comes from the projector, so that it is the same whoever brought them: the Mini App or the
//! bot. It comes at most once. Who misses it learns of the room when they connect again.

use std::fmt;

use sovpalo_domain::{
    ids::{RoomCode, UserId},
    talk::{SystemNote, SystemWhat},
};

use crate::hot::Publish;

const CAME: &str = "joined";
const WENT: &str = "left";

/// Somebody came into a room, or is in it no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Who.
    pub member: UserId,
    /// Which room.
    pub room: RoomCode,
    /// Whether they are a member now.
    pub came: bool,
}

impl Moved {
    /// What a note of the room's timeline says of that; most say nothing.
    pub(crate) fn of(room: RoomCode, note: &SystemNote) -> Option<Self> {
        let came = match note.what {
            SystemWhat::Joined => true,
            SystemWhat::Left | SystemWhat::Removed => false,
            SystemWhat::Started
            | SystemWhat::Matched
            | SystemWhat::Finished
            | SystemWhat::Restarted
            | SystemWhat::HostChanged => return None,
        };
        Some(Self { member: note.member?, room, came })
    }

    /// Tells every node.
    pub(crate) async fn tell(self, hot: &(impl Publish + ?Sized)) {
        if let Err(error) = hot.announce_session_ended(&self.to_string()).await {
            tracing::debug!(%error, room = %self.room, "who came or went could not be published; their sockets learn it when they reconnect");
        }
    }

    /// Reads what a node was told on the channel of sessions; `None`: it is about something else.
    pub fn read(told: &str) -> Option<Self> {
        let mut words = told.split(' ');
        let came = match words.next()? {
            CAME => true,
            WENT => false,
            _ => return None,
        };
        let member = UserId::new(words.next()?.parse().ok()?).ok()?;
        let room = words.next()?.parse().ok()?;
        Some(Self { member, room, came })
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, room, came } = self;
        write!(f, "{} {member} {room}", if *came { CAME } else { WENT })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_as_it_was_meant() {
        for came in [true, false] {
            let moved = Moved { member: UserId::new(7).unwrap(), room: RoomCode::from_bits(5), came };
            assert_eq!(Moved::read(&moved.to_string()), Some(moved));
        }
    }

    #[test]
    fn what_else_is_told_on_that_channel_is_not_taken_for_it() {
        for told in
            ["", "joined", "joined 7", "joined x 00000005", "joined 7 room", "socket 7:phone 0a", "5f3c"]
        {
            assert_eq!(Moved::read(told), None, "{told:?}");
        }
    }
}
