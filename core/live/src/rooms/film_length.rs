//! How long the film of a room is, as the phones on this node say.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sovpalo_domain::room::{Media, Screen};

/// The length of the film that somebody spoke of last. Phones may differ by what their players make of a file: the longest counts.
#[derive(Debug, Default)]
pub(super) struct FilmLength(Mutex<Option<(Media, Duration)>>);

impl FilmLength {
    /// A phone says it of the screen with this revision. What it says of another one is out of date.
    pub(super) fn note(&self, screen: Option<Screen>, rev: u64, lasts: Duration) {
        let Some(Screen { media, .. }) = screen.filter(|screen| screen.rev == rev) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|(of, longest)| *of != media || *longest < lasts) {
            *known = Some((media, lasts));
        }
    }

    /// As far as it is known.
    pub(super) fn of(&self, media: &Media) -> Option<Duration> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(of, _)| of == media).map(|(_, lasts)| *lasts)
    }
}
