//! Cards follow their rooms directly, so that a chat sees people join and swipe without waiting for SQL.
//!
//! Only a short cut: what matters comes again as a notice, and is not lost with this process.

use sovpalo_domain::room::{Event, PeopleEvent, SwipingEvent};
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
                    let urgency = entries.iter().map(|entry| urgency(&entry.event)).max();
                    self.shared.requests.wake(room, urgency.unwrap_or(Urgency::Soon));
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

fn urgency(event: &Event) -> Urgency {
    match event {
        Event::Swiping(SwipingEvent::Swiped { .. } | SwipingEvent::Undone { .. })
        | Event::People(PeopleEvent::Away { .. } | PeopleEvent::Back { .. }) => Urgency::Progress,
        _ => Urgency::Soon,
    }
}
