//! The hot layer inside one process: tables in the SQLite file, channels in memory.
//!
//! All writes go through one task that commits whatever has queued up as one transaction (group commit), so that
//! one `fsync` serves many rooms, and answers only after it: acknowledged means on disk. The file must have this process as its
//! only writer of these tables (the application locks its data directory).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Seq, UserId},
    room::{Entry, Event},
};
use sqlx::{Row, SqliteConnection, SqlitePool};
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

use super::{
    Appended, Change, Hot, HotError, Position, Presence, Quota, SocketId, Spent, Tail, codec, presence::Roll,
    quota::Buckets,
};
use crate::clock::Clock;

/// Changes a slow subscriber may be behind by before it is told [`Change::Missed`].
const BACKLOG: usize = 4096;
/// Writes that one transaction takes at most.
const GROUP: usize = 256;
/// A log nobody touched for this long is dropped; SQL still knows the room.
const LOG_IDLE: Duration = Duration::from_secs(30 * 24 * 3600);
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

/// A queued write and who waits for it.
#[derive(Debug)]
enum Write {
    Append { append: Append, answer: Answer<Appended> },
    Dirty { limit: usize, lease: Duration, answer: Answer<Vec<RoomCode>> },
    Clean { room: RoomCode, upto: Option<Position>, answer: Answer<()> },
    Put { key: String, value: Vec<u8>, ttl: Duration, answer: Answer<()> },
    Swap { key: String, expected: Option<Vec<u8>>, value: Vec<u8>, ttl: Duration, answer: Answer<bool> },
    Delete { key: String, answer: Answer<()> },
    Sweep,
}

type Answer<T> = oneshot::Sender<Result<T, HotError>>;

#[derive(Debug)]
struct Append {
    room: RoomCode,
    expected: Option<Position>,
    entries: Arc<[Entry]>,
    durable: bool,
}

/// An answer that is kept until the transaction is on disk.
type AfterCommit = Box<dyn FnOnce(Result<(), HotError>) + Send>;

impl Embedded {
    /// Starts on a database that has been migrated.
    pub fn start(pool: SqlitePool, clock: Clock) -> Self {
        let (writes, queue) = mpsc::channel(4 * GROUP);
        let (changes, _) = broadcast::channel(BACKLOG);
        let dirtied = Arc::new(Notify::new());
        let writer = Writer {
            pool: pool.clone(),
            clock: clock.clone(),
            changes: changes.clone(),
            dirtied: Arc::clone(&dirtied),
        };
        tokio::spawn(writer.run(queue));
        tokio::spawn(sweep_regularly(writes.downgrade()));
        Self { pool, clock, writes, changes, dirtied, buckets: Buckets::default(), roll: Roll::default() }
    }

    async fn write<T>(&self, write: impl FnOnce(Answer<T>) -> Write) -> Result<T, HotError> {
        let (answer, answered) = oneshot::channel();
        let gone = |_| HotError::because("its writer has ended");
        self.writes.send(write(answer)).await.map_err(|_| HotError::because("its writer has ended"))?;
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
        expected: Option<Position>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let append = Append { room, expected, entries: entries.into(), durable };
        self.write(|answer| Write::Append { append, answer }).await
    }

    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError> {
        // One statement, so that position and entries are of one moment.
        let rows = sqlx::query(
            "SELECT r.epoch, r.seq, l.entry FROM hot_rooms r
             LEFT JOIN hot_log l ON l.room = r.room AND l.seq > $2
             WHERE r.room = $1 ORDER BY l.seq",
        )
        .bind(room.as_str())
        .bind(number(after.get())?)
        .fetch_all(&self.pool)
        .await
        .map_err(HotError::because)?;
        let Some(first) = rows.first() else { return Ok(None) };
        let at = position(first)?;
        let entries = rows
            .iter()
            .filter_map(|row| row.get::<Option<&[u8]>, _>("entry"))
            .map(codec::decode)
            .collect::<Result<_, _>>()?;
        Ok(Some(Tail { at, entries }))
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
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
            .map_err(HotError::because)
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

    async fn keys(&self, prefix: &str, limit: usize) -> Result<Vec<String>, HotError> {
        sqlx::query_scalar(
            "SELECT key FROM hot_values WHERE substr(key, 1, length($1)) = $1 AND key >= $1 AND expires_at > $2
             ORDER BY key LIMIT $3",
        )
        .bind(prefix)
        .bind(self.clock.now().millis())
        .bind(number(limit as u64)?)
        .fetch_all(&self.pool)
        .await
        .map_err(HotError::because)
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
        sqlx::query("SELECT 1").execute(&self.pool).await.map(|_| ()).map_err(HotError::because)
    }
}

/// The one task that writes.
struct Writer {
    pool: SqlitePool,
    clock: Clock,
    changes: broadcast::Sender<Change>,
    dirtied: Arc<Notify>,
}

impl Writer {
    async fn run(self, mut queue: mpsc::Receiver<Write>) {
        let mut group = Vec::with_capacity(GROUP);
        while queue.recv_many(&mut group, GROUP).await > 0 {
            let mut answers: Vec<AfterCommit> = Vec::with_capacity(group.len());
            let outcome = self.commit(group.drain(..), &mut answers).await;
            if let Err(error) = &outcome {
                tracing::error!(%error, writes = answers.len(), "the hot layer could not write");
            }
            for answer in answers {
                answer(outcome.clone());
            }
        }
    }

