//! Telegram's updates: stored before they are acknowledged, handled at least once, in order within each lane.
//!
//! A lane is a chat, or whoever sent what belongs to none. Of each lane only the oldest update that is not done can be
//! claimed, and only while no other of its lane is in work, by whatever process: that is all the order there is, and
//! nobody waits for another lane. An update is claimed with a [`Lease`].

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::Timestamp;
use sqlx::QueryBuilder;
use tokio::sync::Notify;

use super::{
    Db, DbError, Lease, Worker,
    column::{ago, limit as rows, moment, plain},
    lease::push_ids,
    run,
};

/// Rung when this process stored an update or finished one, so that a lane may have a new head. It only saves time:
/// who waits looks anyway after a second, and finds what other processes left.
static BELL: Notify = Notify::const_new();

/// An update that is the claimant's to handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Telegram's `update_id`.
    pub id: i64,
    /// All of it, as JSON.
    pub payload: String,
}

impl Db {
    /// Stores an update, which is JSON; says whether it is new. Telegram sends again what it is not sure about.
    pub async fn store_update(
        &self,
        id: i64,
        lane: i64,
        payload: &str,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let new: Option<i64> = run!(self, |pool| sqlx::query_scalar(
            "INSERT INTO updates (id, lane, payload, received_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING RETURNING id",
        )
        .bind(id)
        .bind(lane)
        // As text: JSONB refuses a NUL inside a string, even an escaped one.
        .bind(plain(payload))
        .bind(moment(now))
        .fetch_optional(pool))?;
        BELL.notify_one();
        Ok(new.is_some())
    }

    /// Claims the heads of lanes, the oldest first, at most `limit`. Who claims renews the lease until the update is
    /// done.
    pub async fn claim_updates(&self, limit: usize, lease: Lease) -> Result<Vec<Update>, DbError> {
        // The condition on the lease stands twice: where two workers choose the same rows, the second one waits for
        // the first and then finds them taken.
        let mut claimed: Vec<(i64, String)> = run!(self, |pool| sqlx::query_as(
            "UPDATE updates SET leased_by = $3, leased_until = $2
             WHERE payload IS NOT NULL AND leased_until <= $1 AND id IN (
                 SELECT head.id FROM updates head
                 WHERE head.payload IS NOT NULL AND head.leased_until <= $1 AND NOT EXISTS (
                     SELECT 1 FROM updates other
                     WHERE other.lane = head.lane AND other.payload IS NOT NULL
                         AND (other.id < head.id OR other.leased_until > $1))
                 ORDER BY head.id LIMIT $4)
             RETURNING id, payload",
        )
        .bind(moment(lease.now))
        .bind(moment(lease.until()))
        .bind(lease.by.number())
        .bind(rows(limit))
        .fetch_all(pool))?;
        claimed.sort_unstable_by_key(|(id, _)| *id);
        Ok(claimed.into_iter().map(|(id, payload)| Update { id, payload }).collect())
    }

    /// Renews the leases of these updates, as far as they are still the worker's.
    pub async fn renew_updates(&self, ids: &[i64], lease: Lease) -> Result<(), DbError> {
        run!(self, |pool| async {
            let mut renew = QueryBuilder::new("UPDATE updates SET leased_until = ");
            renew.push_bind(moment(lease.until()));
            renew.push(" WHERE leased_by = ").push_bind(lease.by.number()).push(" AND id IN (");
            push_ids(&mut renew, ids);
            renew.build().persistent(false).execute(pool).await.map(drop)
        })?;
        Ok(())
    }

    /// An update was handled. Its id stays, so that it is not handled twice; what people said in it does not.
    pub async fn update_done(&self, id: i64) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query("UPDATE updates SET payload = NULL WHERE id = $1")
            .bind(id)
            .execute(pool)
            .map_ok(drop))?;
        BELL.notify_one();
        Ok(())
    }

    /// A worker ends: what it has claimed and not done is anybody's.
    pub async fn release_updates(&self, worker: Worker) -> Result<(), DbError> {
        run!(self, |pool| {
            sqlx::query(
            "UPDATE updates SET leased_by = NULL, leased_until = $2 WHERE leased_by = $1 AND payload IS NOT NULL"
        )
        .bind(worker.number())
        .bind(moment(Timestamp::default()))
        .execute(pool)
        .map_ok(drop)
        })?;
        BELL.notify_one();
        Ok(())
    }

    /// How many updates are not done, by anybody.
    pub async fn updates_waiting(&self) -> Result<u64, DbError> {
        let waiting: i64 =
            run!(self, |pool| sqlx::query_scalar("SELECT COUNT(*) FROM updates WHERE payload IS NOT NULL")
                .fetch_one(pool))?;
        Ok(waiting.unsigned_abs())
    }

    /// Forgets the updates that are done and came longer ago. Says how many.
    pub async fn sweep_updates(&self, kept: Duration, now: Timestamp) -> Result<u64, DbError> {
        let swept =
            run!(self, |pool| sqlx::query("DELETE FROM updates WHERE payload IS NULL AND received_at < $1")
                .bind(ago(kept, now))
                .execute(pool)
                .map_ok(|done| done.rows_affected()))?;
        Ok(swept)
    }

    /// Waits until there may be updates to claim: this process stored or finished one, or a second has passed. One
    /// waiter of a process is woken by each.
    pub async fn updates_changed(&self) {
        let _ = tokio::time::timeout(Duration::from_secs(1), BELL.notified()).await;
    }
}
