//! The queue: what is to be done later, by whichever process comes first, in one table for all kinds of it.
//!
//! What it promises:
//! - A job is known by its kind and key. Enqueuing it again adds nothing, also when it is done ([`Again::Never`]), or makes it due once
//!   more ([`Again::Always`]); if somebody is at work on it meanwhile, it stays due.
//! - A job is enqueued in the caller's transaction, or in one of its own: it is there if and only if what it follows from is.
//! - Jobs of one lane are done one after the other and in their order, those of different lanes beside each other: one slow chat holds
//!   up nobody.
//! - Whoever works takes jobs with a [`Lease`]. A crash before [`Jobs::done`] brings the job again when the lease has ended: each is
//!   done at least once.
//! - A job that is done keeps its key and loses its payload. One that is [given up](Jobs::give_up) keeps both for a while.

mod enqueue;
mod job;
mod kind;

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::Timestamp;
use sqlx::QueryBuilder;

pub(super) use self::{
    enqueue::Again,
    job::{Job, NewJob},
};
pub use self::{job::Taken, kind::Kind};
use super::{
    Db, DbError, Lease, Tx, Worker,
    column::{ago, limit as rows, moment},
    lease::push_ids,
    run, within,
};

/// How long a process waits for news of its own before it looks for what other processes enqueued.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How many jobs of a kind there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Not done yet, in work or not.
    pub waiting: u64,
    /// In work: some worker's.
    pub in_work: u64,
    /// Given up, and kept for whoever looks.
    pub given_up: u64,
}

// The heads of lanes. Nobody waits for a row that another worker is taking: it is skipped.
const TAKE_POSTGRES: &str = "WITH heads AS MATERIALIZED (
         SELECT head.id FROM jobs head
         WHERE head.kind = $5 AND NOT head.done AND head.due_at <= $1 AND head.leased_until <= $1 AND NOT EXISTS (
             SELECT 1 FROM jobs other
             WHERE other.kind = head.kind AND other.lane = head.lane AND NOT other.done
                 AND ((other.position, other.id) < (head.position, head.id) OR other.leased_until > $1))
         ORDER BY head.due_at, head.position, head.id LIMIT $4 FOR UPDATE OF head SKIP LOCKED)
     UPDATE jobs SET leased_by = $3, leased_until = $2, taken = revision, attempts = attempts + 1
     FROM heads WHERE jobs.id = heads.id
     RETURNING jobs.id, jobs.position, jobs.payload, jobs.attempts";
// SQLite has one writer at a time.
const TAKE_SQLITE: &str = "UPDATE jobs SET leased_by = $3, leased_until = $2, taken = revision, attempts = attempts + 1
     WHERE id IN (
         SELECT head.id FROM jobs head
         WHERE head.kind = $5 AND NOT head.done AND head.due_at <= $1 AND head.leased_until <= $1 AND NOT EXISTS (
             SELECT 1 FROM jobs other
             WHERE other.kind = head.kind AND other.lane = head.lane AND NOT other.done
                 AND ((other.position, other.id) < (head.position, head.id) OR other.leased_until > $1))
         ORDER BY head.due_at, head.position, head.id LIMIT $4)
     RETURNING id, position, payload, attempts";

impl Db {
    /// The queue of one kind.
    pub fn jobs(&self, kind: Kind) -> Jobs<'_> {
        Jobs { db: self, kind }
    }
}

/// The queue of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Jobs<'a> {
    pub(super) db: &'a Db,
    kind: Kind,
}

