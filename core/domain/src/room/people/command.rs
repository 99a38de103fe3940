//! What is asked about people.

use crate::{
    ids::{Timestamp, UserId},
    room::{AccessChange, Pass, Profile, Role},
};

/// A command about who is in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleCommand {
    /// Be a member of a room that anybody may join.
    Join(Profile),
    /// Be a member, and show something that lets one in.
    Enter { profile: Profile, pass: Pass },
    /// Be a member no longer.
    Leave,
    /// Take somebody out of the room (host).
    Remove { member: UserId },
    /// Let somebody who was removed join again, if they want to (host).
    LetIn { member: UserId },
    /// Have this role (host); the host's own goes to somebody else by [`PeopleCommand::HandOver`] only.
    Role { member: UserId, role: Role },
    /// Be the host no more: somebody else is (host).
    HandOver { member: UserId },
    /// Change who gets in, and who controls what is shown (host).
    Configure(AccessChange),
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
