//! Key-value pairs with a time to live, and compare-and-swap.

use std::time::Duration;

use async_trait::async_trait;

use super::HotError;

/// Values by key. A value is whole or absent, and never older than its time to live; it may be lost earlier.
#[async_trait]
pub trait KeyValue: Send + Sync + 'static {
    /// A value, if it is there and alive.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError>;

    /// Sets a value for `ttl`.
    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError>;

    /// Sets a value for `ttl` only if it is now `expected` (`None`: absent). Says whether it did.
    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError>;

    /// Removes a value. Removing what is not there is fine.
    async fn delete(&self, key: &str) -> Result<(), HotError>;
}
