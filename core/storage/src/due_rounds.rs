//! Timed rounds that are over and that nobody has ended: their nodes died meanwhile.
//!
//! SQL knows of each round that is being swiped when it ends by itself, as of the room's last projection. Whether it is over says the
//! room's log: whoever finds a room here opens it.

use sovpalo_domain::ids::{RoomCode, Timestamp};

use super::{
    Db, DbError,
    column::{limit as rows, moment, room_code},
    run,
};

impl Db {
    /// Rooms whose round was to end before `then`, in the order of their codes, at most `limit`; those `after` a code, or from the first.
    pub async fn due_rounds(
        &self,
        then: Timestamp,
        after: Option<RoomCode>,
        limit: usize,
    ) -> Result<Vec<RoomCode>, DbError> {
        let due: Vec<String> = run!(self, |pool| {
            sqlx::query_scalar(
            "SELECT code FROM rooms WHERE ends_at IS NOT NULL AND ends_at < $1 AND code > $2 ORDER BY code LIMIT $3"
        )
        .bind(moment(then))
        .bind(after.as_ref().map_or("", RoomCode::as_str))
        .bind(rows(limit))
        .fetch_all(pool)
        })?;
        due.iter().map(|code| room_code(code, "rooms.code")).collect()
    }
}
