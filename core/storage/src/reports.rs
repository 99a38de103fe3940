//! What people say against rooms that anybody can find, and what an operator does about it.

use chrono::{DateTime, Utc};
use futures::TryFutureExt;
use sovpalo_domain::ids::{RoomCode, Timestamp, UserId};

use super::{
    Db, DbError,
    column::{count, limit as rows, moment, plain, room_code, timestamp},
    run, within,
};

/// A room keeps so many reports that no operator has seen to; what more people say is taken and not kept.
pub const REPORTS_PER_ROOM: usize = 100;

/// What somebody says against a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub room: RoomCode,
    pub reporter: UserId,
    pub reason: String,
    pub at: Timestamp,
}

/// A room against which something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedRoom {
    pub room: RoomCode,
    pub name: String,
    /// Whether nobody can find it any more.
    pub hidden: bool,
    /// How many people said something that no operator has seen to.
    pub reports: u32,
    /// What was said last.
    pub last_reason: String,
    pub last_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Reported {
    room: String,
    name: String,
    hidden: bool,
    reports: i64,
    last_reason: String,
    last_at: DateTime<Utc>,
}

impl Reported {
    fn room(self) -> Result<ReportedRoom, DbError> {
        Ok(ReportedRoom {
            room: room_code(&self.room, "room_reports.room")?,
            name: self.name,
            hidden: self.hidden,
            reports: count(self.reports, "room_reports")?,
            last_reason: self.last_reason,
            last_at: timestamp(self.last_at),
        })
    }
}

impl Db {
    /// Keeps a report; a later one of the same person takes its place. `false`: SQL does not know the room.
    pub async fn report_room(&self, report: &Report) -> Result<bool, DbError> {
        let mut tx = self.begin().await?;
        let known: Option<i64> = within!(&mut tx, |conn| {
            sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM room_reports p
                 WHERE p.room = r.code AND p.reporter <> $2 AND NOT p.settled) FROM rooms r WHERE r.code = $1"
        )
        .bind(report.room.as_str())
        .bind(report.reporter.get())
        .fetch_optional(conn)
        })?;
        let Some(others) = known else { return Ok(false) };
        if others >= rows(REPORTS_PER_ROOM) {
            return Ok(true);
        }
        within!(&mut tx, |conn| sqlx::query(
            "INSERT INTO room_reports (room, reporter, reason, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (room, reporter) DO UPDATE SET
                 reason = excluded.reason, at = excluded.at, settled = FALSE"
        )
        .bind(report.room.as_str())
        .bind(report.reporter.get())
        .bind(plain(&report.reason))
        .bind(moment(report.at))
        .execute(conn)
        .map_ok(drop))?;
        tx.commit().await?;
        Ok(true)
    }

    /// The rooms with reports that no operator has seen to, the most reported first.
    pub async fn reported_rooms(&self, limit: usize) -> Result<Vec<ReportedRoom>, DbError> {
        let reported: Vec<Reported> = run!(self, |pool| sqlx::query_as(
            "SELECT r.code AS room, r.name, r.hidden, n.reports, p.reason AS last_reason, p.at AS last_at
             FROM (SELECT room, count(*) AS reports, max(at) AS last FROM room_reports
                 WHERE NOT settled GROUP BY room) n
             JOIN rooms r ON r.code = n.room
             JOIN room_reports p ON p.room = n.room AND p.reporter = (SELECT min(q.reporter)
                 FROM room_reports q WHERE q.room = n.room AND q.at = n.last AND NOT q.settled)
             ORDER BY n.reports DESC, n.last DESC, r.code LIMIT $1"
        )
        .bind(rows(limit))
        .fetch_all(pool))?;
        reported.into_iter().map(Reported::room).collect()
    }

    /// Takes a room from among those that anybody can find, or puts it back. Its reports are seen to with that. `false`: SQL does not know it.
    pub async fn hide_room(&self, room: RoomCode, hidden: bool) -> Result<bool, DbError> {
        let mut tx = self.begin().await?;
        let found: Option<String> = within!(&mut tx, |conn| sqlx::query_scalar(
            "UPDATE rooms SET hidden = $2 WHERE code = $1 RETURNING code"
        )
        .bind(room.as_str())
        .bind(hidden)
        .fetch_optional(conn))?;
        within!(&mut tx, |conn| sqlx::query("UPDATE room_reports SET settled = TRUE WHERE room = $1")
            .bind(room.as_str())
            .execute(conn)
            .map_ok(drop))?;
        tx.commit().await?;
        Ok(found.is_some())
    }
}
