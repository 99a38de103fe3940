//! The hot layer inside one process: tables in a SQLite file of their own, channels in memory.
//!
//! The file is not SQL's: SQLite has one writer per file, and what is acknowledged here must not wait for a projection there.
//! [`mod@file`] opens it.
//!
//! All writes go through one task that commits whatever has queued up as one transaction (group commit), so that
//! one `fsync` serves many rooms, and answers only after it: acknowledged means on disk. The file must have this process as its
//! only writer of these tables (the application locks its data directory).

mod append;
mod dirty;
mod fence;
mod fences;
pub mod file;
mod health;
mod key_value;
mod log;
mod presence;
mod publish;
mod rate_limit;
mod recovery;
mod subscribe;
mod tables;
mod writer;

use std::{sync::Arc, time::Duration};

use sovpalo_storage::clock::Clock;
use sqlx::SqlitePool;
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

use self::{
    fences::Fences,
    presence::Roll,
    rate_limit::Buckets,
    writer::{Answer, GROUP, Write, Writer},
};
use super::{Change, HotError};

/// Changes a slow subscriber may be behind by before it is told [`Change::Missed`].
const BACKLOG: usize = 4096;
/// How often what has expired is swept out.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// The engine. Dropping it ends its writer once everything queued is written.
#[derive(Debug)]
pub struct Embedded {
    pool: SqlitePool,
    clock: Clock,
    writes: mpsc::Sender<Write>,
    changes: broadcast::Sender<Change>,
    dirtied: Arc<Notify>,
    buckets: Buckets,
    roll: Roll,
}

impl Embedded {
    /// Starts on a file that was [opened](file::open).
    pub fn start(pool: SqlitePool, clock: Clock) -> Self {
        let (writes, queue) = mpsc::channel(4 * GROUP);
        let (changes, _) = broadcast::channel(BACKLOG);
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

    async fn write<T>(&self, write: impl FnOnce(Answer<T>) -> Write) -> Result<T, HotError> {
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

fn tell(changes: &broadcast::Sender<Change>, change: Change) {
    // An error means that nobody listens, which is fine.
    let _ = changes.send(change);
}
