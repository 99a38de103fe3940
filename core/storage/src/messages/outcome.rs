//! What becomes of a command on the timeline.

use sovpalo_domain::{
    ids::UserId,
    talk::{Message, TalkRefusal},
};

use crate::DbError;

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkDone {
    /// The message that it was about, as it is now; of a read mark none.
    pub message: Option<Message>,
    /// Whose mark moved, and to which message.
    pub read: Option<(UserId, u64)>,
    /// Whether the message is new or has changed. If not, it was so already.
    pub changed: bool,
}

/// Why a command is not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TalkError {
    /// It may not be.
    #[error(transparent)]
    Refused(#[from] TalkRefusal),
    /// The database is away, or refuses.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<sqlx::Error> for TalkError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}
