//! The channel on which everybody in this process is told of changes.

use tokio::sync::broadcast;

use crate::hot::Change;

/// Changes a slow subscriber may be behind by; of more it loses the oldest, and is told so (`RecvError::Lagged`).
const BACKLOG: usize = 4096;

/// The channel. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Changes(broadcast::Sender<Change>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Changes {
    /// Tells every subscriber.
    pub(super) fn tell(&self, change: Change) {
        // An error means that nobody listens, which is fine.
        let _ = self.0.send(change);
    }

    /// Everything that is told from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}
