//! What is drawn from the seed: who comes, what they like, and what goes wrong. How it all falls together in time
//! cannot be drawn.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use sovpalo_domain::ids::TitleId;

/// So many titles of the built-in catalogue are picked from: few enough to meet.
const TITLES: usize = 40;

/// A generator for one part of the plan: what one part draws changes nothing for the others.
pub(super) fn chance(seed: u64, part: u64) -> StdRng {
    StdRng::seed_from_u64(seed ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A room's evening.
#[derive(Debug, Clone)]
pub(super) struct RoomPlan {
    /// The body of `POST /api/rooms`.
    pub(super) settings: Value,
    /// The first one makes the room.
    pub(super) people: Vec<Habits>,
    /// So many rounds, if nobody ends it before.
    pub(super) rounds: u32,
    /// Whether its hosts let people veto.
    pub(super) vetoes: bool,
}

/// What somebody is like.
#[derive(Debug, Clone)]
pub(super) struct Habits {
    /// From what everything else that they do is drawn.
    pub(super) seed: u64,
    /// The shortest and the longest pause between two taps.
    pub(super) pace: (Duration, Duration),
    /// How likely they like a card; the rest in this list are the same, at each tap.
    pub(super) likes: f64,
    /// Says so on purpose: by a super-like where they like it, by a veto where they do not.
    pub(super) signals: f64,
    pub(super) undoes: f64,
    pub(super) leaves: f64,
    /// Is nobody any more, and comes back no more.
    pub(super) erases: f64,
    pub(super) unpicks: f64,
    /// As a host: plays by something else.
    pub(super) configures: f64,
    /// As a host: takes somebody out.
    pub(super) removes: f64,
    pub(super) naps: f64,
    /// Does something to the screen.
    pub(super) watches: f64,
    /// As a host: says what somebody may do, or hands the room over.
    pub(super) trusts: f64,
    /// What they pick before the first round; nobody who comes late picks.
    pub(super) picks: Vec<TitleId>,
    /// All picks at once by HTTP, or one by one on the socket.
    pub(super) picks_at_once: bool,
    /// Comes only so long after the room was made.
    pub(super) late: Option<Duration>,
    /// Has a second phone on the table, which only listens.
    pub(super) second_phone: bool,
}

impl RoomPlan {
    /// The `number`th room.
    pub(super) fn draw(seed: u64, number: u64) -> Self {
        let mut chance = chance(seed, number + 1);
        let size = chance.random_range(2..=10);
        let mut people: Vec<Habits> = (0..size).map(|place| Habits::draw(&mut chance, place)).collect();
        // Somebody stays from beginning to end, so that some server always holds the room.
        let anchor = chance.random_range(0..size);
        people[anchor].leaves = 0.0;
        people[anchor].erases = 0.0;
        people[anchor].late = None;
        let rule = match chance.random_range(0..4) {
            0 => json!({ "kind": "majority" }),
            1 => json!({ "kind": "at_least", "likes": chance.random_range(1..=3) }),
            _ => json!({ "kind": "unanimous" }),
        };
        let goal = match chance.random_range(0..4) {
            0 => json!({ "kind": "first_match" }),
            1 => json!({ "kind": "matches", "count": chance.random_range(2..=3) }),
            _ => json!({ "kind": "whole_deck" }),
        };
        let settings =
            json!({ "name": format!("Room {number}"), "rule": rule, "goal": goal, "picks_per_member": 5 });
        let rounds = chance.random_range(1..=3);
        Self { settings, people, rounds, vetoes: chance.random_bool(0.5) }
    }

    /// With people who often change their minds: what is done late undoes what they did since.
    pub(super) fn fickle(mut self) -> Self {
        self.people.iter_mut().for_each(|habits| habits.undoes = 0.3);
        self
    }
}

impl Habits {
    fn draw(chance: &mut StdRng, place: usize) -> Self {
        let quickest = chance.random_range(40..250);
        let slowest = quickest * 3;
        let mut pool: Vec<usize> = (1..=TITLES).collect();
        let picks = (0..chance.random_range(1..=4)).filter_map(|_| {
            let drawn = chance.random_range(0..pool.len());
            TitleId::new(&format!("c{}", pool.swap_remove(drawn))).ok()
        });
        let picks = picks.collect();
        let late = (place > 0 && chance.random_bool(0.15)).then(|| chance.random_range(1_000..6_000));
        let (seed, picks_at_once, second_phone) =
            (chance.random(), chance.random_bool(0.6), chance.random_bool(0.1));
        Self {
            seed,
            pace: (Duration::from_millis(quickest), Duration::from_millis(slowest)),
            likes: *[0.4, 0.6, 0.8, 0.95].choose(chance).unwrap_or(&0.7),
            signals: 0.25,
            undoes: 0.08,
            leaves: 0.02,
            // A second phone would sign in again.
            erases: if second_phone { 0.0 } else { 0.001 },
            unpicks: 0.05,
            configures: 0.1,
            removes: 0.004,
            naps: 0.02,
            watches: 0.25,
            trusts: 0.03,
            picks,
            picks_at_once,
            late: late.map(Duration::from_millis),
            second_phone,
        }
    }
}

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// Some of all sockets are cut, on the phones' side.
    CutSockets { share: f64 },
    /// A server is killed, and started again after a while.
    KillNode { node: usize, down: Duration },
    /// A server stands still for a while.
    FreezeNode { node: usize, still: Duration },
    /// Redis is killed, and comes back empty after a while.
    WipeRedis { down: Duration },
    /// Another Redis takes over, which misses so many entries at the end of every log.
    FailOver { missing: u32 },
    /// PostgreSQL crashes, by `kill -9` or at its own word, and comes back after a while.
    StopPostgres { kill: bool, down: Duration },
    /// Every connection that listens to Redis is dropped.
    DropListeners,
    /// Every other connection to Redis is dropped.
    DropConnections,
}

impl Fault {
    /// For the report.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::CutSockets { .. } => "sockets cut",
            Self::KillNode { .. } => "nodes killed",
            Self::FreezeNode { .. } => "nodes frozen",
            Self::WipeRedis { .. } => "Redis wiped",
            Self::FailOver { .. } => "Redis failed over",
            Self::StopPostgres { .. } => "PostgreSQL crashed",
            Self::DropListeners => "listeners dropped",
            Self::DropConnections => "connections dropped",
        }
    }
}

