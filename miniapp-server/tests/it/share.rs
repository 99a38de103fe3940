//! Sharing what matched into a chat.

use serde_json::json;

use crate::harness::{LIMITED, Phone, TestApp};

/// A room of two in which these titles have matched.
async fn matched(app: &TestApp, titles: &[&str]) -> (Phone, Phone, String) {
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    host.select(&code, titles).await;
    host.does(&code, json!({ "type": "start" })).await;
    for title in titles {
        host.likes(&code, title).await;
        guest.likes(&code, title).await;
    }
    (host, guest, code)
}

#[tokio::test]
async fn a_member_shares_a_match_of_the_room_in_their_own_language() {
    let app = TestApp::start().await;
    let (_, guest, code) = matched(&app, &["c2"]).await;
    guest.patch("/api/me", json!({ "language": "ru" })).await.ok();
    let prepared = guest.post(&format!("/api/rooms/{code}/share"), json!({ "match": 1 })).await.ok();
    assert_eq!(prepared, json!({ "id": format!("{code} c2 2 ru") }));
}

#[tokio::test]
async fn what_has_not_matched_cannot_be_shared() {
    let app = TestApp::start().await;
    let (host, _, code) = matched(&app, &["c2"]).await;
    let path = format!("/api/rooms/{code}/share");
    for body in [json!({ "match": 0 }), json!({ "match": 2 }), json!({ "match": -1 }), json!({}), json!([])] {
        host.post(&path, body).await.refuses(422, "invalid");
    }
}

#[tokio::test]
async fn nobody_else_shares_it() {
    let app = TestApp::start().await;
    let (host, guest, code) = matched(&app, &["c2"]).await;
    let path = format!("/api/rooms/{code}/share");
    app.phone(3).await.post(&path, json!({ "match": 1 })).await.refuses(403, "not_a_member");
    host.does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.post(&path, json!({ "match": 1 })).await.refuses(403, "not_a_member");
    app.post(&path, &json!({ "match": 1 })).await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn without_telegram_it_is_unavailable() {
    let app = TestApp::start().await;
    let (host, _, code) = matched(&app, &["c9"]).await;
    host.post(&format!("/api/rooms/{code}/share"), json!({ "match": 1 })).await.refuses(503, "unavailable");
}

#[tokio::test]
async fn whoever_shares_for_ever_is_asked_to_wait() {
    let app = TestApp::with(|config| config.limits = LIMITED).await;
    let (host, guest, code) = matched(&app, &["c2"]).await;
    let path = format!("/api/rooms/{code}/share");
    for _ in 0..20 {
        host.post(&path, json!({ "match": 1 })).await.ok();
    }
    host.post(&path, json!({ "match": 1 })).await.refuses(429, "too_many");
    guest.post(&path, json!({ "match": 1 })).await.ok();
}
