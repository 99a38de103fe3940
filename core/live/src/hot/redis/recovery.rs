//! Recovery: each shard says whether it is whole, and the [nodes](super::nodes) confirm what they put back.

use std::time::Duration;

use async_trait::async_trait;
use sovpalo_domain::{ids::RoomCode, room::Entry};

use super::{
    Redis,
    keys::Shard,
    log::{How, Write},
    scripts,
    value::millis,
};
use crate::hot::{Appended, ExpectedHead, HotError, Recover, Recovery};

#[async_trait]
impl Recover for Redis {
    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError> {
        self.write(room, Write { how: How::PutBack, expected, entries, durable: true, fenced_by: None }).await
    }

    async fn recovering(&self, room: RoomCode) -> Result<Option<Duration>, HotError> {
        let keys = vec![self.server.keys.life(Shard::of(room))];
        let wait: u64 =
            self.server.run(&scripts::RECOVERING, keys, vec![millis(self.config.recovery)]).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }

    async fn recoveries(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        self.nodes.answer(confirmed).await
    }
}

#[cfg(test)]
impl Redis {
    /// Whether it has heard of so many other nodes, and of nobody else.
    pub(crate) fn knows(&self, others: usize) -> bool {
        self.nodes.knows(others)
    }
}
