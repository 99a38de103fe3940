//! What a test run did, as a table that a person reads and one last line that a machine may.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use machine::interrupt;

use crate::tally::Tally;

/// So many lines of what a failed check said are said again at the end.
const REPEATED: usize = 150;
/// So many tests that failed are named below their check.
const NAMED: usize = 12;

/// How a check ended that could be held.
pub(crate) enum Checked {
    /// It looked, and counted this many tests.
    Ran(Tally),
    /// Some of what it counted failed: these, by name. What its runner said of that stands near the end of `said`.
    Failed { tally: Tally, names: Vec<String>, said: String },
    /// It could not look, for a reason outside the repository that is no fault of the code.
    NotHere(String),
}

enum Outcome {
    Passed,
    /// Why, if that is known here.
    Failed(Option<String>),
    /// An earlier failure left nothing to check.
    Blocked(String),
    /// Nothing here is at fault.
    NotHere(String),
}

impl Outcome {
    fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Blocked(_))
    }
}

struct Row {
    name: &'static str,
    outcome: Outcome,
    tally: Tally,
    /// What failed.
    names: Vec<String>,
    took: Duration,
}

/// Everything that was checked, in order.
pub(crate) struct Report {
    rows: Vec<Row>,
    started: Instant,
}

impl Report {
    /// An empty report; time runs from here.
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new(), started: Instant::now() }
    }

    /// Does one check and remembers how it went. True if what depends on it can go on.
    pub(crate) fn check(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> anyhow::Result<Checked>,
    ) -> bool {
        if interrupt::requested() {
            self.not_run(name, "interrupted");
            return false;
        }
        eprintln!("\n━━ {name}");
        let started = Instant::now();
        let mut failed = Vec::new();
        let (outcome, tally) = match work() {
            Ok(Checked::Ran(tally)) if tally.failed == 0 => (Outcome::Passed, tally),
            Ok(Checked::Ran(tally)) => (Outcome::Failed(None), tally),
            Ok(Checked::Failed { tally, names, said }) => {
                failed = names;
                (Outcome::Failed(Some(end_of(&said))), tally)
            }
            Ok(Checked::NotHere(reason)) => (Outcome::NotHere(reason), Tally::default()),
            Err(error) => {
                let why = format!("{error:#}");
                eprintln!("\n{name}: {why}");
                (Outcome::Failed(Some(why)), Tally::default())
            }
        };
        let well = !outcome.is_failure();
        self.rows.push(Row { name, outcome, tally, names: failed, took: started.elapsed() });
        well
    }

    /// Remembers a check that could not begin because of an earlier one; that is a failure too.
    pub(crate) fn not_run(&mut self, name: &'static str, because: &str) {
        eprintln!("\n━━ {name}: not run ({because})");
        self.rows.push(Row {
            name,
            outcome: Outcome::Blocked(because.to_owned()),
            tally: Tally::default(),
            names: Vec::new(),
            took: Duration::ZERO,
        });
    }

    /// Prints the table and, last and alone on its line, the sum. True if nothing failed.
    pub(crate) fn finish(self) -> bool {
        let failed = self.failed();
        println!("{}\n{}\n{} passed, {failed} failed", self.failures(), self.table(), self.sum().passed);
        failed == 0
    }

    fn sum(&self) -> Tally {
        self.rows.iter().fold(Tally::default(), |sum, row| sum + row.tally)
    }

    /// Failed tests, and one for each failed check that has no tests to count: a run that ends badly
    /// never says "0 failed".
    fn failed(&self) -> u64 {
        let without_tests =
            self.rows.iter().filter(|row| row.outcome.is_failure() && row.tally.failed == 0).count();
        self.sum().failed + without_tests as u64
    }

    /// What is known of each failure, once more: where it happened it is a long way up by now.
    fn failures(&self) -> String {
        let failures = self.rows.iter().filter_map(|row| match &row.outcome {
            Outcome::Failed(Some(why)) => Some(format!("\n━━ failed: {}\n\n{why}\n", row.name)),
            _ => None,
        });
        failures.collect()
    }

    fn table(&self) -> String {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        let mut table = String::new();
        for row in &self.rows {
            let (mark, word) = match &row.outcome {
                Outcome::Passed => ("✓", counted(row.tally)),
                Outcome::Failed(_) if row.tally.failed > 0 => ("✗", counted(row.tally)),
                Outcome::Failed(_) => ("✗", "failed".to_owned()),
                Outcome::Blocked(reason) => ("✗", format!("not run: {reason}")),
                Outcome::NotHere(reason) => ("–", format!("not checked: {reason}")),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(table, "  {mark} {:width$}  {:>8}  {word}", row.name, seconds(row.took));
            for name in row.names.iter().take(NAMED) {
                let _ = writeln!(table, "      ✗ {name}");
            }
        }
        let _ = writeln!(table, "    {:width$}  {:>8}", "", seconds(self.started.elapsed()));
        table
    }
}

/// The last lines of what a program said, where it tells what went wrong.
pub(crate) fn end_of(said: &str) -> String {
    let lines: Vec<&str> = said.trim_end().lines().collect();
    lines[lines.len().saturating_sub(REPEATED)..].join("\n")
}

fn counted(tally: Tally) -> String {
    let mut words = Vec::new();
    for (count, word) in [(tally.passed, "passed"), (tally.failed, "failed"), (tally.skipped, "skipped")] {
        if count > 0 {
            words.push(format!("{count} {word}"));
        }
    }
    if words.is_empty() { "ok".to_owned() } else { words.join(", ") }
}

fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole >= 60 {
        format!("{} m {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn a_failed_check_without_tests_counts_as_one_failure() {
        let mut report = Report::new();
        report.check("lint", || bail!("a warning"));
        report.check("tests", || Ok(Checked::Ran(Tally { passed: 5, failed: 2, skipped: 0 })));
        assert_eq!(report.failed(), 3);
        assert_eq!(report.sum().passed, 5);
        assert!(!report.finish());
    }

    #[test]
    fn what_could_not_be_looked_at_is_said_and_does_not_fail_the_run() {
        let mut report = Report::new();
        assert!(report.check("advisories", || Ok(Checked::NotHere("no network".into()))));
        assert!(report.table().contains("not checked: no network"));
        assert!(report.finish());
    }

    #[test]
    fn what_a_failed_check_said_last_is_said_again_at_the_end() {
        let mut report = Report::new();
        let lines: Vec<String> = (1..=1000).map(|line| format!("line {line}")).collect();
        let said = lines.join("\n");
        report.check("tests", || {
            let tally = Tally { failed: 1, ..Tally::default() };
            Ok(Checked::Failed { tally, names: vec!["a::test".to_owned()], said })
        });
        report.check("lint", || bail!("a warning"));
        report.check("types", || Ok(Checked::Ran(Tally::default())));
        let failures = report.failures();
        assert!(failures.contains("failed: tests\n\nline 851\n"), "{failures}");
        assert!(failures.contains("line 1000\n"), "{failures}");
        assert!(failures.contains("failed: lint\n\na warning\n"), "{failures}");
        assert!(!failures.contains("types"), "{failures}");
        assert!(report.table().contains("1 failed\n      ✗ a::test\n"), "{}", report.table());
    }

    #[test]
    fn what_could_not_begin_is_a_failure() {
        let mut report = Report::new();
        report.not_run("browser tests", "the build failed");
        assert!(report.table().contains("not run: the build failed"), "{}", report.table());
        assert!(!report.finish());
    }

    #[test]
    fn long_times_are_told_in_minutes() {
        assert_eq!(seconds(Duration::from_millis(4_560)), "4.6 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 m 05 s");
    }
}
