//! Every open socket of this node, and every request that waits for news, as far as others must reach them: to end with their
//! session, and to end with the node.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use dashmap::DashMap;
use sovpalo_domain::ids::UserId;
use sovpalo_live::hot::{Announcement, Change, Hot};
use sovpalo_storage::{SessionId, measure};
use tokio::{sync::broadcast::error::RecvError, time::sleep};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

use super::{devices::Devices, diagnosis::Diagnosis};
use crate::{problem::Refused, sessions::Sessions};

/// More sockets and waiting requests than this no phone opens; a session that does is up to something.
pub(crate) const MOST_PER_SESSION: usize = 16;
/// Sockets and waiting requests of one person on this node, over all of their sessions. Beyond it another is refused with 429.
pub(crate) const MOST_PER_PERSON: usize = 32;
/// When a session with too many sockets may try again.
const COME_BACK: Duration = Duration::from_secs(10);
/// Phones that have to come back do so at 5,000 a second, over no less than the first and no more than the second.
const SPREAD_PER_SOCKET: Duration = Duration::from_micros(200);
const LEAST_SPREAD: Duration = Duration::from_millis(300);
const MOST_SPREAD: Duration = Duration::from_secs(5);
/// Between two tries to learn which sessions have ended.
const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// The open sockets.
#[derive(Default)]
pub(crate) struct Hub {
    stop: CancellationToken,
    sockets: TaskTracker,
    held: DashMap<SessionId, Held>,
    /// How many sockets and waiting requests each person has.
    people: DashMap<UserId, usize>,
    /// Over how long the phones come back when the node goes.
    spread: OnceLock<Duration>,
    diagnosis: Diagnosis,
    /// Which socket of each device is heard.
    pub(crate) devices: Arc<Devices>,
}

/// The sockets of one session.
struct Held {
    ended: CancellationToken,
    sockets: usize,
}

/// Held by a socket for as long as it is open, or by a request for as long as it waits.
pub(crate) struct Seat {
    hub: Arc<Hub>,
    /// What counts it.
    gauge: &'static str,
    pub(crate) session: SessionId,
    /// Fires when the session ends.
    pub(crate) ended: CancellationToken,
    _open: TaskTrackerToken,
}

impl Hub {
    /// A socket of this session opens, unless it has too many or the node is going. Whether the session still lives must
    /// be asked after this, so that no end is missed.
    pub(crate) fn seat(self: &Arc<Self>, session: SessionId) -> Result<Seat, Refused> {
        self.take(session, "sovpalo_sockets_open")
    }

    /// The same for a request that waits.
    pub(crate) fn wait(self: &Arc<Self>, session: SessionId) -> Result<Seat, Refused> {
        if self.stop.is_cancelled() {
            return Err(self.restarting());
        }
        self.take(session, "sovpalo_polls_waiting")
    }

    fn take(self: &Arc<Self>, session: SessionId, gauge: &'static str) -> Result<Seat, Refused> {
        let open = self.sockets.token();
        if self.stop.is_cancelled() {
            return Err(Refused::Unavailable);
        }
        let mut theirs = self.people.entry(session.user()).or_default();
        if *theirs >= MOST_PER_PERSON {
            return Err(Refused::TooMany { retry_after: COME_BACK });
        }
        let mut held = self
            .held
            .entry(session.clone())
            .or_insert_with(|| Held { ended: CancellationToken::new(), sockets: 0 });
        if held.sockets >= MOST_PER_SESSION {
            return Err(Refused::TooMany { retry_after: COME_BACK });
        }
        *theirs += 1;
        drop(theirs);
        held.sockets += 1;
        let ended = held.ended.clone();
        drop(held);
        measure::gauge(gauge, []).increment(1);
        Ok(Seat { hub: Arc::clone(self), gauge, session, ended, _open: open })
    }

    /// Over how long phones that are sent away come back: longer, the more there are.
    pub(crate) fn spread(&self) -> Duration {
        let now = || {
            let sockets = u32::try_from(self.sockets.len()).unwrap_or(u32::MAX);
            SPREAD_PER_SOCKET.saturating_mul(sockets).clamp(LEAST_SPREAD, MOST_SPREAD)
        };
        self.spread.get().copied().unwrap_or_else(now)
    }

