//! A round that time ends, as every phone of its room is told of it.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_domain::ids::Timestamp;

use super::{gathered, swipe};
use crate::harness::{Phone, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

/// Two people who swipe two cards for three minutes, and when that ends.
async fn timed(app: &TestApp) -> (Vec<Phone>, String, Timestamp) {
    let (phones, code) = gathered(app, 2).await;
    phones[0].does(&code, json!({ "type": "configure", "goal": { "kind": "timed", "minutes": 3 } })).await;
    phones[0].select(&code, &["c1", "c2"]).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    (phones, code, app.clock.now().plus(MINUTE * 3))
}

fn as_said(at: Timestamp) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.millis()).unwrap();
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn extend(until: Timestamp) -> Value {
    json!({ "type": "extend", "until": as_said(until) })
}

#[tokio::test]
async fn everybody_is_told_when_a_timed_round_ends_and_that_it_has() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    host.does(json!({ "type": "configure", "goal": { "kind": "timed", "minutes": 3 } })).await;
    assert_eq!(guest.event("configured").await["goal"], json!({ "kind": "timed", "minutes": 3 }));
    phones[0].select(&code, &["c1", "c2"]).await;
    assert_eq!(phones[1].room(&code).await["ends_at"], Value::Null, "nothing has begun");

    let ends_at = as_said(app.clock.now().plus(MINUTE * 3));
    let ack = host.does(json!({ "type": "start" })).await;
    assert_eq!(ack["event"]["ends_at"], json!(ends_at));
    assert_eq!(guest.until("started").await["ends_at"], json!(ends_at));
    assert_eq!(phones[1].room(&code).await["ends_at"], json!(ends_at));

    host.does(swipe("c1", "like")).await;
    guest.does(swipe("c1", "like")).await;
    assert_eq!(host.until("match_found").await["title"]["id"], "c1", "a match does not end it");
    app.clock.advance(MINUTE * 3);
    for socket in [&mut host, &mut guest] {
        assert_eq!(socket.until("finished").await["results"][0]["likes"], 2);
    }
    let room = phones[0].room(&code).await;
    assert_eq!((&room["phase"], &room["ends_at"]), (&json!("finished"), &Value::Null));
    assert_eq!(host.refuses(swipe("c2", "like")).await, "wrong_phase");
}

#[tokio::test]
async fn a_host_puts_the_end_off_and_saying_it_again_changes_nothing() {
    let app = TestApp::start().await;
    let (phones, code, ends_at) = timed(&app).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    let later = ends_at.plus(MINUTE);
    let extended = json!({ "type": "extended", "ends_at": as_said(later) });
    assert_eq!(host.does(extend(later)).await["event"], extended);
    assert_eq!(guest.event("extended").await, extended);
    for again in [later, ends_at] {
        assert_eq!(host.does(extend(again)).await["event"], Value::Null);
    }
    assert_eq!(phones[1].room(&code).await["ends_at"], json!(as_said(later)));
    app.clock.advance(MINUTE * 3);
    guest.does(swipe("c1", "like")).await;
    app.clock.advance(MINUTE);
    guest.until("finished").await;
    assert_eq!(host.does(extend(later)).await["event"], Value::Null, "it was so");
    assert_eq!(host.refuses(extend(later.plus(MINUTE))).await, "wrong_phase");
}

#[tokio::test]
async fn an_end_that_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let (phones, code, ends_at) = timed(&app).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    assert_eq!(guest.refuses(extend(ends_at.plus(MINUTE))).await, "not_host");
    assert_eq!(host.refuses(extend(ends_at.plus(MINUTE * 18))).await, "invalid");
    for until in ["", "soon", "2026-13-01T00:00:00Z", "12:30", &"9".repeat(5_000)] {
        assert_eq!(host.refuses(json!({ "type": "extend", "until": until })).await, "invalid", "{until}");
    }
    for minutes in [0, 2, 21, 65_535] {
        let goal = json!({ "kind": "timed", "minutes": minutes });
        let created = phones[0].post("/api/rooms", json!({ "goal": goal })).await;
        created.refuses(422, "invalid");
    }
}
