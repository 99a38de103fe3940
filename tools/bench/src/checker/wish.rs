//! What somebody wants of the screen, in a form in which a command that was sent and an event in the log can be compared.

use serde_json::{Value, json};
use sovpalo_domain::room::{Room, WatchingEvent};

use super::screen::{seconds, thousandths_of};

/// What shall be so. Moments of a film and rates are in thousandths; something to watch is its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    Show(Option<String>),
    Play(u64),
    Pause(u64),
    Seek(u64),
    Rate(u64),
    Enqueue { item: String, url: String },
    Dequeue(String),
    Next { after: Option<String> },
}

impl Wish {
    /// Whose fulfilment an event is, of a room that was like this. `None`: nobody asks for that (what was shown is blanked; a
    /// node lends control).
    pub(crate) fn of(event: &WatchingEvent, before: &Room) -> Option<Self> {
        Some(match event {
            WatchingEvent::Shown { media, .. } => Self::Show(Some(media.as_ref()?.url().to_owned())),
            WatchingEvent::Cleared { .. } => Self::Show(None),
            WatchingEvent::Played { position, .. } => Self::Play(thousandths_of(position.seconds())),
            WatchingEvent::Paused { position, .. } => Self::Pause(thousandths_of(position.seconds())),
            WatchingEvent::Sought { position, .. } => Self::Seek(thousandths_of(position.seconds())),
            WatchingEvent::RateSet { rate, .. } => Self::Rate(thousandths_of(rate.factor())),
            WatchingEvent::Enqueued { item, media, .. } => {
                Self::Enqueue { item: item.as_str().to_owned(), url: media.url().to_owned() }
            }
            WatchingEvent::Dequeued { item, .. } => Self::Dequeue(item.as_str().to_owned()),
            WatchingEvent::Advanced { .. } => {
                let shown = before.screen().and_then(|screen| screen.item);
                Self::Next { after: shown.map(|item| item.as_str().to_owned()) }
            }
            WatchingEvent::ControlLent { .. } | WatchingEvent::ControlReturned { .. } => return None,
        })
    }

    /// Whether the room knows it from the first time when it is sent again, whatever happened in between: items have names.
    pub(crate) fn is_named(&self) -> bool {
        matches!(self, Self::Enqueue { .. } | Self::Dequeue(_) | Self::Next { after: Some(_) })
    }

    /// The command as the contract writes it. `rev`: the screen that it means.
    pub(crate) fn wire(&self, rev: Option<u64>) -> Value {
        let media = |url: &String| json!({ "kind": "file", "url": url, "title": "A film" });
        let mut command = match self {
            Self::Show(url) => json!({ "type": "show", "media": url.as_ref().map(media) }),
            Self::Play(at) => json!({ "type": "play", "position_s": seconds(*at) }),
            Self::Pause(at) => json!({ "type": "pause", "position_s": seconds(*at) }),
            Self::Seek(at) => json!({ "type": "seek", "position_s": seconds(*at) }),
            Self::Rate(rate) => json!({ "type": "rate", "rate": seconds(*rate) }),
            Self::Enqueue { item, url } => json!({ "type": "enqueue", "item": item, "media": media(url) }),
            Self::Dequeue(item) => json!({ "type": "dequeue", "item": item }),
            Self::Next { after } => json!({ "type": "next", "after": after }),
        };
        if let Some(rev) = rev {
            command["rev"] = rev.into();
        }
        command
    }
}
