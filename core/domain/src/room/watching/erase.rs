//! Takes what a person put on the screen and into the playlist out again.

use std::sync::Arc;

use super::{Watching, WatchingEvent};
use crate::ids::UserId;

impl Watching {
    /// The addresses that they put here are gone. What others put here stays.
    pub(in crate::room) fn erase(&mut self, who: UserId) {
        if !self.remembers(who) {
            return;
        }
        if let Some(shown) = &mut self.shown {
            shown.film.take_if(|film| film.owner == who);
        }
        Arc::make_mut(&mut self.playlist).retain(|item| item.by != who);
        Arc::make_mut(&mut self.gone).retain(|(_, by)| *by != who);
    }
}

impl WatchingEvent {
    /// Whether it holds an address, or the name of an item, that its doer put here.
    pub(in crate::room) fn holds_something_of_its_doer(&self) -> bool {
        matches!(self, Self::Shown { media: Some(_), .. } | Self::Enqueued { .. })
    }

    /// The same without that; `None`: nothing is left of it. What changed the screen goes on to count as a change.
    pub(in crate::room) fn blanked(&self) -> Option<Self> {
        match self {
            Self::Shown { member, lead, .. } | Self::Enqueued { member, shown: Some(lead), .. } => {
                Some(Self::Shown { member: *member, media: None, lead: *lead })
            }
            Self::Enqueued { shown: None, .. } => None,
            other => Some(other.clone()),
        }
    }
}
