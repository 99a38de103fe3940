//! Why a command is not done. Each reason has one stable code on the wire.

use std::borrow::Cow;

/// A field of a command that cannot be, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field, by its name on the wire.
    pub field: &'static str,
    /// What is wrong with it, for a developer to read.
    pub reason: Cow<'static, str>,
}

impl Invalid {
    /// A field and what is wrong with it.
    pub fn new(field: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field, reason: reason.into() }
    }
}

/// The room's "no". A refused command changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not in the room, or no longer.
    #[error("you are not a member of this room")]
    NotAMember,
    /// Only the host may.
    #[error("only the host may do this")]
    NotHost,
    /// A role that does not suffice.
    #[error("your role in this room does not allow this")]
    NotAllowed,
    /// The room asks for a password, and this was not it.
    #[error("the room asks for its password")]
    WrongPassword,
    /// The room has as many people as it is for.
    #[error("the room is full")]
    RoomFull,
    /// The room's log has [as much as it may](super::bounds): only leaving is left, and a new room.
    #[error("the room is worn out: leave it and make a new one")]
    WornOut,
    /// Not now: the room is in another phase.
    #[error("the room is in another phase")]
    WrongPhase,
    /// Something in the command cannot be.
    #[error("{}", reasons(.0))]
    Invalid(Vec<Invalid>),
}

impl Refusal {
    /// One invalid field.
    pub fn invalid(field: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(vec![Invalid::new(field, reason)])
    }

    /// The stable code of the contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAMember => "not_a_member",
            Self::NotHost => "not_host",
            Self::NotAllowed => "not_allowed",
            Self::WrongPassword => "wrong_password",
            Self::RoomFull => "room_full",
            Self::WornOut => "room_worn_out",
            Self::WrongPhase => "wrong_phase",
            Self::Invalid(_) => "invalid",
        }
    }
}

fn reasons(errors: &[Invalid]) -> String {
    errors.iter().map(|e| format!("{}: {}", e.field, e.reason)).collect::<Vec<_>>().join("; ")
}
