//! The inbox: an update is stored, then handled, then marked as done.
//!
//! Whoever brings updates (long polling or the webhook) may tell Telegram "received" as soon as [`receive`] comes back. The inbox
//! is a table that all bots share, whichever of them an update came to. An update that comes twice is handled once; one whose
//! handling was cut short by the end of a process is handled again, so that handling must bear repetition.
//!
//! An update that should be understood and is not is counted, and said once for its kind; nobody else's waits for it.
//!
//! Updates are handled side by side, but within a chat one after the other: a chat that Telegram makes wait holds up nobody
//! else.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sovpalo_live::rooms::Rooms;
use sovpalo_storage::{Db, DbError, Lease, Update as Stored, Worker};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{
    incoming::{self, Unreadable},
    updates::UpdateHandler,
    work::{self, Queue, persistently},
};

/// What is done is remembered for so long, against an update that comes again. Telegram keeps one for a day:
/// <https://core.telegram.org/bots/api#getting-updates>
const REMEMBERED: Duration = Duration::from_secs(2 * 24 * 3600);
/// How often what is older is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// Takes an update, which is JSON. When this comes back it is stored, and will be handled or was already.
pub(crate) async fn receive(rooms: &Rooms, id: i64, payload: &str) -> Result<(), DbError> {
    let lane = incoming::lane(payload);
    rooms.db().store_update(id, lane, payload, rooms.clock().now()).await?;
    Ok(())
}

/// Handles updates until `stop`.
pub(crate) async fn run(handler: Arc<UpdateHandler>, stop: &CancellationToken) {
    let clock = handler.rooms.clock().clone();
    match handler.rooms.db().updates_waiting().await {
        Ok(0) | Err(_) => {}
        Ok(updates) => tracing::info!(updates, "handling updates that were left over"),
    }
    let inbox = Arc::new(Inbox { handler, unreadable: Mutex::default() });
    tokio::join!(
        work::run(Arc::clone(&inbox), clock, stop),
        stop.run_until_cancelled(inbox.forget_regularly()),
    );
}

struct Inbox {
    handler: Arc<UpdateHandler>,
    /// What was said already.
    unreadable: Mutex<BTreeSet<Unreadable>>,
}

impl Inbox {
    fn db(&self) -> &Db {
        self.handler.rooms.db()
    }

    async fn forget_regularly(&self) {
        let mut tick = interval(FORGET_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            match self.db().sweep_updates(REMEMBERED, self.handler.now()).await {
                Ok(0) => {}
                Ok(updates) => tracing::debug!(updates, "old updates are forgotten"),
                Err(error) => tracing::debug!(%error, "old updates could not be forgotten"),
            }
        }
    }

    /// `false`: the process ends first, and the next one has to do it.
    async fn handle(&self, stored: &Stored) -> bool {
        match incoming::read(&stored.payload) {
            Ok(update) => self.handler.handle(stored.id, update).await,
            Err(unreadable) => {
                self.note(stored.id, unreadable);
                true
            }
        }
    }

    fn note(&self, update: i64, unreadable: Unreadable) {
        let Unreadable(kind) = unreadable;
        unreadable.count();
        let is_new = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).insert(unreadable);
        if is_new {
            tracing::warn!(
                update,
                kind,
                "an update cannot be read; further ones of its kind are only counted"
            );
        }
    }
}

impl Queue for Inbox {
    type Piece = Stored;
    const AT_ONCE: usize = 256;
    const NAME: &'static str = "updates";

    fn id(update: &Stored) -> i64 {
        update.id
    }

    async fn take(&self, limit: usize, lease: Lease) -> Result<Vec<Stored>, DbError> {
        self.db().claim_updates(limit, lease).await
    }

    async fn renew(&self, ids: &[i64], lease: Lease) -> Result<(), DbError> {
        self.db().renew_updates(ids, lease).await
    }

    async fn release(&self, worker: Worker) -> Result<(), DbError> {
        self.db().release_updates(worker).await
    }

    async fn changed(&self) {
        self.db().updates_changed().await;
    }

    async fn work(&self, update: Stored, _: Lease) {
        if self.handle(&update).await {
            persistently(|| self.db().update_done(update.id)).await;
        }
    }

    async fn spoilt(&self, id: i64) {
        persistently(|| self.db().update_done(id)).await;
    }
}
