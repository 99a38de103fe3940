//! A room in memory: its log, folded, and a bell for those who wait.

use std::sync::{
    Arc, RwLock, RwLockReadGuard,
    atomic::{AtomicI64, Ordering},
};

use sovpalo_domain::{
    ids::{RoomCode, Seq, Timestamp, UserId},
    room::{BrokenLog, Entry, Faces, Room},
};
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio_util::sync::CancellationToken;

use super::position;
use crate::hot::{Listening, Onto, Position, Tail, Tip};

/// One entry of the log with what people see of it.
#[derive(Debug)]
pub struct Happening {
    /// Its place in the log.
    pub seq: Seq,
    /// The entry. Not for clients: it holds what only its author may see.
    pub entry: Entry,
    /// How it looks to each member.
    pub faces: Faces,
}

/// A replica of a room. Everything here is in memory and quick; waiting is done through [`LiveRoom::watch`].
#[derive(Debug)]
pub struct LiveRoom {
    code: RoomCode,
    replica: RwLock<Replica>,
    turn: Mutex<()>,
    mending: Mutex<()>,
    _listening: Listening,
    position: watch::Sender<Position>,
    online: watch::Sender<Arc<[UserId]>>,
    closed: CancellationToken,
    opened_at: Timestamp,
    used_at: AtomicI64,
}

#[derive(Debug)]
struct Replica {
    room: Room,
    log: Vec<Arc<Happening>>,
}

impl LiveRoom {
    pub(super) fn replay(
        code: RoomCode,
        log: &[Entry],
        listening: Listening,
        now: Timestamp,
    ) -> Result<Self, BrokenLog> {
        let replica = Replica::replay(log)?;
        let (position, _) = watch::channel(position(&replica.room));
        let (online, _) = watch::channel(Arc::default());
        Ok(Self {
            code,
            replica: RwLock::new(replica),
            turn: Mutex::new(()),
            mending: Mutex::new(()),
            _listening: listening,
            position,
            online,
            closed: CancellationToken::new(),
            opened_at: now,
            used_at: AtomicI64::new(now.millis()),
        })
    }

    /// The room's code.
    pub fn code(&self) -> RoomCode {
        self.code
    }

    /// Where the replica stands.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Looks at the room. `look` must be short: it holds others up.
    pub fn read<R>(&self, look: impl FnOnce(&Room) -> R) -> R {
        look(&self.replica().room)
    }

    /// Moves with everything that is folded in.
    pub fn watch(&self) -> watch::Receiver<Position> {
        self.position.subscribe()
    }

    /// What happened after `known`, oldest first. `None`: that is of another history, or ahead of this replica; the
    /// whole room is the answer then.
    pub fn since(&self, known: Position) -> Option<Vec<Arc<Happening>>> {
        let replica = self.replica();
        let seen = usize::try_from(known.seq.get()).ok()?;
        if replica.room.epoch() != known.epoch {
            return None;
        }
        replica.log.get(seen..).map(<[_]>::to_vec)
    }

    /// Whether these, with their times, are what came next after `known`.
    pub(super) fn goes_on_with(&self, known: Position, entries: &[Entry]) -> bool {
        let happened = self.since(known).unwrap_or_default();
        happened.len() >= entries.len()
            && happened.iter().zip(entries).all(|(happening, entry)| happening.entry == *entry)
    }

    /// Who has a socket open, on any node.
    pub fn online(&self) -> Arc<[UserId]> {
        self.online.borrow().clone()
    }

    /// Moves when somebody comes online or goes.
    pub fn watch_online(&self) -> watch::Receiver<Arc<[UserId]>> {
        self.online.subscribe()
    }

    /// Ends when the room's log turns out to hold what this program cannot read. What is held here is out of date from then on:
    /// whoever looks at it has to leave, and another node may serve them.
    pub fn closed(&self) -> &CancellationToken {
        &self.closed
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    /// When this node began to hold the room.
    pub(super) fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    pub(super) fn touch(&self, now: Timestamp) {
        self.used_at.store(now.millis(), Ordering::Relaxed);
    }

    pub(super) fn used_at(&self) -> Timestamp {
        Timestamp::from_millis(self.used_at.load(Ordering::Relaxed))
    }

    /// This node's commands for the room, one at a time.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// This node's mending of the room, one at a time.
    pub(super) async fn mending(&self) -> MutexGuard<'_, ()> {
        self.mending.lock().await
    }

