//! Enqueuing: by itself, or in the transaction of what a job follows from.

use sovpalo_domain::ids::{Timestamp, UserId};
use sqlx::QueryBuilder;

use super::{Jobs, NewJob};
use crate::{
    DbError, Tx,
    column::{moment, plain},
    run, within,
};

/// Rows in one statement: with eight values each, far below what either database takes.
const BATCH: usize = 500;

/// What becomes of a job that is enqueued and was already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Nothing, done or not.
    Never,
    /// It is due once more.
    Always,
}

const ENQUEUE: &str =
    "INSERT INTO jobs (kind, key, lane, position, member, payload, enqueued_at, due_at) VALUES ";
const NEVER_AGAIN: &str = " ON CONFLICT (kind, key) DO NOTHING";
const ALWAYS_AGAIN: &str = " ON CONFLICT (kind, key) DO UPDATE SET
         revision = jobs.revision + 1, payload = excluded.payload, enqueued_at = excluded.enqueued_at,
         attempts = CASE WHEN jobs.done THEN 0 ELSE jobs.attempts END, done = FALSE, given_up = FALSE,
         due_at = CASE WHEN jobs.done THEN excluded.due_at ELSE jobs.due_at END";

impl Jobs<'_> {
    /// Enqueues a job by itself; says whether it was new.
    pub(crate) async fn enqueue(self, job: NewJob, now: Timestamp) -> Result<bool, DbError> {
        let new: Option<i64> = run!(self.db, |pool| sqlx::query_scalar(
            "INSERT INTO jobs (kind, key, lane, position, member, payload, enqueued_at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (kind, key) DO NOTHING RETURNING id",
        )
        .bind(job.kind.name())
        .bind(plain(&job.key))
        .bind(plain(&job.lane))
        .bind(job.position)
        .bind(job.member.map(UserId::get))
        .bind(plain(&job.payload))
        .bind(moment(now))
        .fetch_optional(pool))?;
        self.say_news();
        Ok(new.is_some())
    }
}

impl Tx {
    /// Enqueues jobs within this transaction. After the commit the caller wakes the workers with [`Jobs::say_news`].
    pub(crate) async fn enqueue(
        &mut self,
        jobs: &[NewJob],
        again: Again,
        now: Timestamp,
    ) -> Result<(), DbError> {
        for batch in jobs.chunks(BATCH) {
            within!(&mut *self, async |conn| {
                let mut insert = QueryBuilder::new(ENQUEUE);
                let mut first = true;
                for job in batch {
                    insert.push(if first { "(" } else { ", (" });
                    first = false;
                    let mut row = insert.separated(", ");
                    row.push_bind(job.kind.name())
                        .push_bind(plain(&job.key))
                        .push_bind(plain(&job.lane))
                        .push_bind(job.position)
                        .push_bind(job.member.map(UserId::get))
                        .push_bind(plain(&job.payload))
                        .push_bind(moment(now))
                        .push_bind(moment(now))
                        .push_unseparated(")");
                }
                insert.push(match again {
                    Again::Never => NEVER_AGAIN,
                    Again::Always => ALWAYS_AGAIN,
                });
                // One alone is usual, and then always the same statement.
                insert.build().persistent(batch.len() == 1).execute(conn).await.map(drop)
            })?;
        }
        Ok(())
    }
}