    /// What the operator is told when phones cannot open sockets.
    pub(crate) fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    /// What a request is told that waits on a node that goes.
    pub(crate) fn restarting(&self) -> Refused {
        Refused::Restarting { spread: self.spread() }
    }

    /// Fires when the node goes.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// Follows sessions that end on other nodes, and here. Runs until the node goes.
    pub(crate) async fn follow(&self, hot: &Arc<dyn Hot>, sessions: &Sessions) {
        let mut changes = hot.changes();
        // What ended before this node listened, and whenever it may not have heard.
        let mut behind = true;
        loop {
            if behind {
                behind = !self.learn(sessions).await;
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(BETWEEN_TRIES), if behind => {}
                change = changes.recv() => match change {
                    Ok(Change::Announced(what)) => self.on_announcement(hot, sessions, what),
                    Ok(Change::Missed) | Err(RecvError::Lagged(_)) => {
                        self.devices.missed(hot);
                        behind = true;
                    }
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }

    /// Something was announced to every node.
    fn on_announcement(&self, hot: &Arc<dyn Hot>, sessions: &Sessions, what: Announcement) {
        match what {
            Announcement::SessionEnded(session) => {
                sessions.on_ended(&session);
                self.end(&session);
            }
            Announcement::SocketOpened { user, device, socket } => {
                self.devices.opened(hot, user, device, socket);
            }
            Announcement::Moved(moved) => self.devices.moved(moved),
        }
    }

    fn end(&self, session: &SessionId) {
        if let Some(held) = self.held.get(session) {
            held.ended.cancel();
        }
    }

    /// Ends the sockets of sessions whose end was not heard. Nobody's socket ends because the hot layer has lost its memory.
    async fn learn(&self, sessions: &Sessions) -> bool {
        match sessions.learn_ends().await {
            Ok(ended) => {
                for session in ended {
                    self.end(&session);
                }
                true
            }
            Err(error) => {
                tracing::debug!(%error, "which sessions have ended could not be learned yet");
                false
            }
        }
    }

    /// Tells every socket to close, and waits until they have.
    pub(crate) async fn close(&self) {
        let _ = self.spread.set(self.spread());
        self.stop.cancel();
        self.sockets.close();
        self.sockets.wait().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        measure::gauge(self.gauge, []).decrement(1);
        self.hub.people.remove_if_mut(&self.session.user(), |_, theirs| {
            *theirs -= 1;
            *theirs == 0
        });
        self.hub.held.remove_if_mut(&self.session, |_, held| {
            held.sockets -= 1;
            held.sockets == 0
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SessionId {
        SessionId::from_bits(UserId::new(7).unwrap(), 1)
    }

    #[tokio::test]
    async fn a_node_that_goes_seats_nobody_and_waits_for_those_who_sit() {
        let hub = Arc::new(Hub::default());
        let seat = hub.seat(session()).unwrap();
        let going = tokio::spawn({
            let hub = Arc::clone(&hub);
            async move { hub.close().await }
        });
        hub.stopping().cancelled().await;
        assert!(matches!(hub.seat(session()), Err(Refused::Unavailable)));
        assert!(!going.is_finished(), "somebody sits");
        drop(seat);
        going.await.unwrap();
    }

    #[test]
    fn phones_come_back_over_longer_the_more_they_are() {
        let hub = Arc::new(Hub::default());
        assert_eq!(hub.spread(), LEAST_SPREAD);
        let seats: Vec<_> = (0..5_000)
            .map(|n| hub.seat(SessionId::from_bits(UserId::new(n + 1).unwrap(), 1)).ok().unwrap())
            .collect();
        assert_eq!(hub.spread(), Duration::from_secs(1));
        drop(seats);
    }

    #[test]
    fn a_person_has_so_many_sockets_over_all_of_their_sessions() {
        let hub = Arc::new(Hub::default());
        let seat = |user: i64, session| hub.seat(SessionId::from_bits(UserId::new(user).unwrap(), session));
        let mut seats: Vec<_> = (0..100).filter_map(|n| seat(7, n).ok()).collect();
        assert_eq!(seats.len(), MOST_PER_PERSON);
        assert!(seat(8, 1).is_ok(), "somebody else has their own");
        seats.pop();
        assert!(seat(7, 1000).is_ok(), "the place of one that closed is free again");
        drop(seats);
        assert!(hub.people.is_empty() && hub.held.is_empty(), "nobody is remembered who has none");
    }
}
