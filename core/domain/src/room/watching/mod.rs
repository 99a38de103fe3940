//! Watching together: what is shown, how it goes, and what comes next.
//!
//! Reads people and never changes them. Where a film is follows from its last change and the clock, so that nothing has to be written while
//! it plays.

mod address;
mod command;
mod decide;
mod erase;
mod event;
mod kind;
mod lending;
mod media;
mod redo;
mod screen;
mod time;

use std::{collections::VecDeque, sync::Arc};

use self::screen::Going;
pub use self::{
    address::MAX_ADDRESS,
    command::{ScreenAction, WatchingCommand},
    event::WatchingEvent,
    kind::MediaKind,
    media::{ItemId, MAX_ITEM_ID, MAX_MEDIA_TITLE, Media, PlaylistItem},
    screen::Screen,
    time::{FilmTime, LEAST_LEAD, Lead, MAX_FILM, MAX_RATE, MAX_ROUND_TRIP, MIN_RATE, Rate},
};
use super::{bounds::GONE_ITEMS, people::People};
use crate::ids::{Timestamp, UserId};

/// What the people of a room watch. Cheap to clone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Watching {
    /// How often what is shown, or how it goes, has changed.
    rev: u64,
    shown: Option<Shown>,
    /// Who may control it too, for as long as nobody is here who may anyway.
    borrower: Option<UserId>,
    playlist: Arc<Vec<PlaylistItem>>,
    /// Items that were in the playlist, and who put them there: one that is sent again is not put there again.
    gone: Arc<VecDeque<(ItemId, UserId)>>,
}

/// What is shown, and how it goes.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    /// `None`: who put it here was erased since. How it went still says how the next one goes, also where the log is without them.
    film: Option<Film>,
    going: Going,
    /// Where somebody last sought to since it plays or stands.
    sought: Option<FilmTime>,
}

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
struct Film {
    media: Media,
    /// Who put its address here.
    owner: UserId,
    /// How it was called in the playlist, if it came from there.
    item: Option<ItemId>,
}

impl Watching {
    /// Nothing is shown. Revisions go on from this number.
    pub(super) fn from_rev(rev: u64) -> Self {
        Self { rev, shown: None, borrower: None, playlist: Arc::default(), gone: Arc::default() }
    }

    /// Folds an event of this moment in.
    pub(super) fn apply(&mut self, event: &WatchingEvent, at: Timestamp) {
        let by = event.member();
        match event {
            WatchingEvent::Shown { media, lead, .. } => {
                let film = media.clone().map(|media| Film { media, owner: by, item: None });
                self.show(Some(Shown::new(film, at.plus(lead.duration()), by)));
            }
            WatchingEvent::Cleared { .. } => {
                let items = std::mem::take(&mut self.playlist);
                items.iter().for_each(|item| self.note_gone(item));
                self.show(None);
            }
            WatchingEvent::Played { position, lead, .. } => {
                self.goes(|shown| shown.stands_at(true, *position, at.plus(lead.duration()), by));
            }
            WatchingEvent::Paused { position, lead, .. } => {
                self.goes(|shown| shown.stands_at(false, *position, at.plus(lead.duration()), by));
            }
            WatchingEvent::Sought { position, lead, .. } => self.goes(|shown| {
                shown.stands_at(shown.going.playing, *position, at.plus(lead.duration()), by);
                shown.sought = Some(*position);
            }),
            WatchingEvent::RateSet { rate, lead, .. } => {
                self.goes(|shown| shown.goes_at(*rate, at.plus(lead.duration()), by));
            }
            WatchingEvent::Enqueued { item, media, shown, .. } => {
                let item = PlaylistItem { item: item.clone(), media: media.clone(), by };
                match shown {
                    None => Arc::make_mut(&mut self.playlist).push(item),
                    Some(lead) => {
                        self.note_gone(&item);
                        self.show(Some(Shown::new(Some(item.into()), at.plus(lead.duration()), by)));
                    }
                }
            }
            WatchingEvent::Dequeued { item, .. } => {
                self.take_out(item);
            }
            WatchingEvent::Advanced { item, lead, .. } => {
                let film = self.take_out(item).map(Film::from);
                let mut next = Shown::new(film, at.plus(lead.duration()), by);
                if let Some(Shown { going: before, .. }) = &self.shown {
                    next.going.playing = before.playing;
                    next.going.rate = before.rate;
                }
                self.show(Some(next));
            }
            WatchingEvent::ControlLent { member } => self.borrower = Some(*member),
            WatchingEvent::ControlReturned { .. } => self.borrower = None,
        }
    }

    fn show(&mut self, shown: Option<Shown>) {
        self.rev += 1;
        self.shown = shown;
    }

    fn goes(&mut self, change: impl FnOnce(&mut Shown)) {
        self.rev += 1;
        if let Some(shown) = &mut self.shown {
            change(shown);
        }
    }

    fn take_out(&mut self, item: &ItemId) -> Option<PlaylistItem> {
        let place = self.playlist.iter().position(|other| other.item == *item)?;
        let item = Arc::make_mut(&mut self.playlist).remove(place);
        self.note_gone(&item);
        Some(item)
    }

    fn note_gone(&mut self, item: &PlaylistItem) {
        if self.gone.iter().any(|(gone, _)| *gone == item.item) {
            return;
        }
        let gone = Arc::make_mut(&mut self.gone);
        if gone.len() >= GONE_ITEMS {
            gone.pop_front();
        }
        gone.push_back((item.item.clone(), item.by));
    }

    /// What is on the screen, unless who put it there was erased.
    fn film(&self) -> Option<&Film> {
        self.shown.as_ref()?.film.as_ref()
    }

    /// What everybody sees; `None`: nothing is shown.
    pub(super) fn screen(&self) -> Option<Screen> {
        let Film { media, item, .. } = self.film()?;
        let Going { playing, position, rate, at, by } = self.shown.as_ref()?.going;
        Some(Screen {
            rev: self.rev,
            media: media.clone(),
            item: item.clone(),
            playing,
            position,
            rate,
            at,
            by,
            borrower: self.borrower,
            playlist: self.playlist.clone(),
        })
    }

    /// Whether something that this person put here is kept.
    pub(super) fn remembers(&self, who: UserId) -> bool {
        self.film().is_some_and(|film| film.owner == who)
            || self.playlist.iter().any(|item| item.by == who)
            || self.gone.iter().any(|(_, by)| *by == who)
    }
}

impl Shown {
    /// Paused at its beginning.
    fn new(film: Option<Film>, at: Timestamp, by: UserId) -> Self {
        let going = Going { playing: false, position: FilmTime::ZERO, rate: Rate::NORMAL, at, by };
        Self { film, going, sought: None }
    }

    fn stands_at(&mut self, playing: bool, position: FilmTime, at: Timestamp, by: UserId) {
        self.going = Going { playing, position, at, by, ..self.going };
        self.sought = None;
    }

    fn goes_at(&mut self, rate: Rate, at: Timestamp, by: UserId) {
        self.going = Going { rate, position: self.going.position_at(at), at, by, ..self.going };
    }
}

impl From<PlaylistItem> for Film {
    fn from(PlaylistItem { item, media, by }: PlaylistItem) -> Self {
        Self { media, owner: by, item: Some(item) }
    }
}
