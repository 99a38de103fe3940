//! A signal on its way to the sockets of a room: read and rendered once, whatever their number.

use std::sync::{Arc, OnceLock};

use sovpalo_domain::ids::{RoomCode, UserId};
use tungstenite::Utf8Bytes;

use crate::wire;

/// Somebody's signal in a room. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Signal {
    pub(super) room: RoomCode,
    pub(super) from: UserId,
    body: Arc<str>,
    rendered: Arc<OnceLock<Option<Rendered>>>,
}

/// The frame that phones get.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    pub(super) frame: Utf8Bytes,
    /// Whether it is for those in the voice chat.
    pub(super) is_for_voice: bool,
}

impl Signal {
    pub(super) fn new(room: RoomCode, from: UserId, body: Arc<str>) -> Self {
        Self { room, from, body, rendered: Arc::default() }
    }

    /// The frame. `None`: a newer program sent it, and it is not known here.
    pub(super) fn rendered(&self) -> Option<&Rendered> {
        let render = || {
            let signal: wire::Signal = serde_json::from_str(&self.body).ok()?;
            let is_for_voice = matches!(signal, wire::Signal::Rtc { .. });
            let (room, from) = (self.room.to_string(), self.from.get());
            let frame =
                serde_json::to_string(&wire::SocketServerFrame::Signal { room, from, signal }).ok()?;
            Some(Rendered { frame: frame.into(), is_for_voice })
        };
        self.rendered.get_or_init(render).as_ref()
    }
}
