//! A room in which a newer node has done what this one does not know, as phones meet it.

use serde_json::{Value, json};

use crate::{
    harness::{Launch, TestApp},
    socket::{gathered, swiping},
};

#[tokio::test]
async fn a_room_that_cannot_be_read_sends_its_phones_away_and_troubles_no_other() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (others, other) = swiping(&app, 2, &["c1"]).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    let mut elsewhere = others[0].socket(&other).await;
    app.stores.future_entry(&code).await;

    // Whoever does something next finds it out, for everybody.
    guest.send(json!({ "type": "ready", "ready": true })).await;
    let closed = (guest.room_closed().await, host.room_closed().await);
    assert_eq!(closed, ("fell_behind".to_owned(), "fell_behind".to_owned()), "they do not come back");
    let refused = phones[0].get(&format!("/api/rooms/{code}")).await;
    refused.refuses(503, "unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(phones[0].refused_room(&code).await, "unavailable");

    elsewhere.does(json!({ "type": "swipe", "title": "c1", "verdict": "like" })).await;
    assert_eq!(others[1].room(&other).await["phase"], "swiping");
    phones[0].get("/api/rooms").await.ok();
}

#[tokio::test]
async fn whoever_signs_in_by_a_link_to_a_room_that_cannot_be_read_is_signed_in() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    app.stores.future_entry(&code).await;
    let session = app.sign_in(&Launch::of(2).through(&code)).await.ok();
    assert_eq!(session["room"], Value::Null);
    phones[0].get("/api/me").await.ok();
}

#[tokio::test]
async fn a_room_that_cannot_be_read_keeps_nobody_from_being_erased() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    app.stores.future_entry(&code).await;
    assert_eq!(phones[1].delete("/api/me").await.status, 204);
    assert_eq!(phones[1].get("/api/me").await.status, 401, "they are still somebody");
}
