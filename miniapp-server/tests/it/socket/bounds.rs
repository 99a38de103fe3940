//! What ends a socket, and what does not.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{gathered, ready, swipe, swiping};
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
async fn a_session_that_ends_closes_its_sockets_and_no_others() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut one, mut two) = (phones[0].socket(&code).await, phones[0].socket(&code).await);
    let tablet = app.phone(1).await;
    let mut other = tablet.socket(&code).await;
    phones[0].post("/api/auth/logout", json!(null)).await;
    assert_eq!((one.closed().await, two.closed().await), (4401, 4401));
    phones[0].refused_socket().await.refuses(401, "unauthenticated");
    other.does(ready(true)).await;
}

#[tokio::test]
async fn erasing_oneself_closes_every_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = app.phone(2).await.socket(&code).await;
    phones[1].delete("/api/me").await;
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn an_expired_access_token_does_not_close_an_open_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    app.clock.advance(Duration::from_secs(3600));
    socket.opens(&code).await;
    socket.does(&code, ready(true)).await;
    phones[0].refused_socket().await.refuses(401, "unauthenticated");
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
        // Long enough for one who does read, on a machine that has more to do.
        config.patience.silence = Duration::from_secs(2);
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
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
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

#[tokio::test]
async fn commands_that_come_too_fast_are_asked_to_come_again_and_cost_no_socket() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    // No more frames than a phone may send at once, and more commands than may be under way.
    let (first, many) = (1_000, 80);
    for id in first..first + many {
        let mut command = swipe("c1", "like");
        (command["id"], command["room"]) = (id.into(), code.clone().into());
        socket.send_text(&command.to_string()).await;
    }
    let (mut acked, mut asked_again) = (0, 0);
    while acked + asked_again < many {
        let frame = socket.news().await;
        if frame["type"] == "ack" {
            acked += 1;
        } else {
            assert_eq!(frame["code"], "too_many", "{frame}");
            assert!(frame["retry_after"].is_u64(), "{frame}");
            asked_again += 1;
        }
    }
    assert!(acked >= 32, "what a phone keeps while it is offline gets through, a line at a time: {acked}");
    assert!(asked_again > 0, "nobody taps so fast");
    socket.does(&code, swipe("c2", "skip")).await;
}

#[tokio::test]
async fn a_phone_that_takes_nothing_is_let_go_and_the_others_go_on() {
    let app = TestApp::with(|config| config.patience.write = Duration::from_millis(300)).await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2", "c3", "c4"]).await;
    let mut host = phones[0].socket(&code).await;
    let mut stuck = phones[1].connects_with_little_room().await;
    stuck.opens(&code).await;
    host.until_online(&[1, 2]).await;
    // Short questions with long answers, which nobody reads.
    let asking = json!({ "id": 7, "open": code }).to_string();
    tokio::select! {
        _ = host.until_online(&[1]) => {}
        () = async {
            while stuck.pour(&asking).await.is_ok() {}
            std::future::pending::<()>().await;
        } => {}
    }
    host.does(swipe("c1", "skip")).await;
}

#[tokio::test]
async fn a_swipe_of_somebody_who_was_just_removed_is_not_done() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1"]).await;
    phones[0].likes(&code, "c1").await;
    let mut guest = phones[1].socket(&code).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.send(swipe("c1", "like")).await;
    assert_eq!(guest.room_closed().await, "not_a_member");
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
    phones[0].refused_socket().await.refuses(429, "too_many");
    app.phone(1).await.socket(&code).await;
}
