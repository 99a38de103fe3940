//! What is known of one connection while it is open: whose it is, what it is waiting for, and since when.
//!
//! A connection may be closed to make room for another only while it is waiting for its peer: to begin, to send the rest of
//! something, or to take an answer. One that we are working for is left alone, and so is a socket.

use std::{
    net::IpAddr,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use sovpalo_domain::ids::UserId;
use tokio::{sync::OwnedSemaphorePermit, time::Instant};
use tokio_util::sync::CancellationToken;

use super::address::Neighbourhood;

/// A connection that sends a head bit by bit may be closed for another one after so long, or after [`Bounds::silent`](super::bounds::Bounds), whichever is longer.
const DRIPPING: Duration = Duration::from_secs(3);
/// One that sends a body, or takes an answer, too slowly for us to go on, after so long.
const BLOCKING: Duration = Duration::from_secs(2);
/// What a socket may send without it becoming a message: frames that are continued for ever. Beyond it the socket breaks off.
pub(crate) const MAX_UNFINISHED: usize = 256 * 1024;

/// What it is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// For a request's head, or the rest of one.
    Head = 0,
    /// For us.
    Work = 1,
    /// For more of a body.
    Body = 2,
    /// For nothing: it has become a socket.
    Socket = 3,
}

/// For whom it counts.
#[derive(Debug)]
pub(super) enum Counts {
    /// For all together only: a trusted proxy's.
    Total,
    /// For its address. It waits in line while it holds no places.
    Address(Neighbourhood, Vec<OwnedSemaphorePermit>),
    /// For somebody who showed a session.
    Person(UserId),
}

/// A connection.
pub(crate) struct Connection {
    pub(super) id: u64,
    pub(super) ip: IpAddr,
    counts: Mutex<Counts>,
    accepted: Instant,
    /// See [`Bounds::silent`](super::bounds::Bounds).
    silent: Duration,
    /// A [`Phase`] in the lowest two bits; since when, above them.
    phase: AtomicU64,
    /// When something was last read or written.
    moved: AtomicU64,
    /// Since when a write waits; 0: none does.
    stuck: AtomicU64,
    began: AtomicBool,
    /// It has something to say and waits for its address to have a place.
    in_line: AtomicBool,
    /// Part of a request's body will not be read.
    unread: AtomicBool,
    /// Bytes since a socket's last message.
    unfinished: AtomicUsize,
    evicted: CancellationToken,
}

impl Connection {
    pub(super) fn new(id: u64, ip: IpAddr, counts: Counts, silent: Duration) -> Self {
        Self {
            id,
            ip,
            silent,
            counts: Mutex::new(counts),
            accepted: Instant::now(),
            phase: AtomicU64::new(Phase::Head as u64),
            moved: AtomicU64::new(0),
            stuck: AtomicU64::new(0),
            began: AtomicBool::new(false),
            in_line: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            unfinished: AtomicUsize::new(0),
            evicted: CancellationToken::new(),
        }
    }

    pub(super) fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fires when it has to make room.
    pub(super) fn evicted(&self) -> &CancellationToken {
        &self.evicted
    }

    /// Whether a request ever began on it.
    pub(super) fn began(&self) -> bool {
        self.began.load(Relaxed)
    }

    /// It has something to say, and waits for a place.
    pub(super) fn waits_in_line(&self) {
        self.in_line.store(true, Relaxed);
    }

    /// It has a place, and what it has to say is here: it waits for us, however long we take to read it.
    pub(super) fn found_place(&self) {
        self.enter(Phase::Work);
        self.in_line.store(false, Relaxed);
    }

    /// Whether it waits for a place with something to say: others make room before it.
    pub(super) fn is_in_line(&self) -> bool {
        self.in_line.load(Relaxed)
    }

    /// Whether nothing was ever heard of it, however short that is.
    pub(super) fn said_nothing(&self) -> bool {
        !self.evicted.is_cancelled() && !self.is_in_line() && !self.began() && self.moved.load(Relaxed) == 0
    }

    /// A request's head is here.
    pub(super) fn begins_request(&self) {
        self.began.store(true, Relaxed);
        self.enter(Phase::Work);
    }

    /// More of the body is needed.
    pub(super) fn waits_for_body(&self) {
        if self.phase() == Phase::Work {
            self.enter(Phase::Body);
        }
    }

    /// More of the body came.
    pub(super) fn goes_on(&self) {
        if self.phase() == Phase::Body {
            self.enter(Phase::Work);
        }
    }

    /// The answer has been made.
    pub(super) fn answered(&self) {
        if self.phase() != Phase::Socket {
            self.enter(Phase::Head);
        }
    }

    /// It is a socket from now on.
    pub(crate) fn becomes_socket(&self) {
        self.enter(Phase::Socket);
    }

    /// A socket's message came to its end.
    pub(crate) fn message_ended(&self) {
        self.unfinished.store(0, Relaxed);
    }

    /// Something was read. False once a socket has sent too much that is no message.
    pub(super) fn was_read(&self, bytes: usize) -> bool {
        self.moved.store(self.now().max(1), Relaxed);
        self.phase() != Phase::Socket || self.unfinished.fetch_add(bytes, Relaxed) + bytes <= MAX_UNFINISHED
    }

    /// Something was written.
    pub(super) fn was_written(&self) {
        self.stuck.store(0, Relaxed);
        self.moved.store(self.now(), Relaxed);
    }

    /// The peer takes nothing of what is written.
    pub(super) fn write_waits(&self) {
        self.stuck.store(self.now().max(1), Relaxed);
    }

    /// The rest of the peer's body will not be read: closing must not take back the answer.
    pub(super) fn leaves_body(&self) {
        self.unread.store(true, Relaxed);
    }

    pub(super) fn has_unread(&self) -> bool {
        self.unread.load(Relaxed)
    }

    /// For how long it has been waiting for its peer; `None` if it must not be closed.
    pub(super) fn silent_for(&self) -> Option<Duration> {
        if self.evicted.is_cancelled() {
            return None;
        }
        let now = self.now();
        let since = |then: u64| Duration::from_millis(now.saturating_sub(then));
        let (phase, entered) = self.phase_since();
        let stuck = self.stuck.load(Relaxed);
        if phase != Phase::Socket && stuck > 0 && since(stuck) >= BLOCKING {
            return Some(since(stuck));
        }
        let silent = since(self.moved.load(Relaxed).max(entered));
        match phase {
            Phase::Head
                if stuck == 0 && (silent >= self.silent || since(entered) >= DRIPPING.max(self.silent)) =>
            {
                Some(silent)
            }
            Phase::Body if since(entered) >= BLOCKING => Some(since(entered)),
            Phase::Head | Phase::Body | Phase::Work | Phase::Socket => None,
        }
    }

    fn enter(&self, phase: Phase) {
        self.phase.store(self.now() << 2 | phase as u64, Relaxed);
    }

    fn phase(&self) -> Phase {
        self.phase_since().0
    }

    fn phase_since(&self) -> (Phase, u64) {
        let bits = self.phase.load(Relaxed);
        let phase = match bits & 3 {
            0 => Phase::Head,
            1 => Phase::Work,
            2 => Phase::Body,
            _ => Phase::Socket,
        };
        (phase, bits >> 2)
    }

    /// Milliseconds since it was accepted.
    fn now(&self) -> u64 {
        u64::try_from(self.accepted.elapsed().as_millis()).unwrap_or(u64::MAX >> 2)
    }
}
