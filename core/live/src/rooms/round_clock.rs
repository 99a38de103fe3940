//! Ends timed rounds when their time is up.
//!
//! Every node that holds a room says so, with or without sockets in it: so the end needs no node in particular, and the log takes it once,
//! whoever is first. A round whose nodes all went is ended by the next one that opens the room. Nothing is swiped meanwhile, since
//! the room itself refuses it from its end on.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use sovpalo_domain::{
    ids::Timestamp,
    room::{Command, Room, SwipingCommand},
};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, Rooms, follow::AT_ONCE};

/// How often a node looks for rounds that end soon, and says again of a round that is over what could not be said before.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// One end waits at most so long for the hot layer; it is said again with a later look.
const PATIENCE: Duration = Duration::from_secs(2);

impl Rooms {
    /// Ends each round at its time until `stop`.
    pub(super) async fn end_rounds(&self, stop: &CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.next_end()) => {}
            }
            self.end_due_rounds().await;
        }
    }

    /// Ends the rounds whose time is up by now.
    pub(super) async fn end_due_rounds(&self) {
        let now = self.clock().now();
        let mut due = self.loaded();
        due.retain(|live| is_due(live, now));
        stream::iter(due).for_each_concurrent(AT_ONCE, async |live| self.end_round_if_due(&live).await).await;
    }

    /// Ends a room's round, if its time is up. Where the hot layer does not take it, the next look does it.
    pub(super) async fn end_round_if_due(&self, live: &Arc<LiveRoom>) {
        if !is_due(live, self.clock().now()) {
            return;
        }
        let time_up = Command::Swiping(SwipingCommand::TimeUp);
        // It is said in nobody's name; the room asks for none.
        let host = live.read(Room::host);
        match tokio::time::timeout(PATIENCE, Box::pin(self.execute(live, host, &time_up))).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::debug!(%error, room = %live.code(), "a round could not be ended");
            }
            Err(_) => tracing::debug!(room = %live.code(), "a round could not be ended in time"),
        }
    }

    /// Whether a room has a round that ends by itself, soon or since so short a time.
    pub(super) fn has_end_to_keep(live: &LiveRoom, now: Timestamp, kept: Duration) -> bool {
        live.read(Room::ends_at).is_some_and(|ends_at| now.since(ends_at) < kept)
    }

    /// How long until the next round ends, at most until the next look. What is over already was said, or waits for that.
    fn next_end(&self) -> Duration {
        let now = self.clock().now();
        let ends = self.loaded().into_iter().filter_map(|live| live.read(Room::ends_at));
        let soonest = ends.filter(|ends_at| *ends_at > now).map(|ends_at| ends_at.since(now)).min();
        soonest.unwrap_or(LOOK_EVERY).min(LOOK_EVERY)
    }
}

fn is_due(live: &LiveRoom, now: Timestamp) -> bool {
    live.read(Room::ends_at).is_some_and(|ends_at| ends_at <= now)
}
