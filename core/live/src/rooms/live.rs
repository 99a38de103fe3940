//! An in-memory replica of a room: its log, the state folded from it, and watch channels that notify on change.
//!
//! How the last entries look to people is kept for phones that were away for a moment; the entries themselves are all kept, and are as
//! many as a [log may have](sovpalo_domain::room::bounds).

use std::sync::{
    Arc, RwLock, RwLockReadGuard,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use sovpalo_domain::{
    ids::{Position, RoomCode, Seq, Timestamp, UserId},
    room::{BrokenLog, Entry, Room},
};
use tokio::sync::{Mutex, MutexGuard, Notify, broadcast, futures::OwnedNotified, watch};
use tokio_util::sync::CancellationToken;

use super::{
    encoded::KEPT_ENCODED,
    film_length::FilmLength,
    publications::{Publication, Publications},
    replica::{NumberedEvent, Replica},
    watchers::Watchers,
};
use crate::hot::{ExpectedHead, HeadHash, Listening, MemberPresence, SocketId, Tail};

/// What comes next for somebody who knows a room up to some position.
#[derive(Debug)]
pub enum Next {
    /// They know it all.
    Nothing,
    /// This happened.
    Event(Arc<NumberedEvent>),
    /// The room goes on under another epoch, or they know more than this replica: the whole room is the answer.
    OtherHistory,
    /// They are [too far behind](super::KEPT_EVENTS): the whole room is the answer.
    TooFar,
}

/// Somebody may do the same twice in a millisecond: among so many of the last entries such ones are looked for.
const LATEST: usize = 100;

/// An entry that was to be appended, and of which nobody knows whether it was.
#[derive(Debug)]
pub(super) struct Unanswered {
    entry: Entry,
    /// So many in the log were equal to it before.
    alike: usize,
}

/// Somebody in a room's voice chat, and with which of their sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// Who.
    pub member: UserId,
    /// What they say to each other about their connections reaches this one.
    pub socket: SocketId,
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
    stirred: Arc<Notify>,
    voices: watch::Sender<Arc<[Voice]>>,
    /// How often the hot layer was asked who is here.
    asked_who: AtomicU64,
    /// With which of these times what is known came.
    known_who: std::sync::Mutex<u64>,
    publications: Publications,
    film_length: FilmLength,
    watchers: Watchers,
    closed: CancellationToken,
    opened_at: Timestamp,
    used_at: AtomicI64,
}

