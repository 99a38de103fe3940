//! Values: rows in `hot_values`. Reading does not wait for the writer.

use std::time::Duration;

use async_trait::async_trait;

use super::{Embedded, writer::Write};
use crate::hot::{HotError, KeyValue};

#[async_trait]
impl KeyValue for Embedded {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError> {
        sqlx::query_scalar("SELECT value FROM hot_values WHERE key = $1 AND expires_at > $2")
            .bind(key)
            .bind(self.clock.now().millis())
            .fetch_optional(&self.pool)
            .await
            .map_err(HotError::from)
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError> {
        self.write(|answer| Write::Put { key: key.to_owned(), value: value.to_vec(), ttl, answer }).await
    }

    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError> {
        self.write(|answer| Write::Swap {
            key: key.to_owned(),
            expected: expected.map(<[u8]>::to_vec),
            value: value.to_vec(),
            ttl,
            answer,
        })
        .await
    }

    async fn delete(&self, key: &str) -> Result<(), HotError> {
        self.write(|answer| Write::Delete { key: key.to_owned(), answer }).await
    }
}
