//! Dirty rooms: a column of `hot_rooms`.

use std::time::Duration;

use async_trait::async_trait;
use sovpalo_domain::ids::{Position, RoomCode};

use super::{Embedded, writer::Write};
use crate::hot::{DirtyRooms, HotError};

#[async_trait]
impl DirtyRooms for Embedded {
    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError> {
        self.write(|answer| Write::Dirty { limit, lease, answer }).await
    }

    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError> {
        self.write(|answer| Write::Clean { room, upto, answer }).await
    }

    async fn dirtied(&self) {
        // A mark whose lease ran out notifies nobody, hence the second.
        let _ = tokio::time::timeout(Duration::from_secs(1), self.dirtied.notified()).await;
    }
}

#[cfg(test)]
impl Embedded {
    /// Marks something for the projector that is no room's.
    pub(crate) async fn mark_raw(&self, name: &str) {
        sqlx::query(
            "INSERT INTO hot_rooms (room, epoch, seq, touched_at, dirty_seq) VALUES ($1, 1, 1, 0, 1)",
        )
        .bind(name)
        .execute(&self.pool)
        .await
        .unwrap();
    }
}
