//! When a room's cards may be looked at again.
//!
//! Telegram lets a bot send about 20 messages a minute into a group, edits included: a lively room must leave most of them
//! for what matters. Pure: the time is an argument.

use std::time::Duration;

use tokio::time::Instant;

/// A card is edited at most once in so long.
pub(super) const PAUSE: Duration = Duration::from_millis(1500);
/// So long, once that happened [`LIVELY`] times without a break.
const LONG_PAUSE: Duration = Duration::from_secs(4);
/// See there.
const LIVELY: u32 = 5;
/// So long, if nothing has changed but how far people are; and a break is as long.
const PROGRESS_PAUSE: Duration = Duration::from_secs(5);

/// How much a change matters to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// Somebody swiped.
    Progress,
    /// Anything else about the room.
    Soon,
    /// A card is waited for that is not there yet.
    Now,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Look at the cards.
    Look,
    /// Wait until then, or until something changes; then ask again.
    Wait(Instant),
    /// Nothing is left to do.
    End,
}

/// The pace of one room.
#[derive(Debug, Default)]
pub(super) struct Pace {
    edited_at: Option<Instant>,
    edits: u32,
    /// When the chat had no room for an edit.
    held_at: Option<Instant>,
}

impl Pace {
    /// A card was posted or edited.
    pub(super) fn edited(&mut self, now: Instant) {
        self.edited_at = Some(now);
        self.edits += 1;
    }

    /// A card could not be edited, since its chat has no room for it now. What changes meanwhile is looked at no more often than if it
    /// had been.
    pub(super) fn held(&mut self, now: Instant) {
        self.held_at = Some(now);
    }

    /// Whether cards that stand may be edited.
    pub(super) fn may_edit(&self, now: Instant) -> bool {
        self.may_edit_at(now) <= now
    }

    /// What to do, given what has changed and when a card that Telegram refused may be tried again.
    pub(super) fn next(&self, stale: Option<Urgency>, again_at: Option<Instant>, now: Instant) -> Next {
        let may_edit_at = self.may_edit_at(now);
        let after_break = self.edited_at.map_or(now, |edited| edited + PROGRESS_PAUSE);
        let after_hold = |pause| self.held_at.map_or(now, |held| held + pause);
        let changed = match stale {
            Some(Urgency::Now) => return Next::Look,
            Some(Urgency::Soon) => Some(may_edit_at.max(after_hold(PAUSE))),
            Some(Urgency::Progress) => Some(may_edit_at.max(after_break).max(after_hold(PROGRESS_PAUSE))),
            None => None,
        };
        let again = again_at.map(|at| at.max(may_edit_at));
        match changed.into_iter().chain(again).min() {
            Some(at) if at <= now => Next::Look,
            Some(at) => Next::Wait(at),
            // The next change would begin a new pace, and show at once: not so soon.
            None if after_break > now => Next::Wait(after_break),
            None => Next::End,
        }
    }

    fn may_edit_at(&self, now: Instant) -> Instant {
        let pause = if self.edits < LIVELY { PAUSE } else { LONG_PAUSE };
        self.edited_at.map_or(now, |edited| edited + pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(times: u32, at: Instant) -> Pace {
        let mut pace = Pace::default();
        (0..times).for_each(|_| pace.edited(at));
        pace
    }

    #[test]
    fn the_first_change_shows_at_once() {
        let now = Instant::now();
        for urgency in [Urgency::Progress, Urgency::Soon, Urgency::Now] {
            assert_eq!(Pace::default().next(Some(urgency), None, now), Next::Look);
        }
    }

    #[test]
    fn the_second_one_waits_and_progress_waits_longer() {
        let now = Instant::now();
        let pace = edited(1, now);
        assert_eq!(pace.next(Some(Urgency::Soon), None, now), Next::Wait(now + PAUSE));
        assert_eq!(pace.next(Some(Urgency::Progress), None, now), Next::Wait(now + PROGRESS_PAUSE));
        assert_eq!(pace.next(Some(Urgency::Soon), None, now + PAUSE), Next::Look);
    }

    #[test]
    fn a_room_that_goes_on_and_on_is_shown_more_seldom() {
        let now = Instant::now();
        let pace = edited(LIVELY, now);
        assert_eq!(pace.next(Some(Urgency::Soon), None, now + PAUSE), Next::Wait(now + LONG_PAUSE));
    }

    #[test]
    fn a_new_card_waits_for_nothing() {
        let now = Instant::now();
        assert_eq!(edited(LIVELY, now).next(Some(Urgency::Now), None, now), Next::Look);
        assert!(!edited(1, now).may_edit(now), "the cards that stand are left alone meanwhile");
    }

    #[test]
    fn a_chat_without_room_is_not_asked_at_each_swipe() {
        let now = Instant::now();
        let mut pace = Pace::default();
        pace.held(now);
        assert_eq!(pace.next(Some(Urgency::Progress), None, now), Next::Wait(now + PROGRESS_PAUSE));
        assert_eq!(pace.next(Some(Urgency::Soon), None, now), Next::Wait(now + PAUSE));
        assert_eq!(pace.next(Some(Urgency::Now), None, now), Next::Look);
        let turn = now + Duration::from_millis(300);
        assert_eq!(pace.next(None, Some(turn), turn), Next::Look, "its turn in the chat is not missed");
    }

    #[test]
    fn telegrams_wait_is_kept_and_ends() {
        let now = Instant::now();
        let later = now + Duration::from_secs(7);
        assert_eq!(Pace::default().next(None, Some(later), now), Next::Wait(later));
        assert_eq!(Pace::default().next(None, Some(later), later), Next::Look);
    }

    #[test]
    fn without_changes_it_ends_after_a_break() {
        let now = Instant::now();
        assert_eq!(Pace::default().next(None, None, now), Next::End);
        assert_eq!(edited(1, now).next(None, None, now), Next::Wait(now + PROGRESS_PAUSE));
        assert_eq!(edited(1, now).next(None, None, now + PROGRESS_PAUSE), Next::End);
    }
}
