//! Why a socket ends. Each reason has one close code of the contract, which tells the phone whether to come back.

use std::{borrow::Cow, time::Duration};

use tungstenite::{Message, protocol::CloseFrame};

/// A reason of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The session was ended: sign in again.
    SessionEnded,
    /// Nothing was heard of the phone for too long.
    Silent,
    /// A newer socket of the same device is heard.
    Superseded,
    /// The phone did not take what was said.
    FellBehind,
    /// A frame over 32 KB.
    FrameTooLarge,
    /// Three frames that were none of ours.
    NotAFrame,
    /// Far more frames than anybody can tap.
    TooFast,
    /// This node is going, or cannot do its work now: come back, spread over this time.
    Restarting(Duration),
}

impl Close {
    pub(super) fn code(self) -> u16 {
        match self {
            Self::SessionEnded => 4401,
            Self::Silent => 4408,
            Self::Superseded | Self::FellBehind => 4409,
            Self::FrameTooLarge => 4413,
            Self::NotAFrame => 4422,
            Self::TooFast => 4429,
            Self::Restarting(_) => 1012,
        }
    }

    fn reason(self) -> Cow<'static, str> {
        let reason = match self {
            Self::SessionEnded => "session ended",
            Self::Silent => "silent",
            Self::Superseded => "another socket of this device is heard",
            Self::FellBehind => "fell behind, come back",
            Self::FrameTooLarge => "frame too large",
            Self::NotAFrame => "not a frame of ours, three times",
            Self::TooFast => "too fast",
            // Clients read the number: it is part of the contract.
            Self::Restarting(spread) => {
                return format!("restarting, come back in 0-{} ms", spread.as_millis()).into();
            }
        };
        reason.into()
    }

    pub(super) fn message(self) -> Message {
        Message::Close(Some(CloseFrame {
            code: self.code().into(),
            reason: self.reason().into_owned().into(),
        }))
    }
}
