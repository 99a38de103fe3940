//! Signing in, staying in, going out.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::harness::{Launch, Phone, TestApp};

#[tokio::test]
async fn a_launch_becomes_a_session() {
    let app = TestApp::start().await;
    let launch = Launch::of(6_000_000_001)
        .saying("first_name", "Аня")
        .saying("last_name", "К.")
        .saying("username", "anya")
        .saying("photo_url", "https://t.me/i/userpic/320/a.svg")
        .saying("language_code", "ru");
    let session = app.sign_in(&launch).await.ok();
    assert_eq!(session["expires_in"], 900);
    assert_eq!(
        session["user"],
        json!({ "id": 6_000_000_001_i64, "first_name": "Аня", "last_name": "К.", "username": "anya",
            "photo_url": "https://t.me/i/userpic/320/a.svg", "language": "ru", "notifications": true })
    );
    assert!(session["room"].is_null(), "the launch named no room");
}

#[tokio::test]
async fn a_launch_through_an_invite_joins_the_room() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    for typed in [code.clone(), code.to_lowercase()] {
        let session = app.sign_in(&Launch::of(2).through(&typed)).await.ok();
        assert_eq!(session["room"]["code"], code.as_str());
        assert_eq!(session["room"]["members"].as_array().unwrap().len(), 2, "joining twice is joining once");
    }
}

#[tokio::test]
async fn a_launch_through_a_link_to_nowhere_still_signs_in() {
    let app = TestApp::start().await;
    for param in ["00000000", "not-a-code", "ZZZZZZZZ", "_", "7KQ2M0X1EXTRA"] {
        let session = app.sign_in(&Launch::of(1).through(param)).await.ok();
        assert!(session["room"].is_null(), "{param} led to a room");
    }
}

#[tokio::test]
async fn whoever_was_removed_signs_in_without_the_room() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    app.open(Launch::of(2).through(&code)).await;
    host.does(&code, json!({ "type": "remove", "member": 2 })).await;
    let session = app.sign_in(&Launch::of(2).through(&code)).await.ok();
    assert!(session["room"].is_null());
}

#[tokio::test]
async fn forged_and_old_launches_are_refused() {
    let app = TestApp::start().await;
    let genuine = Launch::of(1).signed();
    app.exchange(&genuine.replace("Person", "Petra")).await.refuses(401, "init_data_invalid");
    app.exchange("").await.refuses(401, "init_data_invalid");
    app.sign_in(&Launch::of(1).at(-3601)).await.refuses(401, "init_data_expired");
    app.sign_in(&Launch::of(1).at(-3599)).await.ok();
    app.sign_in(&Launch::of(1).at(61)).await.refuses(401, "init_data_invalid");
}

#[tokio::test]
async fn the_same_launch_data_signs_in_again() {
    let app = TestApp::start().await;
    let launch = Launch::of(1);
    let one = app.open(launch.clone()).await;
    let other = app.open(launch).await;
    assert_ne!(one.refresh, other.refresh, "two sessions share a token");
    one.get("/api/me").await.ok();
    other.get("/api/me").await.ok();
}

#[tokio::test]
async fn an_access_token_is_good_for_fifteen_minutes_and_can_be_renewed() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.clock.advance(Duration::from_secs(899));
    phone.get("/api/me").await.ok();
    app.clock.advance(Duration::from_secs(1));
    let refused = phone.get("/api/me").await;
    refused.refuses(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    let renewed = refresh(&app, &phone.refresh).await;
    renewed.get("/api/me").await.ok();
}

#[tokio::test]
async fn a_refresh_token_is_good_for_thirty_days() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.clock.advance(Duration::from_secs(30 * 86_400 - 60));
    let phone = refresh(&app, &phone.refresh).await;
    app.clock.advance(Duration::from_secs(30 * 86_400 + 1));
    try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
}

#[tokio::test]
async fn a_phone_that_lost_the_answer_gets_the_same_one_within_ten_seconds() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let first = refresh(&app, &phone.refresh).await;
    app.clock.advance(Duration::from_secs(10));
    let again = refresh(&app, &phone.refresh).await;
    assert_eq!(first.refresh, again.refresh, "two successors of one token are two families");
    refresh(&app, &again.refresh).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_both_go_on() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let (one, other) = tokio::join!(refresh(&app, &phone.refresh), refresh(&app, &phone.refresh));
    assert_eq!(one.refresh, other.refresh);
}

#[tokio::test]
async fn a_spent_refresh_token_used_later_ends_the_whole_family() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let next = refresh(&app, &phone.refresh).await;
    app.clock.advance(Duration::from_secs(11));
    try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
    try_refresh(&app, &next.refresh).await.refuses(401, "refresh_invalid");
    next.get("/api/me").await.refuses(401, "unauthenticated");
    app.phone(1).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn an_older_token_still_ends_the_family() {
    let app = TestApp::start().await;
    let first = app.phone(1).await;
    let second = refresh(&app, &first.refresh).await;
    let third = refresh(&app, &second.refresh).await;
    try_refresh(&app, &first.refresh).await.refuses(401, "refresh_invalid");
    third.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn another_session_of_the_same_person_is_not_touched_by_it() {
    let app = TestApp::start().await;
    let (stolen, other) = (app.phone(1).await, app.phone(1).await);
    refresh(&app, &stolen.refresh).await;
    app.clock.advance(Duration::from_secs(11));
    try_refresh(&app, &stolen.refresh).await.refuses(401, "refresh_invalid");
    other.get("/api/me").await.ok();
}

#[tokio::test]
async fn signing_out_ends_both_tokens_at_once() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let answer = phone.post("/api/auth/logout", json!(null)).await;
    assert_eq!(answer.status, 204);
    phone.get("/api/me").await.refuses(401, "unauthenticated");
    try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
}

#[tokio::test]
async fn tokens_that_we_did_not_make_open_nothing() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let [head, claims, signature] = phone.access.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let mut other: serde_json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    other["sub"] = "2".into();
    let other = URL_SAFE_NO_PAD.encode(other.to_string());
    for forged in [
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        format!("{head}.{other}.{signature}"),
        format!("{head}.{claims}."),
        phone.refresh.clone(),
        String::new(),
        "null".into(),
        "a.b.c".into(),
        "x".repeat(10_000),
    ] {
        phone.with_token(&forged).get("/api/me").await.refuses(401, "unauthenticated");
    }
    app.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn refresh_tokens_that_we_did_not_make_are_refused() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let session = phone.refresh.split('.').next().unwrap();
    for forged in ["", ".", "1-00.x", "1-00000000000000000000000000000000.AAAA", session, "\0", "🎬.🎬"] {
        try_refresh(&app, forged).await.refuses(401, "refresh_invalid");
    }
    phone.get("/api/me").await.ok();
}

pub(crate) async fn refresh(app: &TestApp, token: &str) -> Phone {
    let answer = try_refresh(app, token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Phone::of(app, &answer)
}

pub(crate) async fn try_refresh(app: &TestApp, token: &str) -> crate::harness::Answer {
    app.post("/api/auth/refresh", &json!({ "refresh_token": token })).await
}
