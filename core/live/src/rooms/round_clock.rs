//! Ends timed rounds when their time is up.
//!
//! Every node that holds a room says so, with or without sockets in it: so the end needs no node in particular, and the log takes it once,
//! whoever is first. A round whose nodes all went is ended by whoever opens the room next; every node looks in SQL for such rounds, when it
//! starts and from then on. Nothing is swiped meanwhile, since the room itself refuses it from its end on.

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp},
    room::{Command, Room, SwipingCommand},
};
use sovpalo_storage::{DbError, outage::Outage};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, Rooms, follow::AT_ONCE};

/// How often a node looks for rounds that end soon, and says again of a round that is over what could not be said before.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// One end waits at most so long for the hot layer; it is said again with a later look.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a node looks in SQL for rounds that no node was there to end.
const SEARCH_EVERY: Duration = Duration::from_secs(15);
/// What is over for longer has no node: one that holds the room ends its round at once, and SQL knows soon.
const UNENDED: Duration = Duration::from_secs(10);
/// So many of them a node looks at in one search; the others come with the next one, a second later.
pub const UNENDED_AT_ONCE: usize = 64;
/// So many of them are opened at the same time.
const OPENED_AT_ONCE: usize = 8;

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

    /// Ends the rounds that no node was there to end, until `stop`.
    pub(super) async fn end_unended_rounds(&self, stop: &CancellationToken) {
        let outage = Outage::of("the store of rounds to end", "they end when that is back");
        let mut last = None;
        while !stop.is_cancelled() {
            let found = stop.run_until_cancelled(self.search_unended_rounds(last)).await;
            match found {
                Some(Ok(next)) => {
                    outage.over();
                    last = next;
                }
                Some(Err(error)) => drop(outage.began(&error)),
                None => return,
            }
            let pause = if last.is_some() { LOOK_EVERY } else { SEARCH_EVERY };
            let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
    }

    /// Opens the next rooms after this one (`None`: the first) whose round SQL knows to be over, which ends it. Comes back with the last
    /// of them, if there may be more. A room that cannot be opened holds up no other, and is tried again with a later search.
    pub(super) async fn search_unended_rounds(
        &self,
        after: Option<RoomCode>,
    ) -> Result<Option<RoomCode>, DbError> {
        let then = self.clock().now().minus(UNENDED);
        let due = self.db().due_rounds(then, after, UNENDED_AT_ONCE).await?;
        let last = due.last().copied().filter(|_| due.len() >= UNENDED_AT_ONCE);
        stream::iter(due)
            .for_each_concurrent(OPENED_AT_ONCE, async |room| {
                match tokio::time::timeout(PATIENCE, Box::pin(self.open(room))).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => {
                        tracing::debug!(%error, %room, "a round that is over could not be ended");
                    }
                    Err(_) => tracing::debug!(%room, "a round that is over could not be ended in time"),
                }
            })
            .await;
        Ok(last)
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
