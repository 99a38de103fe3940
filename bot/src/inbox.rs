//! The inbox: an update is stored, then handled, then marked as done.
//!
//! Whoever brings updates (long polling; a webhook can bring them just so) may tell Telegram "received" as soon as
//! [`Inbox::receive`] comes back. An update that comes twice is handled once; one whose handling was cut short by the end of
//! the process is handled again at the next start, so that handling must bear repetition.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use serde::Deserialize;
use serde_json::Value;
use sovpalo_storage::db::{Db, DbError};
use teloxide::types::{Update, UpdateKind};
use tokio::time::timeout;

use crate::{
    lanes::{Lane, Lanes},
    updates::Desk,
};

/// How many updates are read back at once.
const BATCH: usize = 1000;
/// How long the process waits for what is in work when it ends; the rest is done at the next start.
const FAREWELL: Duration = Duration::from_secs(5);

/// The inbox of one bot.
pub(crate) struct Inbox {
    db: Db,
    desk: Arc<Desk>,
    lanes: Arc<Lanes<(i64, Update)>>,
}

impl Inbox {
    /// An inbox in front of a desk.
    pub(crate) fn new(db: Db, desk: Arc<Desk>) -> Self {
        Self { db, desk, lanes: Arc::new(Lanes::new()) }
    }

    /// Takes an update. When this comes back it is stored, and is being handled or was already.
    pub(crate) async fn receive(&self, id: i64, payload: &Value) -> Result<(), DbError> {
        if self.db.store_update(id, payload, self.desk.now()).await? {
            self.hand_on(id, payload).await;
        }
        Ok(())
    }

    /// Handles what an earlier process had received and not done. Call it before the first [`Inbox::receive`].
    pub(crate) async fn catch_up(&self) -> Result<(), DbError> {
        let pending = self.db.pending_updates(BATCH).await?;
        if !pending.is_empty() {
            tracing::info!(updates = pending.len(), "handling updates that were left over");
        }
        for update in pending {
            self.hand_on(update.id, &update.payload).await;
        }
        Ok(())
    }

    /// Waits a little for what is in work.
    pub(crate) async fn closed(&self) {
        // What is not done by then is still in the inbox.
        let _ = timeout(FAREWELL, self.lanes.finished()).await;
    }

    async fn hand_on(&self, id: i64, payload: &Value) {
        let Ok(update) = Update::deserialize(payload) else {
            tracing::warn!(update = id, "an update that cannot be read is passed over");
            return done(&self.db, id).await;
        };
        if let UpdateKind::Error(_) = update.kind {
            tracing::debug!(update = id, "an update of an unknown kind is passed over");
            return done(&self.db, id).await;
        }
        let (desk, db) = (Arc::clone(&self.desk), self.db.clone());
        let work = move |(id, update)| {
            let (desk, db) = (Arc::clone(&desk), db.clone());
            async move {
                // One update that breaks the handler must not take the others with it, nor come again.
                let handled = AssertUnwindSafe(desk.handle(update)).catch_unwind().await;
                if handled.is_err() {
                    tracing::error!(update = id, "handling an update panicked");
                }
                if handled.unwrap_or(true) {
                    done(&db, id).await;
                }
            }
        };
        self.lanes.put(lane(&update), (id, update), work).await;
    }
}

/// The chat of an update, else whoever sent it.
fn lane(update: &Update) -> Lane {
    let chat = update.chat().map(|chat| chat.id.0);
    let sender = || update.from().and_then(|user| i64::try_from(user.id.0).ok());
    chat.or_else(sender).unwrap_or_default()
}

async fn done(db: &Db, id: i64) {
    if let Err(error) = db.update_done(id).await {
        tracing::warn!(%error, update = id, "an update could not be marked as done, and will be handled again");
    }
}
