//! Why a socket ends. Each reason has one close code of the contract, which tells the phone whether to come back.

use std::{borrow::Cow, time::Duration};

use axum::extract::ws::{CloseFrame, Message};

/// A reason of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The session was ended: sign in again.
    SessionEnded,
    /// They left, or were taken out.
    NotAMember,
    /// The room is gone.
    NoSuchRoom,
    /// Nothing was heard of the phone for too long.
    Silent,
    /// The phone could not take what was said, or the room goes on under another history: come back.
    FellBehind,
    /// A frame over 4 KB.
    FrameTooLarge,
    /// Three frames that were no commands.
    NotACommand,
    /// Far more commands than anybody can tap.
    TooFast,
    /// This node is going, or cannot do its work now: come back, spread over this time.
    Restarting(Duration),
}

impl Close {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::SessionEnded => 4401,
            Self::NotAMember => 4403,
            Self::NoSuchRoom => 4404,
            Self::Silent => 4408,
            Self::FellBehind => 4409,
            Self::FrameTooLarge => 4413,
            Self::NotACommand => 4422,
            Self::TooFast => 4429,
            Self::Restarting(_) => 1012,
        }
    }

    fn reason(self) -> Cow<'static, str> {
        let reason = match self {
            Self::SessionEnded => "session ended",
            Self::NotAMember => "no longer a member",
            Self::NoSuchRoom => "no such room",
            Self::Silent => "silent",
            Self::FellBehind => "fell behind, come back",
            Self::FrameTooLarge => "frame too large",
            Self::NotACommand => "not a command, three times",
            Self::TooFast => "too fast",
            // Clients read the number: it is part of the contract.
            Self::Restarting(spread) => {
                return format!("restarting, come back in 0-{} ms", spread.as_millis()).into();
            }
        };
        reason.into()
    }

    pub(super) fn message(self) -> Message {
        Message::Close(Some(CloseFrame { code: self.code(), reason: self.reason().into_owned().into() }))
    }
}
