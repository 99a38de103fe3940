//! What the phones of one room share, and what whoever breaks things must know of them: who is connected where, and
//! how much of the room they have.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Instant,
};

use sovpalo_domain::{
    ids::{Epoch, RoomCode, Seq, UserId},
    room::Event,
    room::PeopleEvent,
    room::SwipingEvent,
};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::plan::{Habits, RoomPlan};
use crate::{
    checker::history::{Moment, Place},
    stores::Log,
};

/// Everybody of every room is somebody else.
const FIRST_USER: i64 = 1_000_000;
/// More than sit in a room.
const PLACES: i64 = 100;

/// The servers, as phones know them.
#[derive(Debug)]
pub(super) struct Nodes {
    addresses: Vec<SocketAddr>,
    /// Grows each time one is killed.
    lives: Vec<AtomicU64>,
}

impl Nodes {
    pub(super) fn at(addresses: Vec<SocketAddr>) -> Self {
        let lives = addresses.iter().map(|_| AtomicU64::new(0)).collect();
        Self { addresses, lives }
    }

    pub(super) fn count(&self) -> usize {
        self.addresses.len()
    }

    pub(super) fn address(&self, node: usize) -> SocketAddr {
        self.addresses[node]
    }

    /// Which of its lives a server is in.
    pub(super) fn life(&self, node: usize) -> u64 {
        self.lives[node].load(Ordering::SeqCst)
    }

    /// It is being killed.
    pub(super) fn dies(&self, node: usize) {
        self.lives[node].fetch_add(1, Ordering::SeqCst);
    }
}

/// One room and its phones.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) plan: RoomPlan,
    pub(super) nodes: Arc<Nodes>,
    began: Instant,
    /// Known once the host has made it.
    pub(super) code: watch::Sender<Option<RoomCode>>,
    /// How many of those who come in time are there, with their picks.
    pub(super) gathered: AtomicUsize,
    /// No more rounds.
    pub(super) closing: AtomicBool,
    /// Everybody goes home.
    pub(super) stop: CancellationToken,
    pub(super) seats: Vec<Arc<Seat>>,
    /// What makes people talk.
    pub(super) calls: watch::Sender<Call>,
    /// All came to rest.
    pub(super) at_rest: AtomicBool,
    /// Whom a host wanted out.
    removed: Mutex<BTreeSet<UserId>>,
    marks: Mutex<Marks>,
}

/// How much of the room has been acknowledged.
#[derive(Debug, Default)]
struct Marks {
    /// Histories in the order in which they were first seen.
    epochs: Vec<Epoch>,
    acknowledged: BTreeMap<Epoch, Seq>,
    /// Whose command stands where, of those that an ack gave a place.
    authors: BTreeMap<Place, UserId>,
}

/// What makes people talk, and the how manieth time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Call {
    /// Nothing yet.
    #[default]
    None,
    /// Something happened that many say something to, at the same moment.
    Everybody(u32),
    /// One of them says one thing more.
    OneMore(u32),
}

/// One phone, as others see it.
#[derive(Debug, Default)]
pub(super) struct Seat {
    /// The connection is cut.
    pub(super) cut: Notify,
    state: Mutex<State>,
}

/// How a phone is.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// The server it is connected to, in which of its lives, and up to where it has been told.
    pub(super) connected: Option<(usize, u64, Place)>,
    /// The newest change of the room's messages that it knows of.
    pub(super) change: u64,
    /// Commands without an answer.
    pub(super) waiting: usize,
    /// Nothing is left for it to do.
    pub(super) resting: bool,
    /// It saw that the evening closes: it says nothing more, unless it is called.
    pub(super) hushed: bool,
    /// The last call that it followed, or did not care to.
    pub(super) called: Call,
    /// It left and will not come back, or never came.
    pub(super) gone: bool,
}

impl Seat {
    /// Changes how it is.
    pub(super) fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Table {
    pub(super) fn set(plan: RoomPlan, nodes: Arc<Nodes>, began: Instant) -> Self {
        let phones = plan.people.len() + plan.people.iter().filter(|habits| habits.second_phone).count();
        Self {
            plan,
            nodes,
            began,
            code: watch::Sender::new(None),
            gathered: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            stop: CancellationToken::new(),
            seats: (0..phones).map(|_| Arc::default()).collect(),
            calls: watch::Sender::new(Call::None),
            at_rest: AtomicBool::new(false),
            removed: Mutex::default(),
            marks: Mutex::default(),
        }
    }

    /// The person at this place of the plan, in the `number`th room.
    pub(super) fn person(number: u64, place: usize) -> Option<UserId> {
        let first = FIRST_USER + PLACES * i64::try_from(number).ok()?;
        UserId::new(first + i64::try_from(place).ok()?).ok()
    }

    /// Whether somebody may be taken out: not whoever is there so that somebody always is.
    pub(super) fn may_be_removed(&self, user: UserId) -> bool {
        let place = usize::try_from(user.get() % PLACES).ok();
        place.and_then(|place| self.plan.people.get(place)).is_some_and(|habits| habits.leaves > 0.0)
    }

    /// Whether this is the first of those who are there from beginning to end.
    pub(super) fn is_anchor(&self, user: UserId) -> bool {
        let stays = |habits: &Habits| habits.leaves == 0.0 && habits.late.is_none();
        let place = usize::try_from(user.get() % PLACES).ok();
        self.plan.people.iter().position(stays).is_some_and(|anchor| Some(anchor) == place)
    }

    /// A host wants somebody out.
    pub(super) fn removes(&self, user: UserId) {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner).insert(user);
    }

