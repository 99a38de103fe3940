//! Publishing: a sharded channel for each room, and one channel for what is announced, named for the ended sessions that it began with.

use async_trait::async_trait;
use fred::interfaces::PubsubInterface;
use sovpalo_domain::ids::RoomCode;

use super::{Redis, message, value::bytes};
use crate::hot::{Announcement, HotError, Publish, Published};

#[async_trait]
impl Publish for Redis {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        let (channel, message) = (self.server.keys.channel(room), bytes(message::published(what)?));
        self.server.client.spublish(channel, message).await.map_err(HotError::from)
    }

    async fn announce(&self, what: &Announcement) -> Result<(), HotError> {
        self.server
            .client
            .publish(self.server.keys.sessions(), what.to_string())
            .await
            .map_err(HotError::from)
    }
}
