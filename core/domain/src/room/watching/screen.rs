//! What a room watches, as everybody in it sees it.

use std::sync::Arc;

use super::{
    media::{ItemId, Media, PlaylistItem},
    time::{FilmTime, Rate},
};
use crate::ids::{Timestamp, UserId};

/// What is shown, how it goes, and what comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Grows with each change of what is shown and of how it goes, and not with the playlist.
    pub rev: u64,
    /// What is shown.
    pub media: Media,
    /// How it was called in the playlist, if it came from there.
    pub item: Option<ItemId>,
    /// Whether it goes on.
    pub playing: bool,
    /// Where it is at [`Screen::at`], and until then.
    pub position: FilmTime,
    /// How fast it goes.
    pub rate: Rate,
    /// From when it is so: a moment that may lie ahead, so that all phones begin at once.
    pub at: Timestamp,
    /// Who made it so.
    pub by: UserId,
    /// Who may control it too, for as long as nobody is here who may anyway.
    pub borrower: Option<UserId>,
    /// What comes next, in order.
    pub playlist: Arc<Vec<PlaylistItem>>,
}

/// How what is shown goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Going {
    pub(super) playing: bool,
    pub(super) position: FilmTime,
    pub(super) rate: Rate,
    pub(super) at: Timestamp,
    pub(super) by: UserId,
}

impl Going {
    /// Where the film is at a moment: the contract's formula.
    pub(super) fn position_at(&self, now: Timestamp) -> FilmTime {
        if self.playing { self.position.after(now.since(self.at), self.rate) } else { self.position }
    }
}

impl Screen {
    /// Where the film is at a moment.
    pub fn position_at(&self, now: Timestamp) -> FilmTime {
        let Self { playing, position, rate, at, by, .. } = *self;
        Going { playing, position, rate, at, by }.position_at(now)
    }
}
