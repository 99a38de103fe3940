//! What is to be appended, and where.

use std::sync::Arc;

use sovpalo_domain::{ids::RoomCode, room::Entry};

use crate::hot::{ExpectedHead, FencingToken};

#[derive(Debug)]
pub(super) struct Append {
    pub(super) room: RoomCode,
    pub(super) place: Place,
    pub(super) entries: Arc<[Entry]>,
    pub(super) durable: bool,
    /// The connection that asked for it, if a phone did.
    pub(super) fenced_by: Option<FencingToken>,
}

/// Where entries go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// To the end of a log that stands so, or (`None`) to begin one.
    AfterAll(Option<ExpectedHead>),
    /// Into the place of a log that stands so.
    InsteadOf(ExpectedHead),
}

impl Place {
    /// How the log must stand.
    pub(super) fn expected(self) -> Option<ExpectedHead> {
        match self {
            Self::AfterAll(expected) => expected,
            Self::InsteadOf(expected) => Some(expected),
        }
    }
}