    /// The room, and where its log has to stand for what is decided about it.
    pub(super) fn judge<R>(&self, judge: impl FnOnce(&Room) -> R) -> (Onto, R) {
        let replica = self.replica();
        (replica.onto(), judge(&replica.room))
    }

    /// The whole log, and where it stands.
    pub(super) fn log(&self) -> (Onto, Vec<Entry>) {
        let replica = self.replica();
        (replica.onto(), replica.log.iter().map(|happening| happening.entry.clone()).collect())
    }

    pub(super) fn set_online(&self, online: Vec<UserId>) {
        self.online.send_if_modified(|now| {
            let changed = **now != *online;
            if changed {
                *now = online.into();
            }
            changed
        });
    }

    /// Folds in entries that were appended to a log that ended with `before`, the last of which has the seq of `at`. What is
    /// known already is passed over. `false`: some are missing before them, or they are of another history.
    pub(super) fn fold(&self, at: Position, before: Tip, entries: &[Entry]) -> bool {
        let now = {
            let mut replica = self.replica.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            let known = position(&replica.room);
            let behind = at.seq.get().saturating_sub(known.seq.get());
            if at.epoch != known.epoch {
                return false;
            }
            if behind == 0 {
                return true;
            }
            if behind != entries.len() as u64 || replica.tip() != before {
                return false;
            }
            for entry in entries {
                replica.append(entry);
            }
            position(&replica.room)
        };
        self.tell(now);
        true
    }

    /// Folds in the end of the log, read from the last entry that is known. `false`: the log is another one.
    pub(super) fn follow(&self, tail: &Tail) -> bool {
        let before = {
            let replica = self.replica();
            let known = position(&replica.room);
            let same = tail.at.epoch == known.epoch && tail.at.seq >= known.seq;
            match tail.entries.split_first() {
                Some((first, _)) if same && replica.log.last().is_some_and(|last| last.entry == *first) => {
                    Tip::of(first)
                }
                _ => return false,
            }
        };
        // What was folded in meanwhile by somebody else is the same.
        self.fold(tail.at, before, &tail.entries[1..]) || self.position().seq >= tail.at.seq
    }

    /// Takes another log instead of its own, if it still stands there. `false`: it has moved on, and what was worked out about it
    /// is not true any more.
    pub(super) fn replace(&self, stood: Onto, log: &[Entry]) -> Result<bool, BrokenLog> {
        let fresh = Replica::replay(log)?;
        let now = {
            let mut replica = self.replica.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            if replica.onto() != stood {
                return Ok(false);
            }
            *replica = fresh;
            position(&replica.room)
        };
        self.tell(now);
        Ok(true)
    }

    fn tell(&self, now: Position) {
        self.position.send_if_modified(|before| {
            // Two folds may end in one order and get here in the other.
            let moved = before.epoch != now.epoch || before.seq < now.seq;
            if moved {
                *before = now;
            }
            moved
        });
    }

    fn replica(&self) -> RwLockReadGuard<'_, Replica> {
        self.replica.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Replica {
    fn replay(log: &[Entry]) -> Result<Self, BrokenLog> {
        let (first, rest) = log.split_first().ok_or(BrokenLog)?;
        let room = Room::begin(first)?;
        let mut replica = Self { room, log: Vec::with_capacity(log.len()) };
        replica.remember(first);
        for entry in rest {
            replica.append(entry);
        }
        Ok(replica)
    }

    fn tip(&self) -> Tip {
        self.log.last().map_or(Tip::NONE, |last| Tip::of(&last.entry))
    }

    fn onto(&self) -> Onto {
        Onto { at: position(&self.room), tip: self.tip() }
    }

    fn append(&mut self, entry: &Entry) {
        self.room.apply(entry);
        self.remember(entry);
    }

    fn remember(&mut self, entry: &Entry) {
        let faces = self.room.faces(entry);
        self.log.push(Arc::new(Happening { seq: self.room.seq(), entry: entry.clone(), faces }));
    }
}
