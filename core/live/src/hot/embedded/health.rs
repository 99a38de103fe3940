//! The health check.

use std::time::Duration;

use async_trait::async_trait;

use super::Embedded;
use crate::hot::{Health, HotError, KeyValue};

#[async_trait]
impl Health for Embedded {
    async fn ping(&self) -> Result<(), HotError> {
        // A full disk can still be read.
        self.put("ping", &[], Duration::from_secs(1)).await
    }
}