impl LiveRoom {
    pub(super) fn of(code: RoomCode, replica: Replica, listening: Listening, now: Timestamp) -> Self {
        let (position, _) = watch::channel(replica.position());
        let (online, _) = watch::channel(Arc::default());
        let (voices, _) = watch::channel(Arc::default());
        Self {
            code,
            replica: RwLock::new(replica),
            turn: Mutex::new(()),
            mending: Mutex::new(()),
            _listening: listening,
            position,
            online,
            stirred: Arc::default(),
            voices,
            asked_who: AtomicU64::new(0),
            known_who: std::sync::Mutex::default(),
            publications: Publications::default(),
            film_length: FilmLength::default(),
            watchers: Watchers::default(),
            closed: CancellationToken::new(),
            opened_at: now,
            used_at: AtomicI64::new(now.millis()),
        }
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

    /// What happened after `known`, oldest first. `None`: that is of another history, ahead of this replica, or
    /// [too far behind](super::KEPT_EVENTS); the whole room is the answer then.
    pub fn since(&self, known: Position) -> Option<Vec<Arc<NumberedEvent>>> {
        let replica = self.replica();
        let seen = usize::try_from(known.seq.get()).ok()?;
        if replica.room.epoch() != known.epoch {
            return None;
        }
        let forgotten = replica.log.len() - replica.happened.len();
        let from = seen.checked_sub(forgotten).filter(|from| *from <= replica.happened.len())?;
        Some(replica.happened.range(from..).cloned().collect())
    }

    /// The first thing that happened after `known`.
    pub fn next_after(&self, known: Position) -> Next {
        let replica = self.replica();
        let Ok(seen) = usize::try_from(known.seq.get()) else { return Next::OtherHistory };
        if replica.room.epoch() != known.epoch || seen > replica.log.len() {
            return Next::OtherHistory;
        }
        match seen.checked_sub(replica.log.len() - replica.happened.len()) {
            None => Next::TooFar,
            Some(place) => {
                replica.happened.get(place).map_or(Next::Nothing, |next| Next::Event(Arc::clone(next)))
            }
        }
    }

    /// Before an entry is appended: what finds it later.
    pub(super) fn about_to_append(&self, entry: &Entry) -> Unanswered {
        let replica = self.replica();
        let latest = replica.log.iter().rev().take(LATEST);
        Unanswered { entry: entry.clone(), alike: latest.filter(|known| *known == entry).count() }
    }

    /// Where the log holds one of these. Where the room goes on under another epoch that may be elsewhere than it was appended.
    pub(super) fn position_of_any(&self, appended: &[Unanswered]) -> Option<Position> {
        if appended.is_empty() {
            return None;
        }
        let replica = self.replica();
        let before = appended.iter().find_map(|Unanswered { entry, alike }| {
            let equal = (0..).zip(&replica.log).filter(|(_, known)| *known == entry);
            equal.map(|(before, _)| before).nth(*alike)
        })?;
        Some(Position { epoch: replica.room.epoch(), seq: Seq::new(before).next() })
    }

    /// Who has a socket open, on any node.
    pub fn online(&self) -> Arc<[UserId]> {
        self.online.borrow().clone()
    }

    /// Moves when somebody comes online or goes.
    pub fn watch_online(&self) -> watch::Receiver<Arc<[UserId]>> {
        self.online.subscribe()
    }

    /// Ready once any of this moves: where the room stands, who is online, or whether it is [closed](Self::closed). It counts from now
    /// on, also if it is polled later; and it is small, since each socket holds one for each open room.
    pub fn stirred(&self) -> OwnedNotified {
        Arc::clone(&self.stirred).notified_owned()
    }

    /// Who is in the voice chat, on any node.
    pub fn voices(&self) -> Arc<[Voice]> {
        self.voices.borrow().clone()
    }

    /// Moves when somebody comes into the voice chat, changes their device, or goes.
    pub fn watch_voices(&self) -> watch::Receiver<Arc<[Voice]>> {
        self.voices.subscribe()
    }

    /// A phone says how long the film is that is shown under this revision.
    pub fn note_film_length(&self, rev: u64, lasts: std::time::Duration) {
        self.film_length.note(self.read(Room::screen), rev, lasts);
    }

    /// A phone says by its socket whether it watches what is shown.
    pub fn note_watches(&self, socket: SocketId, watches: bool, now: Timestamp) {
        self.watchers.note(socket, watches, now);
    }

    pub(super) fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    pub(super) fn film_length(&self) -> &FilmLength {
        &self.film_length
    }

    /// What is published to the room from now on.
    pub fn publications(&self) -> broadcast::Receiver<Publication> {
        self.publications.subscribe()
    }

    pub(super) fn publish(&self, publication: Publication) {
        self.publications.send(publication);
    }

    /// Ends when the room's log turns out to hold what this program cannot read. What is held here is out of date from then on:
    /// whoever looks at it has to leave, and another node may serve them.
    pub fn closed(&self) -> &CancellationToken {
        &self.closed
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
        self.stirred.notify_waiters();
    }

    /// Drops what its last events were sent as: whoever was there has been sent it.
    pub(super) fn forget_encoded(&self) {
        self.replica().happened.iter().rev().take(KEPT_ENCODED).for_each(|event| event.encoded.forget());
    }

    /// When a member's phone was last here, as far as this node can know: not before it began to hold the room. `None`: one is here now.
    pub(super) fn unseen_since(&self, presence: &[MemberPresence], member: UserId) -> Option<Timestamp> {
        match presence.iter().find(|p| p.member == member) {
            Some(p) if p.online => None,
            Some(p) => Some(p.last_seen.max(self.opened_at)),
            None => Some(self.opened_at),
        }
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
    pub(super) fn judge<R>(&self, judge: impl FnOnce(&Room) -> R) -> (ExpectedHead, R) {
        let replica = self.replica();
        (replica.expected(), judge(&replica.room))
    }

    /// Looks at the room and its whole log. `look` must be short: it holds others up.
    pub(crate) fn read_log<R>(&self, look: impl FnOnce(&Room, &[Entry]) -> R) -> R {
        let replica = self.replica();
        look(&replica.room, &replica.log)
    }

    /// The whole log, and where it stands.
    pub(super) fn log(&self) -> (ExpectedHead, Vec<Entry>) {
        let replica = self.replica();
        (replica.expected(), replica.log.clone())
    }

    /// Before the hot layer is asked who is here; what comes back says which question it is.
    pub(super) fn ask_who(&self) -> u64 {
        self.asked_who.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Who is here. The answer of an earlier question than what is known comes too late.
    pub(super) fn set_who(&self, question: u64, presence: &[MemberPresence]) {
        let mut known = self.known_who.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if question <= *known {
            return;
        }
        *known = question;
        let online = set(&self.online, presence.iter().filter(|p| p.online).map(|p| p.member).collect());
        let voice = |p: &MemberPresence| Some(Voice { member: p.member, socket: p.voice? });
        let voices = set(&self.voices, presence.iter().filter_map(voice).collect());
        if online || voices {
            self.stirred.notify_waiters();
        }
    }

    /// Folds in entries that were appended to a log that ended with `before`, the last of which has the seq of `at`. What is
    /// known already is passed over. `false`: some are missing before them, or they are of another history.
    pub(super) fn fold(&self, at: Position, before: HeadHash, entries: &[Entry]) -> bool {
        // The publication of what this node appended itself: it is folded in already, and no reader has to wait.
        let stands = self.position();
        if stands.epoch == at.epoch && stands.seq >= at.seq {
            return true;
        }
        let now = {
            let mut replica = self.replica.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            let known = replica.position();
            let behind = at.seq.get().saturating_sub(known.seq.get());
            if at.epoch != known.epoch {
                return false;
            }
            if behind == 0 {
                return true;
            }
            if behind != entries.len() as u64 || replica.head_hash() != before {
                return false;
            }
            for entry in entries {
                replica.append(entry);
            }
            replica.position()
        };
        self.notify(now);
        true
    }

    /// Folds in the end of the log, read from the last entry that is known. `false`: the log is another one.
    pub(super) fn follow(&self, tail: &Tail) -> bool {
        let before = {
            let replica = self.replica();
            let known = replica.position();
            let same = tail.at.epoch == known.epoch && tail.at.seq >= known.seq;
            match tail.entries.split_first() {
                Some((first, _)) if same && replica.log.last().is_some_and(|last| last == first) => {
                    HeadHash::of(first)
                }
                _ => return false,
            }
        };
        // What was folded in meanwhile by somebody else is the same.
        self.fold(tail.at, before, &tail.entries[1..]) || self.position().seq >= tail.at.seq
    }

    /// Takes another log instead of its own, if it still stands there. `false`: it has moved on, and what was worked out about it
    /// is not true any more.
    pub(super) async fn replace(&self, stood: ExpectedHead, log: Vec<Entry>) -> Result<bool, BrokenLog> {
        let fresh = Replica::replay(log).await?;
        let now = {
            let mut replica = self.replica.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            if replica.expected() != stood {
                return Ok(false);
            }
            *replica = fresh;
            replica.position()
        };
        self.notify(now);
        Ok(true)
    }

    fn notify(&self, now: Position) {
        let moved = self.position.send_if_modified(|before| {
            // Two folds may end in one order and get here in the other.
            let moved = before.epoch != now.epoch || before.seq < now.seq;
            if moved {
                *before = now;
            }
            moved
        });
        if moved {
            self.stirred.notify_waiters();
        }
    }

    fn replica(&self) -> RwLockReadGuard<'_, Replica> {
        self.replica.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether it is another than it was.
fn set<T: PartialEq>(watched: &watch::Sender<Arc<[T]>>, to: Vec<T>) -> bool {
    watched.send_if_modified(|now| {
        let changed = **now != *to;
        if changed {
            *now = to.into();
        }
        changed
    })
}
