//! How the domain's values look in columns, and back.
//!
//! Enum variants are stored by names of their own, so that renaming one in Rust changes nothing on disk.

use std::{borrow::Cow, time::Duration};

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, Round, Seq, Timestamp, TitleId, UserId},
    room::{PhaseName, Standing},
};

use super::DbError;

/// A moment as a column holds it. What no calendar of SQL's can hold becomes the nearest that can.
pub(super) fn moment(at: Timestamp) -> DateTime<Utc> {
    // Years 1 to 9999, so that SQLite's text keeps the order of time and PostgreSQL's range is never left.
    const FIRST: i64 = -62_135_596_800_000;
    const LAST: i64 = 253_402_300_799_999;
    DateTime::from_timestamp_millis(at.millis().clamp(FIRST, LAST)).unwrap_or_default()
}

/// The moment that is so long before another.
pub(super) fn ago(duration: Duration, now: Timestamp) -> DateTime<Utc> {
    let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    moment(Timestamp::from_millis(now.millis().saturating_sub(millis)))
}

/// A moment from a column.
pub(super) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from_millis(at.timestamp_millis())
}

/// Text without NUL.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}

/// The same for text that may be absent.
pub(super) fn plain_option(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(plain)
}

pub(super) fn phase(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Lobby => "lobby",
        PhaseName::Swiping => "swiping",
        PhaseName::Finished => "finished",
    }
}

pub(super) fn phase_from(text: &str) -> Result<PhaseName, DbError> {
    match text {
        "lobby" => Ok(PhaseName::Lobby),
        "swiping" => Ok(PhaseName::Swiping),
        "finished" => Ok(PhaseName::Finished),
        other => Err(DbError::corrupt("rooms.phase", format_args!("it is {other:?}"))),
    }
}

pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Here => "here",
        Standing::Away => "away",
        Standing::Left => "left",
        Standing::Removed => "removed",
    }
}

pub(super) fn standing_from(text: &str) -> Result<Standing, DbError> {
    match text {
        "here" => Ok(Standing::Here),
        "away" => Ok(Standing::Away),
        "left" => Ok(Standing::Left),
        "removed" => Ok(Standing::Removed),
        other => Err(DbError::corrupt("room_members.standing", format_args!("it is {other:?}"))),
    }
}

pub(super) fn room_code(text: &str, column: &'static str) -> Result<RoomCode, DbError> {
    text.parse().map_err(|e| DbError::corrupt(column, e))
}

pub(super) fn user_id(id: i64, column: &'static str) -> Result<UserId, DbError> {
    UserId::new(id).map_err(|e| DbError::corrupt(column, e))
}

pub(super) fn title_id(text: &str, column: &'static str) -> Result<TitleId, DbError> {
    TitleId::new(text).map_err(|e| DbError::corrupt(column, e))
}

pub(super) fn epoch(number: i64) -> Result<Epoch, DbError> {
    count(number, "rooms.epoch").map(Epoch::from_bits)
}

pub(super) fn round(number: i64, column: &'static str) -> Result<Round, DbError> {
    count(number, column).map(Round::new)
}

/// A sequence number for a column; no log comes near the limit.
pub(super) fn seq(seq: Seq) -> i64 {
    i64::try_from(seq.get()).unwrap_or(i64::MAX)
}

pub(super) fn seq_from(number: i64) -> Result<Seq, DbError> {
    u64::try_from(number).map(Seq::new).map_err(|e| DbError::corrupt("rooms.projected_seq", e))
}

/// A small number that is never negative.
pub(super) fn count(number: i64, column: &'static str) -> Result<u32, DbError> {
    u32::try_from(number).map_err(|e| DbError::corrupt(column, e))
}

/// How many, for a `LIMIT`.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