/// What goes wrong, in about this order.
pub(super) fn faults(seed: u64, count: usize, nodes: usize, embedded: bool) -> Vec<Fault> {
    let mut chance = chance(seed, 0);
    let millis =
        |chance: &mut StdRng, from: u64, to: u64| Duration::from_millis(chance.random_range(from..to));
    let mut fault = || {
        // Without Redis and PostgreSQL there is less to break.
        let kind = if embedded { chance.random_range(0..55) } else { chance.random_range(0..100) };
        let node = chance.random_range(0..nodes);
        match kind {
            0..30 => Fault::CutSockets { share: chance.random_range(0.02..0.15) },
            30..45 => Fault::KillNode { node, down: millis(&mut chance, 0, 1_000) },
            45..55 if cfg!(unix) => Fault::FreezeNode { node, still: millis(&mut chance, 200, 2_000) },
            45..55 => Fault::CutSockets { share: 1.0 },
            // Seldom: rooms stand still until all servers have put back what they hold.
            55..60 => Fault::WipeRedis { down: millis(&mut chance, 0, 1_000) },
            60..65 => Fault::FailOver { missing: chance.random_range(1..=3) },
            65..72 => {
                let kill = chance.random_bool(0.5);
                Fault::StopPostgres { kill, down: millis(&mut chance, 0, 2_000) }
            }
            72..87 => Fault::DropListeners,
            _ => Fault::DropConnections,
        }
    };
    (0..count).map(|_| fault()).collect()
}

/// Servers that stand still while phones lose their connections, and nothing else: what such a server does late, its phones have done
/// elsewhere meanwhile. What the others publish of that it never hears.
pub(super) fn freezes(seed: u64, count: usize, nodes: usize) -> Vec<Fault> {
    let mut chance = chance(seed, 0);
    let fault = |number| match number % 3 {
        0 => {
            let still = Duration::from_millis(chance.random_range(2_000..4_000));
            Fault::FreezeNode { node: chance.random_range(0..nodes), still }
        }
        1 => Fault::DropListeners,
        _ => Fault::CutSockets { share: 0.7 },
    };
    (0..count).map(fault).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_evening_and_another_one_another() {
        let drawn = |seed| format!("{:?} {:?}", RoomPlan::draw(seed, 3), faults(seed, 20, 3, false));
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }

    #[test]
    fn somebody_stays_in_every_room() {
        for number in 0..200 {
            let plan = RoomPlan::draw(1, number);
            assert!((2..=10).contains(&plan.people.len()));
            let stays =
                |habits: &Habits| habits.leaves == 0.0 && habits.erases == 0.0 && habits.late.is_none();
            assert!(plan.people.iter().any(stays), "nobody stays in room {number}");
        }
    }

    #[test]
    fn the_trial_that_every_test_run_holds_breaks_everything() {
        let kinds: BTreeSet<&str> = faults(38, 30, 3, false).into_iter().map(Fault::kind).collect();
        assert_eq!(kinds.len(), 8, "`cargo xtask test` had better take another seed: {kinds:?}");
    }

    #[test]
    fn a_server_that_stands_still_hears_nothing_of_what_its_phones_do_elsewhere() {
        let kinds: Vec<&str> = freezes(38, 4, 3).into_iter().map(Fault::kind).collect();
        assert_eq!(kinds, ["nodes frozen", "listeners dropped", "sockets cut", "nodes frozen"]);
    }

    #[test]
    fn what_needs_redis_or_postgresql_is_not_drawn_without_them() {
        let harmless = |fault: &Fault| {
            matches!(fault, Fault::CutSockets { .. } | Fault::KillNode { .. } | Fault::FreezeNode { .. })
        };
        assert!(faults(1, 500, 1, true).iter().all(harmless));
        assert!(!faults(1, 500, 3, false).iter().all(harmless));
    }
}
