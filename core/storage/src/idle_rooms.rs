//! Rooms that everybody has left without a word: once an hour SQL stops saying that their films play.
//!
//! Phones that just close stop no film. The room itself is untouched: its replica leaves a node's memory and its log Redis by themselves,
//! and whoever comes back finds the screen as it was.

use futures::TryFutureExt;
use sovpalo_domain::ids::Timestamp;

use super::{Db, DbError, IDLE_IS_LISTED, column::ago, run};

/// So many rooms at a time.
const BATCH: i64 = 500;

impl Db {
    /// Nothing plays any more in rooms where nothing has happened for [`IDLE_IS_LISTED`]. Says of how many that was so; 0: of no more.
    pub async fn stop_idle_rooms(&self, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self, |pool| sqlx::query(
            "UPDATE rooms SET screen_playing = FALSE WHERE code IN
                 (SELECT code FROM rooms WHERE screen_playing AND updated_at < $1 LIMIT $2)",
        )
        .bind(ago(IDLE_IS_LISTED, now))
        .bind(BATCH)
        .execute(pool)
        .map_ok(|done| done.rows_affected()))?)
    }
}
