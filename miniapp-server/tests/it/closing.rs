//! Every way in which a socket ends.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    harness::{Phone, SOON, Socket, TestApp},
    socket::{gathered, swipe, swiping},
};

#[tokio::test]
async fn a_session_that_ends_closes_its_sockets_and_no_others() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut one, mut two) = (phones[0].socket(&code).await, phones[0].socket(&code).await);
    let tablet = app.phone(1).await;
    let mut other = tablet.socket(&code).await;
    phones[0].post("/api/auth/logout", json!(null)).await;
    assert_eq!((one.closed().await, two.closed().await), (4401, 4401));
    phones[0].refused_socket(&code).await.refuses(401, "unauthenticated");
    other.does(json!({ "type": "ready", "ready": true })).await;
}

#[tokio::test]
async fn erasing_oneself_closes_every_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = app.phone(2).await.socket(&code).await;
    phones[1].delete("/api/me").await;
    let closed = socket.closed().await;
    assert!([4401, 4403].contains(&closed), "closed with {closed}");
}

#[tokio::test]
async fn an_expired_access_token_does_not_close_an_open_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    app.clock.advance(Duration::from_secs(3600));
    socket.does(json!({ "type": "ready", "ready": true })).await;
    phones[0].refused_socket(&code).await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn a_phone_that_falls_silent_is_let_go() {
    let app = TestApp::with(|config| {
        config.patience.beat = Duration::from_millis(50);
        config.patience.silence = Duration::from_millis(300);
    })
    .await;
    let (phones, code) = gathered(&app, 1).await;
    let mut lively = phones[0].socket(&code).await;
    let mut silent = Raw::open(&app, &phones[0], &code).await;
    let closed = tokio::select! {
        closed = silent.close_code() => closed,
        // Reading answers the pings.
        never = async { loop { Socket::said(lively.next().await); } } => never,
    };
    assert_eq!(closed, 4408);
    lively.does(json!({ "type": "ready", "ready": true })).await;
}

#[tokio::test]
async fn a_phone_that_takes_nothing_is_let_go_and_the_others_go_on() {
    let app = TestApp::with(|config| config.patience.write = Duration::from_millis(300)).await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2", "c3", "c4"]).await;
    let mut host = phones[0].socket(&code).await;
    let mut stuck = Raw::open(&app, &phones[1], &code).await;
    host.until_online(&[1, 2]).await;
    // Short questions with long answers, which nobody reads.
    let mut asking = swipe("c1", "like");
    asking["id"] = 1.into();
    tokio::select! {
        _ = host.until_online(&[1]) => {}
        never = stuck.pour(&asking) => never,
    }
    host.does(swipe("c1", "skip")).await;
}

#[tokio::test]
async fn a_frame_over_four_kilobytes_ends_the_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let long = format!(r#"{{"id":1,"type":"ready","ready":true,"x":"{}"}}"#, "x".repeat(4096));
    let mut text = phones[0].socket(&code).await;
    text.send_text(&long).await;
    assert_eq!(text.closed().await, 4413);
    let mut bytes = phones[0].socket(&code).await;
    bytes.send_message(Message::binary(vec![0; 5000])).await;
    assert_eq!(bytes.closed().await, 4413);
    let fits = format!(r#"{{"id":1,"type":"ready","ready":true,"x":"{}"}}"#, "x".repeat(4000));
    let mut socket = phones[0].socket(&code).await;
    socket.send_text(&fits).await;
    assert_eq!(Socket::said(socket.next().await)["type"], "ack", "a frame that fits was not taken");
}

#[tokio::test]
async fn the_third_frame_that_is_no_command_ends_the_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    socket.send_text("not json").await;
    let refused = Socket::said(socket.next().await);
    assert_eq!(
        (&refused["type"], &refused["id"], &refused["code"]),
        (&json!("refused"), &json!(null), &json!("invalid"))
    );
    socket.send_text(r#"{"id":8,"type":"dance"}"#).await;
    let refused = Socket::said(socket.next().await);
    assert_eq!((&refused["id"], &refused["code"]), (&json!(8), &json!("invalid")));
    socket.does(json!({ "type": "ready", "ready": true })).await;
    socket.send_message(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(socket.closed().await, 4422);
}

#[tokio::test]
async fn a_swipe_on_a_socket_whose_member_was_just_removed_is_not_done() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1"]).await;
    let mut guest = phones[1].socket(&code).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.send(swipe("c1", "like")).await;
    assert_eq!(guest.closed().await, 4403);
    assert_eq!(phones[0].room(&code).await["matches"], json!([]));
}

#[tokio::test]
async fn a_session_with_too_many_sockets_gets_no_more() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut sockets = Vec::new();
    for _ in 0..16 {
        sockets.push(phones[0].socket(&code).await);
    }
    phones[0].refused_socket(&code).await.refuses(429, "too_many");
    app.phone(1).await.socket(&code).await;
}

/// A client that speaks just enough of the protocol to misbehave: it answers no ping.
struct Raw {
    stream: TcpStream,
}

impl Raw {
    async fn open(app: &TestApp, phone: &Phone, code: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Whoever does not read must not have everything stored for them by the system.
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = socket.connect(app.address().parse().unwrap()).await.unwrap();
        let head = format!(
            "GET /api/rooms/{code}/socket HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: sovpalo.v1, token.{}\r\n\r\n",
            phone.access
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Self { stream }
    }

    /// Sends the same again and again, for as long as it is taken.
    async fn pour(&mut self, frame: &serde_json::Value) -> ! {
        let frame = Self::frame(frame);
        while self.stream.write_all(&frame).await.is_ok() {}
        std::future::pending().await
    }

    /// A masked text frame, with a mask of zeros.
    fn frame(value: &serde_json::Value) -> Vec<u8> {
        let text = value.to_string();
        let length = u16::try_from(text.len()).unwrap();
        let mut frame = vec![0x81];
        if length < 126 {
            frame.push(0x80 | length.to_le_bytes()[0]);
        } else {
            frame.push(0xFE);
            frame.extend(length.to_be_bytes());
        }
        frame.extend([0; 4]);
        frame.extend(text.bytes());
        frame
    }

    async fn close_code(&mut self) -> u16 {
        tokio::time::timeout(SOON, async {
            loop {
                let (kind, payload) = self.read_frame().await;
                if kind == 0x88 {
                    return u16::from_be_bytes([payload[0], payload[1]]);
                }
            }
        })
        .await
        .expect("the socket was not closed")
    }

    async fn read_frame(&mut self) -> (u8, Vec<u8>) {
        let kind = self.stream.read_u8().await.unwrap();
        let length = match self.stream.read_u8().await.unwrap() {
            126 => usize::from(self.stream.read_u16().await.unwrap()),
            127 => usize::try_from(self.stream.read_u64().await.unwrap()).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.unwrap();
        (kind, payload)
    }
}
