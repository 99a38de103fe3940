//! Publishing: a sharded channel for each room, and one channel for sessions.

use async_trait::async_trait;
use fred::interfaces::PubsubInterface;
use sovpalo_domain::ids::RoomCode;

use super::{Redis, message, value::bytes};
use crate::hot::{HotError, Publish, Published};

#[async_trait]
impl Publish for Redis {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        let (channel, message) = (self.server.keys.channel(room), bytes(message::published(what)?));
        self.server.client.spublish(channel, message).await.map_err(HotError::from)
    }

    async fn announce_session_ended(&self, session: &str) -> Result<(), HotError> {
        self.server.client.publish(self.server.keys.sessions(), session).await.map_err(HotError::from)
    }
}
