//! What is announced to every node, whichever rooms it listens to, and the words that it is announced in.
//!
//! Nodes of other versions read and write the same words: they do not change, and another announcement begins with a word of its own. A
//! node passes over what it cannot read, and over further words after those that it knows.

use std::fmt;

use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_storage::SessionId;

use super::{Device, SocketId};

const SOCKET: &str = "socket";
const CAME: &str = "joined";
const WENT: &str = "left";

/// A message that is published to every node, at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// A session was ended: its sockets close now.
    SessionEnded(SessionId),
    /// A device has opened a socket: its older ones, wherever they are, are heard no more.
    SocketOpened {
        /// Whose device.
        user: UserId,
        /// Which.
        device: Device,
        /// The new one.
        socket: SocketId,
    },
    /// Somebody came into a room, or is in it no more.
    Moved(Moved),
}

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

impl Announcement {
    /// Reads what was written; `None`: another version's, or nothing.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Ok(session) = text.parse() {
            return Some(Self::SessionEnded(session));
        }
        let mut words = text.split(' ');
        match words.next()? {
            SOCKET => {
                let (user, device) = words.next()?.split_once(':')?;
                let (user, device, socket) = (read_user(user)?, Device::read(device)?, words.next()?);
                let socket = SocketId(u128::from_str_radix(socket, 16).ok()?);
                Some(Self::SocketOpened { user, device, socket })
            }
            word @ (CAME | WENT) => {
                let (member, room) = (read_user(words.next()?)?, words.next()?.parse().ok()?);
                Some(Self::Moved(Moved { member, room, came: word == CAME }))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Announcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SessionEnded(session) => f.write_str(session.as_str()),
            Self::SocketOpened { user, device, socket: SocketId(socket) } => {
                write!(f, "{SOCKET} {user}:{device} {socket:032x}")
            }
            Self::Moved(Moved { member, room, came }) => {
                write!(f, "{} {member} {room}", if *came { CAME } else { WENT })
            }
        }
    }
}

fn read_user(text: &str) -> Option<UserId> {
    UserId::new(text.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announcements() -> Vec<(Announcement, String)> {
        let (user, room) = (UserId::new(7).unwrap(), RoomCode::from_bits(5));
        let (device, socket) = (Device::named("phone"), SocketId(0xAB));
        let moved = |came| Announcement::Moved(Moved { member: user, room, came });
        vec![
            (
                Announcement::SessionEnded(SessionId::from_bits(user, 0xCD)),
                "7-000000000000000000000000000000cd".to_owned(),
            ),
            (
                Announcement::SocketOpened { user, device, socket },
                "socket 7:PHONE 000000000000000000000000000000ab".replace("PHONE", &device.to_string()),
            ),
            (moved(true), format!("joined 7 {room}")),
            (moved(false), format!("left 7 {room}")),
        ]
    }

    #[test]
    fn an_announcement_is_written_as_earlier_versions_do_and_read_as_it_was_meant() {
        for (what, written) in announcements() {
            assert_eq!(what.to_string(), written);
            assert_eq!(Announcement::read(&written), Some(what));
        }
    }

    #[test]
    fn further_words_of_a_later_version_are_passed_over() {
        for (what, written) in announcements().into_iter().skip(1) {
            assert_eq!(Announcement::read(&format!("{written} more")), Some(what));
        }
    }

    #[test]
    fn what_is_none_is_read_as_none() {
        let others = [
            "",
            " ",
            "5f3c",
            "7-ab",
            "joined",
            "joined 7",
            "joined x 00000005",
            "joined 0 00000005",
            "joined 7 room",
            "left 7",
            "socket",
            "socket 7",
            "socket 7:phone 0a",
            "socket 7:0123456789abcdef",
            "socket 7:0123456789abcdef socket",
            "socket 7:+123456789abcdef 0a",
            "socket x:0123456789abcdef 0a",
            "renamed 7 00000005",
        ];
        for text in others {
            assert_eq!(Announcement::read(text), None, "{text:?}");
        }
    }
}
