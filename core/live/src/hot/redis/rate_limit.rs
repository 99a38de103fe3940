//! Rate limits: a key each, whose value is when the bucket is full again.

use std::time::Duration;

use async_trait::async_trait;
use fred::types::Value;

use super::{Redis, scripts, value::millis};
use crate::hot::{HotError, Quota, RateLimit, Spent};

#[async_trait]
impl RateLimit for Redis {
    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError> {
        let step = quota.per / quota.uses.max(1);
        let arguments: Vec<Value> =
            vec![self.clock.now().millis().into(), (step.as_secs_f64() * 1000.0).into(), millis(quota.per)];
        let wait: u64 =
            self.server.run(&scripts::SPEND, vec![self.server.keys.quota(key)], arguments).await?;
        Ok(match wait {
            0 => Spent::Granted,
            wait => Spent::Exhausted { retry_after: Duration::from_millis(wait) },
        })
    }
}
