//! What a node does for its rooms in the background: it follows the other nodes' changes, beats for its sockets,
//! marks who has been gone for long as away, and forgets rooms that nobody needs.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::RoomCode,
    room::{AWAY_AFTER, Command, PhaseName, Standing},
};
use tokio::{sync::broadcast::error::RecvError, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, RoomError, Rooms};
use crate::hot::Change;

/// How often a node looks after its rooms.
const LOOK_AFTER_EVERY: Duration = Duration::from_secs(15);
/// A replica without sockets is kept this long after its last use.
const KEPT: Duration = Duration::from_secs(300);

impl Rooms {
    /// Follows changes and looks after the rooms until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let mut changes = self.hot().changes();
        let mut tick = tokio::time::interval(LOOK_AFTER_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => self.look_after().await,
                change = changes.recv() => match change {
                    Ok(change) => self.follow(change).await,
                    Err(RecvError::Lagged(_)) => self.follow(Change::Missed).await,
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }

    async fn follow(&self, change: Change) {
        let outcome = match change {
            Change::Appended { room, at, entries } => match self.resident(room) {
                Some(live) => self.fold(&live, at, &entries).await,
                None => Ok(()),
            },
            Change::PresenceChanged { room } => match self.resident(room) {
                Some(live) => self.refresh_online(&live).await,
                None => Ok(()),
            },
            Change::Missed => self.catch_up_all().await,
            Change::SessionEnded { .. } => Ok(()),
        };
        if let Err(error) = outcome {
            // The next change, or the client's own check of `at`, finds the gap again.
            tracing::warn!(%error, "a change could not be followed");
        }
    }

    async fn catch_up_all(&self) -> Result<(), RoomError> {
        for live in self.residents() {
            self.catch_up(&live).await?;
            self.refresh_online(&live).await?;
        }
        Ok(())
    }

    /// One round of care for every room; [`Rooms::run`] does it every 15 s.
    pub async fn look_after(&self) {
        let attending: Vec<_> = self.shared.attending.iter().map(|a| (*a.key(), *a.value())).collect();
        for (socket, (room, member)) in attending {
            if let Err(error) = self.hot().arrive(room, member, socket).await {
                tracing::debug!(%error, "a beat could not be said");
                break;
            }
        }
        for live in self.residents() {
            if let Err(error) = self.mark_away(&live).await {
                tracing::debug!(%error, room = %live.code(), "who is away could not be told");
            }
        }
        self.forget_idle();
    }

    /// Nobody waits in a room without sockets, so that nobody is marked away there.
    async fn mark_away(&self, live: &LiveRoom) -> Result<(), RoomError> {
        let members: Vec<_> = live.read(|room| match room.phase() {
            PhaseName::Finished => Vec::new(),
            PhaseName::Lobby | PhaseName::Swiping => {
                let here = room.members().iter().filter(|member| member.standing == Standing::Here);
                here.map(|member| member.id).collect()
            }
        });
        if members.is_empty() || live.online().is_empty() {
            return Ok(());
        }
        let presence = self.hot().presence(live.code()).await?;
        for member in members {
            let seen = presence.iter().find(|p| p.member == member);
            let last_seen = match seen {
                Some(p) if p.online => continue,
                Some(p) => p.last_seen.max(live.opened_at()),
                // Not seen since this node holds the room.
                None => live.opened_at(),
            };
            if self.clock().now().since(last_seen) >= AWAY_AFTER {
                self.execute(live, member, &Command::Away { last_seen }).await?;
            }
        }
        Ok(())
    }

    fn forget_idle(&self) {
        let now = self.clock().now();
        self.shared.residents.retain(|_, cell| match cell.get() {
            // Whoever holds the room holds an `Arc` of it.
            Some(live) => Arc::strong_count(live) > 1 || now.since(live.used_at()) < KEPT,
            // Somebody is opening it.
            None => Arc::strong_count(cell) > 1,
        });
    }

    fn resident(&self, room: RoomCode) -> Option<Arc<LiveRoom>> {
        self.shared.residents.get(&room)?.get().cloned()
    }

    fn residents(&self) -> Vec<Arc<LiveRoom>> {
        self.shared.residents.iter().filter_map(|cell| cell.get().cloned()).collect()
    }
}
