//! Lines of commands: many under way, none waits for another's store.

use serde_json::json;

use super::{gathered, ready, swipe, swiping, talk::say};
use crate::harness::TestApp;

#[tokio::test]
async fn thirty_two_commands_are_under_way_and_no_more() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let other = phones[0].create().await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    socket.opens(&other).await;
    app.stores.hot_goes();
    let mut ids = Vec::new();
    for n in 0..33 {
        ids.push(socket.asks(&code, ready(n % 2 == 0)).await);
    }
    let refused = socket.news().await;
    assert_eq!((&refused["id"], &refused["code"]), (&json!(ids[32]), &json!("too_many")));
    assert!(refused["retry_after"].as_u64() >= Some(1), "{refused}");
    // Each room has a line of its own.
    let elsewhere = socket.asks(&other, ready(true)).await;
    app.stores.hot_comes_back();
    ids.truncate(32);
    let mut acked = Vec::new();
    let mut other_acked = false;
    while acked.len() < 32 || !other_acked {
        let frame = socket.news().await;
        assert_eq!(frame["type"], "ack", "{frame}");
        other_acked |= frame["id"] == elsewhere;
        if frame["room"] == code.as_str() {
            acked.push(frame["id"].as_u64().unwrap());
        }
    }
    assert_eq!(acked, ids, "a line is answered in its order");
    socket.does(&code, ready(true)).await;
}

#[tokio::test]
async fn a_clock_is_answered_while_a_store_is_away_and_before_what_is_under_way() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    app.stores.hot_goes();
    let command = socket.asks(&code, ready(true)).await;
    let clock = socket.send(json!({ "clock": true, "rtt_ms": 12 })).await;
    let answer = socket.news().await;
    assert_eq!(answer, json!({ "type": "clock", "id": clock, "now": crate::harness::START }));
    app.stores.hot_comes_back();
    assert_eq!(socket.answer(command).await["type"], "ack", "it is done as soon as it can be");
}

#[tokio::test]
async fn a_store_that_is_away_for_a_moment_costs_no_command_and_no_socket() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2", "c3"]).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    host.opens(&code).await;
    guest.opens(&code).await;
    app.stores.hot_goes();
    let ids = [host.asks(&code, swipe("c1", "like")).await, host.asks(&code, swipe("c2", "skip")).await];
    app.stores.hot_comes_back();
    for id in ids {
        assert_eq!(host.answer(id).await["type"], "ack");
    }
    assert_eq!(guest.until_event(&code, "progress").await["swiped"], 1);
    assert_eq!(guest.until_event(&code, "progress").await["swiped"], 2);
}

#[tokio::test]
async fn a_message_that_waits_for_the_database_holds_up_no_swipe_and_no_clock() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2", "c3"]).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let held = app.stores.hold_messages().await;
    let saying = socket.asks(&code, say("k1", "Solaris?")).await;
    let mut said = None;
    for title in ["c1", "c2"] {
        let swiping = socket.asks(&code, swipe(title, "like")).await;
        // Held for too long, a message is refused: that is an answer too.
        let answer = socket.until(|frame| {
            if frame["id"] == saying {
                said = Some(frame.clone());
            }
            frame["id"] == swiping
        });
        assert_eq!(answer.await["type"], "ack");
    }
    let clock = socket.send(json!({ "clock": true })).await;
    socket.answer(clock).await;
    held.release().await;
    let said = match said {
        Some(said) => said,
        None => socket.answer(saying).await,
    };
    if said["type"] == "refused" {
        assert_eq!(said["code"], "unavailable", "{said}");
    } else {
        assert_eq!(said["message"]["text"], "Solaris?");
    }
}
