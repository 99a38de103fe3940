//! What ends a socket, and what does not.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{gathered, ready};
use crate::harness::{Frame, TestApp};

#[tokio::test]
async fn a_frame_over_32_kb_ends_the_socket_and_one_below_does_not() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    for message in [Message::text("x".repeat(32 * 1024 + 1)), Message::binary(vec![0; 32 * 1024 + 1])] {
        let mut socket = phones[0].connects().await;
        socket.send_message(message).await;
        assert_eq!(socket.closed().await, 4413);
    }
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let long =
        json!({ "id": 90, "room": code, "type": "ready", "ready": true, "more": "x".repeat(31 * 1024) });
    socket.send_text(&long.to_string()).await;
    assert_eq!(socket.answer(90).await["type"], "ack", "what is unknown in a frame is passed over");
}

#[tokio::test]
async fn three_frames_that_are_none_of_ours_end_the_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    socket.send_text("no json").await;
    let refused = socket.news().await;
    assert_eq!(
        (&refused["type"], &refused["code"], &refused["id"]),
        (&json!("refused"), &json!("invalid"), &json!(null))
    );
    socket.send_text(r#"{"hello":"world"}"#).await;
    assert_eq!(socket.news().await["code"], "invalid");
    // A frame of ours that cannot be is none of the three.
    for _ in 0..5 {
        assert_eq!(socket.refuses(json!({ "room": code, "type": "fly" })).await, "invalid");
    }
    socket.does(&code, ready(true)).await;
    socket.send_message(Message::binary(vec![1])).await;
    assert_eq!(socket.closed().await, 4422);
}

#[tokio::test]
async fn a_session_that_ends_closes_its_socket_and_no_other() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let tablet = app.phone(1).await;
    let mut other = tablet.connects().await;
    other.opens(&code).await;
    phones[0].post("/api/auth/logout", json!(null)).await;
    assert_eq!(socket.closed().await, 4401);
    other.does(&code, ready(true)).await;
}

#[tokio::test]
async fn an_expired_access_token_does_not_close_an_open_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    app.clock.advance(Duration::from_secs(3600));
    socket.opens(&code).await;
    socket.does(&code, ready(true)).await;
}

#[tokio::test]
async fn a_node_that_goes_asks_its_phones_to_come_back() {
    let mut app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    app.begin_to_stop();
    assert_eq!(socket.closed().await, 1012);
    assert!(socket.farewell.starts_with("restarting, come back in 0-"), "{}", socket.farewell);
    app.stop().await;
}

#[tokio::test]
async fn a_phone_that_answers_no_ping_is_let_go() {
    let app = TestApp::with(|config| {
        config.patience.beat = Duration::from_millis(50);
        config.patience.silence = Duration::from_millis(300);
    })
    .await;
    let (phones, code) = gathered(&app, 2).await;
    let mut silent = phones[0].connects().await;
    silent.opens(&code).await;
    let mut lively = phones[1].connects().await;
    lively.opens(&code).await;
    // Reading answers the pings: only one of them reads.
    lively.until(|frame| frame["out"] == json!([1])).await;
    assert_eq!(silent.closed().await, 4408);
    lively.does(&code, ready(true)).await;
}

#[tokio::test]
async fn far_more_frames_than_anybody_can_tap_end_the_socket() {
    let app = TestApp::with(|config| config.limits = true).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    for id in 1_000..2_000 {
        if socket.pour(&json!({ "id": id, "clock": true }).to_string()).await.is_err() {
            break;
        }
    }
    socket.send_or_not(Message::text("{}")).await;
    let mut answered = 0;
    let closed = loop {
        match socket.next().await {
            Frame::Said(frame) => answered += usize::from(frame["type"] == "clock"),
            Frame::Closed(code) => break code,
        }
    };
    assert_eq!(closed, 4429);
    assert!(answered >= 50, "{answered} were answered");
}
