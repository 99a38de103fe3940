//! Telegram's updates that came over the webhook: stored before they are acknowledged, handled once.

use futures::TryFutureExt;
use serde_json::Value;
use sovpalo_domain::ids::Timestamp;

use super::{
    Db, DbError,
    column::{limit as rows, moment},
    run,
};

/// An update that is not handled yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Telegram's `update_id`.
    pub id: i64,
    /// All of it.
    pub payload: Value,
}

impl Db {
    /// Stores an update; says whether it is new. Telegram sends again what it is not sure about.
    pub async fn store_update(&self, id: i64, payload: &Value, now: Timestamp) -> Result<bool, DbError> {
        let new: Option<i64> = run!(self, |pool| sqlx::query_scalar(
            "INSERT INTO updates (id, payload, received_at) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO NOTHING RETURNING id",
        )
        .bind(id)
        // As text: JSONB refuses a NUL inside a string, even an escaped one.
        .bind(payload.to_string())
        .bind(moment(now))
        .fetch_optional(pool))?;
        Ok(new.is_some())
    }

    /// Updates that are not done, the oldest first.
    pub async fn pending_updates(&self, limit: usize) -> Result<Vec<Update>, DbError> {
        let pending: Vec<(i64, String)> = run!(self, |pool| sqlx::query_as(
            "SELECT id, payload FROM updates WHERE payload IS NOT NULL ORDER BY id LIMIT $1"
        )
        .bind(rows(limit))
        .fetch_all(pool))?;
        let update = |(id, payload): (i64, String)| {
            let payload =
                serde_json::from_str(&payload).map_err(|e| DbError::corrupt("updates.payload", e))?;
            Ok(Update { id, payload })
        };
        pending.into_iter().map(update).collect()
    }

    /// An update was handled. Its id stays, so that it is not handled twice; what people said in it does not.
    pub async fn update_done(&self, id: i64) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query("UPDATE updates SET payload = NULL WHERE id = $1")
            .bind(id)
            .execute(pool)
            .map_ok(drop))?;
        Ok(())
    }
}
