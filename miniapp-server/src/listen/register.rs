//! All open connections of the process, and what they count for.
//!
//! A connection counts for its address until a request on it shows a valid session; then it counts for that person. All of them
//! together have a total. What is over its bound closes whichever connection was silent longest, so that idle ones lock nobody
//! out; a new one whose address is busy all over waits in line, where it costs its descriptor and no more.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool, AtomicU64, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    time::Duration,
};

use dashmap::DashMap;
use sovpalo_domain::ids::UserId;
use sovpalo_storage::measure;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout},
};

use super::{
    address::Neighbourhood,
    bounds::Bounds,
    connection::{Connection, Counts},
};
use crate::refusals::{self, Reason};

/// What shows how many are open.
const OPEN: &str = "sovpalo_connections_open";
/// How often a busy address, or busy people, are looked at for a connection that has fallen silent.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// Closing takes a moment: meanwhile there may be so many connections over the total.
const CLOSING: usize = 64;

/// The open connections.
pub(crate) struct Register {
    pub(super) bounds: Bounds,
    open: AtomicUsize,
    /// Of those, how many have been told to make room.
    leaving: AtomicUsize,
    next: AtomicU64,
    addresses: DashMap<Neighbourhood, Arc<Address>>,
    people: DashMap<UserId, Vec<Arc<Connection>>>,
    /// When all people's connections were looked through in vain. Most people have a socket and nothing else, and a flood must not look
    /// through all of them for each of its own.
    all_busy: Mutex<Option<Instant>>,
}

/// For whom connections count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Address(Neighbourhood),
    Person(UserId),
}

impl Owner {
    /// Theirs, as they are now.
    fn connections(self, register: &Register) -> Vec<Arc<Connection>> {
        match self {
            Self::Address(place) => {
                let address = register.addresses.get(&place).map(|address| Arc::clone(&address));
                address.map_or_else(Vec::new, |address| address.connections().values().cloned().collect())
            }
            Self::Person(user) => register.people.get(&user).map_or_else(Vec::new, |theirs| theirs.clone()),
        }
    }
}

/// The connections of an address on which nobody has shown a session.
struct Address {
    places: Arc<Semaphore>,
    most: usize,
    connections: Mutex<HashMap<u64, Arc<Connection>>>,
    waiting: AtomicUsize,
    looked_after: AtomicBool,
}

/// An open connection: closed in the register when this is dropped.
pub(crate) struct Held {
    register: Arc<Register>,
    connection: Arc<Connection>,
}

impl Held {
    pub(super) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.register.forget(&self.connection);
    }
}

