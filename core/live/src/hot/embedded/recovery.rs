//! Recovery: the file loses nothing that was acknowledged, and no other process holds replicas, so that it is always whole.

use std::time::Duration;

use async_trait::async_trait;
use sovpalo_domain::{ids::RoomCode, room::Entry};

use super::Embedded;
use crate::hot::{Appended, ExpectedHead, HotError, Log, Recover, Recovery};

#[async_trait]
impl Recover for Embedded {
    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError> {
        self.append(room, expected, entries, true).await
    }

    async fn recovering(&self, _: RoomCode) -> Result<Option<Duration>, HotError> {
        // Whoever holds more than the file does is this process.
        Ok(None)
    }

    async fn recoveries(&self, _: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        // Nor is there anybody else to wait for.
        Ok(Vec::new())
    }
}
