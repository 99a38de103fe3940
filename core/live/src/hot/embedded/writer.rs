//! The one task that writes: it commits whatever has queued up as one transaction, and answers after that.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::ids::{Position, RoomCode, UserId};
use sovpalo_storage::{clock::Clock, empty_wal};
use sqlx::{SqliteConnection, SqlitePool};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};

use super::{
    append::{Append, Place},
    changes::Changes,
    fences::Fences,
    tables,
};
use crate::hot::{Appended, Change, Device, FencingToken, HeadHash, HotError, SocketId};

/// At most so often the write-ahead log is emptied of what is gone: a session that has ended, a log that was replaced.
const LEAVE_NO_TRACE_EVERY: Duration = Duration::from_secs(1);
/// Writes that one transaction takes at most.
pub(super) const GROUP: usize = 256;

/// A queued write and who waits for it.
#[derive(Debug)]
pub(super) enum Write {
    Append { append: Append, answer: Answer<Appended> },
    RaiseFence { room: RoomCode, fence: FencingToken, answer: Answer<()> },
    Holder { room: RoomCode, member: UserId, device: Device, answer: Answer<Option<SocketId>> },
    Fence { room: RoomCode, otherwise: FencingToken, answer: Answer<SocketId> },
    Dirty { limit: usize, lease: Duration, answer: Answer<Vec<RoomCode>> },
    Clean { room: RoomCode, upto: Option<Position>, answer: Answer<()> },
    Put { key: String, value: Vec<u8>, ttl: Duration, answer: Answer<()> },
    Swap { key: String, expected: Option<Vec<u8>>, value: Vec<u8>, ttl: Duration, answer: Answer<bool> },
    Delete { key: String, answer: Answer<()> },
    Sweep,
}

pub(super) type Answer<T> = oneshot::Sender<Result<T, HotError>>;

/// An answer that is kept until the transaction is on disk.
type AfterCommit = Box<dyn FnOnce(Result<(), HotError>) + Send>;

/// The one task that writes.
pub(super) struct Writer {
    pub(super) pool: SqlitePool,
    pub(super) clock: Clock,
    pub(super) changes: Changes,
    pub(super) dirtied: Arc<Notify>,
    pub(super) fences: Fences,
    /// Since when the write-ahead log may hold what was deleted, or a log that was replaced.
    pub(super) traces: Option<Instant>,
}

