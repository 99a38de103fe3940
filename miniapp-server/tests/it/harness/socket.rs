//! A phone's end of its one socket, on which it opens rooms.

use std::collections::{BTreeSet, HashMap};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, handshake::client::Request, http::Response},
};

use super::{Answer, SOON};

/// Something that came, or the end.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Said(Value),
    Closed(u16),
}

/// An open socket. It checks of every frame that it is in its place in its room.
pub(crate) struct PhoneSocket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The first frame.
    pub(crate) hello: Value,
    /// How far each open room was told: the highest seq.
    pub(crate) seqs: HashMap<String, u64>,
    /// Who is said to be here, in each room that was opened.
    pub(crate) here: HashMap<String, BTreeSet<i64>>,
    /// Why it was closed.
    pub(crate) farewell: String,
    next_id: u64,
}

impl PhoneSocket {
    pub(crate) async fn connect(url: &str, device: &str, token: &str) -> Self {
        Self::greeted(shake(url, device, token).await.expect("the handshake was refused")).await
    }

    pub(crate) async fn connect_with_little_room(url: &str, device: &str, token: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let address = url.strip_prefix("http://").unwrap().parse().unwrap();
        let stream = MaybeTlsStream::Plain(socket.connect(address).await.unwrap());
        let request =
            request(url, &format!("?device={device}"), &format!("sovpalo.v2, token.{token}")).unwrap();
        Self::greeted(client_async(request, stream).await.expect("the handshake was refused")).await
    }

    async fn greeted((stream, response): Shaken) -> Self {
        assert_eq!(
            response.headers()["sec-websocket-protocol"],
            "sovpalo.v2",
            "the server answers its version only"
        );
        let (seqs, here, farewell) = (HashMap::new(), HashMap::new(), String::new());
        let mut socket = Self { stream, hello: Value::Null, seqs, here, farewell, next_id: 1 };
        match socket.next().await {
            Frame::Said(hello) => {
                assert_eq!(hello["type"], "hello", "the first frame is another: {hello}");
                assert!(hello["now"].is_i64(), "{hello}");
                socket.hello = hello;
            }
            // The test asks for the close code next.
            Frame::Closed(code) => socket.hello = json!({ "closed": code }),
        }
        socket
    }

    pub(crate) async fn refused(url: &str, query: &str, token: &str) -> Answer {
        match shake_with(url, query, &format!("sovpalo.v2, token.{token}")).await {
            Err(Error::Http(response)) => Answer::of(&response),
            Err(error) => panic!("the handshake failed otherwise: {error}"),
            Ok(_) => panic!("the handshake was accepted"),
        }
    }

    /// The next frame that is no ping. Seqs must come once and in order.
    pub(crate) async fn next(&mut self) -> Frame {
        loop {
            let message = timeout(SOON, self.stream.next()).await.expect("nothing came");
            match message {
                Some(Ok(Message::Text(text))) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    self.follow(&frame);
                    return Frame::Said(frame);
                }
                Some(Ok(Message::Close(frame))) => {
                    frame.as_ref().map_or("", |frame| frame.reason.as_str()).clone_into(&mut self.farewell);
                    return Frame::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("the socket broke: {error}"),
                None => panic!("the socket ended without a close frame"),
            }
        }
    }

    /// The next frame, which must be one and not the end.
    pub(crate) async fn said(&mut self) -> Value {
        match self.next().await {
            Frame::Said(frame) => frame,
            Frame::Closed(code) => panic!("the socket was closed with {code}: {}", self.farewell),
        }
    }

    /// Checks that a frame is in its place.
    fn follow(&mut self, frame: &Value) {
        let Some(room) = frame["room"].as_str() else { return };
        let kind = frame["type"].as_str().unwrap();
        if kind == "opened" {
            self.seqs.insert(room.to_owned(), frame["seq"].as_u64().unwrap());
            return;
        }
        if kind == "closed" {
            self.seqs.remove(room);
            return;
        }
        if kind == "presence" {
            self.learn_who_is_here(room, frame);
            return;
        }
        let Some(known) = self.seqs.get_mut(room) else { return };
        match kind {
            "event" => {
                assert_eq!(frame["seq"], *known + 1, "a gap or a repetition after {known}: {frame}");
                *known += 1;
            }
            "ack" if frame["event"].is_object() => {
                assert_eq!(frame["seq"], *known + 1, "an ack out of order after {known}: {frame}");
                *known += 1;
            }
            "ack" => assert!(frame["seq"].as_u64() <= Some(*known), "an ack ahead of {known}: {frame}"),
            _ => {}
        }
    }

    fn learn_who_is_here(&mut self, room: &str, presence: &Value) {
        let ids =
            |name: &str| -> Vec<i64> { serde_json::from_value(presence[name].clone()).unwrap_or_default() };
        let here = self.here.entry(room.to_owned()).or_default();
        if presence["online"].is_array() {
            *here = ids("online").into_iter().collect();
        }
        here.extend(ids("in"));
        here.retain(|member| !ids("out").contains(member));
    }

