//! Who was turned away before anything was done for them: counted each time, and written to the log now and then.
//!
//! A flood must not become a flood of lines. So a line is written for the first refusal, then for one in a hundred, and says how many
//! it stands for.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sovpalo_storage::measure::{self, Label};

/// Beyond the lines that are written freely, one in so many is.
pub(crate) const ONE_IN: u64 = 100;
const SECOND: Duration = Duration::from_secs(1);

/// Why somebody was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The system gave no connection: it has no descriptors left, usually.
    Accept,
    /// The process has as many connections as it may have.
    Total,
    /// An address has as many connections as it may have, and as many wait.
    Address,
    /// A connection waited for its address's place in vain.
    Line,
    /// A connection that was silent made room for another.
    Evicted,
    /// A person has as many connections as they may have.
    Person,
    /// An address asks too fast.
    Rate,
    /// An address behind the proxy has as many requests under way as it may have.
    UnderWay,
    /// The method is none that is used here.
    Method,
    /// The head is too large.
    Head,
    /// A limit per person or address, over all nodes.
    Limit,
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Total => "total",
            Self::Address => "address",
            Self::Line => "line",
            Self::Evicted => "evicted",
            Self::Person => "person",
            Self::Rate => "rate",
            Self::UnderWay => "under_way",
            Self::Method => "method",
            Self::Head => "head",
            Self::Limit => "limit",
        }
    }
}

/// Counts a refusal.
pub(crate) fn count(reason: Reason) {
    static LINES: Sampler = Sampler::freely(1);
    add(reason);
    if let Some(left_out) = LINES.due() {
        tracing::info!(reason = reason.word(), left_out, "refused; of many, one in {ONE_IN} is written here");
    }
}

/// Counts a connection that the system did not give. Says why in the log, as often as other refusals are written there.
pub(crate) fn not_accepted(error: &io::Error) {
    static LINES: Sampler = Sampler::freely(1);
    add(Reason::Accept);
    if let Some(left_out) = LINES.due() {
        tracing::warn!(%error, left_out, "a connection was not accepted; of many, one in {ONE_IN} is written here");
    }
}

fn add(reason: Reason) {
    measure::count("sovpalo_refused_total", [("reason", Label::word(reason.word()))]);
}

/// Says which lines are written.
pub(crate) struct Sampler {
    freely: u64,
    state: Mutex<State>,
}

struct State {
    /// When the second began that is counted, and how many there were in it.
    second: Option<Instant>,
    seen: u64,
    left_out: u64,
}

impl Sampler {
    /// Lets the first so many of each second through, and one in [`ONE_IN`] of the others.
    pub(crate) const fn freely(lines: u64) -> Self {
        Self { freely: lines, state: Mutex::new(State { second: None, seen: 0, left_out: 0 }) }
    }

    /// How many lines were left out since the last one, if this one is due.
    pub(crate) fn due(&self) -> Option<u64> {
        self.due_at(Instant::now())
    }

    fn due_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.second.is_none_or(|began| now.duration_since(began) >= SECOND) {
            (state.second, state.seen) = (Some(now), 0);
        }
        state.seen += 1;
        let due = state.seen <= self.freely || state.left_out + 1 >= ONE_IN;
        if due {
            Some(std::mem::take(&mut state.left_out))
        } else {
            state.left_out += 1;
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[test]
    fn of_a_flood_one_line_in_a_hundred_is_written_and_says_how_many_it_stands_for() {
        let lines = Sampler::freely(10);
        let now = Instant::now();
        let written: Vec<u64> = (0..12_000).filter_map(|_| lines.due_at(now)).collect();
        assert!((100..=140).contains(&written.len()), "{} lines of 12,000", written.len());
        let left_out: u64 = written.iter().sum();
        assert!(12_000 - left_out - written.len() as u64 <= ONE_IN, "{left_out} were left out");
        let later = now + SECOND;
        assert!(lines.due_at(later).is_some(), "what is rare is written each time");
    }

    #[test]
    fn that_no_connection_is_to_be_had_is_said_and_is_no_flood_of_lines() {
        let lines: &Mutex<Vec<u8>> = Box::leak(Box::default());
        let subscriber = tracing_subscriber::fmt().with_writer(|| lines.make_writer()).finish();
        let (began, times) = (Instant::now(), 1_000_u64);
        tracing::subscriber::with_default(subscriber, || {
            let none_left = io::Error::other("too many open files");
            (0..times).for_each(|_| not_accepted(&none_left));
        });
        let written = String::from_utf8(std::mem::take(&mut *lines.lock().unwrap())).unwrap();
        let first = written.lines().next().expect("the first one is written");
        assert!(first.contains("WARN") && first.contains("too many open files"), "{first}");
        let most = times / ONE_IN + began.elapsed().as_secs() + 2;
        let count = written.lines().count() as u64;
        assert!(count <= most, "{count} lines of {times}, and {most} at most:\n{written}");
    }
}
