//! Subscriptions: whoever subscribes in this process hears of every room.

use async_trait::async_trait;
use sovpalo_domain::ids::RoomCode;
use tokio::sync::broadcast;

use super::Embedded;
use crate::hot::{Change, HotError, Listening, Subscribe};

#[async_trait]
impl Subscribe for Embedded {
    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn listen(&self, _: RoomCode) -> Result<Listening, HotError> {
        // One process hears all that it does.
        Ok(Listening::until_dropped(()))
    }
}
