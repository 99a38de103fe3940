//! What happens to the screen.

use serde::{Deserialize, Serialize};

use super::{
    media::{ItemId, Media},
    time::{FilmTime, Lead, Rate},
};
use crate::ids::UserId;

/// Something that happened to what is watched. It takes effect `lead` after the time of its entry. Variants are only ever added at the
/// end: their order is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WatchingEvent {
    /// Something is shown, paused at its beginning.
    Shown {
        /// Who showed it.
        member: UserId,
        /// What. `None`: what somebody showed who was erased since.
        media: Option<Media>,
        lead: Lead,
    },
    /// Nothing is shown, and nothing comes next.
    Cleared { member: UserId },
    /// It plays.
    Played {
        member: UserId,
        /// From where.
        position: FilmTime,
        lead: Lead,
    },
    /// It stands.
    Paused {
        member: UserId,
        /// Where.
        position: FilmTime,
        lead: Lead,
    },
    /// It goes on, or stands, elsewhere.
    Sought {
        member: UserId,
        /// Where.
        position: FilmTime,
        lead: Lead,
    },
    /// It goes so fast, from where it is.
    RateSet {
        member: UserId,
        /// How fast.
        rate: Rate,
        lead: Lead,
    },
    /// Something is last in the playlist.
    Enqueued {
        /// Who put it there.
        member: UserId,
        /// How they call it.
        item: ItemId,
        /// What it is.
        media: Media,
        /// Nothing was shown, so that this is.
        shown: Option<Lead>,
    },
    /// Something is not in the playlist, any more.
    Dequeued { member: UserId, item: ItemId },
    /// The next item is shown, from its beginning, and plays if the one before did.
    Advanced {
        member: UserId,
        /// Which item.
        item: ItemId,
        lead: Lead,
    },
    /// Nobody who may control what is shown was here for [long enough](crate::room::CONTROL_PASSES_AFTER): meanwhile somebody else may too.
    ControlLent {
        /// Who may.
        member: UserId,
    },
    /// They may no longer: somebody is here who may control it anyway, or nobody has it on loan any more.
    ControlReturned {
        /// Who came, or what they did ended it.
        member: UserId,
    },
}

impl WatchingEvent {
    /// Whether SQL keeps a trace of it: of what is shown and whether it plays, which lists of rooms say.
    pub fn is_durable(&self) -> bool {
        match self {
            Self::Shown { .. }
            | Self::Cleared { .. }
            | Self::Played { .. }
            | Self::Paused { .. }
            | Self::Advanced { .. } => true,
            Self::Enqueued { shown, .. } => shown.is_some(),
            Self::Sought { .. }
            | Self::RateSet { .. }
            | Self::Dequeued { .. }
            | Self::ControlLent { .. }
            | Self::ControlReturned { .. } => false,
        }
    }

    /// About how many bytes it holds beside its kind and its time.
    pub(in crate::room) fn weight(&self) -> usize {
        match self {
            Self::Shown { media, .. } => media.as_ref().map_or(0, Media::weight),
            Self::Enqueued { item, media, .. } => item.as_str().len() + media.weight(),
            Self::Dequeued { item, .. } | Self::Advanced { item, .. } => item.as_str().len(),
            Self::Cleared { .. }
            | Self::Played { .. }
            | Self::Paused { .. }
            | Self::Sought { .. }
            | Self::RateSet { .. }
            | Self::ControlLent { .. }
            | Self::ControlReturned { .. } => 0,
        }
    }

    /// Who did it.
    pub fn member(&self) -> UserId {
        match self {
            Self::Shown { member, .. }
            | Self::Cleared { member }
            | Self::Played { member, .. }
            | Self::Paused { member, .. }
            | Self::Sought { member, .. }
            | Self::RateSet { member, .. }
            | Self::Enqueued { member, .. }
            | Self::Dequeued { member, .. }
            | Self::Advanced { member, .. }
            | Self::ControlLent { member }
            | Self::ControlReturned { member } => *member,
        }
    }
}
