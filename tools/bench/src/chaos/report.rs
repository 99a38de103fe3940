//! What a trial says while it runs and at its end.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use super::evening::Judged;
use crate::checker::{law::Law, violation::Violation};

/// So many findings are printed in full.
const SHOWN: usize = 10;
/// When this many laws were broken, enough is known.
const ENOUGH: usize = 25;

/// Everything that was judged.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rooms: usize,
    phones: usize,
    pub(super) acknowledged: usize,
    /// Messages, changes of them and read marks that were acknowledged.
    talk: usize,
    matches: usize,
    screens: usize,
    signals: usize,
    clocks: usize,
    histories: usize,
    connections: usize,
    went_back: usize,
    erased: usize,
    delays: Vec<Duration>,
    pub(super) violations: Vec<Violation>,
    /// The laws that must be broken, if any must.
    wanted: Vec<Law>,
}

impl Tally {
    /// Nothing was judged yet.
    pub(super) fn until(wanted: Vec<Law>) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Whether going on would tell nothing new.
    pub(super) fn is_enough(&self) -> bool {
        if self.wanted.is_empty() { self.violations.len() >= ENOUGH } else { self.has_broken_all() }
    }

    /// Whether every law was kept, or those that had to be were broken.
    pub(super) fn is_as_wanted(&self) -> bool {
        if self.wanted.is_empty() { self.violations.is_empty() } else { self.has_broken_all() }
    }

    fn has_broken_all(&self) -> bool {
        self.wanted.iter().all(|law| self.broken(*law) > 0)
    }

    pub(super) fn add(&mut self, judged: Judged) {
        for violation in judged.violations {
            if self.violations.len() < SHOWN {
                eprintln!("\n{violation}");
            }
            self.violations.push(violation);
        }
        self.rooms += 1;
        self.phones += judged.phones;
        self.acknowledged += judged.acknowledged;
        self.talk += judged.talk;
        self.matches += judged.matches;
        self.screens += judged.screens;
        self.signals += judged.signals;
        self.clocks += judged.clocks;
        self.histories += judged.histories;
        self.connections += judged.connections;
        self.went_back += judged.went_back;
        self.erased += judged.erased;
        self.delays.extend(judged.delays);
    }

    /// Within how long so many per cent of all events were told to others.
    fn delay(&self, percent: usize) -> Duration {
        let mut delays = self.delays.clone();
        let place = (delays.len() * percent / 100).min(delays.len().saturating_sub(1));
        if delays.is_empty() { Duration::ZERO } else { *delays.select_nth_unstable(place).1 }
    }

    fn broken(&self, law: Law) -> usize {
        self.violations.iter().filter(|violation| violation.law == law).count()
    }

    /// Everything that was found wrong, in full.
    pub(super) fn findings(&self) -> String {
        self.violations.iter().fold(String::new(), |text, violation| format!("{text}{violation}\n\n"))
    }

    /// The whole report; its last line is the one that people quote.
    pub(super) fn report(&self, faults: &BTreeMap<&'static str, usize>, took: Duration, seed: u64) -> String {
        let mut text = String::from("\n");
        let count: usize = faults.values().sum();
        let each = took / u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let kinds: Vec<String> = faults.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let lines = [
            ("faults", format!("{count}: {}", kinds.join(", "))),
            (
                "rooms",
                format!(
                    "{} with {} phones, connected {} times; {} people erased themselves",
                    self.rooms, self.phones, self.connections, self.erased
                ),
            ),
            ("commands", format!("{} acknowledged", self.acknowledged)),
            ("talk", format!("{} acknowledged", self.talk)),
            ("matches", self.matches.to_string()),
            (
                "watching",
                format!(
                    "{} changes of the screen; {} signals told, {} times the clock",
                    self.screens, self.signals, self.clocks
                ),
            ),
            (
                "histories",
                format!("{} ({} begun anew)", self.histories, self.histories.saturating_sub(self.rooms)),
            ),
            ("went back", format!("{} welcomes with less than the phone had", self.went_back)),
            (
                "told",
                format!(
                    "half of all events within {:.1?}, 95 % within {:.1?}, 99 % within {:.1?}",
                    self.delay(50),
                    self.delay(95),
                    self.delay(99)
                ),
            ),
            ("time", format!("{:.1} s, {:.2} s a fault", took.as_secs_f64(), each.as_secs_f64())),
            ("seed", seed.to_string()),
        ];
        for (what, value) in lines {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {what:<12}{value}");
        }
        let mut by_law: BTreeMap<Law, usize> = BTreeMap::new();
        for violation in &self.violations {
            *by_law.entry(violation.law).or_default() += 1;
        }
        let laws: Vec<String> = by_law.iter().map(|(law, count)| format!("{count} {law}")).collect();
        let laws = if laws.is_empty() { "none".to_owned() } else { laws.join(", ") };
        let _ = writeln!(text, "  {:<12}{laws}", "violations");
        for violation in self.violations.iter().take(SHOWN) {
            let _ = writeln!(text, "  {:<12}{}", "", violation.in_a_line());
        }
        let _ = write!(
            text,
            "\n{count} faults, {} lost, {} duplicated, {} reordered",
            self.broken(Law::NothingLost),
            self.broken(Law::NothingTwice),
            self.broken(Law::OneOrder)
        );
        let others = self.violations.len()
            - [Law::NothingLost, Law::NothingTwice, Law::OneOrder]
                .map(|law| self.broken(law))
                .iter()
                .sum::<usize>();
        if others > 0 {
            let _ = write!(text, ", {others} other violations");
        }
        for law in &self.wanted {
            let outcome =
                if self.broken(*law) > 0 { "was broken, as it had to be" } else { "was never broken" };
            let _ = write!(text, "\nthe law `{law}` {outcome}");
        }
        text
    }
}
