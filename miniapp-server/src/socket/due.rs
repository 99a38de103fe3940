//! What a room has to say to a phone.

use tungstenite::Utf8Bytes;

/// Why a room is closed on a socket, in the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    NotAMember,
    NoSuchRoom,
    FellBehind,
}

impl Ended {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::NotAMember => "not_a_member",
            Self::NoSuchRoom => "room_not_found",
            Self::FellBehind => "fell_behind",
        }
    }
}

/// What a room has to say to the phone.
pub(super) enum Due {
    Nothing,
    Frame(Utf8Bytes),
    Ended(Ended),
}
