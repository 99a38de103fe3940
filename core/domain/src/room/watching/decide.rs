//! Judges what is asked of the screen.
//!
//! Where it already is so, nothing happens, so that what is sent twice rewinds nobody: who plays what plays already does not say where it
//! is. Where somebody really wants to go is what `seek` says.

use super::{FilmTime, ItemId, Media, People, ScreenAction, Shown, Watching, WatchingCommand, WatchingEvent};
use crate::{
    ids::Timestamp,
    room::{
        CONTROL_PASSES_AFTER, Member, Refusal,
        bounds::{PLAYLIST_BYTES, PLAYLIST_ITEMS},
    },
};

impl Watching {
    /// Judges a command of a member at `now`. None: it already is so, or another screen was meant.
    pub(in crate::room) fn decide(
        &self,
        people: &People,
        me: &Member,
        command: &WatchingCommand,
        now: Timestamp,
    ) -> Result<Option<WatchingEvent>, Refusal> {
        if !matches!(command.action, ScreenAction::Borrow { .. }) {
            self.may_control(people, me)?;
        }
        if command.rev.is_some_and(|rev| rev != self.rev) {
            return Ok(None);
        }
        let (member, lead) = (me.id, command.lead);
        Ok(match &command.action {
            ScreenAction::Show(None) => self.is_anything_here().then_some(WatchingEvent::Cleared { member }),
            ScreenAction::Show(Some(media)) => {
                let is_new = self.film().is_none_or(|film| !film.media.is_same(media));
                is_new.then(|| WatchingEvent::Shown { member, media: Some(media.clone()), lead })
            }
            ScreenAction::Play(position) => {
                let is_new = !self.shown()?.going.playing;
                is_new.then_some(WatchingEvent::Played { member, position: *position, lead })
            }
            ScreenAction::Pause(position) => {
                let is_new = self.shown()?.going.playing;
                is_new.then_some(WatchingEvent::Paused { member, position: *position, lead })
            }
            ScreenAction::Seek(position) => {
                let is_new = !self.shown()?.is_at(*position, command.rev.is_some(), now);
                is_new.then_some(WatchingEvent::Sought { member, position: *position, lead })
            }
            ScreenAction::Rate(rate) => {
                let is_new = self.shown()?.going.rate != *rate;
                is_new.then_some(WatchingEvent::RateSet { member, rate: *rate, lead })
            }
            ScreenAction::Enqueue { item, media } => {
                if self.knows(item) {
                    return Ok(None);
                }
                let shown = (!self.is_shown()).then_some(lead);
                if shown.is_none() {
                    self.has_room_for(item, media)?;
                }
                Some(WatchingEvent::Enqueued { member, item: item.clone(), media: media.clone(), shown })
            }
            ScreenAction::Dequeue(item) => {
                let is_there = self.playlist.iter().any(|other| other.item == *item);
                is_there.then(|| WatchingEvent::Dequeued { member, item: item.clone() })
            }
            ScreenAction::Next { after } => {
                let next = self.playlist.first().filter(|_| self.current_item() == after.as_ref());
                next.map(|next| WatchingEvent::Advanced { member, item: next.item.clone(), lead })
            }
            ScreenAction::Borrow { instead_of, last_seen } => {
                let is_due = now.since(*last_seen) >= CONTROL_PASSES_AFTER && self.borrower == *instead_of;
                self.may_borrow(people, me)
                    .then_some(WatchingEvent::ControlLent { member })
                    .filter(|_| is_due)
            }
            ScreenAction::TakeBack => {
                people.may_control(me)?;
                self.borrower.map(|_| WatchingEvent::ControlReturned { member })
            }
        })
    }

    fn shown(&self) -> Result<&Shown, Refusal> {
        self.shown.as_ref().filter(|shown| shown.film.is_some()).ok_or(Refusal::WrongPhase)
    }

    fn is_anything_here(&self) -> bool {
        self.is_shown() || !self.playlist.is_empty()
    }

    pub(super) fn current_item(&self) -> Option<&ItemId> {
        self.film()?.item.as_ref()
    }

    fn knows(&self, item: &ItemId) -> bool {
        self.playlist.iter().any(|other| other.item == *item)
            || self.gone.iter().any(|(gone, _)| gone == item)
    }

    fn has_room_for(&self, item: &ItemId, media: &Media) -> Result<(), Refusal> {
        let bytes: usize = self.playlist.iter().map(super::PlaylistItem::weight).sum();
        if self.playlist.len() >= PLAYLIST_ITEMS {
            return Err(Refusal::invalid(
                "item",
                format!("is one too many: a playlist has at most {PLAYLIST_ITEMS}"),
            ));
        }
        if bytes + item.as_str().len() + media.weight() > PLAYLIST_BYTES {
            return Err(Refusal::invalid(
                "media",
                "is too much: the addresses of the playlist are too long together",
            ));
        }
        Ok(())
    }
}

impl Shown {
    /// Whether it is here already. Of a command that does not say which screen it means, also where somebody sought to this very place: it
    /// may be the same command once more.
    fn is_at(&self, position: FilmTime, is_of_this_screen: bool, now: Timestamp) -> bool {
        self.going.position_at(now) == position || (!is_of_this_screen && self.sought == Some(position))
    }
}
