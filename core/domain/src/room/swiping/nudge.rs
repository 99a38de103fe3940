//! A nudge, as it is remembered for the round.

use crate::ids::{Seq, Timestamp, UserId};

/// How somebody was nudged in the current round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nudge {
    /// Who did it.
    pub by: UserId,
    /// Who was nudged.
    pub member: UserId,
    pub at: Timestamp,
    /// With which entry of the log.
    pub seq: Seq,
}
