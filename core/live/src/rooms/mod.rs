//! The only write path of a room, and the replica every node keeps of the rooms it serves.
//!
//! A command is judged against the replica, what it allows is appended to the hot log, and only if
//! nobody appended in between: else what was missed is folded in and the command is judged again.
//! Nothing else in the project appends to a room's log, but what [takes people out of it](crate::erasures) who erased themselves.
//!
//! A refusal, or "it already is so", is only ever said after a look at the log: a replica may be behind
//! another node's, but it never says no to what has just become right.

mod attendance;
mod encoded;
mod film_length;
mod follow;
mod ledger;
mod lending;
mod live;
mod making;
mod open;
mod playing;
mod publications;
mod recovery;
mod replica;
mod round_clock;
#[cfg(test)]
mod tests;
mod watched;
mod watchers;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use dashmap::DashMap;
use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq, Timestamp, UserId},
    room::{Command, Entry, Event, Refusal},
};
use sovpalo_storage::{Db, DbError, clock::Clock};
use tokio::{sync::OnceCell, time::Instant};

pub use self::{
    attendance::Attendance,
    encoded::{Encoded, KEPT_ENCODED},
    ledger::MINUTES_KEPT,
    live::{LiveRoom, Next, Voice},
    making::usual_name,
    playing::PLAYS_UNSEEN,
    publications::{PUBLICATIONS_KEPT, Publication},
    replica::{KEPT_EVENTS, NumberedEvent},
    round_clock::UNENDED_AT_ONCE,
    watched::{LONGEST_UNKNOWN_FILM, LOOK_EVERY},
    watchers::WATCHES_FOR,
};
use self::{ledger::Ledger, live::Unanswered};
use crate::{
    hot::{Appended, FencingToken, HeadHash, Hot, HotError, SocketId},
    unreadable::UnreadableRooms,
};

/// How often a command is judged again before the caller is told to come back.
const ATTEMPTS: usize = 100;
/// Between tries while the hot layer cannot say what became of the last one.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// Why a room did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// There is no such room.
    #[error("there is no such room")]
    NotFound,
    /// The caller's fencing token is stale: a newer connection of the device is open, on which it asks again.
    #[error("a newer connection of the same device is open")]
    Fenced,
    /// It was to be done by a time that has passed.
    #[error("it is too late for that")]
    TooLate,
    /// The room's own no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The hot layer cannot be reached or is busy, and whether the command was done is unknown; or it holds a log of this room that
    /// cannot be read.
    #[error(transparent)]
    Hot(#[from] HotError),
    /// The database cannot be reached.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl RoomError {
    /// Whether this room's log holds what this program cannot read; another node may.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Hot(error) if error.is_unreadable())
    }
}

/// A command is done and cannot be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// In which history.
    pub epoch: Epoch,
    /// The seq of the command's own event; where the room stands, if it already was so.
    pub seq: Seq,
    /// Whether there is such an event, or it already was so.
    pub appended: bool,
}

/// On which terms a command is done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// On which connection of a [device that named itself](Rooms::connect) it was asked for: a newer one fences it off
    /// ([`RoomError::Fenced`]).
    pub fence: Option<FencingToken>,
    /// By this time or never ([`RoomError::TooLate`]): whoever asked has given up then, and may have asked for something else. If they
    /// have, they are not overtaken also when the time passes between the look at the clock and the append.
    pub until: Option<Timestamp>,
    /// For so long it is tried again while the hot layer cannot say whether it was done.
    pub patience: Duration,
}

/// The rooms that this node serves. Cheap to clone.
#[derive(Clone)]
pub struct Rooms {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    hot: Arc<dyn Hot>,
    clock: Clock,
    loaded: DashMap<RoomCode, Arc<OnceCell<Arc<LiveRoom>>>>,
    attending: DashMap<SocketId, (RoomCode, UserId)>,
    watched: Mutex<Ledger>,
    unreadable: UnreadableRooms,
}

impl Rooms {
    /// Rooms over these stores. [`Rooms::run`] must be running beside for them to hear of other nodes.
    pub fn new(db: Db, hot: Arc<dyn Hot>, clock: Clock) -> Self {
        let (loaded, attending) = (DashMap::new(), DashMap::new());
        let unreadable = UnreadableRooms::new("it is closed on this node");
        let watched = Mutex::default();
        let shared = Shared { db, hot, clock, loaded, attending, watched, unreadable };
        Self { shared: Arc::new(shared) }
    }

    /// The hot layer below.
    pub fn hot(&self) -> &Arc<dyn Hot> {
        &self.shared.hot
    }

    /// The database below.
    pub fn db(&self) -> &Db {
        &self.shared.db
    }

    /// The clock that rooms go by.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Judges a command and makes it so. On `Hot` whether it was done is unknown: the caller asks again, which
    /// changes nothing if it was. What is asked for on a socket goes on its [fence](Attendance::fence).
    pub async fn execute(
        &self,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
    ) -> Result<Done, RoomError> {
        self.execute_on(Terms::default(), live, actor, command).await
    }

