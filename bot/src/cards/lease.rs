//! Who edits a room's cards, of all bots: whoever holds the room's lease in the hot layer.
//!
//! A lease lasts [`LASTS`] and is sure for [`SURE`] of it: an edit that begins while it is sure has ended, one way or the other,
//! before anybody else can hold the lease. So an edit that shows an older room never comes after one that shows a newer.
//! A bot that lives renews its leases; the rooms of one that died are free when they end.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::ids::RoomCode;
use sovpalo_live::hot::{HotError, KeyValue};
use tokio::time::Instant;

/// How long a lease lasts.
const LASTS: Duration = Duration::from_secs(30);
/// How long it may be acted upon. The rest is more than the 17 s after which teloxide gives up a call.
const SURE: Duration = Duration::from_secs(10);
/// How long a lease that is given up remains, which is as short as the hot layer has it.
const GONE: Duration = Duration::from_millis(1);

/// The leases of one bot. Cheap to clone.
#[derive(Clone)]
pub(super) struct Leases {
    values: Arc<dyn KeyValue>,
    name: [u8; 16],
}

/// A room's lease.
#[derive(Debug, Clone, Copy)]
pub(super) struct CardLease {
    since: Instant,
}

impl CardLease {
    /// Until when it may be acted upon; it should be renewed then.
    pub(super) fn sure_until(self) -> Instant {
        self.since + SURE
    }

    /// Whether it may be acted upon.
    pub(super) fn is_sure(self) -> bool {
        Instant::now() < self.sure_until()
    }
}

impl Leases {
    /// A leases with a name of its own.
    pub(super) fn new(values: Arc<dyn KeyValue>) -> Self {
        Self { values, name: rand::random() }
    }

    /// Takes or renews a room's lease. `None`: another bot has it.
    pub(super) async fn take(&self, room: RoomCode) -> Result<Option<CardLease>, HotError> {
        let since = Instant::now();
        let key = key(room);
        for before in [Some(self.name.as_slice()), None] {
            if self.values.swap(&key, before, &self.name, LASTS).await? {
                return Ok(Some(CardLease { since }));
            }
        }
        Ok(None)
    }

    /// Leaves a room to whoever comes next.
    pub(super) async fn give_up(&self, room: RoomCode) -> Result<(), HotError> {
        // A plain removal could take away what is another's by now.
        self.values.swap(&key(room), Some(&self.name), b"", GONE).await?;
        Ok(())
    }
}

fn key(room: RoomCode) -> String {
    format!("cards:{room}")
}
