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
mod follow;
mod live;
mod making;
mod publications;
mod recovery;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use dashmap::DashMap;
use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq, Timestamp, UserId},
    room::{Command, Created, Entry, Event, PeopleEvent, Profile, Refusal, Room, Settings},
};
use sovpalo_storage::{Db, DbError, clock::Clock};
use tokio::sync::OnceCell;

use self::live::Replica;
pub use self::{
    attendance::Attendance,
    encoded::{Encoded, KEPT_ENCODED},
    live::{KEPT_EVENTS, LiveRoom, Next, NumberedEvent},
    making::{ROOMS_PER_PERSON, spend_room, usual_name},
    publications::{PUBLICATIONS_KEPT, Publication},
};
use crate::{
    hot::{Appended, FencingToken, HeadHash, Hot, HotError, Listening, SocketId},
    unreadable::UnreadableRooms,
};

/// How often a command is judged again before the caller is told to come back.
const ATTEMPTS: usize = 100;

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

/// What has to be so for a command to be done.
#[derive(Debug, Clone, Copy, Default)]
struct Terms {
    /// This connection is the newest one of its device.
    fence: Option<FencingToken>,
    /// It is not later than this.
    until: Option<Timestamp>,
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
    unreadable: UnreadableRooms,
}

impl Rooms {
    /// Rooms over these stores. [`Rooms::run`] must be running beside for them to hear of other nodes.
    pub fn new(db: Db, hot: Arc<dyn Hot>, clock: Clock) -> Self {
        let (loaded, attending) = (DashMap::new(), DashMap::new());
        let unreadable = UnreadableRooms::new("it is closed on this node");
        let shared = Shared { db, hot, clock, loaded, attending, unreadable };
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

    /// Makes a room with a fresh code; its host is its first member.
    pub async fn create(
        &self,
        host: UserId,
        profile: Profile,
        settings: Settings,
    ) -> Result<Arc<LiveRoom>, RoomError> {
        loop {
            let (code, seed) = (RoomCode::from_bits(rand::random()), rand::random());
            if let Some(made) = self.create_at(code, seed, host, &profile, &settings).await? {
                return Ok(made);
            }
        }
    }

    /// Makes a room with this code, drawn at random or from what makes two requests one, whose cards are shuffled by this seed. `None`:
    /// there is or was a room of that code.
    pub async fn create_at(
        &self,
        code: RoomCode,
        seed: u64,
        host: UserId,
        profile: &Profile,
        settings: &Settings,
    ) -> Result<Option<Arc<LiveRoom>>, RoomError> {
        settings.check()?;
        // A log may have expired: SQL knows every code that ever was.
        if self.db().projected(code).await?.is_some() {
            return Ok(None);
        }
        let epoch = Epoch::from_bits(rand::random());
        let created = Created { code, epoch, host, seed, settings: settings.clone() };
        let joined = Event::People(PeopleEvent::Joined { member: host, profile: profile.clone() });
        let entries = self.entries([Event::Created(Box::new(created)), joined]);
        let listening = self.hot().listen(code).await?;
        // Nobody can hold more of a room that is only just made: this is put where nothing was.
        let Appended::At(_) = self.hot().put_back(code, None, &entries).await? else { return Ok(None) };
        // Held from the first moment on, so that it is there also if the log is lost in the next.
        let cell = Arc::clone(&self.shared.loaded.entry(code).or_default());
        let made = cell.get_or_try_init(async || self.live(code, entries.to_vec(), listening).await).await;
        made.cloned().map(Some)
    }

    /// The replica of a room, as new as its log when this was asked: from memory, else from the log, else from what SQL remembers.
    pub async fn open(&self, code: RoomCode) -> Result<Arc<LiveRoom>, RoomError> {
        let cell = Arc::clone(&self.shared.loaded.entry(code).or_default());
        let opened = match cell.get() {
            // Whoever asks may have been told by another node of more than has been heard of here.
            Some(live) => self.catch_up(live).await.map(|()| Arc::clone(live)),
            None => cell.get_or_try_init(|| self.load(code)).await.cloned(),
        };
        match opened {
            Ok(live) => {
                live.touch(self.clock().now());
                Ok(live)
            }
            Err(error) => {
                // A stranger's guesses leave nothing behind.
                self.shared.loaded.remove_if(&code, |_, cell| !cell.initialized());
                if let RoomError::Hot(unreadable @ HotError::Unreadable { .. }) = &error {
                    self.shared.unreadable.found(code, unreadable);
                }
                Err(error)
            }
        }
    }

    /// The rooms this node holds that somebody is or was in, also those that SQL has not heard of yet.
    pub fn held_with(&self, member: UserId) -> Vec<RoomCode> {
        let held = self.shared.loaded.iter().filter_map(|cell| cell.get().cloned());
        held.filter(|live| live.read(|room| room.member(member).is_some())).map(|live| live.code()).collect()
    }

    async fn load(&self, code: RoomCode) -> Result<Arc<LiveRoom>, RoomError> {
        // Before the log is read, so that nothing falls between the two.
        let listening = self.hot().listen(code).await?;
        for _ in 0..ATTEMPTS {
            if let Some(tail) = self.hot().read(code, Seq::ZERO).await? {
                return self.live(code, tail.entries, listening).await;
            }
            let Some(remembered) = self.db().remembered_room(code).await? else {
                // One that was only just made may be put back by whoever made it.
                let wait = self.hot().recovering(code).await?.ok_or(RoomError::NotFound)?;
                pause(wait).await;
                continue;
            };
            let restored = remembered.under(Epoch::from_bits(rand::random()));
            let entries = self.entries([Event::Restored(Box::new(restored))]);
            match self.hot().append(code, None, &entries, true).await? {
                Appended::At(_) => {
                    tracing::info!(room = %code, "a room came back from SQL");
                    return self.live(code, entries.to_vec(), listening).await;
                }
                // Another node was quicker.
                Appended::Conflict(_) | Appended::Fenced => {}
                // Whoever holds more of the room than SQL has the first word.
                Appended::NotYet(wait) => pause(wait).await,
            }
        }
        Err(HotError::busy("a room's log does not come to rest").into())
    }

    async fn live(
        &self,
        code: RoomCode,
        log: Vec<Entry>,
        listening: Listening,
    ) -> Result<Arc<LiveRoom>, RoomError> {
        let replica = Replica::replay(log).await.map_err(|broken| HotError::unreadable(broken).of(code))?;
        self.shared.unreadable.read(code);
        Ok(Arc::new(LiveRoom::of(code, replica, listening, self.clock().now())))
    }

    /// Judges a command and makes it so. On `Hot` whether it was done is unknown: the caller asks again, which
    /// changes nothing if it was. What is asked for on a socket goes through its [`Attendance`].
    pub async fn execute(
        &self,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
    ) -> Result<Done, RoomError> {
        self.execute_if(Terms::default(), live, actor, command).await
    }

    /// The same, by this time or never ([`RoomError::TooLate`]): whoever asked has given up then, and may have asked for something
    /// else. If they have, they are not overtaken also when the time passes between the look at the clock and the append.
    pub async fn execute_until(
        &self,
        until: Option<Timestamp>,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
    ) -> Result<Done, RoomError> {
        self.execute_if(Terms { until, fence: None }, live, actor, command).await
    }

    /// The same for a device that [named itself](Rooms::connect): unless a newer connection has fenced it off
    /// ([`RoomError::Fenced`]).
    pub async fn execute_for(
        &self,
        fence: FencingToken,
        until: Option<Timestamp>,
        live: &LiveRoom,
        command: &Command,
    ) -> Result<Done, RoomError> {
        self.execute_if(Terms { until, fence: Some(fence) }, live, fence.member, command).await
    }

    async fn execute_if(
        &self,
        Terms { fence, until }: Terms,
        live: &LiveRoom,
        actor: UserId,
        command: &Command,
    ) -> Result<Done, RoomError> {
        // This node's own commands queue here instead of conflicting with each other.
        let _turn = live.turn().await;
        let mut looked = None;
        for _ in 0..ATTEMPTS {
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
                    if let Some(wait) = self.hot().recovering(live.code()).await? {
                        pause(wait).await;
                    } else {
                        self.catch_up(live).await?;
                        looked = Some(live.position());
                    }
                    continue;
                }
            };
            let durable = events.iter().any(Event::is_durable);
            let entries: Vec<Entry> = events.into_iter().map(|event| Entry { at: now, event }).collect();
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
                Appended::Conflict(_) => {
                    self.catch_up(live).await?;
                    // The answer to an append may be lost and the engine ask again: then what stands in the way is our own.
                    if live.goes_on_with(at, &entries) {
                        return Ok(Done { epoch: at.epoch, seq: at.seq.next(), appended: true });
                    }
                }
                Appended::NotYet(wait) => pause(wait).await,
                Appended::Fenced => return Err(RoomError::Fenced),
            }
        }
        Err(HotError::busy("the room is too busy").into())
    }

    /// Folds in what was published, or reads what is missing before it.
    async fn fold(
        &self,
        live: &LiveRoom,
        at: Position,
        before: HeadHash,
        entries: &[Entry],
    ) -> Result<(), RoomError> {
        if live.fold(at, before, entries) { Ok(()) } else { self.catch_up(live).await }
    }

    fn entries<const N: usize>(&self, events: [Event; N]) -> [Entry; N] {
        let at = self.clock().now();
        events.map(|event| Entry { at, event })
    }
}

/// Waits a little of what the hot layer asks for: what it waits for may come sooner.
async fn pause(wait: Duration) {
    tokio::time::sleep(wait.min(Duration::from_millis(100))).await;
}

fn position(room: &Room) -> Position {
    Position { epoch: room.epoch(), seq: room.seq() }
}
