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
};

use sovpalo_live::rooms::Rooms;
use sovpalo_storage::{
    Db, DbError, Kind, Lease, Taken,
    work::{self, Outcome, Work},
};
use tokio_util::sync::CancellationToken;

use crate::{
    incoming::{self, Unreadable},
    updates::UpdateHandler,
};

/// Takes an update, which is JSON. When this comes back it is stored, and will be handled or was already.
pub(crate) async fn receive(rooms: &Rooms, id: i64, payload: &str) -> Result<(), DbError> {
    let (lane, sender) = incoming::lane_and_sender(payload);
    rooms.db().store_update(id, lane, sender, payload, rooms.clock().now()).await?;
    Ok(())
}

/// Handles updates until `stop`.
pub(crate) async fn run(handler: Arc<UpdateHandler>, stop: &CancellationToken) {
    let clock = handler.rooms.clock().clone();
    match handler.rooms.db().jobs(Kind::Update).depth().await.map(|depth| depth.waiting) {
        Ok(0) | Err(_) => {}
        Ok(updates) => tracing::info!(updates, "handling updates that were left over"),
    }
    work::run(Arc::new(Inbox { handler, unreadable: Mutex::default() }), clock, stop).await;
}

struct Inbox {
    handler: Arc<UpdateHandler>,
    /// What was said already.
    unreadable: Mutex<BTreeSet<Unreadable>>,
}

impl Inbox {
    /// `false`: the process ends first, and the next one has to do it.
    async fn handle(&self, id: i64, payload: &str) -> bool {
        match incoming::read(payload) {
            Ok(update) => self.handler.handle(id, update).await,
            Err(unreadable) => {
                self.note(id, unreadable);
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

impl Work for Inbox {
    const KIND: Kind = Kind::Update;
    const AT_ONCE: usize = 256;

    fn db(&self) -> &Db {
        self.handler.rooms.db()
    }

    async fn work(&self, update: &Taken, _: Lease) -> Outcome {
        if self.handle(update.position, &update.payload).await { Outcome::Done } else { Outcome::Left }
    }
}
