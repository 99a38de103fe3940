//! From the hot log to SQL, off the hot path.
//!
//! Takes rooms that are marked dirty and has [`Db::project`] write what came of their logs: from the replica where this node holds one,
//! else by folding what the log has more than last time. Any number of projectors, on any nodes, may run at once: doing the same room twice writes the same
//! rows.
//!
//! While the database or the hot layer is away it says so once, waits, and goes on where it was; nothing
//! is lost meanwhile, because a room stays marked until its rows are written. A room whose log cannot be
//! read is left marked and holds up no other.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::StreamExt;
use sovpalo_domain::{
    facts::{Fact, facts_after, need_the_round},
    ids::{Position, RoomCode, Seq, Timestamp},
    room::{Entry, Event, PeopleEvent, Room},
    talk::SystemNote,
};
use sovpalo_storage::{Db, NewNote, clock::Clock, outage::Outage};
use tokio_util::sync::CancellationToken;

pub use crate::project_error::ProjectError;
use crate::{
    erasures::log,
    hot::{DirtyRooms, Hot, HotError, Log, Publish},
    offload::off_the_runtime,
    rooms::{LiveRoom, Rooms},
    talk::tell_noted,
    unreadable::UnreadableRooms,
};

/// Rooms taken at once.
const BATCH: usize = 64;
/// How long a taken room is ours. A projection takes milliseconds; a dead node's rooms wait this long.
const LEASE: Duration = Duration::from_secs(30);
/// A room is written again so often for people who come into it after they were erased.
const ATTEMPTS: usize = 10;
/// The first pause when something is away; it doubles up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(5);

/// What projecting a room needs of the hot layer: its log and its mark; whoever listens is told of what the log adds to the talk.
pub trait Source: Log + DirtyRooms + Publish {}

impl<Engine: Log + DirtyRooms + Publish + ?Sized> Source for Engine {}

/// Carries rooms over until it is told to stop. A room that is being written then is finished first.
pub async fn run(rooms: Rooms, stop: CancellationToken) {
    let (hot, db, clock) = (Arc::clone(rooms.hot()), rooms.db().clone(), rooms.clock().clone());
    let outage = |what| Outage::of(what, "results wait in the log");
    let (hot_layer, database) = (outage("the hot layer"), outage("the database"));
    let unreadable = UnreadableRooms::new("it stays marked for a program that can project it");
    let projector =
        Projector { rooms, hot, db, clock, stop, folded: Folded::default(), hot_layer, database, unreadable };
    projector.run().await;
}

/// Carries one room over and unmarks it, without anybody who has [erased](crate::erasures) themselves. Says whether there was a log.
pub async fn project(
    hot: &(impl Source + ?Sized),
    db: &Db,
    code: RoomCode,
    now: Timestamp,
) -> Result<bool, ProjectError> {
    Ok(project_all(hot, db, code, now).await?.is_some())
}

/// Carries over a room of which this node holds a replica, without reading or folding its log again. If the log has more than the
/// replica, the room stays marked.
pub async fn project_held(
    hot: &dyn Hot,
    db: &Db,
    live: &LiveRoom,
    now: Timestamp,
) -> Result<(), ProjectError> {
    let held = live
        .read_log(|room, log| (!log.iter().any(is_erasure)).then(|| (room.clone(), notes(Seq::ZERO, log))));
    if let Some((room, notes)) = held {
        let facts = |after| facts_of(live, &room, after);
        tell_noted(hot, live.code(), db.project_noting(&room, &notes, &facts, now).await?).await;
        // Afterwards: who is erased from now on is found by the rows that were just written.
        if !log::has_erased(db, &room).await? {
            let at = Position { epoch: room.epoch(), seq: room.seq() };
            hot.clean(live.code(), Some(at)).await?;
            return Ok(());
        }
    }
    project(hot, db, live.code(), now).await.map(drop)
}

fn is_erasure(entry: &Entry) -> bool {
    matches!(entry.event, Event::People(PeopleEvent::Erased { .. }))
}

async fn project_all(
    hot: &(impl Source + ?Sized),
    db: &Db,
    code: RoomCode,
    now: Timestamp,
) -> Result<Option<Known>, ProjectError> {
    for _ in 0..ATTEMPTS {
        let Some(tail) = hot.read(code, Seq::ZERO).await? else {
            // It expired: SQL knows all there is to know.
            hot.clean(code, None).await?;
            return Ok(None);
        };
        let (at, entries) = (tail.at, tail.entries);
        let folded =
            off_the_runtime(entries.len(), move || Room::replay(&entries).map(|room| (room, entries)));
        let (room, entries) = folded.await?;
        let facts = |after| facts_after(after, &entries);
        let noted = db.project_noting(&room, &notes(Seq::ZERO, &entries), &facts, now).await?;
        tell_noted(hot, code, noted).await;
        let due = log::due_in(db, &room, &entries).await?;
        if due.is_empty() {
            hot.clean(code, Some(at)).await?;
            return Ok(entries.into_iter().next_back().map(|last| Known { room, last }));
        }
        // Which gives the room another log.
        log::take_out(hot, db, code, &due, now).await?;
    }
    Err(HotError::busy("people who erased themselves come back into a room again and again").into())
}

