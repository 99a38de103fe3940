//! Writes that Redis or SQL has not confirmed.
//!
//! A write is added before the first store is written and removed after the last one. Whatever remains is retried in the background by
//! [`Sessions::keep`](super::Sessions::keep), however long that takes. A pending end is never replaced by a save.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sovpalo_storage::{Ending, SessionId};
use tokio::sync::Notify;

/// What a store does not know yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PendingWrite {
    /// SQL does not know how the session stands.
    Save,
    /// Somebody does not know that it has ended, though its launch may open another one.
    Revocation,
    /// Somebody does not know that it has ended for good.
    End,
}

impl From<Ending> for PendingWrite {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Revoked => Self::Revocation,
            Ending::SignedOut => Self::End,
        }
    }
}

/// The pending writes of this node.
#[derive(Default)]
pub(super) struct PendingWrites {
    writes: Mutex<HashMap<SessionId, PendingWrite>>,
    wake: Notify,
}

impl PendingWrites {
    /// Adds a write. Dropped without [`Unconfirmed::confirmed`], it stays and is retried.
    pub(super) fn begin(&self, session: &SessionId, write: PendingWrite) -> Unconfirmed<'_> {
        self.note(session, write);
        Unconfirmed { writes: self, session: session.clone(), write, confirmed: false }
    }

    /// Everything that is pending.
    pub(super) fn all(&self) -> Vec<(SessionId, PendingWrite)> {
        self.writes().iter().map(|(session, write)| (session.clone(), *write)).collect()
    }

    /// Waits until something has remained unconfirmed.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    fn note(&self, session: &SessionId, write: PendingWrite) {
        let mut writes = self.writes();
        let noted = writes.entry(session.clone()).or_insert(write);
        *noted = write.max(*noted);
    }

    fn remove(&self, session: &SessionId, write: PendingWrite) {
        if let Entry::Occupied(noted) = self.writes().entry(session.clone())
            && *noted.get() <= write
        {
            noted.remove();
        }
    }

    fn writes(&self) -> MutexGuard<'_, HashMap<SessionId, PendingWrite>> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A write that is just being confirmed.
#[must_use]
pub(super) struct Unconfirmed<'a> {
    writes: &'a PendingWrites,
    session: SessionId,
    write: PendingWrite,
    confirmed: bool,
}

impl Unconfirmed<'_> {
    pub(super) fn confirmed(mut self) {
        self.confirmed = true;
        self.writes.remove(&self.session, self.write);
    }
}

impl Drop for Unconfirmed<'_> {
    fn drop(&mut self) {
        if !self.confirmed {
            // Another write of the same session may have removed it meanwhile.
            self.writes.note(&self.session, self.write);
            self.writes.wake.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::UserId;

    use super::*;

    fn session() -> SessionId {
        SessionId::from_bits(UserId::new(7).unwrap(), 1)
    }

    #[test]
    fn what_is_confirmed_is_removed_and_what_is_not_remains() {
        let pending = PendingWrites::default();
        pending.begin(&session(), PendingWrite::Save).confirmed();
        assert_eq!(pending.all(), []);
        drop(pending.begin(&session(), PendingWrite::Save));
        assert_eq!(pending.all(), [(session(), PendingWrite::Save)]);
    }

    #[test]
    fn an_end_is_not_removed_by_a_save() {
        let pending = PendingWrites::default();
        let save = pending.begin(&session(), PendingWrite::Save);
        drop(pending.begin(&session(), PendingWrite::End));
        save.confirmed();
        assert_eq!(pending.all(), [(session(), PendingWrite::End)]);
        drop(pending.begin(&session(), PendingWrite::Save));
        assert_eq!(pending.all(), [(session(), PendingWrite::End)]);
        pending.begin(&session(), PendingWrite::Revocation).confirmed();
        assert_eq!(pending.all(), [(session(), PendingWrite::End)], "signing out was taken for less");
        pending.begin(&session(), PendingWrite::End).confirmed();
        assert_eq!(pending.all(), []);
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_what_was_cut_off() {
        let pending = PendingWrites::default();
        drop(pending.begin(&session(), PendingWrite::End));
        pending.woken().await;
    }
}
