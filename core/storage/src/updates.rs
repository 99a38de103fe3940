//! Telegram's updates: stored before they are acknowledged, handled at least once, in order within each lane.
//!
//! Updates are [jobs](super::jobs). Their key is Telegram's `update_id`, which is remembered for a while, so that an update that comes
//! twice is handled once; it is also their place in the lane. A lane is a chat, or whoever sent what belongs to none.

use sovpalo_domain::ids::{Timestamp, UserId};

use super::{
    Db, DbError, Lease, Tx,
    jobs::{Kind, NewJob},
    within,
};

/// An update that is the claimant's to handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// For [`Jobs::done`](super::Jobs::done).
    pub job: i64,
    /// Telegram's `update_id`.
    pub id: i64,
    /// All of it, as JSON.
    pub payload: String,
}

impl Update {
    /// The update that a job asks to handle.
    pub fn of(job: super::Taken) -> Self {
        Self { job: job.id, id: job.position, payload: job.payload }
    }
}

impl Db {
    /// Stores an update, which is JSON, of `sender`, if anybody sent it; says whether it is new. Telegram sends again what it is not
    /// sure about.
    pub async fn store_update(
        &self,
        id: i64,
        lane: i64,
        sender: Option<UserId>,
        payload: &str,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let job = NewJob {
            kind: Kind::Update,
            key: id.to_string(),
            lane: lane.to_string(),
            position: id,
            member: sender,
            payload: payload.to_owned(),
        };
        self.jobs(Kind::Update).enqueue(job, now).await
    }

    /// Claims the heads of lanes, the oldest first, at most `limit`.
    pub async fn claim_updates(&self, limit: usize, lease: Lease) -> Result<Vec<Update>, DbError> {
        let taken = self.jobs(Kind::Update).take(limit, lease).await?;
        Ok(taken.into_iter().map(Update::of).collect())
    }
}

/// What somebody sent is not handled any more. Only the numbers stay, against an update that comes again.
pub(super) async fn forget_from(tx: &mut Tx, sender: UserId) -> Result<(), DbError> {
    within!(tx, async |conn| {
        sqlx::query(
            "UPDATE jobs SET done = TRUE, given_up = FALSE, payload = NULL, member = NULL, lane = ''
             WHERE kind = 'update' AND member = $1",
        )
        .bind(sender.get())
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}
