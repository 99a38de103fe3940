//! The database as requests meet it: one that is away is noticed by few of them and costs the others no time.
//!
//! What can do without goes on without; what cannot is `unavailable` at once. While it is away one task here asks
//! until it answers again; nobody's request does.

use std::{future::Future, sync::Arc, time::Duration};

use sovpalo_live::{projector::ProjectError, rooms::RoomError};
use sovpalo_storage::{Db, DbError, TalkError, outage::Outage};
use tokio::time::{sleep, timeout};

/// A request waits no longer than this for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// What may turn out to need the database is given no more than this while it is away.
const WHILE_AWAY: Duration = Duration::from_millis(500);
/// Between two looks whether it is back.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// The database, and whether it answers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Database {
    db: Db,
    outage: Arc<Outage>,
}

/// An error that may be the database's.
pub(crate) trait MayBeTheDatabases: From<DbError> {
    /// The database's own, if it is.
    fn databases(&self) -> Option<&DbError>;
}

impl Database {
    pub(crate) fn new(db: Db) -> Self {
        Self { db, outage: Arc::new(Outage::of("the database", "rooms go on without it")) }
    }

    /// Asks what only the database knows: `database.ask(db.user(id))`.
    pub(crate) async fn ask<T, E: MayBeTheDatabases>(
        &self,
        question: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        if self.away() {
            return Err(DbError::silent().into());
        }
        let answer = timeout(PATIENCE, question).await.unwrap_or_else(|_| Err(DbError::silent().into()));
        self.judge(&answer);
        answer
    }

    /// Does something that may turn out to need the database, or not.
    pub(crate) async fn perhaps<T, E: MayBeTheDatabases>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let patience = if self.away() { WHILE_AWAY } else { PATIENCE };
        match timeout(patience, work).await {
            Ok(answer) => {
                self.judge(&answer);
                answer
            }
            // Whose fault that was is not known.
            Err(_) => Err(DbError::silent().into()),
        }
    }

    /// Whether somebody has found it away.
    pub(crate) fn away(&self) -> bool {
        self.outage.lasts()
    }

    /// Waits until it answers; at once if nobody has found it away.
    pub(crate) async fn back(&self) {
        self.outage.ended().await;
    }

    fn judge<T, E: MayBeTheDatabases>(&self, answer: &Result<T, E>) {
        let Some(error) = answer.as_ref().err().and_then(E::databases) else { return };
        if !error.is_unavailable() {
            tracing::error!(%error, "the database refused");
        } else if self.outage.began(error) {
            tokio::spawn(look_until_back(self.db.clone(), Arc::clone(&self.outage)));
        }
    }
}

async fn look_until_back(db: Db, outage: Arc<Outage>) {
    loop {
        sleep(BETWEEN_LOOKS).await;
        // Nobody asks any more, and nobody will.
        if Arc::strong_count(&outage) == 1 {
            return;
        }
        if matches!(timeout(PATIENCE, db.takes_writes()).await, Ok(Ok(()))) {
            return outage.over();
        }
    }
}

impl MayBeTheDatabases for DbError {
    fn databases(&self) -> Option<&DbError> {
        Some(self)
    }
}

impl MayBeTheDatabases for RoomError {
    fn databases(&self) -> Option<&DbError> {
        if let Self::Db(error) = self { Some(error) } else { None }
    }
}

impl MayBeTheDatabases for TalkError {
    fn databases(&self) -> Option<&DbError> {
        if let Self::Db(error) = self { Some(error) } else { None }
    }
}

impl MayBeTheDatabases for ProjectError {
    fn databases(&self) -> Option<&DbError> {
        if let Self::Db(error) = self { Some(error) } else { None }
    }
}
