//! What people asked for in the talk, to be looked up: who did what to which message, and what can have overtaken it.

use sovpalo_domain::{ids::UserId, talk::TalkCommand};

use super::{
    super::history::{History, Moment, PhoneHistory},
    history::{Operation, Outcome},
    message::Message,
};

/// An operation, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Invoked<'a> {
    pub(super) phone: &'a PhoneHistory,
    pub(super) operation: &'a Operation,
}

/// Everything that was invoked in a room, phone after phone.
pub(super) fn all(history: &History) -> impl Iterator<Item = Invoked<'_>> {
    history
        .phones
        .iter()
        .flat_map(|phone| phone.talk.operations.iter().map(move |operation| Invoked { phone, operation }))
}

impl<'a> Invoked<'a> {
    pub(super) fn user(&self) -> UserId {
        self.phone.user
    }

    pub(super) fn command(&self) -> &'a TalkCommand {
        &self.operation.command
    }

    /// When it was acknowledged, if it was.
    pub(super) fn acknowledged_at(&self) -> Option<Moment> {
        match self.operation.outcome {
            Outcome::Acknowledged { at, .. } => Some(at),
            _ => None,
        }
    }

    /// The message as its ack had it.
    pub(super) fn message(&self) -> Option<&'a Message> {
        match &self.operation.outcome {
            Outcome::Acknowledged { message, .. } => message.as_deref(),
            _ => None,
        }
    }

    /// Whether it may have been done: acknowledged, never answered, or refused only when it was sent again.
    pub(super) fn is_possible(&self) -> bool {
        match self.operation.outcome {
            Outcome::Acknowledged { .. } => true,
            Outcome::Unknown => self.operation.sends > 0,
            Outcome::Refused { .. } => self.operation.sends > 1,
        }
    }

    /// Whether it may have been done after another one that was acknowledged.
    pub(super) fn may_follow(&self, other: &Self) -> bool {
        if let (Some(mine), Some(others)) = (self.message(), other.message()) {
            return mine.change >= others.change;
        }
        match self.acknowledged_at() {
            Some(at) => at >= other.operation.invoked_at,
            None => true,
        }
    }

    /// The number of the message that it concerns, as far as that is known.
    pub(super) fn number(&self) -> Option<u64> {
        self.operation.number()
    }
}
