//! Who is in a room, as a phone was told: everybody when the room was opened, and then who came and went, at most twice a second.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::ids::{RoomCode, UserId};
use tokio::time::Instant;

use crate::wire::PresenceFrame;

/// Between two frames of one room. What changes meanwhile is told together.
pub(crate) const BETWEEN_PRESENCE: Duration = Duration::from_millis(500);

/// What a phone knows.
#[derive(Default)]
pub(super) struct SentPresence {
    online: Option<Arc<[UserId]>>,
    sent_at: Option<Instant>,
}

impl SentPresence {
    /// Tells everybody the next time.
    pub(super) fn start_again(&mut self) {
        *self = Self::default();
    }

    /// When there is something to tell, if there is.
    pub(super) fn due_at(&self, online: &Arc<[UserId]>) -> Option<Instant> {
        match (&self.online, self.sent_at) {
            (Some(sent), _) if Arc::ptr_eq(sent, online) => None,
            (Some(_), Some(sent_at)) => Some(sent_at + BETWEEN_PRESENCE),
            _ => Some(Instant::now()),
        }
    }

    /// The frame that brings the phone up to date; `None`: what changed has changed back.
    pub(super) fn frame(&mut self, room: RoomCode, online: Arc<[UserId]>) -> Option<PresenceFrame> {
        let ids = |members: Vec<&UserId>| members.into_iter().map(|member| member.get()).collect::<Vec<_>>();
        let room = room.to_string();
        let frame = match &self.online {
            None => {
                PresenceFrame { room, online: Some(ids(online.iter().collect())), ..PresenceFrame::default() }
            }
            Some(sent) => {
                let came = ids(online.iter().filter(|member| !sent.contains(member)).collect());
                let went = ids(sent.iter().filter(|member| !online.contains(member)).collect());
                if came.is_empty() && went.is_empty() {
                    self.online = Some(online);
                    return None;
                }
                PresenceFrame { room, online: None, came: Some(came), went: Some(went) }
            }
        };
        self.online = Some(online);
        self.sent_at = Some(Instant::now());
        Some(frame)
    }
}