/// Carries one room over like [`project`], and reads only what the log has more than when it did so last; all of it, if somebody
/// in it has erased themselves.
async fn project_more(
    folded: &Folded,
    hot: &(impl Source + ?Sized),
    db: &Db,
    code: RoomCode,
    now: Timestamp,
) -> Result<(), ProjectError> {
    if let Some(Known { mut room, last }) = folded.take(code)
        && let Some(tail) = hot.read(code, room.seq().before()).await?
        && tail.at.epoch == room.epoch()
        && let Some((first, more)) = tail.entries.split_first()
        && *first == last
        && !more.iter().any(is_erasure)
        && !need_the_round(more)
    {
        let before = room.seq().before();
        let notes = notes(before, &tail.entries);
        let facts = |after: Seq| facts_after(after.since(before), &tail.entries);
        for entry in more {
            room.apply(entry);
        }
        tell_noted(hot, code, db.project_noting(&room, &notes, &facts, now).await?).await;
        // Afterwards: who is erased from now on is found by the rows that were just written.
        if !log::has_erased(db, &room).await? {
            hot.clean(code, Some(tail.at)).await?;
            folded.keep(code, Known { room, last: more.last().unwrap_or(first).clone() });
            return Ok(());
        }
    }
    if let Some(known) = project_all(hot, db, code, now).await? {
        folded.keep(code, known);
    }
    Ok(())
}

/// The facts in a replica's log up to where it stood; none if another log has replaced it, which is then read from its beginning.
fn facts_of(live: &LiveRoom, stood: &Room, after: Seq) -> Vec<Fact> {
    live.read_log(|room, log| {
        let upto = usize::try_from(stood.seq().get()).unwrap_or(usize::MAX).min(log.len());
        if room.epoch() == stood.epoch() { facts_after(after, &log[..upto]) } else { Vec::new() }
    })
}

/// What the timeline says of these entries, the first of which comes after `after`.
fn notes(after: Seq, entries: &[Entry]) -> Vec<NewNote> {
    let before = std::iter::once(None).chain(entries.iter().map(|entry| Some(&entry.event)));
    let noted = entries.iter().zip(before).enumerate().filter_map(|(place, (entry, before))| {
        let note = SystemNote::of(&entry.event, before)?;
        Some(NewNote { seq: after.after(place + 1), note, at: entry.at })
    });
    noted.collect()
}

/// A room as it was carried over, and the last entry of its log then.
struct Known {
    room: Room,
    last: Entry,
}

/// So many rooms stay folded between two projections; of others the whole log is read again.
const FOLDED_ROOMS: usize = 64;

/// The rooms that were carried over last.
#[derive(Default)]
struct Folded(Mutex<VecDeque<(RoomCode, Known)>>);

impl Folded {
    fn take(&self, code: RoomCode) -> Option<Known> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = rooms.iter().position(|(kept, _)| *kept == code)?;
        rooms.remove(place).map(|(_, known)| known)
    }

    fn keep(&self, code: RoomCode, known: Known) {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.retain(|(kept, _)| *kept != code);
        rooms.push_back((code, known));
        if rooms.len() > FOLDED_ROOMS {
            rooms.pop_front();
        }
    }
}

struct Projector {
    rooms: Rooms,
    hot: Arc<dyn Hot>,
    db: Db,
    clock: Clock,
    stop: CancellationToken,
    folded: Folded,
    hot_layer: Outage,
    database: Outage,
    unreadable: UnreadableRooms,
}

impl Projector {
    async fn run(&self) {
        // SQLite has one writer: a second projection at a time would only wait.
        let at_once = match self.db {
            Db::Postgres(_) => 4,
            Db::Sqlite(_) => 1,
        };
        while let Some(rooms) = self.next().await {
            futures::stream::iter(rooms).for_each_concurrent(at_once, |code| self.carry_over(code)).await;
        }
    }

    /// The next rooms to do; `None` when told to stop.
    async fn next(&self) -> Option<Vec<RoomCode>> {
        let mut pause = FIRST_PAUSE;
        while !self.stop.is_cancelled() {
            match self.hot.dirty(BATCH, LEASE).await {
                Ok(rooms) if !rooms.is_empty() => return Some(rooms),
                Ok(_) => {
                    self.hot_layer.over();
                    tokio::select! {
                        () = self.stop.cancelled() => {}
                        () = self.hot.dirtied() => {}
                    }
                }
                Err(error) => {
                    self.hot_layer.began(&error);
                    self.pause(&mut pause).await;
                }
            }
        }
        None
    }

    /// Does one room, however long the database or the hot layer is away. When told to stop it leaves the
    /// room to the next start: the mark is still there.
    async fn carry_over(&self, code: RoomCode) {
        let mut pause = FIRST_PAUSE;
        while !self.stop.is_cancelled() {
            match self.project_one(code).await {
                Ok(()) => {
                    self.hot_layer.over();
                    self.database.over();
                    self.unreadable.read(code);
                    return;
                }
                Err(ProjectError::Db(error)) if error.is_unavailable() => {
                    self.database.began(&error);
                }
                // Where the hot layer answers, only this room's log is bad.
                Err(ProjectError::Hot(error)) if !error.is_unreadable() && self.hot.ping().await.is_err() => {
                    self.hot_layer.began(&error);
                }
                Err(error) => {
                    self.unreadable.found(code, &error);
                    return;
                }
            }
            self.pause(&mut pause).await;
        }
    }

    async fn project_one(&self, code: RoomCode) -> Result<(), ProjectError> {
        let now = self.clock.now();
        match self.rooms.held(code) {
            Some(live) => {
                self.rooms.catch_up(&live).await?;
                project_held(&*self.hot, &self.db, &live, now).await
            }
            None => project_more(&self.folded, &*self.hot, &self.db, code, now).await,
        }
    }

    /// Waits before another try, longer each time, or until told to stop.
    async fn pause(&self, pause: &mut Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(*pause) => {}
        }
        *pause = (*pause * 2).min(LAST_PAUSE);
    }
}

#[cfg(test)]
mod tests;
