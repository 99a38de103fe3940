//! The inbox: an update is stored, then handled, then marked as done.
//!
//! Whoever brings updates (long polling or the webhook) may tell Telegram "received" as soon as [`receive`] comes back. The inbox
//! is a table that all bots share, whichever of them an update came to. An update that comes twice is handled once; one whose
//! handling was cut short by the end of a process is handled again, so that handling must bear repetition.
//!
//! Updates are handled side by side, but within a chat one after the other: a chat that Telegram makes wait holds up nobody
//! else.

use std::{sync::Arc, time::Duration};

use sovpalo_storage::{
    db::{Db, DbError, Lease, Update as Stored, Worker},
    rooms::Rooms,
};
use teloxide::types::{Update, UpdateKind};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{
    updates::Desk,
    work::{self, Queue, persistently},
};

/// What is done is remembered for so long, against an update that comes again. Telegram keeps one for a day:
/// <https://core.telegram.org/bots/api#getting-updates>
const REMEMBERED: Duration = Duration::from_secs(2 * 24 * 3600);
/// How often what is older is forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// Takes an update, which is JSON. When this comes back it is stored, and will be handled or was already.
pub(crate) async fn receive(rooms: &Rooms, id: i64, payload: &str) -> Result<(), DbError> {
    let lane = serde_json::from_str::<Update>(payload).map_or(0, |update| lane(&update));
    rooms.db().store_update(id, lane, payload, rooms.clock().now()).await?;
    Ok(())
}

/// The chat of an update, else whoever sent it.
fn lane(update: &Update) -> i64 {
    let chat = update.chat().map(|chat| chat.id.0);
    let sender = || update.from().and_then(|user| i64::try_from(user.id.0).ok());
    chat.or_else(sender).unwrap_or_default()
}

/// Handles updates until `stop`.
pub(crate) async fn run(desk: Arc<Desk>, stop: &CancellationToken) {
    let clock = desk.rooms.clock().clone();
    match desk.rooms.db().updates_waiting().await {
        Ok(0) | Err(_) => {}
        Ok(updates) => tracing::info!(updates, "handling updates that were left over"),
    }
    let inbox = Arc::new(Inbox { desk });
    tokio::join!(
        work::run(Arc::clone(&inbox), clock, stop),
        stop.run_until_cancelled(inbox.forget_regularly()),
    );
}

struct Inbox {
    desk: Arc<Desk>,
}

impl Inbox {
    fn db(&self) -> &Db {
        self.desk.rooms.db()
    }

    async fn forget_regularly(&self) {
        let mut tick = interval(FORGET_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            match self.db().sweep_updates(REMEMBERED, self.desk.now()).await {
                Ok(0) => {}
                Ok(updates) => tracing::debug!(updates, "old updates are forgotten"),
                Err(error) => tracing::debug!(%error, "old updates could not be forgotten"),
            }
        }
    }

    /// `false`: the process ends first, and the next one has to do it.
    async fn handle(&self, stored: &Stored) -> bool {
        let Ok(update) = serde_json::from_str::<Update>(&stored.payload) else {
            tracing::warn!(update = stored.id, "an update that cannot be read is passed over");
            return true;
        };
        if let UpdateKind::Error(_) = update.kind {
            tracing::debug!(update = stored.id, "an update of an unknown kind is passed over");
            return true;
        }
        self.desk.handle(update).await
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

    async fn work(&self, update: Stored) {
        if self.handle(&update).await {
            persistently(|| self.db().update_done(update.id)).await;
        }
    }

    async fn spoilt(&self, id: i64) {
        persistently(|| self.db().update_done(id)).await;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn lane_of(update: &Value) -> i64 {
        lane(&serde_json::from_str(&update.to_string()).unwrap())
    }

    #[test]
    fn what_happens_in_a_chat_stands_in_its_lane_and_the_rest_in_its_senders() {
        let user = json!({"id": 7, "is_bot": false, "first_name": "A"});
        let chat = json!({"id": -5, "type": "supergroup", "title": "T"});
        let message = json!({"message_id": 1, "date": 0, "chat": chat, "from": user, "text": "x"});
        assert_eq!(lane_of(&json!({"update_id": 1, "message": message})), -5);
        let query = json!({"id": "0", "from": user, "query": "", "offset": ""});
        assert_eq!(lane_of(&json!({"update_id": 2, "inline_query": query})), 7);
        assert_eq!(lane_of(&json!({"update_id": 3, "something_new": {}})), 0);
    }
}
