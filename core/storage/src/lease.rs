//! Leases: work that several processes share is one worker's for a while.
//!
//! A worker that lives renews its leases; what a dead one held is somebody else's when they end. A lease is a promise
//! among workers and no lock: its end is judged by each worker's own clock, which the machines keep in step.

use std::time::Duration;

use sovpalo_domain::ids::Timestamp;
use sqlx::{Database, Encode, QueryBuilder, Type};

/// One running worker, told apart from all others on all machines and from those that ran before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worker(i64);

impl Worker {
    /// A new one.
    pub fn new() -> Self {
        Self(rand::random())
    }

    pub(super) fn number(self) -> i64 {
        self.0
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

/// What a worker takes: its own name, from when and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    pub by: Worker,
    /// The present.
    pub now: Timestamp,
    /// How long it lasts unless it is renewed.
    pub lasts: Duration,
}

impl Lease {
    pub(super) fn until(&self) -> Timestamp {
        self.now.plus(self.lasts)
    }
}

/// So many people share most rooms: a statement about no more of them stays prepared on its connection. One about more is prepared each
/// time, so that the few that a connection keeps are not lost to those.
pub(super) const FEW_PEOPLE: usize = 8;

/// `…, …)`: the rest of a statement that ends in `IN (`.
pub(super) fn push_ids<'a, DB>(statement: &mut QueryBuilder<DB>, ids: &'a [i64])
where
    DB: Database,
    i64: Encode<'a, DB> + Type<DB>,
{
    let mut list = statement.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    list.push_unseparated(")");
}
