//! Subscribing; the connection is in [`subscriptions`](super::subscriptions).

use async_trait::async_trait;
use sovpalo_domain::ids::RoomCode;
use tokio::sync::broadcast;

use super::Redis;
use crate::hot::{Change, HotError, Listening, Subscribe};

#[async_trait]
impl Subscribe for Redis {
    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn listen(&self, room: RoomCode) -> Result<Listening, HotError> {
        self.subscriptions.listen(room).await
    }
}
