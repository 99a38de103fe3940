//! From what happened in a room to the frames that say so.
//!
//! An event that looks the same to everybody is rendered once for each language, and its bytes are sent to all.

use std::time::Duration;

use serde::Serialize;
use sovpalo_domain::{ids::RoomCode, room::EventView, talk};
use sovpalo_live::rooms::{LiveRoom, NumberedEvent};
use tungstenite::Utf8Bytes;

use super::{
    feeds::Message,
    phone::{Phone, Viewer},
};
use crate::{
    App,
    problem::Refused,
    wire::{Event, RoomEvent, SocketRefused, SocketServerFrame},
};

/// When somebody who asked for too much may ask again.
const COME_BACK: Duration = Duration::from_secs(1);

pub(super) fn encode(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame)
        .unwrap_or_else(|_| unreachable!("strings, numbers and finite ratings"))
        .into()
}

/// A frame that says no.
pub(super) fn refusal(id: Option<u64>, room: Option<RoomCode>, refused: &Refused) -> SocketServerFrame {
    SocketServerFrame::Refused(SocketRefused {
        id,
        room: room.map(|room| room.to_string()),
        code: refused.code().into(),
        message: refused.to_string(),
        retry_after: refused.retry_after(),
    })
}

/// What is refused until a moment has passed.
pub(super) fn too_many() -> Refused {
    Refused::TooMany { retry_after: COME_BACK }
}

/// An event as a frame.
pub(super) fn event(app: &App, live: &LiveRoom, viewer: &Viewer, event: &NumberedEvent) -> Utf8Bytes {
    let render = || {
        let happened = app.happened(live, viewer.user, viewer.language, event);
        encode(&SocketServerFrame::Event(RoomEvent { room: live.code().to_string(), happened }))
    };
    if !looks_the_same_to_all(event, viewer) {
        return render();
    }
    let bytes = event.encoded.or_render(viewer.language, || render().into());
    Utf8Bytes::try_from(bytes).unwrap_or_else(|_| render())
}

/// An event inside another frame.
pub(super) fn own_event(app: &App, live: &LiveRoom, viewer: &Viewer, event: &NumberedEvent) -> Event {
    app.happened(live, viewer.user, viewer.language, event).event
}

/// A message as a frame. Only its author is told its key.
pub(super) fn message(phone: &Phone, live: &LiveRoom, kept: &Message) -> Utf8Bytes {
    let render = || rare_message(phone, live, &kept.message);
    if kept.message.author == Some(phone.viewer.user) {
        return render();
    }
    let bytes = kept.encoded.or_render(phone.viewer.language, || render().into());
    Utf8Bytes::try_from(bytes).unwrap_or_else(|_| render())
}

/// A message that hardly anybody else is sent now.
pub(super) fn rare_message(phone: &Phone, live: &LiveRoom, message: &talk::Message) -> Utf8Bytes {
    let Phone { app, viewer } = phone;
    let mut shown = app.show_messages(live, viewer.user, viewer.language, std::slice::from_ref(message));
    let room = live.code().to_string();
    match shown.pop() {
        Some(message) => encode(&SocketServerFrame::Message { room, message }),
        None => unreachable!("one message is shown as one"),
    }
}

fn looks_the_same_to_all(event: &NumberedEvent, viewer: &Viewer) -> bool {
    // Who is online changes; and each has their own first cards.
    let differs = |seen: &EventView| matches!(seen, EventView::Joined(_) | EventView::Started { .. });
    !event.views.is_own(viewer.user) && !differs(event.views.seen_by(viewer.user))
}