    /// Whether a host wanted somebody out.
    pub(super) fn is_removed(&self, user: UserId) -> bool {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner).contains(&user)
    }

    pub(super) fn now(&self) -> Moment {
        Moment(u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    /// Whether all who come in time are there.
    pub(super) fn is_gathered(&self) -> bool {
        let awaited = self.plan.people.iter().filter(|habits| habits.late.is_none()).count();
        self.gathered.load(Ordering::SeqCst) >= awaited
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Whether all came to rest.
    pub(super) fn is_at_rest(&self) -> bool {
        self.at_rest.load(Ordering::SeqCst)
    }

    /// A phone was told of this history.
    pub(super) fn seen(&self, epoch: Epoch) {
        let mut marks = self.marks();
        if !marks.epochs.contains(&epoch) {
            marks.epochs.push(epoch);
        }
    }

    /// A phone was told that something is done which stands no later than here.
    pub(super) fn acknowledged(&self, place: Place) {
        self.seen(place.epoch);
        let mut marks = self.marks();
        let mark = marks.acknowledged.entry(place.epoch).or_default();
        *mark = (*mark).max(place.seq);
    }

    /// The same, of a command that became the event of just this place.
    pub(super) fn done(&self, place: Place, by: UserId) {
        self.acknowledged(place);
        self.marks().authors.insert(place, by);
    }

    /// Whether a log has all that was acknowledged of the room's newest history.
    pub(super) fn is_in(&self, log: &Log) -> bool {
        let Some(mark) = self.mark() else { return true };
        let there =
            |place: &Place| usize::try_from(place.seq.get()).ok().and_then(|seq| log.entries.get(seq - 1));
        log.epoch == mark.epoch
            && log.entries.len() as u64 >= mark.seq.get()
            && self.marks().authors.iter().filter(|(place, _)| place.epoch == mark.epoch).all(
                |(place, by)| {
                    there(place).is_some_and(|entry| author(&entry.event).is_none_or(|author| author == *by))
                },
            )
    }

    /// Up to where the room's newest history must not be lost; `None`: nobody knows the room yet.
    pub(super) fn mark(&self) -> Option<Place> {
        let marks = self.marks();
        let epoch = *marks.epochs.last()?;
        Some(Place { epoch, seq: marks.acknowledged.get(&epoch).copied().unwrap_or_default() })
    }

    /// How many histories the room has had.
    pub(super) fn histories(&self) -> usize {
        self.marks().epochs.len()
    }

    /// Whether a server that lives has told somebody all that was acknowledged: it holds the room.
    pub(super) fn is_held(&self) -> bool {
        let Some(mark) = self.mark() else { return true };
        self.seats.iter().any(|seat| {
            let connected = seat.state().connected;
            connected.is_some_and(|(node, life, place)| {
                life == self.nodes.life(node) && place.epoch == mark.epoch && place.seq >= mark.seq
            })
        })
    }

    /// Where everybody is, if nobody has anything left to do and all have been told the same.
    pub(super) fn rest(&self) -> Option<Place> {
        let mut common = None;
        for seat in &self.seats {
            let state = seat.state();
            if state.gone {
                continue;
            }
            let (node, life, place) = state.connected?;
            let settled = state.resting && state.waiting == 0 && life == self.nodes.life(node);
            if !settled || common.is_some_and(|common| common != place) {
                return None;
            }
            common = Some(place);
        }
        common
    }

    /// Whether nobody says anything any more: what SQL holds of the talk then is all that there will be, once nothing waits for its answer.
    pub(super) fn is_quiet(&self) -> bool {
        let call = *self.calls.borrow();
        let mut there = self.seats.iter().map(|seat| seat.state()).filter(|state| !state.gone);
        there.all(|state| state.hushed && state.called == call)
    }

    /// Up to which change all who are there know the messages.
    pub(super) fn known_change(&self) -> Option<u64> {
        let there = self.seats.iter().map(|seat| seat.state()).filter(|state| !state.gone);
        there.map(|state| state.change).min()
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who did something, where the event says so.
fn author(event: &Event) -> Option<UserId> {
    match event {
        Event::People(PeopleEvent::Joined { member, .. } | PeopleEvent::Left { member })
        | Event::Swiping(
            SwipingEvent::Picked { member, .. }
            | SwipingEvent::Unpicked { member, .. }
            | SwipingEvent::Selected { member, .. }
            | SwipingEvent::Ready { member, .. }
            | SwipingEvent::Swiped { member, .. }
            | SwipingEvent::Undone { member, .. }
            | SwipingEvent::Nudged { by: member, .. },
        ) => Some(*member),
        Event::Watching(event) => Some(event.member()),
        _ => None,
    }
}
