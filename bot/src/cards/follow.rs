//! Cards follow their rooms directly, so that a chat sees people join and swipe without waiting for SQL.
//!
//! Only a short cut: what matters comes again as a notice, and is not lost with this process.

use sovpalo_domain::room::Event;
use sovpalo_storage::hot::Change;
use tokio::sync::broadcast::error::RecvError;

use super::{Cards, Urgency, Work};

impl Cards {
    /// Follows the rooms whose cards this process knows, until it stops.
    pub(crate) async fn follow(&self) {
        let mut changes = self.shared.rooms.hot().changes();
        loop {
            let change = tokio::select! {
                () = self.shared.stop.cancelled() => return,
                change = changes.recv() => change,
            };
            match change {
                Ok(Change::Appended { room, at, entries, .. }) if self.known().has(room) => {
                    let urgency = entries.iter().map(|entry| urgency(&entry.event)).max();
                    let work = Work { at_least: Some(at), ..Work::default() };
                    self.ring(room, urgency.unwrap_or(Urgency::Progress), work);
                }
                Ok(Change::Missed) | Err(RecvError::Lagged(_)) => {
                    let rooms = self.known().all();
                    for room in rooms {
                        self.touch(room, Urgency::Progress);
                    }
                }
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

fn urgency(event: &Event) -> Urgency {
    match event {
        Event::Swiped { .. } | Event::Undone { .. } | Event::Away { .. } | Event::Back { .. } => {
            Urgency::Progress
        }
        _ => Urgency::Soon,
    }
}
