//! Publishing: a sharded channel for each room, and one channel for what is announced, named for the ended sessions that it began with.

use async_trait::async_trait;
use fred::{
    interfaces::{ClientLike, PubsubInterface},
    types::config::Options,
};
use sovpalo_domain::ids::RoomCode;

use super::{Redis, message, value::bytes};
use crate::hot::{Announcement, HotError, Publish, Published};

#[async_trait]
impl Publish for Redis {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        let (channel, message) = (self.server.keys.channel(room), bytes(message::published(what)?));
        let question = self.subscriptions.ask_who(room);
        // What was published as the connection broke is published again, save signals: those come once at the most.
        let max_attempts = matches!(what, Published::Signal { .. }).then_some(1);
        let client = self.server.client.with_options(&Options { max_attempts, ..Options::default() });
        let reached = client.spublish(channel, message).await.map_err(HotError::from)?;
        self.subscriptions.reached(room, question, reached);
        Ok(())
    }

    fn is_subscribed_only_here(&self, room: RoomCode) -> bool {
        self.subscriptions.is_subscribed_only_here(room)
    }

    async fn announce(&self, what: &Announcement) -> Result<(), HotError> {
        self.server
            .client
            .publish(self.server.keys.sessions(), what.to_string())
            .await
            .map_err(HotError::from)
    }
}