    /// The same, on these terms. A command whose answer was lost is found in the log by a later try, whatever was done after it.
    pub async fn execute_on(
        &self,
        terms: Terms,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
    ) -> Result<Done, RoomError> {
        #[cfg(feature = "planted-bugs")]
        let planted = crate::planted::of_any_screen(command);
        #[cfg(feature = "planted-bugs")]
        let command = planted.as_ref().unwrap_or(command);
        let patient_until = Instant::now() + terms.patience;
        let mut unanswered = Vec::new();
        loop {
            let outcome = self.attempt(terms, live, actor, command, &mut unanswered).await;
            let again = matches!(&outcome, Err(error @ RoomError::Hot(_)) if !error.is_unreadable())
                && Instant::now() < patient_until;
            if !again {
                return outcome;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }

    /// Tries to do a command. `unanswered` is what it may have been appended as, the first entry of each append.
    async fn attempt(
        &self,
        Terms { fence, until, .. }: Terms,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
        unanswered: &mut Vec<Unanswered>,
    ) -> Result<Done, RoomError> {
        // This node's own commands queue here instead of conflicting with each other.
        let _turn = live.turn().await;
        let mut looked = None;
        if !unanswered.is_empty() {
            self.look_until_settled(live).await?;
        }
        for _ in 0..ATTEMPTS {
            // Judged again after what was done since, what was done already might be refused.
            if let Some(Position { epoch, seq }) = live.position_of_any(unanswered) {
                return Ok(Done { epoch, seq, appended: true });
            }
            let now = self.clock().now();
            if until.is_some_and(|until| now > until) {
                return Err(RoomError::TooLate);
            }
            let (expected, decided) = live.judge(|room| room.decide(actor, command, now));
            let at = expected.at;
            let events = match decided {
                Ok(events) if !events.is_empty() => events,
                // Nothing to do, or a no: sure only if the replica is not behind, and nobody is about to put back what says
                // otherwise.
                settled if looked == Some(at) => {
                    settled?;
                    return Ok(Done { epoch: at.epoch, seq: at.seq, appended: false });
                }
                _ => {
                    if self.look(live).await? {
                        looked = Some(live.position());
                    }
                    continue;
                }
            };
            let durable = events.iter().any(Event::is_durable);
            let entries: Vec<Entry> = events.into_iter().map(|event| Entry { at: now, event }).collect();
            unanswered.extend(entries.first().map(|entry| live.about_to_append(entry)));
            let appended = match fence {
                Some(fence) => {
                    self.hot().append_fenced(fence, live.code(), expected, &entries, durable).await?
                }
                None => self.hot().append(live.code(), Some(expected), &entries, durable).await?,
            };
            match appended {
                Appended::At(after) => {
                    self.fold(live, after, expected.head_hash, &entries).await?;
                    return Ok(Done { epoch: at.epoch, seq: at.seq.next(), appended: true });
                }
                // The answer to an append may be lost and the engine ask again: then what stands in the way may be our own.
                Appended::Conflict(_) => self.catch_up(live).await?,
                Appended::NotYet(wait) => pause(wait).await,
                Appended::Fenced => return Err(RoomError::Fenced),
            }
        }
        Err(HotError::busy("the room is too busy").into())
    }

    /// Whether somebody is a member. A no is only said after a look at the log: they may have joined through another node.
    pub async fn has_member(&self, live: &LiveRoom, who: UserId) -> Result<bool, RoomError> {
        let is_one = || live.read(|room| room.has_member(who));
        if !is_one() {
            self.look_until_settled(live).await?;
        }
        Ok(is_one())
    }

    /// Makes a replica as new as its log, and waits for whoever is about to put back more of that.
    async fn look_until_settled(&self, live: &LiveRoom) -> Result<(), RoomError> {
        for _ in 0..ATTEMPTS {
            if self.look(live).await? {
                return Ok(());
            }
        }
        Err(HotError::busy("a room's log does not come to rest").into())
    }

    /// Makes a replica as new as its log. While somebody may be about to put back more of that it waits a little instead, and says `false`.
    async fn look(&self, live: &LiveRoom) -> Result<bool, RoomError> {
        if let Some(wait) = self.hot().recovering(live.code()).await? {
            pause(wait).await;
            return Ok(false);
        }
        self.catch_up(live).await?;
        Ok(true)
    }

    /// Folds in what was published, or reads what is missing before it.
    async fn fold(
        &self,
        live: &LiveRoom,
        at: Position,
        before: HeadHash,
        entries: &[Entry],
    ) -> Result<(), HotError> {
        if live.fold(at, before, entries) { Ok(()) } else { self.catch_up(live).await }
    }

    fn entries(&self, events: Vec<Event>) -> Vec<Entry> {
        let at = self.clock().now();
        events.into_iter().map(|event| Entry { at, event }).collect()
    }
}

/// Waits a little of what the hot layer asks for: what it waits for may come sooner.
async fn pause(wait: Duration) {
    tokio::time::sleep(wait.min(Duration::from_millis(100))).await;
}