    async fn commit(
        &self,
        group: impl Iterator<Item = Write> + Send,
        answers: &mut Vec<AfterCommit>,
    ) -> Result<(), HotError> {
        // Whoever queued a write is answered in any case, also when the transaction cannot even begin.
        let (mut transaction, mut failed) = match self.pool.begin_with("BEGIN IMMEDIATE").await {
            Ok(transaction) => (Some(transaction), None),
            Err(error) => (None, Some(HotError::because(error))),
        };
        for write in group {
            match (&mut transaction, &failed) {
                (Some(open), None) => {
                    failed = self.carry_out(open, write, answers).await.err().map(HotError::because);
                }
                (_, error) => refuse(write, error.as_ref()),
            }
        }
        match (failed, transaction) {
            // Dropping the transaction rolls it back.
            (Some(error), _) => Err(error),
            (None, Some(transaction)) => transaction.commit().await.map_err(HotError::because),
            (None, None) => Ok(()),
        }
    }

    async fn carry_out(
        &self,
        db: &mut SqliteConnection,
        write: Write,
        answers: &mut Vec<AfterCommit>,
    ) -> Result<(), sqlx::Error> {
        // The answer is queued even if the write fails, so that the failure reaches whoever waits.
        match write {
            Write::Append { append, answer } => {
                let result = self.append(db, &append).await;
                let (result, failed) = split(result);
                let changes = self.changes.clone();
                let dirtied = Arc::clone(&self.dirtied);
                answers.push(Box::new(move |committed| {
                    let result = committed.and(result);
                    if let Ok(Appended::At(at)) = result {
                        tell(&changes, Change::Appended { room: append.room, at, entries: append.entries });
                        if append.durable {
                            dirtied.notify_one();
                        }
                    }
                    let _ = answer.send(result);
                }));
                failed
            }
            Write::Dirty { limit, lease, answer } => {
                later(answers, answer, self.lease(db, limit, lease).await)
            }
            Write::Clean { room, upto, answer } => later(answers, answer, clean(db, room, upto).await),
            Write::Put { key, value, ttl, answer } => {
                later(answers, answer, self.put(db, &key, &value, ttl).await)
            }
            Write::Swap { key, expected, value, ttl, answer } => {
                let swapped = self.swap(db, &key, expected.as_deref(), &value, ttl).await;
                later(answers, answer, swapped)
            }
            Write::Delete { key, answer } => {
                let deleted =
                    sqlx::query("DELETE FROM hot_values WHERE key = $1").bind(key).execute(db).await;
                later(answers, answer, deleted.map(|_| ()))
            }
            Write::Sweep => self.sweep(db).await,
        }
    }

    async fn append(&self, db: &mut SqliteConnection, append: &Append) -> Result<Appended, sqlx::Error> {
        let Append { room, expected, entries, durable } = append;
        let standing = sqlx::query("SELECT epoch, seq FROM hot_rooms WHERE room = $1")
            .bind(room.as_str())
            .fetch_optional(&mut *db)
            .await?
            .map(|row| position(&row))
            .transpose()
            .map_err(invalid)?;
        if standing != *expected {
            return Ok(Appended::Conflict(standing));
        }
        let Some(before) = expected.or_else(|| first_position(entries)) else {
            return Err(invalid("a log begins with `Created` or `Restored`"));
        };
        for (seq, entry) in (before.seq.get() + 1..).zip(entries.iter()) {
            sqlx::query("INSERT INTO hot_log (room, seq, entry) VALUES ($1, $2, $3)")
                .bind(room.as_str())
                .bind(number(seq).map_err(invalid)?)
                .bind(codec::encode(entry))
                .execute(&mut *db)
                .await?;
        }
        let at = Position { epoch: before.epoch, seq: before.seq.after(entries.len()) };
        let seq = number(at.seq.get()).map_err(invalid)?;
        sqlx::query(
            "INSERT INTO hot_rooms (room, epoch, seq, touched_at, dirty_seq) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (room) DO UPDATE SET seq = excluded.seq, touched_at = excluded.touched_at,
                 dirty_seq = coalesce(excluded.dirty_seq, dirty_seq)",
        )
        .bind(room.as_str())
        .bind(i64::from(at.epoch.get()))
        .bind(seq)
        .bind(self.clock.now().millis())
        .bind(durable.then_some(seq))
        .execute(db)
        .await?;
        Ok(Appended::At(at))
    }

