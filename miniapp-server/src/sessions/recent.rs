//! The sessions that ended lately, as far as this node has heard.
//!
//! A hot layer that fails over, or comes back from an old snapshot, may hold a copy of a session from before its end.
//! Whoever asks here first does not believe it. Refreshing asks SQL in any case, so that this need go back no further
//! than an access token lives.

use dashmap::DashMap;
use sovpalo_domain::ids::Timestamp;
use sovpalo_storage::SessionId;

/// Sessions, and when each was heard to have ended.
#[derive(Default)]
pub(super) struct RecentEnds(DashMap<SessionId, Timestamp>);

impl RecentEnds {
    pub(super) fn add(&self, session: SessionId, now: Timestamp) {
        self.0.insert(session, now);
    }

    pub(super) fn has(&self, session: &SessionId) -> bool {
        self.0.contains_key(session)
    }

    /// Forgets what was heard before.
    pub(super) fn forget(&self, before: Timestamp) {
        self.0.retain(|_, ended_at| *ended_at >= before);
    }
}
