//! The writer's statements, each inside the transaction of its group.
//!
//! One that meets a row which cannot be read says so before it writes anything: the transaction goes on without it.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq},
    room::Entry,
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use sovpalo_storage::clock::Clock;

use super::append::{Append, Place};
use crate::hot::{Appended, ExpectedHead, HeadHash, HotError, codec};

/// A log nobody touched for this long is dropped; SQL still knows the room.
const LOG_IDLE: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) async fn append(
    db: &mut SqliteConnection,
    clock: &Clock,
    append: &Append,
) -> Result<Appended, HotError> {
    let Append { room, place, entries, durable, .. } = append;
    let standing = standing(db, *room).await?;
    if standing != place.expected() {
        return Ok(Appended::Conflict(standing.map(|standing| standing.at)));
    }
    let before = match place {
        Place::AfterAll(Some(expected)) => expected.at,
        Place::AfterAll(None) | Place::InsteadOf(_) => {
            let beginning = beginning(entries)?;
            sqlx::query("DELETE FROM hot_log WHERE room = $1").bind(room.as_str()).execute(&mut *db).await?;
            beginning
        }
    };
    for (seq, entry) in (before.seq.get() + 1..).zip(entries.iter()) {
        // A row beyond where the log stands is no part of it.
        sqlx::query("INSERT OR REPLACE INTO hot_log (room, seq, entry) VALUES ($1, $2, $3)")
            .bind(room.as_str())
            .bind(number(seq)?)
            .bind(codec::encode(entry))
            .execute(&mut *db)
            .await?;
    }
    let at = Position { epoch: before.epoch, seq: before.seq.after(entries.len()) };
    let seq = number(at.seq.get())?;
    sqlx::query(
        "INSERT INTO hot_rooms (room, epoch, seq, touched_at, dirty_seq) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (room) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, touched_at = excluded.touched_at,
             dirty_seq = coalesce(excluded.dirty_seq, dirty_seq)",
    )
    .bind(room.as_str())
    .bind(i64::from(at.epoch.get()))
    .bind(seq)
    .bind(clock.now().millis())
    .bind(durable.then_some(seq))
    .execute(db)
    .await?;
    Ok(Appended::At(at))
}

pub(super) async fn lease(
    db: &mut SqliteConnection,
    clock: &Clock,
    limit: usize,
    lease: Duration,
) -> Result<Vec<RoomCode>, HotError> {
    let now = clock.now();
    let rooms: Vec<String> = sqlx::query_scalar(
        "UPDATE hot_rooms SET leased_until = $2 WHERE room IN (
             SELECT room FROM hot_rooms WHERE dirty_seq IS NOT NULL AND leased_until <= $1
             ORDER BY touched_at LIMIT $3)
         RETURNING room",
    )
    .bind(now.millis())
    .bind(now.plus(lease).millis())
    .bind(number(limit as u64)?)
    .fetch_all(&mut *db)
    .await?;
    let mut due = Vec::with_capacity(rooms.len());
    for name in rooms {
        if let Ok(room) = name.parse() {
            due.push(room);
            continue;
        }
        tracing::error!(name, "a mark for the projector names no room, and is taken away");
        sqlx::query("UPDATE hot_rooms SET dirty_seq = NULL WHERE room = $1")
            .bind(name)
            .execute(&mut *db)
            .await?;
    }
    Ok(due)
}

pub(super) async fn put(
    db: &mut SqliteConnection,
    clock: &Clock,
    key: &str,
    value: &[u8],
    ttl: Duration,
) -> Result<(), HotError> {
    sqlx::query(
        "INSERT INTO hot_values (key, value, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
    )
    .bind(key)
    .bind(value)
    .bind(clock.now().plus(ttl).millis())
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn swap(
    db: &mut SqliteConnection,
    clock: &Clock,
    key: &str,
    expected: Option<&[u8]>,
    value: &[u8],
    ttl: Duration,
) -> Result<bool, HotError> {
    let now: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT value FROM hot_values WHERE key = $1 AND expires_at > $2")
            .bind(key)
            .bind(clock.now().millis())
            .fetch_optional(&mut *db)
            .await?;
    if now.as_deref() != expected {
        return Ok(false);
    }
    put(db, clock, key, value, ttl).await.map(|()| true)
}

pub(super) async fn sweep(db: &mut SqliteConnection, clock: &Clock) -> Result<(), HotError> {
    let now = clock.now().millis();
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
        .await?;
    Ok(())
}

pub(super) async fn clean(
    db: &mut SqliteConnection,
    room: RoomCode,
    upto: Option<Position>,
) -> Result<(), HotError> {
    // Without a log there is no mark: both are one row.
    let Some(upto) = upto else { return Ok(()) };
    let seq = number(upto.seq.get())?;
    // What was appended durably meanwhile keeps the mark, and is not held back by this lease.
    sqlx::query(
        "UPDATE hot_rooms SET leased_until = 0, dirty_seq = CASE WHEN dirty_seq > $2 THEN dirty_seq END
         WHERE room = $1 AND epoch = $3",
    )
    .bind(room.as_str())
    .bind(seq)
    .bind(i64::from(upto.epoch.get()))
    .execute(db)
    .await?;
    Ok(())
}

/// How a room's log stands now.
async fn standing(db: &mut SqliteConnection, room: RoomCode) -> Result<Option<ExpectedHead>, HotError> {
    let row = sqlx::query(
        "SELECT r.epoch, r.seq, l.entry FROM hot_rooms r LEFT JOIN hot_log l ON l.room = r.room AND l.seq = r.seq
         WHERE r.room = $1",
    )
    .bind(room.as_str())
    .fetch_optional(db)
    .await?;
    let expected = |row: SqliteRow| {
        let last: Option<&[u8]> = row.try_get("entry")?;
        let last = last.ok_or_else(|| HotError::unreadable("its last entry is not there"))?;
        Ok(ExpectedHead { at: position(&row)?, head_hash: HeadHash::of_bytes(last) })
    };
    row.map(expected).transpose()
}

/// Before the first entry of a new log.
fn beginning(entries: &[Entry]) -> Result<Position, HotError> {
    let epoch = entries.first().and_then(|first| first.event.begins());
    let epoch = epoch.ok_or_else(|| HotError::unreadable("a log begins with `Created` or `Restored`"))?;
    Ok(Position { epoch, seq: Seq::ZERO })
}

pub(super) fn position(row: &SqliteRow) -> Result<Position, HotError> {
    let epoch = u32::try_from(row.try_get::<i64, _>("epoch")?).map_err(HotError::unreadable)?;
    let seq = u64::try_from(row.try_get::<i64, _>("seq")?).map_err(HotError::unreadable)?;
    Ok(Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) })
}

pub(super) fn number(count: u64) -> Result<i64, HotError> {
    i64::try_from(count).map_err(HotError::unreadable)
}
