//! What people want to hear in private, and how much of it they get at most.
//!
//! A person is told of one room at most once in [`BETWEEN_PRIVATE`], and of all rooms together at most [`PRIVATE_A_DAY`] times a
//! day, so that no room can make the bot pester somebody. Who has muted a room hears nothing of it.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use super::{
    Db, DbError,
    column::{moment, timestamp},
    run, within,
};

/// Between two private messages about one room to one person; what happens meanwhile is told together.
pub const BETWEEN_PRIVATE: Duration = Duration::from_secs(60);
/// Private messages about all rooms to one person on one day (UTC); further ones are not sent.
pub const PRIVATE_A_DAY: u32 = 12;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Whether somebody may be told of a room in private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrivateTurn {
    /// Yes, and it is counted.
    Granted,
    /// Not before so long.
    NotYet(Duration),
    /// No: they have muted the room, or have heard enough today.
    Never,
}

impl Db {
    /// Takes a person's turn to be told of a room, if there is one. What is granted counts, whatever becomes of it.
    pub async fn private_turn(
        &self,
        room: RoomCode,
        member: UserId,
        now: Timestamp,
    ) -> Result<PrivateTurn, DbError> {
        let mut tx = self.begin().await?;
        // It also locks the row: one caller at a time.
        let (muted, next_at): (bool, chrono::DateTime<chrono::Utc>) = within!(&mut tx, |conn| {
            sqlx::query_as(
                "INSERT INTO room_listeners (room, member, next_at) VALUES ($1, $2, $3)
                 ON CONFLICT (room, member) DO UPDATE SET muted = room_listeners.muted
                 RETURNING muted, next_at",
            )
            .bind(room.as_str())
            .bind(member.get())
            .bind(moment(Timestamp::default()))
            .fetch_one(conn)
        })?;
        if muted {
            return Ok(PrivateTurn::Never);
        }
        let wait = timestamp(next_at).since(now);
        if !wait.is_zero() {
            // What a clock that was ahead wrote down is as new as can be.
            return Ok(PrivateTurn::NotYet(wait.min(BETWEEN_PRIVATE)));
        }
        let counted: Option<i64> = within!(&mut tx, |conn| {
            sqlx::query_scalar(
                "INSERT INTO private_budgets (member, day, sent) VALUES ($1, $2, 1)
                 ON CONFLICT (member) DO UPDATE SET
                     sent = CASE WHEN private_budgets.day = excluded.day THEN private_budgets.sent + 1 ELSE 1 END,
                     day = excluded.day
                 WHERE private_budgets.day <> excluded.day OR private_budgets.sent < $3
                 RETURNING sent",
            )
            .bind(member.get())
            .bind(now.millis().div_euclid(DAY))
            .bind(i64::from(PRIVATE_A_DAY))
            .fetch_optional(conn)
        })?;
        if counted.is_none() {
            return Ok(PrivateTurn::Never);
        }
        within!(&mut tx, |conn| sqlx::query(
            "UPDATE room_listeners SET next_at = $3 WHERE room = $1 AND member = $2"
        )
        .bind(room.as_str())
        .bind(member.get())
        .bind(moment(now.plus(BETWEEN_PRIVATE)))
        .execute(conn)
        .map_ok(drop))?;
        tx.commit().await?;
        Ok(PrivateTurn::Granted)
    }

    /// Mutes a room for somebody who is or was in it, or unmutes it. `false`: they never were.
    pub async fn mute_room(&self, room: RoomCode, member: UserId, muted: bool) -> Result<bool, DbError> {
        let done: Option<bool> = run!(self, |pool| {
            sqlx::query_scalar(
                "INSERT INTO room_listeners (room, member, muted, next_at)
                 SELECT room, member, $3, $4 FROM room_members WHERE room = $1 AND member = $2
                 ON CONFLICT (room, member) DO UPDATE SET muted = excluded.muted
                 RETURNING muted",
            )
            .bind(room.as_str())
            .bind(member.get())
            .bind(muted)
            .bind(moment(Timestamp::default()))
            .fetch_optional(pool)
        })?;
        Ok(done.is_some())
    }
}