impl Writer {
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Write>) {
        let mut group = Vec::with_capacity(GROUP);
        while self.next(&mut queue, &mut group).await {
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

    /// Waits for what is to be written. `false`: nobody asks any more.
    async fn next(&mut self, queue: &mut mpsc::Receiver<Write>, group: &mut Vec<Write>) -> bool {
        while let Some(since) = self.traces {
            let again = since + LEAVE_NO_TRACE_EVERY;
            match tokio::time::timeout_at(again, queue.recv_many(group, GROUP)).await {
                Ok(received) => return received > 0,
                Err(_) => self.leave_no_trace().await,
            }
        }
        queue.recv_many(group, GROUP).await > 0
    }

    fn leaves_a_trace(&mut self) {
        self.traces.get_or_insert_with(Instant::now);
    }

    /// What is gone is not to be read from the file any more. While somebody reads it has to wait.
    async fn leave_no_trace(&mut self) {
        let left = !empty_wal(&self.pool).await.unwrap_or(false);
        self.traces = left.then(Instant::now);
    }

    async fn commit(
        &mut self,
        group: impl Iterator<Item = Write> + Send,
        answers: &mut Vec<AfterCommit>,
    ) -> Result<(), HotError> {
        // Whoever queued a write is answered in any case, also when the transaction cannot even begin.
        let (mut transaction, mut failed) = match self.pool.begin_with("BEGIN IMMEDIATE").await {
            Ok(transaction) => (Some(transaction), None),
            Err(error) => (None, Some(error.into())),
        };
        for write in group {
            match (&mut transaction, &failed) {
                (Some(open), None) => {
                    failed = self.carry_out(open, write, answers).await.err();
                }
                (_, error) => refuse(write, error.as_ref()),
            }
        }
        match (failed, transaction) {
            // Dropping the transaction rolls it back.
            (Some(error), _) => Err(error),
            (None, Some(transaction)) => transaction.commit().await.map_err(HotError::from),
            (None, None) => Ok(()),
        }
    }

    async fn carry_out(
        &mut self,
        db: &mut SqliteConnection,
        write: Write,
        answers: &mut Vec<AfterCommit>,
    ) -> Result<(), HotError> {
        // The answer is queued even if the write fails, so that the failure reaches whoever waits.
        match write {
            Write::Append { append, answer } => {
                let now = self.clock.now();
                let may_append = append.fenced_by.is_none_or(|by| self.fences.holds(append.room, by, now));
                let room = append.room;
                if matches!(append.place, Place::InsteadOf(_)) {
                    self.leaves_a_trace();
                }
                let result = if may_append {
                    tables::append(db, &self.clock, &append).await
                } else {
                    Ok(Appended::Fenced)
                };
                let (result, failed) = split(result.map_err(|error| error.of(room)));
                let changes = self.changes.clone();
                let dirtied = Arc::clone(&self.dirtied);
                answers.push(Box::new(move |committed| {
                    let result = committed.and(result);
                    if let Ok(Appended::At(at)) = result {
                        let Append { room, place, entries, .. } = append;
                        let (before, entries) = match place {
                            Place::AfterAll(expected) => {
                                (expected.map_or(HeadHash::NONE, |expected| expected.head_hash), entries)
                            }
                            Place::InsteadOf(_) => (HeadHash::NONE, Arc::default()),
                        };
                        changes.tell(Change::Appended { room, at, before, entries });
                        if append.durable {
                            dirtied.notify_one();
                        }
                    }
                    let _ = answer.send(result);
                }));
                failed
            }
            Write::RaiseFence { room, fence, answer } => {
                self.fences.raise(room, fence, self.clock.now());
                later(answers, answer, Ok(()))
            }
            Write::Holder { room, member, device, answer } => {
                later(answers, answer, Ok(self.fences.holder(room, member, device)))
            }
            Write::Fence { room, otherwise, answer } => {
                let newest = self.fences.newest(room, otherwise, self.clock.now());
                later(answers, answer, Ok(newest))
            }
            Write::Dirty { limit, lease, answer } => {
                later(answers, answer, tables::lease(db, &self.clock, limit, lease).await)
            }
            Write::Clean { room, upto, answer } => {
                later(answers, answer, tables::clean(db, room, upto).await)
            }
            Write::Put { key, value, ttl, answer } => {
                // What it puts in another's place may be a session that has ended. The hot layer's own sign of life is empty.
                if !value.is_empty() {
                    self.leaves_a_trace();
                }
                later(answers, answer, tables::put(db, &self.clock, &key, &value, ttl).await)
            }
            Write::Swap { key, expected, value, ttl, answer } => {
                let swapped = tables::swap(db, &self.clock, &key, expected.as_deref(), &value, ttl).await;
                later(answers, answer, swapped)
            }
            Write::Delete { key, answer } => {
                self.leaves_a_trace();
                let deleted =
                    sqlx::query("DELETE FROM hot_values WHERE key = $1").bind(key).execute(db).await;
                later(answers, answer, deleted.map(|_| ()).map_err(HotError::from))
            }
            Write::Sweep => {
                self.fences.sweep(self.clock.now());
                tables::sweep(db, &self.clock).await
            }
        }
    }
}

/// Queues an answer for after the commit.
fn later<T: Send + 'static>(
    answers: &mut Vec<AfterCommit>,
    answer: Answer<T>,
    result: Result<T, HotError>,
) -> Result<(), HotError> {
    let (result, failed) = split(result);
    answers.push(Box::new(move |committed| {
        let _ = answer.send(committed.and(result));
    }));
    failed
}

/// A result for whoever waits, and the failure for the transaction. A row that cannot be read is one room's trouble: what the others
/// asked for goes on.
fn split<T>(result: Result<T, HotError>) -> (Result<T, HotError>, Result<(), HotError>) {
    let failed = match &result {
        Ok(_) | Err(HotError::Unreadable { .. }) => Ok(()),
        Err(error) => Err(error.clone()),
    };
    (result, failed)
}

/// Answers a write that was not tried.
fn refuse(write: Write, error: Option<&HotError>) {
    let error = error.cloned().unwrap_or_else(|| HotError::unavailable("no transaction"));
    match write {
        Write::Append { answer, .. } => drop(answer.send(Err(error))),
        Write::Holder { answer, .. } => drop(answer.send(Err(error))),
        Write::Fence { answer, .. } => drop(answer.send(Err(error))),
        Write::Dirty { answer, .. } => drop(answer.send(Err(error))),
        Write::Clean { answer, .. }
        | Write::Put { answer, .. }
        | Write::Delete { answer, .. }
        | Write::RaiseFence { answer, .. } => drop(answer.send(Err(error))),
        Write::Swap { answer, .. } => drop(answer.send(Err(error))),
        Write::Sweep => {}
    }
}
