//! Which rooms somebody who erased themselves has still to be taken out of, and what SQL itself remembers of a room's typed titles.
//!
//! A row of `room_erasures` is written in the same transaction in which somebody is erased, and goes when their room's log is
//! without them: whatever is away in between, it is done when that is back.

use chrono::{DateTime, Utc};
use futures::TryFutureExt;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::Room,
    talk::Message,
};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, SessionId, Tx,
    column::{limit as rows, moment, room_code, timestamp, user_id},
    lease::FEW_PEOPLE,
    messages, run, sessions, stats, updates, within,
};

/// Rows in one statement.
const BATCH: usize = 500;

/// Somebody has to be taken out of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Which room.
    pub room: RoomCode,
    pub member: UserId,
    /// When they erased themselves.
    pub at: Timestamp,
}

/// What was left of somebody who was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The rooms they ever were in.
    pub rooms: Vec<RoomCode>,
    /// Their sessions, which have ended with this.
    pub sessions: Vec<SessionId>,
    /// The rooms in whose timelines something of theirs was blanked, each with the message that changed last.
    pub blanked: Vec<(RoomCode, Message)>,
}

#[derive(sqlx::FromRow)]
struct ErasureRow {
    room: String,
    member: i64,
    erased_at: DateTime<Utc>,
}

impl ErasureRow {
    fn erasure(&self) -> Result<Erasure, DbError> {
        Ok(Erasure {
            room: room_code(&self.room, "room_erasures.room")?,
            member: user_id(self.member, "room_erasures.member")?,
            at: timestamp(self.erased_at),
        })
    }
}

impl Db {
    /// Forgets somebody: who they are, what they marked, what they picked, what they were to be told, from where
    /// they came. Their sessions end. The rooms they ever were in keep a nameless place of theirs, also if an older
    /// log is projected later. Their logs, and those of the rooms that are `held` somewhere, are [due](Db::due_erasures) from now on.
    pub async fn erase_user(&self, id: UserId, held: &[RoomCode], now: Timestamp) -> Result<Erased, DbError> {
        let mut tx = self.begin().await?;
        let at: DateTime<Utc> = moment(now);
        lock(&mut tx, id).await?;
        within!(&mut tx, |conn| sqlx::query(
            "INSERT INTO erased_users (id, erased_at) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET erased_at = excluded.erased_at"
        )
        .bind(id.get())
        .bind(at)
        .execute(conn)
        .map_ok(drop))?;
        begin(&mut tx, id, held, now).await?;
        forget_texts(&mut tx, id).await?;
        let rooms: Vec<String> = within!(&mut tx, |conn| {
            sqlx::query_scalar(
                "UPDATE room_members SET name = '', photo_url = NULL, picks = '[]'
             WHERE member = $1 RETURNING room",
            )
            .bind(id.get())
            .fetch_all(conn)
        })?;
        updates::forget_from(&mut tx, id).await?;
        let sessions = sessions::end_all_of(&mut tx, id, None, now).await?;
        for statement in [
            // Their keys name them.
            "DELETE FROM jobs WHERE kind = 'notice' AND member = $1",
            "DELETE FROM room_mutes WHERE member = $1",
            "DELETE FROM room_faces WHERE member = $1",
            "DELETE FROM private_messages WHERE member = $1",
            "DELETE FROM room_reports WHERE reporter = $1",
            "DELETE FROM user_titles WHERE user_id = $1",
            "DELETE FROM users WHERE id = $1",
        ] {
            within!(&mut tx, |conn| sqlx::query(statement).bind(id.get()).execute(conn).map_ok(drop))?;
        }
        for statement in stats::ERASE {
            within!(&mut tx, |conn| sqlx::query(statement).bind(id.get()).execute(conn).map_ok(drop))?;
        }
        let blanked = messages::erase(&mut tx, id).await?;
        tx.commit().await?;
        let rooms =
            rooms.iter().map(|code| room_code(code, "room_members.room")).collect::<Result<_, _>>()?;
        Ok(Erased { rooms, sessions, blanked })
    }

    /// What is still to be done after that one (`None`: from the beginning), at most `limit`.
    pub async fn due_erasures(&self, after: Option<&Erasure>, limit: usize) -> Result<Vec<Erasure>, DbError> {
        let (room, member) = after.map_or(("", 0), |last| (last.room.as_str(), last.member.get()));
        let due: Vec<ErasureRow> = run!(self, |pool| sqlx::query_as(
            "SELECT room, member, erased_at FROM room_erasures
             WHERE room > $1 OR (room = $1 AND member > $2) ORDER BY room, member LIMIT $3"
        )
        .bind(room)
        .bind(member)
        .bind(rows(limit))
        .fetch_all(pool))?;
        due.iter().map(ErasureRow::erasure).collect()
    }

    /// Whether anybody has erased themselves since then.
    pub async fn erased_since(&self, then: Timestamp) -> Result<bool, DbError> {
        let newest: Option<DateTime<Utc>> = run!(self, |pool| sqlx::query_scalar(
            "SELECT erased_at FROM erased_users WHERE erased_at >= $1 LIMIT 1"
        )
        .bind(moment(then))
        .fetch_optional(pool))?;
        Ok(newest.is_some())
    }

