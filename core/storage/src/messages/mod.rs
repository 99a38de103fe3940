//! The timeline of each room: messages, reactions to them, and how far everybody has read.
//!
//! What is promised: the numbers of a room's messages have no gaps, nor do those of its changes; a refused or repeated command takes
//! neither. That holds with any number of writers on any nodes, because whoever writes holds the room's row of
//! `message_counters` until the commit. An author's key is one message.
//!
//! Who may write in a room is the caller's business: the room's log knows its members, SQL may not have heard of them yet. For the same
//! reason nothing here refers to `rooms`.
//!
//! The row of `message_counters` is the last lock of every transaction here (somebody's row of `users` comes before it, and only what is
//! [counted](super::stats) of its author comes after it), so that no two wait for each other.

mod notes;
mod outcome;
mod read;
mod reading;
mod row;
mod upkeep;
mod write;

use sovpalo_domain::ids::{RoomCode, UserId};

pub(super) use self::upkeep::erase;
pub use self::{
    notes::NewNote,
    outcome::{TalkDone, TalkError},
    read::{MessagePage, PAGE, Page, Range},
    reading::{TalkSummary, UNREAD_COUNTED},
    upkeep::{CLEANED_AT_ONCE, IDLE_ROOM},
};
use super::{DbError, Tx, within};

/// The last numbers of a room that has had messages or not, which nobody else can change until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
struct Counters {
    last_number: i64,
    last_change: i64,
}

impl Counters {
    async fn lock(tx: &mut Tx, room: RoomCode) -> Result<Self, DbError> {
        // An update that changes nothing locks the row, whether it was there or not.
        Ok(within!(tx, |conn| sqlx::query_as(
            "INSERT INTO message_counters (room, last_number, last_change) VALUES ($1, 0, 0)
             ON CONFLICT (room) DO UPDATE SET last_number = message_counters.last_number
             RETURNING last_number, last_change"
        )
        .bind(room.as_str())
        .fetch_one(conn))?)
    }

    async fn store(self, tx: &mut Tx, room: RoomCode) -> Result<(), DbError> {
        within!(tx, |conn| futures::TryFutureExt::map_ok(
            sqlx::query("UPDATE message_counters SET last_number = $2, last_change = $3 WHERE room = $1")
                .bind(room.as_str())
                .bind(self.last_number)
                .bind(self.last_change)
                .execute(conn),
            drop
        ))?;
        Ok(())
    }
}

/// Whether somebody may leave something behind: whoever has been erased may not. Makes an erasure wait for the commit, which then sees what
/// this transaction writes; SQLite has one writer at a time anyway.
async fn may_write(tx: &mut Tx, member: UserId) -> Result<bool, DbError> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT id FROM users WHERE id = $1 FOR KEY SHARE")
            .bind(member.get())
            .execute(&mut **tx)
            .await?;
    }
    let erased: Option<i64> =
        within!(tx, |conn| sqlx::query_scalar("SELECT id FROM erased_users WHERE id = $1")
            .bind(member.get())
            .fetch_optional(conn))?;
    Ok(erased.is_none())
}

/// A number for a column; no room comes near the limit.
fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
