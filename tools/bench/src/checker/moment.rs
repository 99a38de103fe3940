//! When something was: in the run, and in a log.

use sovpalo_domain::ids::{Epoch, Seq};

/// A moment of the run, in microseconds since its beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) u64);

/// A place in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Which history.
    pub(crate) epoch: Epoch,
    /// How much of it.
    pub(crate) seq: Seq,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}:{}", self.epoch.get(), self.seq)
    }
}
