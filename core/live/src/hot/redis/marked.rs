//! Which shards a projector should look at.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sovpalo_domain::ids::Timestamp;
use tokio::sync::Notify;

use super::keys::Shard;

/// How often every shard is looked through for rooms that another node marked, or left.
const LOOK_THROUGH_EVERY: Duration = Duration::from_secs(1);

/// Shards with rooms that this node has marked: looked at at once, the others now and then.
#[derive(Default)]
pub(super) struct Marked {
    shards: Mutex<(BTreeSet<Shard>, Option<Timestamp>)>,
    notify: Notify,
}

impl Marked {
    pub(super) fn put(&self, shard: Shard) {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).0.insert(shard);
        self.notify.notify_one();
    }

    pub(super) fn take(&self, now: Timestamp) -> Vec<Shard> {
        let mut shards = self.shards.lock().unwrap_or_else(PoisonError::into_inner);
        let (marked, looked) = &mut *shards;
        if looked.is_none_or(|looked| now.since(looked) >= LOOK_THROUGH_EVERY) {
            *looked = Some(now);
            marked.clear();
            return Shard::all().collect();
        }
        std::mem::take(marked).into_iter().collect()
    }

    /// Waits until a shard is marked, or has to be looked at anyway: what other nodes mark notifies nobody here.
    pub(super) async fn wait(&self) {
        let _ = tokio::time::timeout(LOOK_THROUGH_EVERY, self.notify.notified()).await;
    }
}
