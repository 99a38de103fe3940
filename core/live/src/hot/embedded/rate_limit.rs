//! Rate limits: [buckets](super::buckets) in this process.

use async_trait::async_trait;

use super::Embedded;
use crate::hot::{HotError, Quota, RateLimit, Spent};

#[async_trait]
impl RateLimit for Embedded {
    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError> {
        Ok(self.buckets.spend(key, quota, self.clock.now()))
    }
}
