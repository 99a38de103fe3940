//! Every open socket of this node, as far as others must reach it: to end with its session, and to end with the node.

use std::sync::Arc;

use dashmap::DashMap;
use sovpalo_storage::hot::{Change, Hot};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

use crate::sessions::{SessionId, Sessions};

/// More sockets than this no phone opens; a session that does is up to something.
const MOST_PER_SESSION: usize = 16;

/// The open sockets.
#[derive(Default)]
pub(crate) struct Hub {
    stop: CancellationToken,
    sockets: TaskTracker,
    held: DashMap<Arc<str>, Held>,
}

/// The sockets of one session.
struct Held {
    ended: CancellationToken,
    sockets: usize,
}

/// Held by a socket for as long as it is open.
pub(super) struct Seat {
    hub: Arc<Hub>,
    session: SessionId,
    /// Fires when the session ends.
    pub(super) ended: CancellationToken,
    _open: TaskTrackerToken,
}

impl Hub {
    /// A socket of this session opens, unless it has too many. Whether the session still lives must be asked after this, so that
    /// no end is missed.
    pub(super) fn seat(self: &Arc<Self>, session: SessionId) -> Option<Seat> {
        let mut held = self
            .held
            .entry(session.as_str().into())
            .or_insert_with(|| Held { ended: CancellationToken::new(), sockets: 0 });
        if held.sockets >= MOST_PER_SESSION {
            return None;
        }
        held.sockets += 1;
        let ended = held.ended.clone();
        drop(held);
        metrics::gauge!("sovpalo_sockets_open").increment(1);
        Some(Seat { hub: Arc::clone(self), session, ended, _open: self.sockets.token() })
    }

    /// Fires when the node goes.
    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// Follows sessions that end on other nodes, and here. Runs until the node goes.
    pub(crate) async fn follow(&self, hot: &dyn Hot, sessions: &Sessions) {
        let mut changes = hot.changes();
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return,
                change = changes.recv() => match change {
                    Ok(Change::SessionEnded { session }) => self.end(&session),
                    Ok(Change::Missed) | Err(RecvError::Lagged(_)) => self.look_again(sessions).await,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }

    fn end(&self, session: &str) {
        if let Some(held) = self.held.get(session) {
            held.ended.cancel();
        }
    }

    async fn look_again(&self, sessions: &Sessions) {
        let held: Vec<Arc<str>> = self.held.iter().map(|held| Arc::clone(held.key())).collect();
        for session in held {
            match sessions.lives_named(&session).await {
                Ok(true) => {}
                Ok(false) => self.end(&session),
                // The sockets ask for themselves, later.
                Err(error) => return tracing::warn!(%error, "sessions could not be looked up"),
            }
        }
    }

    /// Tells every socket to close, and waits until they have.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.sockets.close();
        self.sockets.wait().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        metrics::gauge!("sovpalo_sockets_open").decrement(1);
        self.hub.held.remove_if_mut(self.session.as_str(), |_, held| {
            held.sockets -= 1;
            held.sockets == 0
        });
    }
}
