//! A room's log: rows in `hot_log`, written by the [writer](super::writer).

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{RoomCode, Seq},
    room::Entry,
};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    Embedded,
    append::{Append, Place},
    tables::{number, position},
    writer::Write,
};
use crate::hot::{Appended, ExpectedHead, HotError, Log, Tail, codec};

#[async_trait]
impl Log for Embedded {
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
}
