//! Values: a string each, with its end in front.

use std::time::Duration;

use async_trait::async_trait;
use fred::{
    interfaces::KeysInterface,
    types::{Expiration, Value},
};

use super::{
    Redis, scripts,
    value::{bytes, millis, nonsense},
};
use crate::hot::{HotError, KeyValue};

#[async_trait]
impl KeyValue for Redis {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError> {
        let kept: Option<fred::bytes::Bytes> =
            self.server.client.get(self.server.keys.value(key)).await.map_err(HotError::from)?;
        let Some(kept) = kept else { return Ok(None) };
        let (end, value) = kept.split_first_chunk().ok_or_else(|| nonsense("a value"))?;
        Ok((i64::from_be_bytes(*end) > self.clock.now().millis()).then(|| value.to_vec()))
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError> {
        let expires = Some(Expiration::PX(i64::try_from(ttl.as_millis()).map_err(HotError::unreadable)?));
        let (key, kept) = (self.server.keys.value(key), self.kept(value, ttl));
        self.server.client.set(key, kept, expires, None, false).await.map_err(HotError::from)
    }

    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError> {
        let arguments = vec![
            bytes(self.clock.now().millis().max(0).to_be_bytes().to_vec()),
            if expected.is_some() { "some" } else { "none" }.into(),
            bytes(expected.unwrap_or_default().to_vec()),
            self.kept(value, ttl),
            millis(ttl),
        ];
        let swapped: i64 =
            self.server.run(&scripts::SWAP, vec![self.server.keys.value(key)], arguments).await?;
        Ok(swapped == 1)
    }

    async fn delete(&self, key: &str) -> Result<(), HotError> {
        self.server.client.del(self.server.keys.value(key)).await.map_err(HotError::from)
    }
}

impl Redis {
    /// A value's bytes as they are kept: its end before them.
    fn kept(&self, value: &[u8], ttl: Duration) -> Value {
        let end = self.clock.now().plus(ttl).millis().max(0).to_be_bytes();
        bytes([&end, value].concat())
    }
}
