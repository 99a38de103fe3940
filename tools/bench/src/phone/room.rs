//! One room, open on a phone's socket.
//!
//! What comes out is what the checker reads: a `welcome` for each `opened` (whether that was `asked` for, with which `change`, and `until`
//! which seq it brings the phone are in it), an `at` for what a `time` says of the room, and every other
//! frame of the room as it is. Nothing comes before the first welcome. Whatever the contract does not allow is an end that says so.

use std::collections::VecDeque;

use serde_json::{Value, json};
use sovpalo_domain::ids::RoomCode;

use super::{
    session::Trouble,
    socket::{Came, Cut, Door, End, Socket},
};
use crate::checker::history::Place;

/// The ids of frames that open the room begin here: no command of a trial has one of these.
const FIRST_OPENING: u64 = 1 << 52;

/// An open socket on which a room is asked for.
pub(crate) struct RoomSocket {
    socket: Socket,
    reading: Reading,
}

/// What a phone has of a room.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Has {
    /// Of its log.
    pub(crate) place: Option<Place>,
    /// Of its messages: up to which change.
    pub(crate) change: Option<u64>,
}

impl RoomSocket {
    /// Connects, and asks for the room.
    pub(crate) async fn open(door: Door<'_>, room: RoomCode, has: Has) -> Result<Self, Trouble> {
        let socket = Socket::connect(door).await?;
        let mut socket = Self { socket, reading: Reading::of(room) };
        if socket.open_again(has).await { Ok(socket) } else { Err(Trouble::Passing) }
    }

    /// Asks for the room, again perhaps; `false`: the connection is broken.
    pub(crate) async fn open_again(&mut self, has: Has) -> bool {
        let frame = self.reading.opens(has);
        self.socket.send(&frame).await
    }

    /// The next frame of the room; waits for as long as it takes.
    pub(crate) async fn next(&mut self) -> Came {
        loop {
            if let Some(came) = self.reading.ready.pop_front() {
                return came;
            }
            match self.socket.next().await {
                Came::Frame(frame) => self.reading.take(frame),
                end @ Came::End(_) => return end,
            }
        }
    }

    /// Sends a command for the room; `false`: the connection is broken.
    pub(crate) async fn send(&mut self, command: &Value) -> bool {
        let mut frame = command.clone();
        frame["room"] = self.reading.room.as_str().into();
        self.socket.send(&frame).await
    }

    /// Sends a frame that is of no room; `false`: the connection is broken.
    pub(crate) async fn send_of_no_room(&mut self, frame: &Value) -> bool {
        self.socket.send(frame).await
    }

    /// Cuts the connection.
    pub(crate) fn cut(self, cut: Cut) {
        self.socket.cut(cut);
    }
}

/// How far the frames have been read.
struct Reading {
    room: RoomCode,
    /// The id of the last frame that opens the room, and what the phone said in it.
    opening: u64,
    has: Has,
    is_open: bool,
    ready: VecDeque<Came>,
}

impl Reading {
    fn of(room: RoomCode) -> Self {
        let (has, ready) = (Has::default(), VecDeque::new());
        Self { room, opening: FIRST_OPENING, has, is_open: false, ready }
    }

    fn opens(&mut self, has: Has) -> Value {
        self.opening += 1;
        (self.has, self.is_open) = (has, false);
        let mut frame = json!({ "id": self.opening, "open": self.room.as_str() });
        if let Some(Place { epoch, seq }) = has.place {
            (frame["epoch"], frame["seq"]) = (epoch.get().into(), seq.get().into());
        }
        if let Some(change) = has.change {
            frame["change"] = change.into();
        }
        frame
    }

    /// Reads one frame of the socket.
    fn take(&mut self, mut frame: Value) {
        let kind = frame["type"].as_str().unwrap_or_default().to_owned();
        let ours = frame["room"] == self.room.as_str();
        match kind.as_str() {
            "opened" if ours => self.opened(frame),
            "refused" if frame["id"] == self.opening => self.ends(&frame),
            "closed" if ours => self.ends(&frame),
            "time" => {
                let stand = frame["rooms"][self.room.as_str()].take();
                if self.is_open && stand.is_object() {
                    self.pass(json!({ "type": "at", "seq": stand["seq"], "change": stand["change"] }));
                }
            }
            "hello" => self.wrong("a second hello", &frame),
            // Of rooms that are not open.
            "unread" if !(ours && self.is_open) => {}
            "unread" => self.wrong("a room that is open is counted as one that is not", &frame),
            // A command that crossed the room's end: it will be sent again.
            "refused" if !self.is_open => {}
            // Something newer than this program, perhaps.
            _ if frame["room"].is_null() => self.pass_if_open(frame),
            _ if ours && self.is_open => self.pass(frame),
            _ => self.wrong("a frame of a room that is not open", &frame),
        }
    }

