//! What goes from the timelines: of people who were erased, and what is old.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    talk::Message,
};

use super::{
    super::{
        Db, DbError, Tx,
        column::{ago, limit, room_code},
        within,
    },
    Counters,
    row::{MessageRow, select_messages, with_reactions},
};

/// So many messages go in one transaction when old ones are cleaned up; the others go in the next one.
pub const CLEANED_AT_ONCE: usize = 1_000;
/// Of a room that is over, the messages go when nothing has happened in it and nobody has written for this long.
pub const IDLE_ROOM: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Db {
    /// Deletes the messages that are older than `kept`, and those of rooms that are over and have been [idle](IDLE_ROOM). At most
    /// [`CLEANED_AT_ONCE`]; says how many, so that the caller comes again. A room's numbers go on where they were.
    pub async fn clean_messages(&self, now: Timestamp, kept: Duration) -> Result<u64, DbError> {
        let mut tx = self.begin().await?;
        let gone = delete_some(&mut tx, now, kept).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

async fn delete_some(tx: &mut Tx, now: Timestamp, kept: Duration) -> Result<u64, DbError> {
    Ok(within!(tx, |conn| sqlx::query(
        "DELETE FROM messages WHERE (room, number) IN (
             SELECT room, number FROM messages WHERE at < $1
             UNION
             SELECT m.room, m.number FROM messages m JOIN rooms o ON o.code = m.room
             WHERE o.phase = 'finished' AND o.updated_at < $2
                 AND NOT EXISTS (SELECT 1 FROM messages n WHERE n.room = m.room AND n.at >= $2)
             LIMIT $3)"
    )
    .bind(ago(kept, now))
    .bind(ago(IDLE_ROOM, now))
    .bind(limit(CLEANED_AT_ONCE))
    .execute(conn)
    .map_ok(|done| done.rows_affected()))?)
}

/// Blanks all that somebody wrote, and takes their reactions and marks away. Each message takes its room's next change, so that
/// whoever shows it notices. The rooms come back, each with the message that changed last.
pub(crate) async fn erase(tx: &mut Tx, member: UserId) -> Result<Vec<(RoomCode, Message)>, DbError> {
    let rooms: Vec<String> = within!(&mut *tx, |conn| sqlx::query_scalar(
        "SELECT room FROM messages WHERE author = $1
         UNION SELECT room FROM message_reactions WHERE member = $1
         ORDER BY room"
    )
    .bind(member.get())
    .fetch_all(conn))?;
    let rooms = rooms
        .iter()
        .map(|room| room_code(room, "messages.room"))
        .collect::<Result<Vec<RoomCode>, DbError>>()?;
    let mut changed = Vec::with_capacity(rooms.len());
    for room in rooms {
        changed.extend(erase_in(tx, room, member).await?.map(|message| (room, message)));
    }
    within!(tx, |conn| sqlx::query("DELETE FROM read_marks WHERE member = $1")
        .bind(member.get())
        .execute(conn)
        .map_ok(drop))?;
    Ok(changed)
}

async fn erase_in(tx: &mut Tx, room: RoomCode, member: UserId) -> Result<Option<Message>, DbError> {
    let mut counters = Counters::lock(tx, room).await?;
    // Each with the next change, in the order of their numbers.
    let changed: u64 = within!(&mut *tx, |conn| sqlx::query(
        "UPDATE messages SET change = $3 + touched.place,
             text = CASE WHEN author = $2 THEN '' ELSE text END,
             edited_at = CASE WHEN author = $2 THEN NULL ELSE edited_at END,
             deleted = deleted OR coalesce(author = $2, FALSE)
         FROM (SELECT number AS touched, row_number() OVER (ORDER BY number) AS place FROM messages
             WHERE room = $1 AND (author = $2 OR number IN
                 (SELECT number FROM message_reactions WHERE room = $1 AND member = $2))) AS touched
         WHERE room = $1 AND number = touched.touched"
    )
    .bind(room.as_str())
    .bind(member.get())
    .bind(counters.last_change)
    .execute(conn)
    .map_ok(|done| done.rows_affected()))?;
    counters.last_change += i64::try_from(changed).unwrap_or_default();
    within!(&mut *tx, |conn| sqlx::query(
        "DELETE FROM message_reactions WHERE room = $1 AND (member = $2 OR number IN
             (SELECT number FROM messages WHERE room = $1 AND author = $2))"
    )
    .bind(room.as_str())
    .bind(member.get())
    .execute(conn)
    .map_ok(drop))?;
    within!(&mut *tx, |conn| sqlx::query(
        "UPDATE messages SET author = NULL, key = NULL WHERE room = $1 AND author = $2"
    )
    .bind(room.as_str())
    .bind(member.get())
    .execute(conn)
    .map_ok(drop))?;
    counters.store(tx, room).await?;
    let last: Option<MessageRow> =
        within!(&mut *tx, |conn| sqlx::query_as(select_messages!("WHERE room = $1 AND change = $2"))
            .bind(room.as_str())
            .bind(counters.last_change)
            .fetch_optional(conn))?;
    Ok(with_reactions(tx, room, last.into_iter().collect()).await?.pop())
}