    /// These have to be done as well.
    pub async fn note_erasures(&self, erasures: &[Erasure]) -> Result<(), DbError> {
        let mut tx = self.begin().await?;
        note(&mut tx, erasures).await?;
        tx.commit().await
    }

    /// It is done.
    pub async fn erasure_done(&self, done: &Erasure) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "DELETE FROM room_erasures WHERE room = $1 AND member = $2 AND erased_at <= $3"
        )
        .bind(done.room.as_str())
        .bind(done.member.get())
        .bind(moment(done.at))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// Which of these people have erased themselves and have not been seen since, and when.
    pub async fn erased_among(&self, people: &[UserId]) -> Result<Vec<(UserId, Timestamp)>, DbError> {
        let mut erased = Vec::new();
        for batch in people.chunks(BATCH) {
            let found: Vec<(i64, DateTime<Utc>)> = run!(self, |pool| async {
                let mut select = QueryBuilder::new("SELECT id, erased_at FROM erased_users WHERE id IN (");
                let mut ids = select.separated(", ");
                for person in batch {
                    ids.push_bind(person.get());
                }
                select.push(")");
                select.build_query_as().persistent(batch.len() <= FEW_PEOPLE).fetch_all(pool).await
            })?;
            for (id, at) in found {
                erased.push((user_id(id, "erased_users.id")?, timestamp(at)));
            }
        }
        Ok(erased)
    }

    /// Forgets what was typed in a room and is in it no more.
    pub async fn prune_texts(&self, room: &Room) -> Result<(), DbError> {
        let stored: Vec<String> =
            run!(self, |pool| sqlx::query_scalar("SELECT title FROM room_texts WHERE room = $1")
                .bind(room.code().as_str())
                .fetch_all(pool))?;
        let kept = |title: &String| room.texts().any(|text| text.id().as_str() == title);
        let gone: Vec<String> = stored.into_iter().filter(|title| !kept(title)).collect();
        for title in gone {
            run!(self, |pool| sqlx::query("DELETE FROM room_texts WHERE room = $1 AND title = $2")
                .bind(room.code().as_str())
                .bind(&title)
                .execute(pool)
                .map_ok(drop))?;
        }
        Ok(())
    }

    /// What a file keeps of rows that are gone: it is written over where they were, and the write-ahead log is emptied. PostgreSQL's own
    /// vacuum does the same in its time. `false`: somebody is reading; it has to be tried again.
    pub async fn leave_no_trace(&self) -> Result<bool, DbError> {
        match self {
            Self::Postgres(_) => Ok(true),
            Self::Sqlite(pool) => super::connect::empty_wal(pool).await,
        }
    }
}

/// Waits for projections that write somebody's rows, and makes later ones wait for the commit. SQLite has one writer at a time anyway.
async fn lock(tx: &mut Tx, id: UserId) -> Result<(), DbError> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT id FROM users WHERE id = $1 FOR UPDATE")
            .bind(id.get())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Somebody has to be taken out of every room they ever were in, and of these, which SQL may not have heard of.
async fn begin(tx: &mut Tx, member: UserId, held: &[RoomCode], now: Timestamp) -> Result<(), DbError> {
    let at = moment(now);
    within!(&mut *tx, |conn| sqlx::query(
        "INSERT INTO room_erasures (room, member, erased_at)
         SELECT room, member, $2 FROM room_members WHERE member = $1
         ON CONFLICT (room, member) DO UPDATE SET erased_at = excluded.erased_at"
    )
    .bind(member.get())
    .bind(at)
    .execute(conn)
    .map_ok(drop))?;
    let held: Vec<Erasure> = held.iter().map(|room| Erasure { room: *room, member, at: now }).collect();
    note(tx, &held).await
}

async fn note(tx: &mut Tx, erasures: &[Erasure]) -> Result<(), DbError> {
    for batch in erasures.chunks(BATCH) {
        within!(&mut *tx, async |conn| {
            let mut insert = QueryBuilder::new("INSERT INTO room_erasures (room, member, erased_at) ");
            insert.push_values(batch, |mut row, erasure| {
                row.push_bind(erasure.room.as_str())
                    .push_bind(erasure.member.get())
                    .push_bind(moment(erasure.at));
            });
            insert.push(" ON CONFLICT (room, member) DO UPDATE SET erased_at = excluded.erased_at");
            insert.build().persistent(false).execute(conn).await.map(drop)
        })?;
    }
    Ok(())
}

/// What somebody typed goes from the rooms they ever were in, unless another one picks it there or it has matched. Ids of titles need no
/// escaping in JSON.
async fn forget_texts(tx: &mut Tx, member: UserId) -> Result<(), DbError> {
    within!(tx, |conn| {
        sqlx::query(
        r#"DELETE FROM room_texts WHERE room IN (SELECT room FROM room_members WHERE member = $1)
             AND NOT EXISTS (SELECT 1 FROM room_matches f WHERE f.room = room_texts.room AND f.title = room_texts.title)
             AND NOT EXISTS (SELECT 1 FROM room_members o WHERE o.room = room_texts.room AND o.member <> $1
                 AND CAST(o.picks AS TEXT) LIKE '%"' || room_texts.title || '"%')"#
    )
    .bind(member.get())
    .execute(conn)
    .map_ok(drop)
    })?;
    Ok(())
}
