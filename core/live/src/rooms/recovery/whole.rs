//! After something may have been missed or lost: every room that this node holds is compared with its log, and the hot layer is told so.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    hot::Recovery,
    rooms::{LiveRoom, Rooms, follow::AT_ONCE},
};

/// Between two tries to reach a hot layer that is away.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
/// While rooms are compared with their logs, this node sends a heartbeat so often, so that others wait for it.
const STILL_AT_IT: Duration = Duration::from_secs(2);
/// A room is compared with its log so often in vain, while the hot layer answers otherwise, before it is passed over.
const TRIES: u32 = 150;

impl Rooms {
    /// Makes everything whole at the start, and whenever something may have been missed.
    pub(in crate::rooms) async fn mend_missed(&self, stop: &CancellationToken, missed: &Notify) {
        // It may be recovery just now, and waits also for a node that has only begun.
        missed.notify_one();
        while stop.run_until_cancelled(missed.notified()).await.is_some() {
            let _ = stop.run_until_cancelled(self.make_whole()).await;
        }
    }

    /// Something may have been missed, or lost: every room is compared with its log, and then this node confirms that it put back
    /// all that it holds, until the hot layer is whole.
    async fn make_whole(&self) {
        let began = Instant::now();
        // Before all have been compared there is nothing to confirm.
        let mut confirmed: Option<Vec<Recovery>> = None;
        loop {
            match (self.hot().recoveries(confirmed.as_deref().unwrap_or_default()).await, &confirmed) {
                (Ok(recoveries), Some(known)) if recoveries.is_empty() => {
                    if !known.is_empty() {
                        let ms = began.elapsed().as_millis();
                        tracing::info!(
                            ms,
                            "the hot layer is whole again: all who hold rooms have put them back"
                        );
                    }
                    return;
                }
                (Ok(recoveries), Some(known))
                    if recoveries.iter().all(|recovery| known.contains(recovery)) => {}
                (Ok(recoveries), _) => {
                    tokio::select! {
                        () = self.compare_all() => {}
                        () = self.keep_asking_for_time(), if !recoveries.is_empty() => {}
                    }
                    confirmed = Some(recoveries);
                    continue;
                }
                (Err(error), _) => tracing::debug!(%error, "the hot layer cannot be asked what it lost"),
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// Sends a heartbeat again and again: this node has not put back yet all that it holds. Never ends.
    async fn keep_asking_for_time(&self) {
        loop {
            tokio::time::sleep(STILL_AT_IT).await;
            if let Err(error) = self.hot().recoveries(&[]).await {
                tracing::debug!(%error, "the hot layer does not learn that this node still puts back rooms");
            }
        }
    }

    /// Compares every room with its log, until each has been. One whose log cannot be read has nothing to put back and holds up nobody:
    /// this node confirms what it could read.
    async fn compare_all(&self) {
        // Phones come back to this node, whatever was missed: they are counted as here before anything else.
        let mut beating = true;
        let mut behind = self.loaded();
        let mut tries = 0;
        while !behind.is_empty() {
            if beating {
                beating = self.beat().await.is_err();
            }
            behind = self.catch_up_with(behind).await;
            // Where the hot layer answers all others, it is these rooms that it cannot answer for.
            tries = if behind.is_empty() || self.hot().ping().await.is_err() { 0 } else { tries + 1 };
            if tries > TRIES {
                tracing::error!(
                    rooms = behind.len(),
                    "rooms cannot be compared with their logs, and are passed over"
                );
                return;
            }
            if !behind.is_empty() {
                tracing::debug!(rooms = behind.len(), "rooms could not be compared with their logs yet");
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
        }
    }

    /// Those that could not be compared come back.
    async fn catch_up_with(&self, rooms: Vec<Arc<LiveRoom>>) -> Vec<Arc<LiveRoom>> {
        let compared = rooms.into_iter().map(async |live| {
            let outcome = match self.catch_up(&live).await {
                Ok(()) => self.refresh_online(&live).await.map(drop),
                Err(error) => Err(error),
            };
            // A room that is another program's is nothing to come back to.
            outcome.is_err_and(|error| !error.is_unreadable()).then_some(live)
        });
        let compared: Vec<_> = stream::iter(compared).buffer_unordered(AT_ONCE).collect().await;
        compared.into_iter().flatten().collect()
    }
}