    fn opened(&mut self, mut frame: Value) {
        let answers = frame["id"] == self.opening;
        let goes_on = frame["id"].is_null() && self.is_open;
        if !(answers || goes_on) {
            return self.wrong("nobody asked for this room", &frame);
        }
        self.is_open = true;
        // The stream of messages begins anew only where the phone asked.
        let change = self.has.change.filter(|_| answers);
        let (epoch, until) = (frame["epoch"].take(), frame["seq"].take());
        let messages = frame["messages"].take();
        if frame["state"].is_object() {
            let mut state = frame["state"].take();
            let messages = state["messages"].take();
            return self.pass(json!({
                "type": "welcome", "epoch": epoch, "seq": until, "until": until, "room": state,
                "asked": answers, "change": change, "messages": messages,
            }));
        }
        let Some(known) = self.has.place else {
            return self.wrong("a phone that has nothing is told no state", &frame);
        };
        // It is where it said it is, and hears what it missed.
        self.pass(json!({
            "type": "welcome", "epoch": epoch, "seq": known.seq.get(), "until": until,
            "asked": answers, "change": change, "messages": messages,
        }));
        let Value::Array(events) = frame["events"].take() else {
            return self.wrong("a room was opened without state and events", &frame);
        };
        for mut event in events {
            event["type"] = "event".into();
            self.pass(event);
        }
    }

    fn ends(&mut self, frame: &Value) {
        self.is_open = false;
        self.ready.push_back(Came::End(End::Room(frame["code"].as_str().unwrap_or_default().to_owned())));
    }

    fn wrong(&mut self, what: &str, frame: &Value) {
        self.ready.push_back(Came::End(End::Wrong(format!("{what}: {frame}"))));
    }

    fn pass_if_open(&mut self, frame: Value) {
        if self.is_open {
            self.pass(frame);
        }
    }

    fn pass(&mut self, frame: Value) {
        self.ready.push_back(Came::Frame(frame));
    }
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::ids::{Epoch, Seq};

    use super::*;

    /// What comes out of these frames, for a phone that has `seq` 3 or nothing.
    fn read(knows: bool, frames: impl IntoIterator<Item = Value>) -> Vec<String> {
        let mut reading = Reading::of(RoomCode::from_bits(1));
        let place = knows.then(|| Place { epoch: Epoch::from_bits(7), seq: Seq::new(3) });
        reading.opens(Has { place, change: None });
        let code = reading.room.to_string();
        for mut frame in frames {
            if frame["room"] == "" {
                frame["room"] = code.clone().into();
            }
            reading.take(frame);
        }
        let told = reading.ready.into_iter().map(|came| match came {
            Came::Frame(frame) => format!("{} {}", frame["type"].as_str().unwrap(), frame["seq"]),
            Came::End(End::Room(code)) => format!("over: {code}"),
            Came::End(End::Wrong(what)) => format!("wrong: {}", what.split(':').next().unwrap()),
            Came::End(end) => format!("{end:?}"),
        });
        told.collect()
    }

    fn opened(id: Option<u64>, seq: u64, rest: &Value) -> Value {
        let mut frame = json!({ "type": "opened", "room": "", "epoch": 7, "seq": seq });
        if let Some(id) = id {
            frame["id"] = id.into();
        }
        frame.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        frame
    }

    #[test]
    fn nothing_comes_before_the_room_is_open() {
        let frames = [
            json!({ "type": "unread", "room": "", "messages": {} }),
            json!({ "type": "time", "now": 1, "rooms": {} }),
            opened(Some(FIRST_OPENING + 1), 9, &json!({ "state": { "round": 1 } })),
            json!({ "type": "event", "room": "", "seq": 10, "event": {} }),
        ];
        assert_eq!(read(false, frames), ["welcome 9", "event 10"]);
    }

    #[test]
    fn what_was_missed_follows_the_place_that_the_phone_named() {
        let missed = json!({ "events": [{ "seq": 4, "event": {} }, { "seq": 5, "event": {} }] });
        let told = read(true, [opened(Some(FIRST_OPENING + 1), 5, &missed)]);
        assert_eq!(told, ["welcome 3", "event 4", "event 5"]);
    }

    #[test]
    fn another_epoch_is_another_welcome() {
        let state = json!({ "state": { "round": 1 } });
        let frames = [opened(Some(FIRST_OPENING + 1), 5, &state), opened(None, 2, &state)];
        assert_eq!(read(true, frames), ["welcome 5", "welcome 2"]);
    }

    #[test]
    fn a_room_that_is_not_open_any_more_says_why_in_its_own_word() {
        let refused =
            json!({ "type": "refused", "id": FIRST_OPENING + 1, "room": "", "code": "not_a_member" });
        assert_eq!(read(true, [refused]), ["over: not_a_member"]);
        let closed = json!({ "type": "closed", "room": "", "code": "on_fire" });
        let opened = opened(Some(FIRST_OPENING + 1), 3, &json!({ "events": [] }));
        assert_eq!(read(true, [opened, closed]), ["welcome 3", "over: on_fire"]);
    }

    #[test]
    fn what_the_contract_does_not_allow_is_said() {
        let event = json!({ "type": "event", "room": "", "seq": 4, "event": {} });
        assert_eq!(read(true, [event]), ["wrong: a frame of a room that is not open"]);
        assert_eq!(
            read(true, [opened(None, 4, &json!({ "state": {} }))]),
            ["wrong: nobody asked for this room"]
        );
        assert_eq!(
            read(false, [opened(Some(FIRST_OPENING + 1), 4, &json!({ "events": [] }))]),
            ["wrong: a phone that has nothing is told no state"]
        );
    }
}
