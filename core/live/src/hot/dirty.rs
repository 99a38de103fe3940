//! Dirty rooms: those whose logs hold something durable that has not been projected to SQL, as a queue with leases.
//!
//! An append marks its room in the same step, so that a mark is never lost without its log. A room is projected at least once: a
//! projector that dies leaves its lease to run out.

use std::time::Duration;

use async_trait::async_trait;
use sovpalo_domain::ids::{Position, RoomCode};

use super::HotError;

/// The rooms that are marked for the projector.
#[async_trait]
pub trait DirtyRooms: Send + Sync + 'static {
    /// Rooms marked for the projector, oldest first, at most `limit` of each [shard](super::recovery). Each is leased for `lease`: nobody else is given it
    /// meanwhile, and it comes again if it is not [`clean`](DirtyRooms::clean)ed.
    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError>;

    /// The projector has carried a room over up to `upto` (`None`: there was no log): unmark it unless more was appended durably
    /// since, or the log is another one by now.
    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError>;

    /// Waits until there may be dirty rooms. May return early, never waits longer than a second in vain.
    async fn dirtied(&self);
}
