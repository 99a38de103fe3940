//! A phone's socket on which one room is open: all that most tests need of one.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{Frame, PhoneSocket};

/// An open socket with an open room.
pub(crate) struct RoomSocket {
    socket: PhoneSocket,
    room: String,
    /// What the `open` was answered with.
    pub(crate) opened: Value,
}

impl RoomSocket {
    pub(crate) async fn open(mut socket: PhoneSocket, room: &str) -> Self {
        let opened = socket.opens(room).await;
        Self { socket, room: room.to_owned(), opened }
    }

    /// The room as it was when it was opened.
    pub(crate) fn state(&self) -> &Value {
        &self.opened["state"]
    }

    /// How far this client was told: the highest seq.
    pub(crate) fn seq(&self) -> u64 {
        self.socket.seqs[&self.room]
    }

    /// Why the socket was closed.
    pub(crate) fn farewell(&self) -> &str {
        &self.socket.farewell
    }

    pub(crate) async fn next(&mut self) -> Frame {
        self.socket.next().await
    }

    /// The next frame, which must be one and not the end.
    pub(crate) async fn said(&mut self) -> Value {
        self.socket.said().await
    }

    /// The next frame that the test has to do with.
    pub(crate) async fn news(&mut self) -> Value {
        self.socket.news().await
    }

    /// The next event, of this type.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        self.socket.event(&self.room, kind).await
    }

    /// Waits for an event of this type; others may come before.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        self.socket.until_event(&self.room, kind).await
    }

    /// The next frame of this type.
    pub(crate) async fn frame(&mut self, kind: &str) -> Value {
        self.socket.frame(&self.room, kind).await
    }

    /// Sends a command; its id comes back.
    pub(crate) async fn send(&mut self, command: Value) -> u64 {
        self.socket.asks(&self.room, command).await
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send_text(text).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.socket.send_message(message).await;
    }

    /// Sends what the socket may be closed over.
    pub(crate) async fn send_or_not(&mut self, message: Message) {
        self.socket.send_or_not(message).await;
    }

    /// Sends without waiting for it to be taken, and without caring whether it is.
    pub(crate) async fn pour(&mut self, text: &str) -> Result<(), Error> {
        self.socket.pour(text).await
    }

    /// The answer to a frame; others may come before.
    pub(crate) async fn answer(&mut self, id: u64) -> Value {
        self.socket.answer(id).await
    }

    /// Sends a command and waits for its ack; events may come before.
    pub(crate) async fn does(&mut self, command: Value) -> Value {
        self.socket.does(&self.room, command).await
    }

    /// The same where the room may have to be opened again on the way, as a phone does it.
    pub(crate) async fn does_in_the_end(&mut self, command: Value) -> Value {
        loop {
            let id = self.send(command.clone()).await;
            let answer = self.socket.until(|frame| frame["id"] == id || frame["type"] == "closed").await;
            if answer["id"] == id {
                assert_eq!(answer["type"], "ack", "{command} was not done: {answer}");
                return answer;
            }
            assert_eq!(answer["code"], "fell_behind", "{answer}");
            self.opens_again().await;
        }
    }

    /// Sends a command that must be refused; the code comes back.
    pub(crate) async fn refuses(&mut self, mut command: Value) -> String {
        command["room"] = self.room.clone().into();
        self.socket.refuses(command).await
    }

    /// Opens the room once more.
    pub(crate) async fn opens_again(&mut self) -> Value {
        self.socket.opens_with(json!({ "open": self.room })).await
    }

    /// Waits for the end; its close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        self.socket.closed().await
    }

    /// Waits until the room is closed on the socket; why it is.
    pub(crate) async fn room_closed(&mut self) -> String {
        self.frame("closed").await["code"].as_str().unwrap().to_owned()
    }

    /// Waits until exactly these people are said to be here. Comes back with who was said to be before.
    pub(crate) async fn until_online(&mut self, wanted: &[i64]) -> Vec<Vec<i64>> {
        let mut before = Vec::new();
        loop {
            let here = self.socket.here.get(&self.room).cloned().unwrap_or_default();
            if here.iter().eq(wanted) {
                return before;
            }
            before.push(here.into_iter().collect());
            self.frame("presence").await;
        }
    }
}
