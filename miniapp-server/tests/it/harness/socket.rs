//! A phone's end of a room's socket.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};

use super::{Answer, SOON};

/// Something that came, or the end.
#[derive(Debug, PartialEq)]
pub(crate) enum Frame {
    Said(Value),
    Closed(u16),
}

/// An open socket.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The first frame.
    pub(crate) welcome: Value,
    /// Where this client stands: the highest seq it was told.
    pub(crate) seq: u64,
    /// Why it was closed.
    pub(crate) farewell: String,
    next_id: u64,
}

impl Socket {
    pub(crate) async fn open(url: &str, path: &str, token: &str) -> Self {
        let (stream, response) = shake(url, path, token).await.expect("the handshake was refused");
        assert_eq!(
            response.headers()["sec-websocket-protocol"],
            "sovpalo.v1",
            "the server answers its version only"
        );
        let mut socket = Self { stream, welcome: Value::Null, seq: 0, farewell: String::new(), next_id: 1 };
        match socket.next().await {
            Frame::Said(welcome) => {
                assert_eq!(welcome["type"], "welcome", "the first frame is another: {welcome}");
                socket.seq = welcome["seq"].as_u64().unwrap();
                socket.welcome = welcome;
            }
            // The test asks for the close code next.
            Frame::Closed(code) => socket.welcome = json!({ "closed": code }),
        }
        socket
    }

    pub(crate) async fn refused(url: &str, path: &str, token: &str) -> Answer {
        match shake(url, path, token).await {
            Err(Error::Http(response)) => Answer::of(&response),
            Err(error) => panic!("the handshake failed otherwise: {error}"),
            Ok(_) => panic!("the handshake was accepted"),
        }
    }

    /// The next frame that is no ping.
    pub(crate) async fn next(&mut self) -> Frame {
        loop {
            let message = timeout(SOON, self.stream.next()).await.expect("nothing came");
            match message {
                Some(Ok(Message::Text(text))) => return Frame::Said(serde_json::from_str(&text).unwrap()),
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
    #[track_caller]
    pub(crate) fn said(frame: Frame) -> Value {
        match frame {
            Frame::Said(value) => value,
            Frame::Closed(code) => panic!("the socket was closed with {code}"),
        }
    }

    /// The next frame but `presence` and `at`. Seqs must come once and in order.
    pub(crate) async fn news(&mut self) -> Value {
        loop {
            let frame = Self::said(self.next().await);
            self.follow(&frame);
            if frame["type"] != "presence" && frame["type"] != "at" {
                return frame;
            }
        }
    }

    /// Checks that a frame is in its place.
    fn follow(&mut self, frame: &Value) {
        let known = self.seq;
        match frame["type"].as_str().unwrap() {
            "event" => {
                assert_eq!(frame["seq"], known + 1, "a gap or a repetition after {known}: {frame}");
                self.seq += 1;
            }
            "ack" => {
                let own = u64::from(frame.get("event").is_some());
                assert_eq!(frame["seq"], known + own, "an ack out of order after {known}: {frame}");
                self.seq += own;
            }
            _ => {}
        }
    }

    /// The next event, of this type.
    pub(crate) async fn event(&mut self, kind: &str) -> Value {
        let frame = self.news().await;
        assert_eq!(frame["event"]["type"], kind, "another came: {frame}");
        frame["event"].clone()
    }

    /// Waits for an event of this type; others may come before.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.news().await;
            if frame["event"]["type"] == kind && frame["type"] == "event" {
                return frame["event"].clone();
            }
        }
    }

    /// Sends a command; its id comes back.
    pub(crate) async fn send(&mut self, mut command: Value) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        command["id"] = id.into();
        self.send_text(&command.to_string()).await;
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

    /// Sends a command and waits for its ack; events may come before.
    pub(crate) async fn does(&mut self, command: Value) -> Value {
        let said = command.to_string();
        let id = self.send(command).await;
        loop {
            let frame = self.news().await;
            if frame["id"] == id {
                assert_eq!(frame["type"], "ack", "{said} was not done: {frame}");
                return frame;
            }
        }
    }

    /// Sends a command that must be refused; the code comes back.
    pub(crate) async fn refuses(&mut self, command: Value) -> String {
        let said = command.to_string();
        let id = self.send(command).await;
        loop {
            let frame = self.news().await;
            if frame["id"] == id {
                assert_eq!(frame["type"], "refused", "{said} was done: {frame}");
                return frame["code"].as_str().unwrap().to_owned();
            }
        }
    }

    /// Waits for the end; its close code.
    pub(crate) async fn closed(&mut self) -> u16 {
        if let Some(code) = self.welcome["closed"].as_u64() {
            return u16::try_from(code).unwrap();
        }
        loop {
            if let Frame::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// Waits until exactly these people are said to be online. Comes back with who was said to be before.
    pub(crate) async fn until_online(&mut self, wanted: &[i64]) -> Vec<Vec<i64>> {
        let mut before = Vec::new();
        loop {
            let frame = Self::said(self.next().await);
            self.follow(&frame);
            if frame["type"] == "presence" {
                let mut online: Vec<i64> = serde_json::from_value(frame["online"].clone()).unwrap();
                online.sort_unstable();
                if online == wanted {
                    return before;
                }
                before.push(online);
            }
        }
    }
}

async fn shake(
    url: &str,
    path: &str,
    token: &str,
) -> Result<(WebSocketStream<MaybeTlsStream<TcpStream>>, Response<Option<Vec<u8>>>), Error> {
    let mut request = format!("{}{path}", url.replace("http", "ws")).into_client_request()?;
    let offer = format!("sovpalo.v1, token.{token}").parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", offer);
    connect_async(request).await
}