    /// Passes over frames until one is so.
    pub(crate) async fn until(&mut self, mut is_so: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let frame = self.said().await;
            if is_so(&frame) {
                return frame;
            }
        }
    }

    /// The next frame of this type in this room.
    pub(crate) async fn frame(&mut self, room: &str, kind: &str) -> Value {
        self.until(|frame| frame["room"] == room && frame["type"] == kind).await
    }

    /// The next frame that the test has to do with: who is here, the time, and what the room notes of itself come whenever they come.
    pub(crate) async fn news(&mut self) -> Value {
        let comes_anyway = |frame: &Value| {
            let is_note = frame["type"] == "message" && frame["message"]["kind"] == "system";
            is_note || ["presence", "time", "read", "unread"].iter().any(|kind| frame["type"] == *kind)
        };
        self.until(|frame| !comes_anyway(frame)).await
    }

    /// The next event of a room, which must be of this type.
    pub(crate) async fn event(&mut self, room: &str, kind: &str) -> Value {
        let frame = self.frame(room, "event").await;
        assert_eq!(frame["event"]["type"], kind, "another came: {frame}");
        frame["event"].clone()
    }

    /// Waits for an event of this type in a room; others may come before.
    pub(crate) async fn until_event(&mut self, room: &str, kind: &str) -> Value {
        let is_it = |frame: &Value| {
            frame["room"] == room && frame["type"] == "event" && frame["event"]["type"] == kind
        };
        self.until(is_it).await["event"].clone()
    }

    /// Sends a frame; its id comes back.
    pub(crate) async fn send(&mut self, mut frame: Value) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        frame["id"] = id.into();
        self.send_text(&frame.to_string()).await;
        id
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.send_message(Message::text(text)).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.stream.send(message).await.expect("the socket does not take a frame");
    }

    /// Sends what the socket may be closed over.
    pub(crate) async fn send_or_not(&mut self, message: Message) {
        self.stream.send(message).await.ok();
    }

    /// Sends without waiting for it to be taken, and without caring whether it is.
    pub(crate) async fn pour(&mut self, text: &str) -> Result<(), Error> {
        self.stream.feed(Message::text(text)).await
    }

    /// Sends a command to a room; its id comes back.
    pub(crate) async fn asks(&mut self, room: &str, mut command: Value) -> u64 {
        command["room"] = room.into();
        self.send(command).await
    }

    /// The answer to a frame; others may come before.
    pub(crate) async fn answer(&mut self, id: u64) -> Value {
        self.until(|frame| frame["id"] == id).await
    }

    /// Opens a room from nothing.
    pub(crate) async fn opens(&mut self, room: &str) -> Value {
        self.opens_with(json!({ "open": room })).await
    }

    /// Opens a room, saying where this client stands.
    pub(crate) async fn opens_with(&mut self, frame: Value) -> Value {
        let said = frame.to_string();
        let id = self.send(frame).await;
        let opened = self.answer(id).await;
        assert_eq!(opened["type"], "opened", "{said} was not done: {opened}");
        opened
    }

    /// Closes a room.
    pub(crate) async fn closes(&mut self, room: &str) -> Value {
        let id = self.send(json!({ "close": room })).await;
        self.answer(id).await
    }

    /// Sends a command and waits for its ack; events may come before.
    pub(crate) async fn does(&mut self, room: &str, command: Value) -> Value {
        let said = command.to_string();
        let id = self.asks(room, command).await;
        let answer = self.answer(id).await;
        assert_eq!(answer["type"], "ack", "{said} was not done: {answer}");
        assert_eq!(answer["room"], room);
        answer
    }

    /// Sends a frame that must be refused; the code comes back.
    pub(crate) async fn refuses(&mut self, frame: Value) -> String {
        let said = frame.to_string();
        let id = self.send(frame).await;
        let answer = self.answer(id).await;
        assert_eq!(answer["type"], "refused", "{said} was done: {answer}");
        answer["code"].as_str().unwrap().to_owned()
    }

    /// Waits for the end; its close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        if let Some(code) = self.hello["closed"].as_u64() {
            return u16::try_from(code).unwrap();
        }
        loop {
            if let Frame::Closed(code) = self.next().await {
                return code;
            }
        }
    }
}

type Shaken = (WebSocketStream<MaybeTlsStream<TcpStream>>, Response<Option<Vec<u8>>>);

async fn shake(url: &str, device: &str, token: &str) -> Result<Shaken, Error> {
    shake_with(url, &format!("?device={device}"), &format!("sovpalo.v2, token.{token}")).await
}

async fn shake_with(url: &str, query: &str, offer: &str) -> Result<Shaken, Error> {
    connect_async(request(url, query, offer)?).await
}

fn request(url: &str, query: &str, offer: &str) -> Result<Request, Error> {
    let mut request = format!("{}/api/socket{query}", url.replace("http", "ws")).into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", offer.parse().unwrap());
    Ok(request)
}
