//! How far everybody has read, and what that leaves unread.

use std::collections::{BTreeSet, HashMap};

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    talk::TalkRefusal,
};
use sqlx::QueryBuilder;

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
    member: i64,
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

#[derive(sqlx::FromRow)]
struct MarkRow {
    room: String,
    member: i64,
    number: i64,
}

impl MarkRow {
    fn mark(&self) -> Result<(UserId, u64), DbError> {
        Ok((user_id(self.member, "read_marks.member")?, number(self.number, "read_marks.number")?))
    }
}

/// Goes on after `WITH asked (room, member) AS (…)`: selects a [`SummaryRow`] for each of them whose room has a timeline.
fn push_summaries<D: sqlx::Database>(select: &mut QueryBuilder<D>) {
    select
        .push(
            " SELECT a.room, a.member, c.last_number, c.last_change, coalesce(r.number, 0) AS read,
                 (SELECT count(*) FROM (SELECT 1 FROM messages m
                     WHERE m.room = a.room AND m.number > coalesce(r.number, 0)
                         AND m.author <> a.member AND NOT m.deleted LIMIT ",
        )
        .push(UNREAD_COUNTED)
        .push(
            ") AS counted) AS unread
             FROM asked a
             JOIN message_counters c ON c.room = a.room
             LEFT JOIN read_marks r ON r.room = a.room AND r.member = a.member",
        );
}

impl Db {
    /// Where a room's timeline stands for somebody.
    pub async fn talk_summary(&self, room: RoomCode, member: UserId) -> Result<TalkSummary, DbError> {
        let summaries = self.talk_summaries_of(&[(room, member)]).await?;
        Ok(summaries.into_iter().next().unwrap_or_default())
    }

    /// Where timelines stand, each for somebody, as of one moment: one answer for each question, in their order.
    pub async fn talk_summaries_of(&self, asked: &[(RoomCode, UserId)]) -> Result<Vec<TalkSummary>, DbError> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        // A statement is kept for the usual question: one.
        let persistent = asked.len() == 1;
        let rooms: BTreeSet<&str> = asked.iter().map(|(room, _)| room.as_str()).collect();
        let mut tx = self.snapshot().await?;
        let rows: Vec<SummaryRow> = within!(&mut tx, async |conn| {
            let mut select = QueryBuilder::new("WITH asked (room, member) AS (");
            select.push_values(asked, |mut pair, (room, member)| {
                pair.push_bind(room.as_str()).push_bind(member.get());
            });
            select.push(")");
            push_summaries(&mut select);
            select.build_query_as().persistent(persistent).fetch_all(conn).await
        })?;
        let marks: Vec<MarkRow> = if rows.is_empty() {
            Vec::new()
        } else {
            within!(&mut tx, async |conn| {
                let mut select =
                    QueryBuilder::new("SELECT room, member, number FROM read_marks WHERE room IN (");
                let mut places = select.separated(", ");
                for room in &rooms {
                    places.push_bind(*room);
                }
                select.push(") ORDER BY member");
                select.build_query_as().persistent(persistent).fetch_all(conn).await
            })?
        };
        let mut marks_of: HashMap<&str, Vec<(UserId, u64)>> = HashMap::new();
        for row in &marks {
            marks_of.entry(&row.room).or_default().push(row.mark()?);
        }
        let rows: HashMap<(&str, i64), &SummaryRow> =
            rows.iter().map(|row| ((row.room.as_str(), row.member), row)).collect();
        let summary = |(room, member): &(RoomCode, UserId)| {
            let Some(row) = rows.get(&(room.as_str(), member.get())) else {
                return Ok(TalkSummary::default());
            };
            row.summary(marks_of.get(room.as_str()).cloned().unwrap_or_default())
        };
        asked.iter().map(summary).collect()
    }

    /// Where the timelines of all rooms stand that somebody belongs to, as far as anything was written in them. At most `limit` rooms,
    /// the newest.
    pub async fn talk_summaries(
        &self,
        member: UserId,
        limit: usize,
    ) -> Result<Vec<(RoomCode, TalkSummary)>, DbError> {
        let rows: Vec<SummaryRow> = run!(self, |pool| async {
            let mut select = QueryBuilder::new(
                "WITH asked (room, member) AS (
                 SELECT b.room, b.member FROM room_members b JOIN rooms o ON o.code = b.room
                 WHERE b.member = ",
            );
            select
                .push_bind(member.get())
                .push(" AND b.standing IN ('here', 'away') ORDER BY o.created_at DESC, o.code LIMIT ")
                .push_bind(column(limit as u64))
                .push(")");
            push_summaries(&mut select);
            select.build_query_as().fetch_all(pool).await
        })?;
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
