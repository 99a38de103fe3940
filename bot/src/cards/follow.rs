//! Cards follow their rooms directly, so that a chat sees people join and swipe without waiting for SQL.
//!
//! Only a short cut: what matters comes again as a notice, and is not lost with this process.

use sovpalo_domain::room::{Event, PeopleEvent, SwipingEvent, WatchingEvent};
use sovpalo_live::hot::Change;
use tokio::sync::broadcast::error::RecvError;

use super::{Cards, Urgency};

impl Cards {
    /// Follows the rooms whose cards are looked after here, until it stops.
    pub(crate) async fn follow(&self) {
        let mut changes = self.shared.show.rooms().hot().changes();
        loop {
            let change = tokio::select! {
                () = self.shared.stop.cancelled() => return,
                change = changes.recv() => change,
            };
            match change {
                Ok(Change::Appended { room, entries, .. }) => {
                    // Without entries the log was put back or replaced, and anything may have changed.
                    let anything = entries.is_empty().then_some(Urgency::Soon);
                    let urgency =
                        entries.iter().filter_map(|entry| urgency(&entry.event)).chain(anything).max();
                    if let Some(urgency) = urgency {
                        self.shared.requests.wake(room, urgency);
                    }
                }
                Ok(Change::Missed) | Err(RecvError::Lagged(_)) => {
                    self.shared.requests.wake_all(Urgency::Progress);
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

/// How much a change matters to a card; `None`: no card shows it. Where a film is, how fast it goes and what comes next is seen in the
/// cinema only.
fn urgency(event: &Event) -> Option<Urgency> {
    match event {
        Event::Watching(
            WatchingEvent::Sought { .. }
            | WatchingEvent::RateSet { .. }
            | WatchingEvent::Enqueued { shown: None, .. }
            | WatchingEvent::Dequeued { .. },
        )
        // Who was nudged is between members.
        | Event::Swiping(SwipingEvent::Nudged { .. }) => None,
        Event::Swiping(SwipingEvent::Swiped { .. } | SwipingEvent::Undone { .. })
        | Event::People(PeopleEvent::Away { .. } | PeopleEvent::Back { .. }) => Some(Urgency::Progress),
        _ => Some(Urgency::Soon),
    }
}
