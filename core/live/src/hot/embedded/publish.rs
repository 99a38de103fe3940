//! Publishing: a channel in this process.

use std::sync::Arc;

use async_trait::async_trait;
use sovpalo_domain::ids::RoomCode;

use super::Embedded;
use crate::hot::{Announcement, Change, HotError, Publish, Published};

#[async_trait]
impl Publish for Embedded {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        what.check()?;
        self.changes.tell(Change::Published { room, what: Arc::new(what.clone()) });
        Ok(())
    }

    async fn announce(&self, what: &Announcement) -> Result<(), HotError> {
        self.changes.tell(Change::Announced(what.clone()));
        Ok(())
    }
}
