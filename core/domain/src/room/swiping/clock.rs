//! The clock of a timed round: when it began, when it ends, and how far the end may be put off.

use std::time::Duration;

use crate::{
    ids::Timestamp,
    room::{
        Goal,
        bounds::{LONGEST_ROUND, MOST_TIME_LEFT},
    },
};

/// When a timed round began, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RoundClock {
    started_at: Timestamp,
    ends_at: Timestamp,
}

impl RoundClock {
    /// Of a round with this goal that starts now; `None`: time does not end it.
    pub(super) fn starting(goal: Goal, now: Timestamp) -> Option<Self> {
        let Goal::Timed(minutes) = goal else { return None };
        Some(Self { started_at: now, ends_at: now.plus(Duration::from_secs(60 * u64::from(minutes))) })
    }

    pub(super) fn started_at(self) -> Timestamp {
        self.started_at
    }

    pub(super) fn ends_at(self) -> Timestamp {
        self.ends_at
    }

    /// The same round, ending then.
    pub(super) fn until(self, ends_at: Timestamp) -> Self {
        Self { ends_at, ..self }
    }

    /// The latest end that may be asked for now.
    pub(super) fn latest(self, now: Timestamp) -> Timestamp {
        now.plus(MOST_TIME_LEFT).min(self.started_at.plus(LONGEST_ROUND))
    }
}
