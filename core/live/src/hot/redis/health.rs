//! The health check.

use async_trait::async_trait;
use fred::interfaces::ClientLike;

use super::Redis;
use crate::hot::{Health, HotError};

#[async_trait]
impl Health for Redis {
    async fn ping(&self) -> Result<(), HotError> {
        self.server.client.ping::<String>(None).await.map(drop).map_err(HotError::from)
    }
}
