//! Who sent a request, once their session is known.

use sovpalo_domain::{ids::UserId, language::Language};
use sovpalo_storage::{SessionId, User};

use crate::sessions::Live;

/// Whoever sent the request, signed in, within their allowance.
pub(crate) struct Caller {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) language: Language,
    /// As their session knows them.
    pub(crate) account: User,
}

impl Caller {
    pub(crate) fn of(Live { session, owner }: Live) -> Self {
        // The id is signed; the owner's description is a copy.
        Self { user: session.user(), session, language: owner.language, account: owner }
    }
}
