//! How far everybody has read, and what that leaves unread.

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    talk::TalkRefusal,
};

use super::{
    super::{
        Db, DbError, Tx,
        column::{room_code, user_id},
        run, within,
    },
    column, may_write,
    outcome::{TalkDone, TalkError},
    row::number,
};

/// Unread messages are counted up to this many; where there are more, that is what is said.
pub const UNREAD_COUNTED: u64 = 1_000;

/// Where a room's timeline stands, and where somebody stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TalkSummary {
    /// The number of the last message; 0: there is none.
    pub last: u64,
    /// The last change.
    pub change: u64,
    /// Up to which number they have read.
    pub read: u64,
    /// How many they have not read, up to [`UNREAD_COUNTED`]: others' that were not taken back, and no notes of the room itself.
    pub unread: u64,
    /// Up to which number everybody has read who has read anything. In a list of rooms: empty.
    pub marks: Vec<(UserId, u64)>,
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    room: String,
    last_number: i64,
    last_change: i64,
    read: i64,
    unread: i64,
}

impl SummaryRow {
    fn summary(&self, marks: Vec<(UserId, u64)>) -> Result<TalkSummary, DbError> {
        Ok(TalkSummary {
            last: number(self.last_number, "message_counters.last_number")?,
            change: number(self.last_change, "message_counters.last_change")?,
            read: number(self.read, "read_marks.number")?,
            unread: number(self.unread, "messages.number")?,
            marks,
        })
    }
}

/// Selects [`SummaryRow`]s for the member `$1`: `select_summaries!("WHERE …")`.
macro_rules! select_summaries {
    ($which:literal) => {
        concat!(
            "SELECT c.room, c.last_number, c.last_change, coalesce(r.number, 0) AS read,
                 (SELECT count(*) FROM (SELECT 1 FROM messages m
                     WHERE m.room = c.room AND m.number > coalesce(r.number, 0)
                         AND m.author <> $1 AND NOT m.deleted LIMIT $2) AS counted) AS unread
             FROM message_counters c
             LEFT JOIN read_marks r ON r.room = c.room AND r.member = $1 ",
            $which
        )
    };
}

impl Db {
    /// Where a room's timeline stands for somebody.
    pub async fn talk_summary(&self, room: RoomCode, member: UserId) -> Result<TalkSummary, DbError> {
        let mut tx = self.snapshot().await?;
        let row: Option<SummaryRow> =
            within!(&mut tx, |conn| sqlx::query_as(select_summaries!("WHERE c.room = $3"))
                .bind(member.get())
                .bind(column(UNREAD_COUNTED))
                .bind(room.as_str())
                .fetch_optional(conn))?;
        let Some(row) = row else { return Ok(TalkSummary::default()) };
        let marks: Vec<(i64, i64)> = within!(&mut tx, |conn| {
            sqlx::query_as("SELECT member, number FROM read_marks WHERE room = $1 ORDER BY member")
                .bind(room.as_str())
                .fetch_all(conn)
        })?;
        let marks = marks.into_iter().map(|(member, read)| {
            Ok((user_id(member, "read_marks.member")?, number(read, "read_marks.number")?))
        });
        row.summary(marks.collect::<Result<_, DbError>>()?)
    }

    /// Where the timelines of all rooms stand that somebody belongs to, as far as anything was written in them. At most `limit` rooms,
    /// the newest.
    pub async fn talk_summaries(
        &self,
        member: UserId,
        limit: usize,
    ) -> Result<Vec<(RoomCode, TalkSummary)>, DbError> {
        let rows: Vec<SummaryRow> = run!(self, |pool| sqlx::query_as(select_summaries!(
            "WHERE c.room IN (SELECT b.room FROM room_members b JOIN rooms o ON o.code = b.room
                 WHERE b.member = $1 AND b.standing IN ('here', 'away')
                 ORDER BY o.created_at DESC, o.code LIMIT $3)"
        ))
        .bind(member.get())
        .bind(column(UNREAD_COUNTED))
        .bind(column(limit as u64))
        .fetch_all(pool))?;
        let summary =
            |row: SummaryRow| Ok((room_code(&row.room, "message_counters.room")?, row.summary(Vec::new())?));
        rows.into_iter().map(summary).collect()
    }
}

/// Moves a member's mark forward.
pub(super) async fn read_up_to(
    db: &Db,
    room: RoomCode,
    member: UserId,
    wanted: u64,
) -> Result<TalkDone, TalkError> {
    let mut tx = db.begin().await?;
    if !may_write(&mut tx, member).await? {
        return Err(TalkRefusal::NotAllowed.into());
    }
    let last: Option<i64> = within!(&mut tx, |conn| sqlx::query_scalar(
        "SELECT last_number FROM message_counters WHERE room = $1"
    )
    .bind(room.as_str())
    .fetch_optional(conn))?;
    if wanted > number(last.unwrap_or_default(), "message_counters.last_number")? {
        return Err(TalkRefusal::invalid("number", "is above the last message's").into());
    }
    let moved = wanted > 0 && move_mark(&mut tx, room, member, column(wanted)).await?;
    tx.commit().await?;
    Ok(TalkDone { message: None, read: moved.then_some((member, wanted)), changed: false })
}

/// Says whether it was before this number.
pub(super) async fn move_mark(
    tx: &mut Tx,
    room: RoomCode,
    member: UserId,
    number: i64,
) -> Result<bool, DbError> {
    let moved: u64 = within!(tx, |conn| sqlx::query(
        "INSERT INTO read_marks (room, member, number) VALUES ($1, $2, $3)
         ON CONFLICT (room, member) DO UPDATE SET number = excluded.number
         WHERE read_marks.number < excluded.number"
    )
    .bind(room.as_str())
    .bind(member.get())
    .bind(number)
    .execute(conn)
    .map_ok(|done| done.rows_affected()))?;
    Ok(moved > 0)
}
