//! Who watches what a room shows, as the phones on this node say of themselves.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sovpalo_domain::ids::Timestamp;

use crate::hot::SocketId;

/// A phone that has not said for so long that it watches does not watch any more. Phones say it again every two minutes, and any
/// of these may be lost.
pub const WATCHES_FOR: Duration = Duration::from_secs(250);

/// Which sockets said when that they watch. No more than a room has.
#[derive(Debug, Default)]
pub(super) struct Watchers(Mutex<HashMap<SocketId, Timestamp>>);

impl Watchers {
    /// A phone says that it watches now, or that it does not.
    pub(super) fn note(&self, socket: SocketId, watches: bool, now: Timestamp) {
        let mut watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watching.retain(|_, said| now.since(*said) <= WATCHES_FOR);
        if watches {
            watching.insert(socket, now);
        } else {
            watching.remove(&socket);
        }
    }

    /// Whether it watches, as far as is known.
    pub(super) fn has(&self, socket: SocketId, now: Timestamp) -> bool {
        let watching = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watching.get(&socket).is_some_and(|said| now.since(*said) <= WATCHES_FOR)
    }
}
