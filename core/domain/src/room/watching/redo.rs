//! How what was watched is asked for again after a loss: in order, as it was said. Of two ends it is the latest word that counts.

use super::{ScreenAction, Watching, WatchingCommand, WatchingEvent};
use crate::room::{
    CONTROL_PASSES_AFTER, Event,
    redo::part::{Action, Actor, Redo},
};

impl Redo for Watching {
    type Event = WatchingEvent;
    type Command = WatchingCommand;
    type Memory = ();

    fn own(event: &Event) -> Option<&WatchingEvent> {
        if let Event::Watching(event) = event { Some(event) } else { None }
    }

    fn ask_again(
        was: &Self,
        now: &Self,
        Action { at, event, leads, .. }: Action<'_, WatchingEvent>,
        (): &mut (),
    ) -> Option<(Actor, WatchingCommand)> {
        let (action, lead) = match event {
            WatchingEvent::Shown { media: Some(media), lead, .. } => {
                (ScreenAction::Show(Some(media.clone())), Some(*lead))
            }
            WatchingEvent::Cleared { .. } => (ScreenAction::Show(None), None),
            WatchingEvent::Played { position, lead, .. } => (ScreenAction::Play(*position), Some(*lead)),
            WatchingEvent::Paused { position, lead, .. } => (ScreenAction::Pause(*position), Some(*lead)),
            WatchingEvent::Sought { position, lead, .. } => (ScreenAction::Seek(*position), Some(*lead)),
            WatchingEvent::RateSet { rate, lead, .. } => (ScreenAction::Rate(*rate), Some(*lead)),
            WatchingEvent::Enqueued { item, media, shown, .. } => {
                (ScreenAction::Enqueue { item: item.clone(), media: media.clone() }, *shown)
            }
            WatchingEvent::Dequeued { item, .. } => (ScreenAction::Dequeue(item.clone()), None),
            WatchingEvent::Advanced { lead, .. } => {
                (ScreenAction::Next { after: was.current_item().cloned() }, Some(*lead))
            }
            WatchingEvent::ControlLent { .. } => {
                let last_seen = at.minus(CONTROL_PASSES_AFTER);
                (ScreenAction::Borrow { instead_of: now.borrower, last_seen }, None)
            }
            WatchingEvent::ControlReturned { .. } if leads => (ScreenAction::TakeBack, None),
            // What followed follows again; what somebody showed who was erased is not known any more.
            WatchingEvent::ControlReturned { .. } | WatchingEvent::Shown { media: None, .. } => return None,
        };
        // A command without a revision may be judged as a resend, and change nothing. Where the screen is just as it was then, its revision
        // rules that out.
        let rev = was.is_as(now).then_some(now.rev);
        let command = WatchingCommand { action, rev, lead: lead.unwrap_or_default() };
        Some((Actor::Member(event.member()), command))
    }
}

impl Watching {
    /// Whether what is shown, and how it goes, is the same in both.
    fn is_as(&self, other: &Self) -> bool {
        self.rev == other.rev && self.shown == other.shown
    }
}