impl Register {
    pub(crate) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            bounds,
            open: AtomicUsize::new(0),
            leaving: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            addresses: DashMap::new(),
            people: DashMap::new(),
            all_busy: Mutex::default(),
        })
    }

    /// A connection comes. `None`: there is no room for it, and it has to be closed.
    pub(super) fn admit(self: &Arc<Self>, ip: IpAddr, is_proxy: bool) -> Option<Held> {
        let place = Neighbourhood::of(ip);
        if !self.make_room(place) {
            refusals::count(Reason::Total);
            return None;
        }
        let counts = if is_proxy { Counts::Total } else { Counts::Address(place, Vec::new()) };
        let connection =
            Arc::new(Connection::new(self.next.fetch_add(1, Relaxed), ip, counts, self.bounds.silent));
        if !is_proxy && !place.all().all(|place| self.join_line(place, &connection)) {
            place.all().for_each(|place| self.leave(place, connection.id));
            refusals::count(Reason::Address);
            return None;
        }
        self.open.fetch_add(1, Relaxed);
        measure::gauge(OPEN, []).increment(1);
        Some(Held { register: Arc::clone(self), connection })
    }

    /// Waits until its address has a place for a connection. False: it waited in vain.
    pub(super) async fn find_place(&self, connection: &Connection) -> bool {
        let Counts::Address(place, _) = *connection.counts() else {
            connection.found_place();
            return true;
        };
        let mut places = Vec::new();
        for place in place.all() {
            // An address that has a connection is there.
            let Some(address) = self.addresses.get(&place).map(|address| Arc::clone(&address)) else {
                continue;
            };
            match timeout(self.bounds.line, address.place(self)).await {
                Ok(place) => places.extend(place),
                Err(_) => return false,
            }
        }
        // Before it is seen to have a place: whoever has one and is silent may lose it.
        connection.found_place();
        if let Counts::Address(_, held) = &mut *connection.counts() {
            *held = places;
        }
        true
    }

    /// Whether others wait in line for the place that a connection has.
    pub(super) fn is_awaited(&self, connection: &Connection) -> bool {
        let Counts::Address(place, _) = *connection.counts() else { return false };
        place
            .all()
            .any(|place| self.addresses.get(&place).is_some_and(|address| address.waiting.load(Relaxed) > 0))
    }

    /// A request on this connection showed a valid session. False: that person has too many connections.
    pub(crate) fn prove(&self, connection: &Arc<Connection>, user: UserId) -> bool {
        let mut counts = connection.counts();
        let Counts::Address(place, _) = *counts else { return true };
        {
            let mut theirs = self.people.entry(user).or_default();
            if theirs.len() >= self.bounds.per_person && self.evict(theirs.iter(), 1) == 0 {
                refusals::count(Reason::Person);
                return false;
            }
            theirs.push(Arc::clone(connection));
        }
        // Gives its places back.
        *counts = Counts::Person(user);
        drop(counts);
        place.all().for_each(|place| self.leave(place, connection.id));
        true
    }

    fn forget(&self, connection: &Connection) {
        self.open.fetch_sub(1, Relaxed);
        measure::gauge(OPEN, []).decrement(1);
        if connection.evicted().is_cancelled() {
            self.leaving.fetch_sub(1, Relaxed);
        }
        // Its lock is not held while others are taken.
        let counted = std::mem::replace(&mut *connection.counts(), Counts::Total);
        match counted {
            Counts::Total => {}
            Counts::Address(place, places) => {
                drop(places);
                place.all().for_each(|place| self.leave(place, connection.id));
            }
            Counts::Person(user) => {
                self.people.remove_if_mut(&user, |_, theirs| {
                    theirs.retain(|other| other.id != connection.id);
                    theirs.is_empty()
                });
            }
        }
    }

    /// Puts a connection into the line of its address, which has an end.
    fn join_line(&self, place: Neighbourhood, connection: &Arc<Connection>) -> bool {
        let address = self.addresses.entry(place).or_insert_with(|| {
            let most = self.bounds.per_address * place.shares() as usize;
            Arc::new(Address::with(most))
        });
        let mut connections = address.connections();
        let end = address.most + self.bounds.in_line * place.shares() as usize;
        if connections.len() >= end && self.evict(connections.values(), batch(end)) == 0 {
            return false;
        }
        connections.insert(connection.id, Arc::clone(connection));
        true
    }

    fn leave(&self, place: Neighbourhood, id: u64) {
        if let Some(address) = self.addresses.get(&place) {
            address.connections().remove(&id);
        }
        self.addresses.remove_if(&place, |_, address| address.connections().is_empty());
    }

    /// Makes room within the total for one more connection of this address: a silent one of whichever address or person has most. If none
    /// has been silent for long, one that has said nothing at all makes room, unless the newcomer's address is itself the one that has most.
    fn make_room(&self, newcomer: Neighbourhood) -> bool {
        let open = self.open.load(Relaxed);
        if open.saturating_sub(self.leaving.load(Relaxed)) < self.bounds.total {
            return open < self.bounds.total + CLOSING;
        }
        // Several at once, so that a flood does not look through all of them for each.
        let many = batch(self.bounds.total);
        let looks_at_people = self.all_busy().is_none_or(|since| since.elapsed() >= LOOK_EVERY);
        let owners = self.owners_by_connections(looks_at_people);
        if owners.iter().any(|owner| self.evict(owner.connections(self).iter(), many) > 0) {
            return open < self.bounds.total + CLOSING;
        }
        if looks_at_people {
            *self.all_busy() = Some(Instant::now());
        }
        let most = owners.into_iter().find(|owner| matches!(owner, Owner::Address(_)));
        let made = most.filter(|most| *most != Owner::Address(newcomer)).is_some_and(|most| {
            self.evict_new(most.connections(self).iter().find(|connection| connection.said_nothing()))
        });
        made && open < self.bounds.total + CLOSING
    }

    fn all_busy(&self) -> MutexGuard<'_, Option<Instant>> {
        self.all_busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every address that has connections, and every person if they are looked at; who has most comes first.
    fn owners_by_connections(&self, people: bool) -> Vec<Owner> {
        let addresses = self.addresses.iter().filter(|address| address.key().shares() == 1);
        let mut owners: Vec<_> =
            addresses.map(|address| (address.connections().len(), Owner::Address(*address.key()))).collect();
        if people {
            owners.extend(self.people.iter().map(|theirs| (theirs.len(), Owner::Person(*theirs.key()))));
        }
        owners.sort_unstable_by_key(|(connections, _)| std::cmp::Reverse(*connections));
        owners.into_iter().map(|(_, owner)| owner).collect()
    }

    /// Tells up to so many of these to make room: those that were silent longest. How many there were.
    fn evict<'a>(&self, among: impl Iterator<Item = &'a Arc<Connection>>, most: usize) -> usize {
        let mut silent: Vec<_> = among.filter_map(|it| it.silent_for().map(|silent| (silent, it))).collect();
        silent.sort_unstable_by_key(|(silent, it)| (it.is_in_line(), std::cmp::Reverse(*silent)));
        silent.truncate(most);
        for (_, connection) in &silent {
            self.tell_to_leave(connection);
        }
        silent.len()
    }

    fn evict_new(&self, connection: Option<&Arc<Connection>>) -> bool {
        connection.inspect(|connection| self.tell_to_leave(connection)).is_some()
    }

    fn tell_to_leave(&self, connection: &Connection) {
        self.leaving.fetch_add(1, Relaxed);
        connection.evicted().cancel();
        refusals::count(Reason::Evicted);
    }
}

