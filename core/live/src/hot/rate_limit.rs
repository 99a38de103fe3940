//! Rate limits that all nodes share, by GCRA, the leaky bucket as a single timestamp
//! (<https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm>): no counter, no timer, nothing to clean but old keys.

use std::time::Duration;

use async_trait::async_trait;

use super::HotError;

/// A number of uses within a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many uses.
    pub uses: u32,
    /// In how long; uses grow back evenly.
    pub per: Duration,
}

/// Whether a use was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// It was.
    Granted,
    /// It was not; the next one is after this long.
    Exhausted {
        /// How long to wait.
        retry_after: Duration,
    },
}

/// Rate limits by key. What was spent may be forgotten when the engine loses data; it is never counted twice.
#[async_trait]
pub trait RateLimit: Send + Sync + 'static {
    /// Takes one use of `quota` under `key`. A use that is not granted costs nothing.
    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError>;
}
