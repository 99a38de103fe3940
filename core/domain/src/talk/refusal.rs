//! Why something is not done to the timeline. Each reason has one stable code on the wire.

use crate::room::refusal::Invalid;

/// The timeline's "no". A refused command changes nothing and takes no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TalkRefusal {
    /// There is no such message, or it was taken back.
    #[error("there is no such message")]
    MessageNotFound,
    /// It is somebody else's message, or too old to be edited.
    #[error("this message cannot be changed by you (any more)")]
    NotAllowed,
    /// Something in the command cannot be.
    #[error("{}: {}", .0.field, .0.reason)]
    Invalid(Invalid),
}

impl TalkRefusal {
    /// An invalid field.
    pub fn invalid(field: &'static str, reason: &'static str) -> Self {
        Self::Invalid(Invalid::new(field, reason))
    }

    /// The stable code of the contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MessageNotFound => "message_not_found",
            Self::NotAllowed => "not_allowed",
            Self::Invalid(_) => "invalid",
        }
    }
}

impl From<Invalid> for TalkRefusal {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}
