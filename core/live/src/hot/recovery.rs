//! Recovery: what a shard goes through after it lost data, or may have.
//!
//! A shard is a part of the rooms that an engine keeps together. One that came back empty, or without the end of a log, takes only
//! what is [put back](Recover::put_back), until every node that holds replicas has compared them with their logs and
//! [confirmed](Recover::recoveries) it. Until then a log that is not there may be one that somebody holds a replica of.

use std::time::Duration;

use async_trait::async_trait;
use sovpalo_domain::{ids::RoomCode, room::Entry};

use super::{Appended, ExpectedHead, HotError};

/// A shard that lost what it held, or may have, and takes only what is put back until every node has confirmed its replicas; see
/// [`Recover::recoveries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recovery {
    /// Which part.
    pub(super) part: u8,
    /// Which of its recoveries.
    pub(super) which: u64,
}

/// Recovery from a loss of data. An engine that cannot lose what it acknowledged is always whole, and answers at once.
#[async_trait]
pub trait Recover: Send + Sync + 'static {
    /// Appends what the log held before and has lost: the same as [`Log::append`](super::Log::append), durable, and done also while
    /// the shard recovers.
    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
    ) -> Result<Appended, HotError>;

    /// For how long the shard of this room still takes only what is put back; `None`: it is whole.
    async fn recovering(&self, room: RoomCode) -> Result<Option<Duration>, HotError>;

    /// The shards that recover from a loss of data. Calling this registers the node as one that holds replicas. With `confirmed` it says
    /// that, since it was told of these recoveries, it has compared all its replicas with their logs and put back what was missing. A
    /// shard is whole again when every registered node has confirmed, or at a deadline, which a node that has not confirmed puts off by
    /// asking again, within bounds.
    async fn recoveries(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError>;
}
