//! What is asked about people.

use crate::{
    ids::{Timestamp, UserId},
    room::Profile,
};

/// A command about who is in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleCommand {
    /// Be a member.
    Join(Profile),
    /// Be a member no longer.
    Leave,
    /// Take somebody out of the room (host).
    Remove { member: UserId },
    /// Let somebody who was removed join again, if they want to (host).
    LetIn { member: UserId },
    /// Said by a node about a member without a socket, never by a phone: away if it has been so
    /// for [`AWAY_AFTER`](crate::room::AWAY_AFTER).
    Away {
        /// When somebody last saw the member's phone.
        last_seen: Timestamp,
    },
    /// Said by a node when a member's phone is here again.
    Back,
    /// Said by a node of somebody who has erased themselves, whether they are a member or were one.
    Erase,
}
