//! What is asked of the screen.

use super::{
    media::{ItemId, Media},
    time::{FilmTime, Lead, Rate},
};
use crate::ids::{Timestamp, UserId};

/// A command about what is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchingCommand {
    /// What shall be so.
    pub action: ScreenAction,
    /// Which screen it means: of any other it changes nothing. `None`: whichever it is.
    pub rev: Option<u64>,
    /// How much later it takes effect.
    pub lead: Lead,
}

/// What shall be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreenAction {
    /// This is shown, paused at its beginning; `None`: nothing is shown, and nothing comes next.
    Show(Option<Media>),
    /// It plays, from here on.
    Play(FilmTime),
    /// It stands here.
    Pause(FilmTime),
    /// It is here.
    Seek(FilmTime),
    /// It goes so fast.
    Rate(Rate),
    /// This comes last in the playlist; where nothing is shown, it is shown.
    Enqueue {
        /// How its sender calls it: the same one again is the same item, also when it has been watched or taken out.
        item: ItemId,
        /// What it is.
        media: Media,
    },
    /// This is not in the playlist.
    Dequeue(ItemId),
    /// What is shown is no longer this item (`None`: what came from no playlist), but the one after it.
    Next {
        /// What is left behind.
        after: Option<ItemId>,
    },
    /// Said by a node in the name of somebody who is here, never by a phone: they may control it too, since nobody who may was here for
    /// [`CONTROL_PASSES_AFTER`](crate::room::CONTROL_PASSES_AFTER).
    Borrow {
        /// Who had it on loan before, as far as the node knows. If it is somebody else, nothing happens.
        instead_of: Option<UserId>,
        /// When somebody last saw a phone of anybody who may control it.
        last_seen: Timestamp,
    },
    /// Said by a node in the name of somebody who may control it without any loan, and is here again.
    TakeBack,
}

impl From<ScreenAction> for WatchingCommand {
    fn from(action: ScreenAction) -> Self {
        Self { action, rev: None, lead: Lead::default() }
    }
}
