//! Why a socket is over: for a reason of ours, or because the phone is gone.

use tungstenite::Error;

use super::{close::Close, pipe::Stuck};

/// Why a socket is over.
pub(super) enum End {
    /// We say why.
    Close(Close),
    /// The phone is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl From<Stuck> for End {
    fn from(stuck: Stuck) -> Self {
        match stuck {
            Stuck::Gone => Self::Gone,
            Stuck::Slow => Self::Close(Close::FellBehind),
        }
    }
}

/// Frames beyond what is read at all are told from a phone that went.
pub(super) fn unreadable(error: &Error) -> End {
    match error {
        Error::Capacity(_) => Close::FrameTooLarge.into(),
        _ => End::Gone,
    }
}
