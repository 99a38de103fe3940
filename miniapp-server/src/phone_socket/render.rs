//! From what happened in a room to the frames that say so.
//!
//! An event that looks the same to everybody is rendered once for each language, and its bytes are sent to all.

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use sovpalo_domain::{room::EventView, talk};
use sovpalo_live::rooms::{LiveRoom, NumberedEvent};

use super::{
    connection::{Context, Viewer},
    feeds::Message,
};
use crate::{
    App,
    wire::{Event, RoomEvent, SocketServerFrame},
};

pub(super) fn encode(frame: &impl Serialize) -> Utf8Bytes {
    serde_json::to_string(frame)
        .unwrap_or_else(|_| unreachable!("strings, numbers and finite ratings"))
        .into()
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
pub(super) fn message(phone: &Context, live: &LiveRoom, kept: &Message) -> Utf8Bytes {
    let render = || rare_message(phone, live, &kept.message);
    if kept.message.author == Some(phone.viewer.user) {
        return render();
    }
    let bytes = kept.encoded.or_render(phone.viewer.language, || render().into());
    Utf8Bytes::try_from(bytes).unwrap_or_else(|_| render())
}

/// A message that hardly anybody else is sent now.
pub(super) fn rare_message(phone: &Context, live: &LiveRoom, message: &talk::Message) -> Utf8Bytes {
    let Context { app, viewer } = phone;
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
