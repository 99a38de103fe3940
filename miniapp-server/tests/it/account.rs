//! Settings, and being forgotten.

use serde_json::json;

use crate::harness::{Launch, TestApp};

#[tokio::test]
async fn settings_change_and_the_rest_stays() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let changed = phone.patch("/api/me", json!({ "notifications": false })).await.ok();
    assert_eq!((&changed["notifications"], &changed["language"]), (&json!(false), &json!("en")));
    let changed = phone.patch("/api/me", json!({ "language": "ru" })).await.ok();
    assert_eq!((&changed["notifications"], &changed["language"]), (&json!(false), &json!("ru")));
    assert_eq!(phone.get("/api/me").await.ok(), changed);
    phone.patch("/api/me", json!({ "language": "tlh" })).await.refuses(422, "invalid");
}

#[tokio::test]
async fn titles_are_told_in_the_language_that_was_chosen_at_once() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let english = phone.get("/api/titles?q=matrix&limit=1").await.ok();
    assert_eq!(english["items"][0]["name"], "The Matrix");
    phone.patch("/api/me", json!({ "language": "ru" })).await.ok();
    let russian = phone.get("/api/titles?q=matrix&limit=1").await.ok();
    assert_eq!(russian["items"][0]["name"], "Матрица");
    // Telegram's own word does not undo it.
    let again = app.open(Launch::of(1)).await;
    assert_eq!(again.get("/api/me").await.ok()["language"], "ru");
}

#[tokio::test]
async fn erasing_ends_every_session_leaves_every_room_and_keeps_no_name() {
    let app = TestApp::start().await;
    let friend = app.phone(2).await;
    let code = friend.create().await;
    let phone = app.open(Launch::of(1).saying("first_name", "Petra").through(&code)).await;
    let tablet = app.phone(1).await;
    let own = phone.create().await;

    assert_eq!(phone.delete("/api/me").await.status, 204);
    phone.get("/api/me").await.refuses(401, "unauthenticated");
    tablet.get("/api/me").await.refuses(401, "unauthenticated");
    let members = friend.room(&code).await["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1, "still in the room: {members}");

    let back = app.open(Launch::of(1).saying("first_name", "Petra")).await;
    assert_eq!(back.get("/api/rooms").await.ok(), json!([]), "rooms are remembered");
    assert_eq!(back.room(&own).await["members"], 0, "the room of the erased is remembered with them");
}

#[tokio::test]
async fn erasing_again_because_the_answer_was_lost_is_done_already() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (phone, tablet, other) = (app.phone(1).await, app.phone(1).await, app.phone(2).await);
    for node in [&app, &two, &app] {
        assert_eq!(phone.on(node).delete("/api/me").await.status, 204);
        app.stores.hot_loses_its_memory().await;
    }
    assert_eq!(tablet.delete("/api/me").await.status, 204, "their other phone asked at the same time");
    phone.with_token("forged").delete("/api/me").await.refuses(401, "unauthenticated");
    other.post("/api/auth/logout", json!(null)).await.ok();
    other.delete("/api/me").await.refuses(401, "unauthenticated");
    let back = app.phone(1).await;
    phone.delete("/api/me").await.refuses(401, "unauthenticated");
    back.get("/api/me").await.ok();
}
