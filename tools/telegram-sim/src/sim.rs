//! The world behind its lock, and waiting for it to change.
//!
//! Everybody goes through [`Sim::with`]; nobody holds the lock across an await. Whoever waits for
//! something says what, and is woken by changes: nothing here polls a clock.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::{launch::Signer, phones::Phones, world::World};

/// What was configured and does not change.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) token: String,
    pub(crate) bot_username: String,
    pub(crate) app_name: String,
    /// Path and query of the Mini App's own address.
    pub(crate) app_path: String,
}

/// One running simulation.
pub(crate) struct Sim {
    pub(crate) settings: Settings,
    pub(crate) signer: Signer,
    pub(crate) phones: Phones,
    pub(crate) http: reqwest::Client,
    pub(crate) shutdown: CancellationToken,
    world: Mutex<World>,
    revision: watch::Sender<u64>,
    events: broadcast::Sender<String>,
}

impl Sim {
    pub(crate) fn new(
        settings: Settings,
        signer: Signer,
        phones: Phones,
        world: World,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            settings,
            signer,
            phones,
            http: reqwest::Client::new(),
            shutdown,
            world: Mutex::new(world),
            revision: watch::Sender::new(0),
            events: broadcast::Sender::new(1024),
        }
    }

    /// Looks at or changes the world; whoever waits hears of it when this returns.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, revision, events) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let result = act(&mut world);
            (result, world.revision, std::mem::take(&mut world.events))
        };
        for event in events {
            if let Ok(event) = serde_json::to_string(&event) {
                // An error only says that no page is open.
                let _ = self.events.send(event);
            }
        }
        self.revision.send_if_modified(|seen| {
            let changed = *seen < revision;
            *seen = revision.max(*seen);
            changed
        });
        result
    }

    /// Waits until `look` finds something, at most `patience`.
    pub(crate) async fn wait<T>(
        &self,
        patience: Duration,
        mut look: impl FnMut(&mut World) -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.revision.subscribe();
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            changes.mark_unchanged();
            if let Some(found) = self.with(&mut look) {
                return Some(found);
            }
            tokio::select! {
                changed = changes.changed() => changed.ok()?,
                () = tokio::time::sleep_until(deadline) => return self.with(&mut look),
                () = self.shutdown.cancelled() => return None,
            }
        }
    }

    /// The page's live feed, already as JSON.
    pub(crate) fn listen(&self) -> broadcast::Receiver<String> {
        self.events.subscribe()
    }
}