impl Address {
    fn with(most: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
            connections: Mutex::default(),
            waiting: AtomicUsize::new(0),
            looked_after: AtomicBool::new(false),
        }
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One of its places, as soon as one is free. Whoever waits first also sees to it that silent ones make room.
    async fn place(&self, register: &Register) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        self.waiting.fetch_add(1, SeqCst);
        let _waiting = Leave(&self.waiting);
        let place = Arc::clone(&self.places).acquire_owned();
        tokio::pin!(place);
        loop {
            if self.looked_after.swap(true, SeqCst) {
                // Whoever looks after the address may leave: one of those who wait has to take over.
                tokio::select! {
                    place = &mut place => return place.ok(),
                    () = sleep(LOOK_EVERY * 8) => {}
                }
            } else {
                let _looking = Clear(&self.looked_after);
                loop {
                    self.make_room(register);
                    tokio::select! {
                        place = &mut place => return place.ok(),
                        () = sleep(LOOK_EVERY) => {}
                    }
                }
            }
        }
    }

    /// Has as many that hold a place and are silent make room as there are waiting.
    fn make_room(&self, register: &Register) {
        let connections = self.connections();
        let waiting = self.waiting.load(SeqCst);
        let leaving = connections.values().filter(|it| it.evicted().is_cancelled()).count();
        let holding = connections.values().filter(|it| holds_place(it));
        register.evict(holding, waiting.saturating_sub(leaving));
    }
}

/// How many make room at once where there may be so many.
fn batch(most: usize) -> usize {
    (most / 256).clamp(1, CLOSING / 2)
}

fn holds_place(connection: &Connection) -> bool {
    matches!(&*connection.counts(), Counts::Address(_, places) if !places.is_empty())
}

struct Leave<'a>(&'a AtomicUsize);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

struct Clear<'a>(&'a AtomicBool);

impl Drop for Clear<'_> {
    fn drop(&mut self) {
        self.0.store(false, SeqCst);
    }
}

#[cfg(test)]
mod tests;
