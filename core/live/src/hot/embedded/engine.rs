//! The engine: its state, and how it starts.

use std::{sync::Arc, time::Duration};

use sovpalo_storage::clock::Clock;
use sqlx::SqlitePool;
use tokio::sync::{Notify, mpsc, oneshot};

use super::{
    buckets::Buckets,
    changes::Changes,
    fences::Fences,
    roll::Roll,
    writer::{Answer, GROUP, Write, Writer},
};
use crate::hot::HotError;

/// How often what has expired is swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// The engine. Dropping it ends its writer once everything queued is written.
#[derive(Debug)]
pub struct Embedded {
    pub(super) pool: SqlitePool,
    pub(super) clock: Clock,
    writes: mpsc::Sender<Write>,
    pub(super) changes: Changes,
    pub(super) dirtied: Arc<Notify>,
    pub(super) buckets: Buckets,
    pub(super) roll: Roll,
}

impl Embedded {
    /// Starts on a file that was [opened](super::file::open).
    pub fn start(pool: SqlitePool, clock: Clock) -> Self {
        let (writes, queue) = mpsc::channel(4 * GROUP);
        let changes = Changes::default();
        let dirtied = Arc::new(Notify::new());
        let writer = Writer {
            pool: pool.clone(),
            clock: clock.clone(),
            changes: changes.clone(),
            dirtied: Arc::clone(&dirtied),
            fences: Fences::default(),
            traces: None,
        };
        tokio::spawn(writer.run(queue));
        tokio::spawn(sweep_regularly(writes.downgrade()));
        Self { pool, clock, writes, changes, dirtied, buckets: Buckets::default(), roll: Roll::default() }
    }

    /// Queues a write and waits until it is on disk.
    pub(super) async fn write<T>(&self, write: impl FnOnce(Answer<T>) -> Write) -> Result<T, HotError> {
        let (answer, answered) = oneshot::channel();
        let gone = |_| HotError::unavailable("its writer has ended");
        self.writes.send(write(answer)).await.map_err(|_| HotError::unavailable("its writer has ended"))?;
        answered.await.map_err(gone)?
    }
}

async fn sweep_regularly(writes: mpsc::WeakSender<Write>) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        let Some(writes) = writes.upgrade() else { return };
        if writes.send(Write::Sweep).await.is_err() {
            return;
        }
    }
}
