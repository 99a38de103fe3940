//! What is published to a room, for whoever subscribes to it on this node.

use std::sync::{Arc, OnceLock};

use tokio::sync::broadcast;

use crate::hot::Published;

/// Whoever takes what is published more slowly than this many come is told that they missed something (`Lagged`), and looks.
pub const PUBLICATIONS_KEPT: usize = 64;

/// What a subscriber is told.
#[derive(Debug, Clone)]
pub enum Publication {
    /// This was published.
    Published(Arc<Published>),
    /// Something may have been, and was not heard here: look at what is stored.
    Missed,
}

/// A room's own channel, which is there once somebody has subscribed.
#[derive(Debug, Default)]
pub(super) struct Publications(OnceLock<broadcast::Sender<Publication>>);

impl Publications {
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Publication> {
        self.0.get_or_init(|| broadcast::channel(PUBLICATIONS_KEPT).0).subscribe()
    }

    pub(super) fn send(&self, publication: Publication) {
        if let Some(sender) = self.0.get() {
            // An error means that nobody waits any more, which is fine.
            let _ = sender.send(publication);
        }
    }
}
