//! What a node does for its rooms in the background: it follows the other nodes' changes, beats for its sockets,
//! marks who has been gone for long as away, ends timed rounds, adds up what people watch, and forgets rooms that nobody needs.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use sovpalo_domain::{
    ids::{RoomCode, UserId},
    room::{AWAY_AFTER, Command, PeopleCommand, PhaseName, Standing},
};
use tokio::{
    sync::{Notify, broadcast::error::RecvError},
    time::MissedTickBehavior,
};
use tokio_util::sync::CancellationToken;

use super::{LiveRoom, Publication, RoomError, Rooms};
use crate::hot::{Change, HotError, MemberPresence, SocketId};

/// How often a node looks after its rooms.
const LOOK_AFTER_EVERY: Duration = Duration::from_secs(15);
/// Rooms that are compared with their logs at the same time.
pub(super) const AT_ONCE: usize = 64;
/// A replica without sockets is kept this long after its last use.
const KEPT: Duration = Duration::from_secs(300);

impl Rooms {
    /// Follows changes and looks after the rooms until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let missed = Notify::new();
        tokio::join!(
            self.follow_changes(&stop, &missed),
            self.mend_missed(&stop, &missed),
            self.count_watching(&stop),
            self.end_rounds(&stop),
            self.end_unended_rounds(&stop)
        );
    }

    async fn follow_changes(&self, stop: &CancellationToken, missed: &Notify) {
        let mut changes = self.hot().changes();
        let mut tick = tokio::time::interval(LOOK_AFTER_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => self.look_after().await,
                change = changes.recv() => match change {
                    Ok(Change::Missed) | Err(RecvError::Lagged(_)) => {
                        self.loaded().iter().for_each(|live| live.publish(Publication::Missed));
                        missed.notify_one();
                    }
                    Ok(change) => self.follow(change).await,
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }

    async fn follow(&self, change: Change) {
        let outcome = match change {
            Change::Appended { room, at, before, entries } => match self.held(room) {
                Some(live) => self.fold(&live, at, before, &entries).await,
                None => Ok(()),
            },
            Change::PresenceChanged { room } => match self.held(room) {
                Some(live) => self.refresh_online(&live).await.map(drop),
                None => Ok(()),
            },
            Change::Unreadable { room } => match self.held(room) {
                Some(live) => self.catch_up(&live).await,
                None => Ok(()),
            },
            Change::Published { room, what } => {
                if let Some(live) = self.held(room) {
                    live.publish(Publication::Published(what));
                }
                Ok(())
            }
            Change::Missed | Change::Announced(_) => Ok(()),
        };
        if let Err(error) = outcome
            && !error.is_unreadable()
        {
            // The next change, or the next look after the rooms, finds the gap again.
            tracing::warn!(%error, "a change could not be followed");
        }
    }

    /// One round of care for every room; [`Rooms::run`] does it every 15 s.
    pub async fn look_after(&self) {
        stream::iter(self.occupied())
            .for_each_concurrent(AT_ONCE, async |(room, sockets)| {
                if let Err(error) = self.look_after_one(room, &sockets).await {
                    tracing::debug!(%error, %room, "a room could not be looked after");
                }
            })
            .await;
        self.forget_idle();
    }

    /// The rooms in which this node has open sockets, and whose they are.
    fn occupied(&self) -> HashMap<RoomCode, Vec<(UserId, SocketId)>> {
        let mut rooms: HashMap<RoomCode, Vec<_>> = HashMap::new();
        for attending in &self.shared.attending {
            let (room, member) = *attending.value();
            rooms.entry(room).or_default().push((member, *attending.key()));
        }
        rooms
    }

    /// Says of every socket that it is still open.
    pub(super) async fn beat(&self) -> Result<(), HotError> {
        stream::iter(self.occupied())
            .map(Ok)
            .try_for_each_concurrent(AT_ONCE, async |(room, sockets)| {
                self.beat_in(room, &sockets).await.map(drop)
            })
            .await
    }

    async fn beat_in(
        &self,
        room: RoomCode,
        sockets: &[(UserId, SocketId)],
    ) -> Result<Vec<MemberPresence>, HotError> {
        let presence = self.hot().beat(room, sockets).await?;
        for (member, socket) in sockets {
            // It closed meanwhile: what was said last must be that.
            if !self.shared.attending.contains_key(socket) {
                self.hot().depart(room, *member, *socket).await?;
            }
        }
        Ok(presence)
    }

    async fn look_after_one(&self, room: RoomCode, sockets: &[(UserId, SocketId)]) -> Result<(), RoomError> {
        let Some(live) = self.held(room) else { return Ok(self.beat_in(room, sockets).await.map(drop)?) };
        let question = live.ask_who();
        let presence = self.beat_in(room, sockets).await?;
        live.set_who(question, &presence);
        // Found here too: a last event whose publication was lost. Phones learn of it with the next `time`.
        self.catch_up(&live).await?;
        self.mark_away(&live, &presence).await?;
        self.pass_control(&live, &presence).await
    }

    /// Nobody waits in a room without sockets, so that nobody is marked away there.
    async fn mark_away(&self, live: &LiveRoom, presence: &[MemberPresence]) -> Result<(), RoomError> {
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
        for member in members {
            let Some(last_seen) = live.unseen_since(presence, member) else { continue };
            if self.clock().now().since(last_seen) >= AWAY_AFTER {
                self.execute(live, member, &Command::People(PeopleCommand::Away { last_seen })).await?;
            }
        }
        Ok(())
    }

    fn forget_idle(&self) {
        let now = self.clock().now();
        self.shared.loaded.retain(|_, cell| match cell.get() {
            Some(live) => {
                live.forget_encoded();
                // Whoever holds the room holds an `Arc` of it.
                Arc::strong_count(live) > 1
                    || now.since(live.used_at()) < KEPT
                    // Nobody else may be there to end its round.
                    || Self::has_end_to_keep(live, now, KEPT)
            }
            // Somebody is opening it.
            None => Arc::strong_count(cell) > 1,
        });
    }

    /// The replica that this node holds of a room, however old it is.
    pub(crate) fn held(&self, room: RoomCode) -> Option<Arc<LiveRoom>> {
        self.shared.loaded.get(&room)?.get().cloned()
    }

    pub(super) fn loaded(&self) -> Vec<Arc<LiveRoom>> {
        self.shared.loaded.iter().filter_map(|cell| cell.get().cloned()).collect()
    }
}