    async fn lease(
        &self,
        db: &mut SqliteConnection,
        limit: usize,
        lease: Duration,
    ) -> Result<Vec<RoomCode>, sqlx::Error> {
        let now = self.clock.now();
        let rooms: Vec<String> = sqlx::query_scalar(
            "UPDATE hot_rooms SET leased_until = $2 WHERE room IN (
                 SELECT room FROM hot_rooms WHERE dirty_seq IS NOT NULL AND leased_until <= $1
                 ORDER BY touched_at LIMIT $3)
             RETURNING room",
        )
        .bind(now.millis())
        .bind(now.plus(lease).millis())
        .bind(number(limit as u64).map_err(invalid)?)
        .fetch_all(db)
        .await?;
        rooms.iter().map(|room| room.parse().map_err(invalid)).collect()
    }

    async fn put(
        &self,
        db: &mut SqliteConnection,
        key: &str,
        value: &[u8],
        ttl: Duration,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO hot_values (key, value, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
        )
        .bind(key)
        .bind(value)
        .bind(self.clock.now().plus(ttl).millis())
        .execute(db)
        .await
        .map(|_| ())
    }

    async fn swap(
        &self,
        db: &mut SqliteConnection,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, sqlx::Error> {
        let now: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT value FROM hot_values WHERE key = $1 AND expires_at > $2")
                .bind(key)
                .bind(self.clock.now().millis())
                .fetch_optional(&mut *db)
                .await?;
        if now.as_deref() != expected {
            return Ok(false);
        }
        self.put(db, key, value, ttl).await.map(|()| true)
    }

    async fn sweep(&self, db: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let now = self.clock.now().millis();
        let idle = now - i64::try_from(LOG_IDLE.as_millis()).unwrap_or(i64::MAX);
        sqlx::query("DELETE FROM hot_values WHERE expires_at <= $1").bind(now).execute(&mut *db).await?;
        sqlx::query(
            "DELETE FROM hot_log WHERE room IN
                 (SELECT room FROM hot_rooms WHERE touched_at < $1 AND dirty_seq IS NULL)",
        )
        .bind(idle)
        .execute(&mut *db)
        .await?;
        sqlx::query("DELETE FROM hot_rooms WHERE touched_at < $1 AND dirty_seq IS NULL")
            .bind(idle)
            .execute(db)
            .await
            .map(|_| ())
    }
}

async fn clean(db: &mut SqliteConnection, room: RoomCode, upto: Option<Position>) -> Result<(), sqlx::Error> {
    // Without a log there is no mark: both are one row.
    let Some(upto) = upto else { return Ok(()) };
    let seq = number(upto.seq.get()).map_err(invalid)?;
    // What was appended durably meanwhile keeps the mark, and is not held back by this lease.
    sqlx::query(
        "UPDATE hot_rooms SET leased_until = 0, dirty_seq = CASE WHEN dirty_seq > $2 THEN dirty_seq END
         WHERE room = $1 AND epoch = $3",
    )
    .bind(room.as_str())
    .bind(seq)
    .bind(i64::from(upto.epoch.get()))
    .execute(db)
    .await
    .map(|_| ())
}

/// Queues an answer for after the commit.
fn later<T: Send + 'static>(
    answers: &mut Vec<AfterCommit>,
    answer: Answer<T>,
    result: Result<T, sqlx::Error>,
) -> Result<(), sqlx::Error> {
    let (result, failed) = split(result);
    answers.push(Box::new(move |committed| {
        let _ = answer.send(committed.and(result));
    }));
    failed
}

/// A result for whoever waits, and the failure for the transaction.
fn split<T>(result: Result<T, sqlx::Error>) -> (Result<T, HotError>, Result<(), sqlx::Error>) {
    match result {
        Ok(value) => (Ok(value), Ok(())),
        Err(error) => (Err(HotError::because(&error)), Err(error)),
    }
}

/// Answers a write that was not tried.
fn refuse(write: Write, error: Option<&HotError>) {
    let error = error.cloned().unwrap_or_else(|| HotError::because("no transaction"));
    match write {
        Write::Append { answer, .. } => drop(answer.send(Err(error))),
        Write::Dirty { answer, .. } => drop(answer.send(Err(error))),
        Write::Clean { answer, .. } | Write::Put { answer, .. } | Write::Delete { answer, .. } => {
            drop(answer.send(Err(error)));
        }
        Write::Swap { answer, .. } => drop(answer.send(Err(error))),
        Write::Sweep => {}
    }
}

fn tell(changes: &broadcast::Sender<Change>, change: Change) {
    // An error means that nobody listens, which is fine.
    let _ = changes.send(change);
}

fn first_position(entries: &[Entry]) -> Option<Position> {
    let epoch = match &entries.first()?.event {
        Event::Created(created) => created.epoch,
        Event::Restored(restored) => restored.epoch,
        _ => return None,
    };
    Some(Position { epoch, seq: Seq::ZERO })
}

fn position(row: &sqlx::sqlite::SqliteRow) -> Result<Position, HotError> {
    let epoch = u32::try_from(row.get::<i64, _>("epoch")).map_err(HotError::because)?;
    let seq = u64::try_from(row.get::<i64, _>("seq")).map_err(HotError::because)?;
    Ok(Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) })
}

fn number(count: u64) -> Result<i64, HotError> {
    i64::try_from(count).map_err(HotError::because)
}

fn invalid(cause: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Protocol(cause.to_string())
}
