//! What a store has not been told yet, because it was away or because whoever began to tell it was cut off.
//!
//! A debt is written down before the first store is told and struck out after the last one. Whatever remains is
//! paid by [`Sessions::keep`](super::Sessions::keep), however long that takes; an end is never struck out by a save.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
};

use sovpalo_storage::{Ending, SessionId};
use tokio::sync::Notify;

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Debt {
    /// SQL does not know how the session stands.
    Save,
    /// Somebody does not know that it has ended, though its launch may open another one.
    Revocation,
    /// Somebody does not know that it has ended for good.
    End,
}

impl From<Ending> for Debt {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Revoked => Self::Revocation,
            Ending::SignedOut => Self::End,
        }
    }
}

/// All debts of this node.
#[derive(Default)]
pub(super) struct Behind {
    debts: Mutex<HashMap<SessionId, Debt>>,
    bell: Notify,
}

impl Behind {
    /// Writes a debt down. Dropped without [`Owed::paid`], it stays to be paid.
    pub(super) fn owe(&self, session: &SessionId, debt: Debt) -> Owed<'_> {
        self.note(session, debt);
        Owed { behind: self, session: session.clone(), debt, paid: false }
    }

    /// Everything that is owed.
    pub(super) fn all(&self) -> Vec<(SessionId, Debt)> {
        self.debts().iter().map(|(session, debt)| (session.clone(), *debt)).collect()
    }

    /// Waits until something has remained unpaid.
    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }

    fn note(&self, session: &SessionId, debt: Debt) {
        let mut debts = self.debts();
        let noted = debts.entry(session.clone()).or_insert(debt);
        *noted = debt.max(*noted);
    }

    fn strike(&self, session: &SessionId, debt: Debt) {
        if let Entry::Occupied(noted) = self.debts().entry(session.clone())
            && *noted.get() <= debt
        {
            noted.remove();
        }
    }

    fn debts(&self) -> MutexGuard<'_, HashMap<SessionId, Debt>> {
        self.debts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A debt that is just being paid.
#[must_use]
pub(super) struct Owed<'a> {
    behind: &'a Behind,
    session: SessionId,
    debt: Debt,
    paid: bool,
}

impl Owed<'_> {
    pub(super) fn paid(mut self) {
        self.paid = true;
        self.behind.strike(&self.session, self.debt);
    }
}

impl Drop for Owed<'_> {
    fn drop(&mut self) {
        if !self.paid {
            // Another's payment may have struck it out, of what is not paid to ours.
            self.behind.note(&self.session, self.debt);
            self.behind.bell.notify_one();
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
    fn what_is_paid_is_struck_out_and_what_is_not_remains() {
        let behind = Behind::default();
        behind.owe(&session(), Debt::Save).paid();
        assert_eq!(behind.all(), []);
        drop(behind.owe(&session(), Debt::Save));
        assert_eq!(behind.all(), [(session(), Debt::Save)]);
    }

    #[test]
    fn an_end_is_not_struck_out_by_a_save() {
        let behind = Behind::default();
        let save = behind.owe(&session(), Debt::Save);
        drop(behind.owe(&session(), Debt::End));
        save.paid();
        assert_eq!(behind.all(), [(session(), Debt::End)]);
        drop(behind.owe(&session(), Debt::Save));
        assert_eq!(behind.all(), [(session(), Debt::End)]);
        behind.owe(&session(), Debt::Revocation).paid();
        assert_eq!(behind.all(), [(session(), Debt::End)], "signing out was taken for less");
        behind.owe(&session(), Debt::End).paid();
        assert_eq!(behind.all(), []);
    }

    #[tokio::test]
    async fn whoever_waits_hears_of_what_was_cut_off() {
        let behind = Behind::default();
        drop(behind.owe(&session(), Debt::End));
        behind.rung().await;
    }
}
