//! What a node has seen people watch and has not written yet, minute by minute.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    room::Rate,
};
use sovpalo_storage::Watched;

/// What lies between two looks counts for no more: the machine slept, or its clock was set.
const LONGEST_LOOK: Duration = Duration::from_secs(15);
/// Minutes that wait for a database that is away. The oldest of more are lost.
pub const MINUTES_KEPT: usize = 30;
const MINUTE: i64 = 60_000;

/// Which film somebody watches, and where.
pub(super) type Key = (UserId, RoomCode, String);

/// What was watched within a minute.
#[derive(Debug, Default)]
struct Minute {
    /// Counted from 1970.
    number: i64,
    films: BTreeMap<Key, Counted>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counted {
    watched: Duration,
    /// With somebody else: how much of the film went by meanwhile, which goes faster or slower than time.
    together: Duration,
    lasts: Option<Duration>,
}

/// How somebody sees a film.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// With somebody else.
    pub(super) together: bool,
    /// How fast it goes.
    pub(super) rate: Rate,
    /// How long the film is, if that is known.
    pub(super) lasts: Option<Duration>,
}

/// What was watched and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    looked_at: Option<Timestamp>,
    minutes: VecDeque<Minute>,
}

impl Ledger {
    /// Since when it is now looked; nothing before the first look counts.
    pub(super) fn look(&mut self, now: Timestamp) -> Timestamp {
        let last = self.looked_at.replace(now).unwrap_or(now);
        if now.since(last) > LONGEST_LOOK { now } else { last }
    }

    /// Somebody watched from then until then.
    pub(super) fn add(&mut self, key: &Key, from: Timestamp, until: Timestamp, seen: Seen) {
        let (mut from, until) = (from.millis(), until.millis());
        while from < until {
            let number = from.div_euclid(MINUTE);
            let part = until.min((number + 1) * MINUTE) - from;
            from += part;
            let part = Duration::from_millis(part.unsigned_abs());
            let counted = self.minute(number).films.entry(key.clone()).or_default();
            counted.watched += part;
            if seen.together {
                counted.together += part.mul_f64(seen.rate.factor());
            }
            counted.lasts = seen.lasts.or(counted.lasts);
        }
    }

    fn minute(&mut self, number: i64) -> &mut Minute {
        let place = self.minutes.iter().position(|minute| minute.number == number);
        let place = place.unwrap_or_else(|| {
            self.minutes.push_back(Minute { number, ..Minute::default() });
            if self.minutes.len() > MINUTES_KEPT {
                self.minutes.pop_front();
            }
            self.minutes.len() - 1
        });
        &mut self.minutes[place]
    }

    /// The oldest minute that is over by then, as it is written.
    pub(super) fn oldest(&self, over_by: Timestamp) -> Option<(i64, Vec<Watched>)> {
        let oldest =
            self.minutes.front().filter(|oldest| (oldest.number + 1) * MINUTE <= over_by.millis())?;
        let watched = oldest.films.iter().map(|((member, room, film), counted)| Watched {
            member: *member,
            room: *room,
            film: film.clone(),
            seconds: whole_seconds(counted.watched),
            together: whole_seconds(counted.together),
            lasts: counted.lasts,
        });
        Some((oldest.number, watched.collect()))
    }

    pub(super) fn written(&mut self, number: i64) {
        self.minutes.retain(|minute| minute.number != number);
    }
}

fn whole_seconds(watched: Duration) -> u64 {
    (watched + Duration::from_millis(500)).as_secs()
}
