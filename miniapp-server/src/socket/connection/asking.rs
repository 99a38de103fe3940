//! What a phone asks in its frames, and what is answered at once.

use std::sync::Arc;

use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::measure;
use tokio::time::Instant;

use super::{
    super::{
        channel::Channel,
        close::Close,
        end::End,
        frames::{self, Asked},
        render::{refusal, too_many},
    },
    PhoneSocket,
};
use crate::{
    problem::Refused,
    round_trips,
    wire::{CloseFrame, OpenFrame, RoomCommandFrame, SignalFrame, SocketAck, SocketServerFrame},
};

/// Rooms that are open on one socket. Another one is refused with `too_many`.
pub(crate) const MOST_ROOMS: usize = 16;
/// So many frames that are none of ours end the socket (4422).
pub(crate) const BAD_FRAMES: u8 = 3;
/// A round trip that a phone says took longer counts as this long.
const LONGEST_ROUND_TRIP_MS: f64 = 60_000.0;

impl PhoneSocket {
    /// Does what a frame asks, or begins to. What is answered at once comes back.
    pub(super) fn on_frame(&mut self, text: &str) -> Result<Option<SocketServerFrame>, End> {
        Ok(match frames::read(text) {
            Asked::Open(frame) => self.open(&frame),
            Asked::Close(frame) => self.close(&frame),
            Asked::Command(frame) => self.command(frame),
            Asked::Clock(frame) => {
                if let Some(ms) = frame.rtt_ms {
                    let seconds = ms.clamp(0.0, LONGEST_ROUND_TRIP_MS) / 1000.0;
                    measure::seconds("sovpalo_socket_round_trip_seconds", [], seconds);
                    self.note_round_trip(ms);
                }
                Some(SocketServerFrame::Clock { id: frame.id, now: self.now() })
            }
            Asked::Signal(frame) => self.signal(&frame),
            Asked::OtherSignal => None,
            Asked::Invalid { id, room, reason } => {
                let room = room.and_then(|room| room.parse().ok());
                Some(refusal(Some(id), room, &Refused::invalid("frame", reason)))
            }
            Asked::NotOurs { id, reason } => Some(self.not_ours(id, &reason)?),
        })
    }

    fn open(&mut self, frame: &OpenFrame) -> Option<SocketServerFrame> {
        let Ok(code) = frame.open.parse::<RoomCode>() else {
            return Some(refusal(Some(frame.id), None, &Refused::RoomNotFound));
        };
        if self.room(code).is_none() {
            if self.rooms.len() >= MOST_ROOMS {
                return Some(refusal(Some(frame.id), Some(code), &too_many()));
            }
            self.rooms.push(Box::new(Channel::new(code)));
            self.unread.opens(code);
        }
        let room = self.rooms.iter_mut().find(|room| room.code == code)?;
        room.open(&self.phone, &self.connected, frame)
    }

    fn close(&mut self, frame: &CloseFrame) -> Option<SocketServerFrame> {
        let code = frame.close.parse::<RoomCode>().ok();
        if let Some(room) = code.and_then(|code| self.room(code)) {
            return room.close(frame.id);
        }
        // It already is so.
        let room = code.map_or_else(|| frame.close.clone(), |code| code.to_string());
        let (event, queue, message) = (None, None, None);
        Some(SocketServerFrame::Ack(SocketAck { id: frame.id, room, seq: 0, event, queue, message }))
    }

    fn command(
        &mut self,
        RoomCommandFrame { id, room, command }: RoomCommandFrame,
    ) -> Option<SocketServerFrame> {
        let code = room.parse::<RoomCode>().ok();
        match code.and_then(|code| self.room(code)) {
            Some(room) => room.command(id, command),
            None => Some(refusal(Some(id), code, &Refused::NotOpen)),
        }
    }

    /// Passed on, or dropped without a word; refused where the phone should know.
    fn signal(&mut self, frame: &SignalFrame) -> Option<SocketServerFrame> {
        let code = frame.room.parse::<RoomCode>().ok()?;
        let Self { rooms, signals, phone, connected, .. } = self;
        let room = rooms.iter_mut().find(|room| room.code == code)?.opened()?;
        let signals = signals.get_or_insert_default();
        let refused = signals.send(phone, connected, room, frame).err()?;
        Some(refusal(None, Some(code), &refused))
    }

    /// The rooms that it looks at wait for this phone, if it is a slow one.
    fn note_round_trip(&mut self, ms: f64) {
        let Some(round_trip) = round_trips::worth_noting(ms) else { return };
        if self.noted_at.is_some_and(|noted| noted.elapsed() < round_trips::BETWEEN_NOTES) {
            return;
        }
        self.noted_at = Some(Instant::now());
        let open = self.rooms.iter().filter(|room| room.sent().is_some());
        let rooms: Vec<RoomCode> = open.map(|room| room.code).collect();
        let hot = Arc::clone(self.phone.app.rooms.hot());
        tokio::spawn(async move {
            for room in rooms {
                round_trips::note(&*hot, room, round_trip).await;
            }
        });
    }

    pub(super) fn not_ours(&mut self, id: Option<u64>, why: &str) -> Result<SocketServerFrame, End> {
        self.bad_frames += 1;
        if self.bad_frames >= BAD_FRAMES {
            return Err(Close::NotAFrame.into());
        }
        let invalid = Refused::invalid("frame", why.to_owned());
        Ok(refusal(id, None, &invalid))
    }
}