impl Jobs<'_> {
    /// Takes the heads of lanes that are due, at most `limit`, those that are due longest; they come back in the order in which they
    /// were enqueued. Who takes renews the lease until the job is done.
    pub async fn take(self, limit: usize, lease: Lease) -> Result<Vec<Taken>, DbError> {
        let take = match self.db {
            Db::Postgres(_) => TAKE_POSTGRES,
            Db::Sqlite(_) => TAKE_SQLITE,
        };
        let mut taken: Vec<Taken> = run!(self.db, |pool| sqlx::query_as(take)
            .bind(moment(lease.now))
            .bind(moment(lease.until()))
            .bind(lease.by.number())
            .bind(rows(limit))
            .bind(self.kind.name())
            .fetch_all(pool))?;
        taken.sort_unstable_by_key(|job| (job.position, job.id));
        Ok(taken)
    }

    /// Takes all that wait in the lanes from `first` and before `end`, due or not, which are then the worker's; but nothing that comes after
    /// what another worker has. That they are taken together is no try of its own.
    pub(super) async fn take_between(
        self,
        first: &str,
        end: &str,
        lease: Lease,
    ) -> Result<Vec<Taken>, DbError> {
        let mut taken: Vec<Taken> = run!(self.db, |pool| {
            sqlx::query_as(
            "UPDATE jobs SET leased_by = $4, leased_until = $5, taken = revision
             WHERE kind = $1 AND lane >= $2 AND lane < $3 AND NOT done AND (leased_until <= $6 OR leased_by = $4)
                 AND NOT EXISTS (
                     SELECT 1 FROM jobs earlier
                     WHERE earlier.kind = jobs.kind AND earlier.lane = jobs.lane AND NOT earlier.done
                         AND (earlier.position, earlier.id) < (jobs.position, jobs.id)
                         AND earlier.leased_until > $6 AND earlier.leased_by IS DISTINCT FROM $4)
             RETURNING id, position, payload, attempts + 1 AS attempts",
        )
        .bind(self.kind.name())
        .bind(first)
        .bind(end)
        .bind(lease.by.number())
        .bind(moment(lease.until()))
        .bind(moment(lease.now))
        .fetch_all(pool)
        })?;
        taken.sort_unstable_by_key(|job| (job.position, job.id));
        Ok(taken)
    }

    /// Renews the leases of these, as far as they are still the worker's.
    pub async fn renew(self, ids: &[i64], lease: Lease) -> Result<(), DbError> {
        if ids.is_empty() {
            return Ok(());
        }
        run!(self.db, |pool| async {
            let mut renew = QueryBuilder::new("UPDATE jobs SET leased_until = ");
            renew.push_bind(moment(lease.until()));
            renew.push(" WHERE leased_by = ").push_bind(lease.by.number()).push(" AND id IN (");
            push_ids(&mut renew, ids);
            renew.build().persistent(false).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// Whether it is still to be done.
    pub async fn waits(self, id: i64) -> Result<bool, DbError> {
        let done: Option<bool> =
            run!(self.db, |pool| sqlx::query_scalar("SELECT done FROM jobs WHERE id = $1")
                .bind(id)
                .fetch_optional(pool))?;
        Ok(done == Some(false))
    }

    /// These are done, or need not be any more: all of them, or none; also those that were done together with one that was taken. One
    /// that was enqueued again since it was taken is due at once.
    pub async fn done(self, ids: &[i64]) -> Result<(), DbError> {
        if ids.is_empty() {
            return Ok(());
        }
        run!(self.db, |pool| async {
            let mut done = QueryBuilder::new(
                "UPDATE jobs SET done = (taken IN (revision, 0)),
                     payload = CASE WHEN taken IN (revision, 0) THEN NULL ELSE payload END,
                     due_at = enqueued_at, attempts = 0, leased_by = NULL, leased_until = ",
            );
            done.push_bind(moment(Timestamp::default())).push(" WHERE NOT done AND id IN (");
            push_ids(&mut done, ids);
            done.build().persistent(ids.len() == 1).execute(pool).await.map(drop)
        })?;
        self.say_news();
        Ok(())
    }

    /// This is done, or need not be any more.
    pub async fn done_one(self, id: i64) -> Result<(), DbError> {
        self.done(&[id]).await
    }

    /// It failed; try again then.
    pub async fn again(self, id: i64, at: Timestamp) -> Result<(), DbError> {
        self.put_back(id, at, 0).await
    }

    /// Its turn has not come; try again then. That was no failure, and is not counted as one.
    pub async fn waits_until(self, id: i64, at: Timestamp) -> Result<(), DbError> {
        self.put_back(id, at, 1).await
    }

    async fn put_back(self, id: i64, at: Timestamp, uncounted: i64) -> Result<(), DbError> {
        run!(self.db, |pool| {
            sqlx::query(
                "UPDATE jobs SET due_at = $2, leased_by = NULL, leased_until = $3,
                     attempts = CASE WHEN attempts > $4 THEN attempts - $4 ELSE 0 END
                 WHERE id = $1 AND NOT done",
            )
            .bind(id)
            .bind(moment(at))
            .bind(moment(Timestamp::default()))
            .bind(uncounted)
            .execute(pool)
            .map_ok(drop)
        })?;
        Ok(())
    }

    /// It cannot be done, and is not tried again, nor holds up its lane. It counts as [given up](Depth::given_up) until it is
    /// [forgotten](Jobs::forget_given_up). One that was enqueued again since it was taken is due at once.
    pub async fn give_up(self, id: i64) -> Result<(), DbError> {
        run!(self.db, |pool| {
            sqlx::query(
                "UPDATE jobs SET done = (revision = taken), given_up = (revision = taken), due_at = enqueued_at,
                     attempts = CASE WHEN revision = taken THEN attempts ELSE 0 END,
                     leased_by = NULL, leased_until = $2
                 WHERE id = $1 AND NOT done",
            )
            .bind(id)
            .bind(moment(Timestamp::default()))
            .execute(pool)
            .map_ok(drop)
        })?;
        self.say_news();
        Ok(())
    }

    /// A worker ends: what it has taken and not done is anybody's.
    pub async fn release(self, worker: Worker) -> Result<(), DbError> {
        run!(self.db, |pool| {
            sqlx::query(
                "UPDATE jobs SET leased_by = NULL, leased_until = $3
                 WHERE kind = $1 AND leased_by = $2 AND NOT done",
            )
            .bind(self.kind.name())
            .bind(worker.number())
            .bind(moment(Timestamp::default()))
            .execute(pool)
            .map_ok(drop)
        })?;
        self.say_news();
        Ok(())
    }

    /// How many there are.
    pub async fn depth(self) -> Result<Depth, DbError> {
        let waiting: i64 = run!(self.db, |pool| {
            sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE kind = $1 AND NOT done")
                .bind(self.kind.name())
                .fetch_one(pool)
        })?;
        let in_work: i64 = run!(self.db, |pool| {
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM jobs WHERE kind = $1 AND NOT done AND leased_by IS NOT NULL",
            )
            .bind(self.kind.name())
            .fetch_one(pool)
        })?;
        let given_up: i64 = run!(self.db, |pool| {
            sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE kind = $1 AND given_up")
                .bind(self.kind.name())
                .fetch_one(pool)
        })?;
        let [waiting, in_work, given_up] = [waiting, in_work, given_up].map(i64::unsigned_abs);
        Ok(Depth { waiting, in_work, given_up })
    }

    /// Forgets those that are done and were enqueued longer ago, keys and all: enqueued again they are new. Says how many.
    pub async fn forget_done(self, kept: Duration, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self.db, |pool| {
            sqlx::query("DELETE FROM jobs WHERE kind = $1 AND done AND enqueued_at < $2")
                .bind(self.kind.name())
                .bind(ago(kept, now))
                .execute(pool)
                .map_ok(|done| done.rows_affected())
        })?)
    }

    /// Makes those that were given up and enqueued longer ago like all that are done: their keys stay. Says how many.
    pub async fn forget_given_up(self, kept: Duration, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self.db, |pool| {
            sqlx::query(
                "UPDATE jobs SET given_up = FALSE, payload = NULL
                 WHERE kind = $1 AND given_up AND enqueued_at < $2",
            )
            .bind(self.kind.name())
            .bind(ago(kept, now))
            .execute(pool)
            .map_ok(|done| done.rows_affected())
        })?)
    }

    /// Waits until there may be jobs to take: this process enqueued or finished some, or a second has passed. One waiter of a process
    /// is woken by each.
    pub async fn changed(self) {
        let _ = tokio::time::timeout(LOOK_EVERY, self.kind.news().notified()).await;
    }

    /// This process may have made some due. It only saves time: who waits looks anyway.
    pub(super) fn say_news(self) {
        self.kind.news().notify_one();
    }
}

impl Tx {
    /// A job is done, whatever came since it was taken.
    pub(super) async fn job_done(&mut self, id: i64) -> Result<(), DbError> {
        within!(self, |conn| sqlx::query(
            "UPDATE jobs SET done = TRUE, payload = NULL, leased_by = NULL WHERE id = $1 AND NOT done"
        )
        .bind(id)
        .execute(conn)
        .map_ok(drop))?;
        Ok(())
    }
}
