//! The hot layer inside one process: tables in a SQLite file of their own, channels in memory.
//!
//! The file is not SQL's: SQLite has one writer per file, and what is acknowledged here must not wait for a projection there.
//! [`mod@file`] opens it.
//!
//! All writes go through one task that commits whatever has queued up as one transaction (group commit), so that
//! one `fsync` serves many rooms, and answers only after it: acknowledged means on disk. The file must have this process as its
//! only writer of these tables (the application locks its data directory).

mod append;
mod fences;
pub mod file;
mod tables;
mod writer;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{RoomCode, Seq, UserId},
    room::Entry,
};
use sovpalo_storage::clock::Clock;
use sqlx::{Row, SqlitePool, sqlite::SqliteRow};
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

use self::{
    append::{Append, Place},
    fences::Fences,
    tables::{number, position},
    writer::{Answer, GROUP, Write, Writer},
};
use super::{
    Appended, Change, ExpectedHead, FencingToken, Hot, HotError, Listening, Position, Presence, Publish,
    Published, Quota, Recovery, SocketId, Spent, Tail, codec, presence::Roll, quota::Buckets,
};

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

#[async_trait]
impl Hot for Embedded {
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let place = Place::AfterAll(expected);
        let append = Append { room, place, entries: entries.into(), durable, fenced_by: None };
        self.write(|answer| Write::Append { append, answer }).await
    }

    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let place = Place::AfterAll(Some(expected));
        let append = Append { room, place, entries: entries.into(), durable, fenced_by: Some(fence) };
        self.write(|answer| Write::Append { append, answer }).await
    }

    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError> {
        // In the queue, behind what an older connection has asked for already.
        self.write(|answer| Write::Speak { room, fence, answer }).await
    }

    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError> {
        self.write(|answer| Write::Speaking { room, otherwise, answer }).await
    }

    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError> {
        self.append(room, expected, entries, true).await
    }

    async fn replace(
        &self,
        room: RoomCode,
        instead_of: ExpectedHead,
        log: &[Entry],
    ) -> Result<Appended, HotError> {
        let place = Place::InsteadOf(instead_of);
        let append = Append { room, place, entries: log.into(), durable: true, fenced_by: None };
        self.write(|answer| Write::Append { append, answer }).await
    }

    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError> {
        // One statement, so that position and entries are of one moment.
        let rows = sqlx::query(
            "SELECT r.epoch, r.seq, l.entry FROM hot_rooms r
             LEFT JOIN hot_log l ON l.room = r.room AND l.seq > $2 AND l.seq <= r.seq
             WHERE r.room = $1 ORDER BY l.seq",
        )
        .bind(room.as_str())
        .bind(number(after.get())?)
        .fetch_all(&self.pool)
        .await
        .map_err(HotError::from)?;
        let Some(first) = rows.first() else { return Ok(None) };
        tail(&rows, first, after).map(Some).map_err(|error| error.of(room))
    }

    async fn recovering(&self, _: RoomCode) -> Result<Option<Duration>, HotError> {
        // Whoever holds more than the file does is this process.
        Ok(None)
    }

    async fn recoveries(&self, _: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        // Nor is there anybody else to wait for.
        Ok(Vec::new())
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn listen(&self, _: RoomCode) -> Result<Listening, HotError> {
        // One process hears all that it does.
        Ok(Listening::until_dropped(()))
    }

    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError> {
        self.write(|answer| Write::Dirty { limit, lease, answer }).await
    }

    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError> {
        self.write(|answer| Write::Clean { room, upto, answer }).await
    }

    async fn dirtied(&self) {
        // A mark whose lease ran out notifies nobody, hence the second.
        let _ = tokio::time::timeout(Duration::from_secs(1), self.dirtied.notified()).await;
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError> {
        sqlx::query_scalar("SELECT value FROM hot_values WHERE key = $1 AND expires_at > $2")
            .bind(key)
            .bind(self.clock.now().millis())
            .fetch_optional(&self.pool)
            .await
            .map_err(HotError::from)
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError> {
        self.write(|answer| Write::Put { key: key.to_owned(), value: value.to_vec(), ttl, answer }).await
    }

    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError> {
        self.write(|answer| Write::Swap {
            key: key.to_owned(),
            expected: expected.map(<[u8]>::to_vec),
            value: value.to_vec(),
            ttl,
            answer,
        })
        .await
    }

    async fn delete(&self, key: &str) -> Result<(), HotError> {
        self.write(|answer| Write::Delete { key: key.to_owned(), answer }).await
    }

    async fn announce_session_ended(&self, session: &str) -> Result<(), HotError> {
        tell(&self.changes, Change::SessionEnded { session: session.into() });
        Ok(())
    }

    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError> {
        Ok(self.buckets.spend(key, quota, self.clock.now()))
    }

    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let was_offline = self.roll.arrive(room, member, socket, self.clock.now());
        if was_offline {
            tell(&self.changes, Change::PresenceChanged { room });
        }
        Ok(was_offline)
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        let was_last = self.roll.depart(room, member, socket, self.clock.now());
        if was_last {
            tell(&self.changes, Change::PresenceChanged { room });
        }
        Ok(was_last)
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<Presence>, HotError> {
        Ok(self.roll.of(room, self.clock.now()))
    }

    async fn ping(&self) -> Result<(), HotError> {
        // A full disk can still be read.
        self.put("ping", &[], Duration::from_secs(1)).await
    }
}

#[async_trait]
impl Publish for Embedded {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        tell(&self.changes, Change::Published { room, what: Arc::new(what.clone()) });
        Ok(())
    }
}

#[cfg(test)]
impl Embedded {
    /// Appends to a log what another program may have written.
    pub(crate) async fn append_raw(&self, room: RoomCode, entry: &[u8]) {
        let at = self.read(room, Seq::ZERO).await.unwrap().unwrap().at;
        let seq = number(at.seq.next().get()).unwrap();
        for statement in [
            "INSERT INTO hot_log (room, seq, entry) VALUES ($1, $2, $3)",
            "UPDATE hot_rooms SET seq = $2 WHERE room = $1",
        ] {
            let query = sqlx::query(statement).bind(room.as_str()).bind(seq).bind(entry);
            query.execute(&self.pool).await.unwrap();
        }
    }

    /// Marks something for the projector that is no room's.
    pub(crate) async fn mark_raw(&self, name: &str) {
        sqlx::query(
            "INSERT INTO hot_rooms (room, epoch, seq, touched_at, dirty_seq) VALUES ($1, 1, 1, 0, 1)",
        )
        .bind(name)
        .execute(&self.pool)
        .await
        .unwrap();
    }
}

/// The end of a log from its rows, each of which also says where the log stands.
fn tail(rows: &[SqliteRow], first: &SqliteRow, after: Seq) -> Result<Tail, HotError> {
    let at = position(first)?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(entry) = row.try_get("entry")? {
            entries.push(codec::decode(entry)?);
        }
    }
    if entries.len() as u64 != at.seq.get().saturating_sub(after.get()) {
        return Err(HotError::unreadable("entries are missing in it"));
    }
    Ok(Tail { at, entries })
}

fn tell(changes: &broadcast::Sender<Change>, change: Change) {
    // An error means that nobody listens, which is fine.
    let _ = changes.send(change);
}
