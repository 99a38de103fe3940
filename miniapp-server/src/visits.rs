//! Who is in which room by HTTP: somebody who asks for updates again and again is as present as somebody with an open socket.
//!
//! A visit begins with the first question and goes on for as long as one waits, and for [`linger`](crate::Patience::linger)
//! after the last: nobody flickers between two questions. Each node has visits of its own, so that a phone whose questions reach
//! one node and then another is present on both until the first has waited in vain.
//!
//! Bounds: a phone has one question waiting on each connection, the newest; somebody has at most [`MOST_IN_A_ROOM`] waiting in one room
//! (the oldest makes way), and [`MOST_WAITING`] in all.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use dashmap::DashMap;
use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_live::{
    hot::SocketId,
    rooms::{Attendance, LiveRoom, Rooms},
};
use sovpalo_storage::SessionId;
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::problem::Refused;

/// Of one member in one room. Nobody has more devices in their hands.
const MOST_IN_A_ROOM: usize = 8;
/// Of one person in all rooms.
const MOST_WAITING: usize = 32;
/// When somebody with too many may try again.
const COME_BACK: Duration = Duration::from_secs(5);

type Key = (RoomCode, UserId);

/// The visits of this node.
pub(crate) struct Visits {
    /// How long somebody stays after their last question.
    linger: Duration,
    /// Fires when the node goes.
    stop: CancellationToken,
    open: DashMap<Key, Arc<Visit>>,
    /// How many questions of each person wait.
    waiting: DashMap<UserId, usize>,
}

/// A member in a room.
struct Visit {
    attendance: OnceCell<Attendance>,
    questions: Mutex<Questions>,
}

struct Questions {
    next: u64,
    waiting: Vec<Question>,
    /// When the last one ended.
    left_at: Instant,
}

struct Question {
    number: u64,
    line: Line,
    superseded: CancellationToken,
}

/// Questions on one line follow each other; a newer one ends an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) session: SessionId,
    pub(crate) connection: Option<SocketId>,
}

/// Held for as long as a question waits.
pub(crate) struct Waiting {
    visits: Arc<Visits>,
    visit: Arc<Visit>,
    user: UserId,
    number: u64,
    /// Fires when a newer question takes its place.
    pub(crate) superseded: CancellationToken,
}

impl Visits {
    /// `linger`: see [`Patience::linger`](crate::Patience::linger). All visits end at `stop`.
    pub(crate) fn new(linger: Duration, stop: CancellationToken) -> Self {
        Self { linger, stop, open: DashMap::new(), waiting: DashMap::new() }
    }

    /// A member asks. When this comes back, they are online.
    pub(crate) async fn wait(
        self: &Arc<Self>,
        rooms: &Rooms,
        live: &Arc<LiveRoom>,
        user: UserId,
        line: Line,
    ) -> Result<Waiting, Refused> {
        self.count(user)?;
        let waiting = self.enter((live.code(), user), line);
        waiting.visit.attendance.get_or_try_init(|| rooms.attend(live, user, None)).await?;
        Ok(waiting)
    }

    fn count(&self, user: UserId) -> Result<(), Refused> {
        let mut waiting = self.waiting.entry(user).or_default();
        if *waiting >= MOST_WAITING {
            return Err(Refused::TooMany { retry_after: COME_BACK });
        }
        *waiting += 1;
        Ok(())
    }

    fn enter(self: &Arc<Self>, key: Key, line: Line) -> Waiting {
        let entry = self.open.entry(key).or_insert_with(|| {
            tokio::spawn(Arc::clone(self).keep(key));
            Arc::default()
        });
        // While nobody else can take the visit away.
        let (number, superseded) = entry.begin(line);
        let visit = Arc::clone(&entry);
        Waiting { visits: Arc::clone(self), visit, user: key.1, number, superseded }
    }

    /// Ends a visit when nobody has asked for long enough, or the node goes.
    async fn keep(self: Arc<Self>, key: Key) {
        let linger = self.linger;
        let mut look_at = Instant::now() + linger;
        loop {
            tokio::select! {
                () = self.stop.cancelled() => {
                    self.open.remove(&key);
                    return;
                }
                () = sleep_until(look_at) => {}
            }
            let now = Instant::now();
            if self.open.remove_if(&key, |_, visit| visit.ends_at(linger, now) <= now).is_some() {
                return;
            }
            let Some(visit) = self.open.get(&key) else { return };
            look_at = visit.ends_at(linger, now);
        }
    }
}

impl Default for Visit {
    fn default() -> Self {
        let questions = Questions { next: 0, waiting: Vec::new(), left_at: Instant::now() };
        Self { attendance: OnceCell::new(), questions: Mutex::new(questions) }
    }
}

impl Visit {
    fn begin(&self, line: Line) -> (u64, CancellationToken) {
        let mut questions = self.questions();
        let number = questions.next;
        questions.next += 1;
        let crowded = questions.waiting.len() >= MOST_IN_A_ROOM;
        let mut rest = Vec::with_capacity(questions.waiting.len() + 1);
        for (place, question) in mem::take(&mut questions.waiting).into_iter().enumerate() {
            if question.line == line || (crowded && place == 0) {
                question.superseded.cancel();
            } else {
                rest.push(question);
            }
        }
        let superseded = CancellationToken::new();
        rest.push(Question { number, line, superseded: superseded.clone() });
        questions.waiting = rest;
        (number, superseded)
    }

    fn end(&self, number: u64) {
        let mut questions = self.questions();
        questions.waiting.retain(|question| question.number != number);
        questions.left_at = Instant::now();
    }

    /// When the visit is over, if nobody asks again.
    fn ends_at(&self, linger: Duration, now: Instant) -> Instant {
        let questions = self.questions();
        (if questions.waiting.is_empty() { questions.left_at } else { now }) + linger
    }

    fn questions(&self) -> MutexGuard<'_, Questions> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.visit.end(self.number);
        self.visits.waiting.remove_if_mut(&self.user, |_, waiting| {
            *waiting -= 1;
            *waiting == 0
        });
    }
}
