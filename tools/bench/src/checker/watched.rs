//! What a phone did and saw of what is watched, beside its commands.

use std::collections::BTreeSet;

use sovpalo_domain::ids::UserId;

use super::screen::SeenScreen;

/// What a phone did and saw of it beside its commands.
#[derive(Debug, Clone, Default)]
pub(crate) struct PhoneWatching {
    /// What it showed when all had come to rest; `None`: it was not there then.
    pub(crate) in_the_end: Option<InTheEnd>,
    /// What it said of its film: where it was, in thousandths, which no two signals of a person share.
    pub(crate) sent: BTreeSet<u64>,
    /// What it was told of others' films.
    pub(crate) told: Vec<ToldSignal>,
    /// What it learned of the server's clock.
    pub(crate) clocks: Vec<Clock>,
}

/// What a phone showed when all had come to rest.
#[derive(Debug, Clone)]
pub(crate) struct InTheEnd {
    /// `None`: nothing.
    pub(crate) screen: Option<Box<SeenScreen>>,
}

/// A signal about a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Signal {
    pub(crate) from: UserId,
    /// Where their film was.
    pub(crate) position: u64,
}

/// A signal that a phone was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ToldSignal {
    pub(crate) signal: Signal,
    /// On the how manieth of its connections.
    pub(crate) connection: usize,
}

/// An answer about the server's clock, all in milliseconds of one machine's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) asked: i64,
    pub(crate) said: i64,
    pub(crate) answered: i64,
}
