//! Signing in, staying in, going out.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use crate::harness::{Launch, Phone, TestApp};

/// A refresh token that was spent so long ago is nobody's who lost an answer.
pub(crate) const GRACE_IS_OVER: Duration = Duration::from_secs(37);

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
            "photo_url": "https://t.me/i/userpic/320/a.svg", "language": "ru", "notifications": true,
            "region": null })
    );
    assert!(session["room"].is_null(), "the launch named no room");
}

#[tokio::test]
async fn a_launch_through_an_invite_joins_the_room() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    for typed in [code.clone(), code.to_lowercase(), format!("{code}_utm"), format!("ref-{code}")] {
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
}

#[tokio::test]
async fn a_launch_from_the_future_says_that_it_is_the_clock() {
    let app = TestApp::start().await;
    app.sign_in(&Launch::of(1).at(120)).await.ok();
    app.sign_in(&Launch::of(1).at(300)).await.ok();
    let refused = app.sign_in(&Launch::of(1).at(301)).await;
    refused.refuses(401, "clock_differs");
    assert!(refused.body["detail"].as_str().unwrap().contains("clock"), "{}", refused.text);
}

#[tokio::test]
async fn launch_data_hours_old_signs_in_as_often_as_it_is_presented() {
    let app = TestApp::with(|config| config.init_data_max_age = Duration::from_secs(86_400)).await;
    for hours in [1, 5, 23] {
        let launch = Launch::of(1).at(-3600 * hours);
        for _ in 0..3 {
            app.open(launch.clone()).await.get("/api/me").await.ok();
        }
    }
    app.sign_in(&Launch::of(1).at(-86_401)).await.refuses(401, "init_data_expired");
}

#[tokio::test]
async fn the_same_launch_data_opens_one_session_on_every_node_however_often() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let launch = Launch::of(1);
    let (one, other) = tokio::join!(app.open(launch.clone()), two.open(launch.clone()));
    app.stores.hot_loses_its_memory().await;
    let later = app.open(launch).await;
    for phone in [&one, &other, &later] {
        assert_eq!(phone.session(), one.session(), "a session for each time that the page is loaded");
        phone.get("/api/me").await.ok();
    }
    assert_ne!(app.phone(1).await.session(), one.session(), "another launch is another session");
}

#[tokio::test]
async fn two_pages_with_the_same_launch_data_never_spend_each_others_tokens() {
    let app = TestApp::start().await;
    let launch = Launch::of(1);
    let (mut one, mut other) = (app.open(launch.clone()).await, app.open(launch).await);
    assert_ne!(one.refresh, other.refresh, "two pages share a token");
    for _ in 0..3 {
        app.clock.advance(Duration::from_secs(600));
        one = refresh(&app, &one.refresh).await;
        app.clock.advance(Duration::from_secs(600));
        other = refresh(&app, &other.refresh).await;
    }
    one.get("/api/me").await.ok();
}

#[tokio::test]
async fn whoever_signs_in_again_by_old_data_is_who_they_have_become_since() {
    let app = TestApp::start().await;
    let launch = Launch::of(1).saying("first_name", "Petra");
    app.open(launch.clone()).await;
    app.open(Launch::of(1).saying("first_name", "Petra the Second")).await;
    let again = app.open(launch).await;
    assert_eq!(again.get("/api/me").await.ok()["first_name"], "Petra the Second");
}

#[tokio::test]
async fn a_page_that_has_been_there_comes_back_without_joining_again() {
    let app = TestApp::start().await;
    let code = app.phone(1).await.create().await;
    let launch = Launch::of(2).through(&code);
    let guest = app.open(launch.clone()).await;
    guest.does(&code, json!({ "type": "leave" })).await;
    let body = json!({ "init_data": launch.signed(), "join": false });
    assert!(app.post("/api/auth/telegram", &body).await.ok()["room"].is_null(), "leaving was undone");
    assert_eq!(app.open(launch).await.room["code"], code.as_str(), "the link joins unless told otherwise");
}

#[tokio::test]
async fn launch_data_that_was_signed_out_with_signs_in_no_more() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let launch = Launch::of(1);
    let (page, phone) = (app.open(launch.clone()).await, app.open(launch.clone()).await);
    let other = app.phone(1).await;
    phone.post("/api/auth/logout", json!(null)).await.ok();
    page.get("/api/me").await.refuses(401, "unauthenticated");
    let spent = async || {
        for node in [&app, &two] {
            node.sign_in(&launch).await.refuses(401, "init_data_spent");
        }
    };
    spent().await;
    app.stores.hot_loses_its_memory().await;
    spent().await;
    app.clock.advance(Duration::from_secs(3000));
    spent().await;
    other.on(&two).get("/api/me").await.refuses(401, "unauthenticated");
    refresh(&app, &other.refresh).await.get("/api/me").await.ok();
    app.phone(1).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn erasing_spends_the_launch_data_of_every_session() {
    let app = TestApp::start().await;
    let (one, other, revoked) = (Launch::of(1), Launch::of(1), Launch::of(1));
    let (phone, _) = (app.open(one.clone()).await, app.open(other.clone()).await);
    let reused = app.open(revoked.clone()).await;
    refresh(&app, &reused.refresh).await;
    app.clock.advance(Duration::from_secs(60));
    try_refresh(&app, &reused.refresh).await.refuses(401, "refresh_invalid");
    assert_eq!(phone.delete("/api/me").await.status, 204);
    for launch in [&one, &other, &revoked] {
        app.sign_in(launch).await.refuses(401, "init_data_spent");
    }
    assert!(app.rooms.db().is_erased(phone.session().user()).await.unwrap(), "the refused were remembered");
}

#[tokio::test]
async fn signing_out_and_signing_in_at_the_same_moment_leaves_nobody_in() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    for _ in 0..20 {
        let launch = Launch::of(1);
        let phone = app.open(launch.clone()).await;
        let (out, again) = tokio::join!(phone.post("/api/auth/logout", json!(null)), two.sign_in(&launch));
        assert_eq!(out.status, 204);
        if again.status == 200 {
            Phone::of(&two, &again).get("/api/me").await.refuses(401, "unauthenticated");
        } else {
            again.refuses(401, "init_data_spent");
        }
        app.sign_in(&launch).await.refuses(401, "init_data_spent");
    }
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
async fn a_phone_that_lost_the_answer_gets_the_same_one_as_long_as_it_is_patient() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    let first = refresh(&app, &phone.refresh).await;
    for (waited, node) in [(13, &app), (16, &two), (7, &app)] {
        app.clock.advance(Duration::from_secs(waited));
        let answer = try_refresh(node, &phone.refresh).await.ok();
        assert_eq!(
            (&answer["access_token"], &answer["refresh_token"]),
            (&json!(first.access), &json!(first.refresh)),
            "another pair after {waited} s more: two successors of one token are two chains"
        );
        app.stores.hot_loses_its_memory().await;
    }
    assert_eq!(try_refresh(&app, &phone.refresh).await.ok()["expires_in"], 900 - 36);
    refresh(&app, &first.refresh).await.get("/api/me").await.ok();
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
    app.clock.advance(GRACE_IS_OVER);
    try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
    try_refresh(&app, &next.refresh).await.refuses(401, "refresh_invalid");
    next.get("/api/me").await.refuses(401, "unauthenticated");
    app.phone(1).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn whose_token_was_used_by_somebody_else_comes_back_by_the_same_launch() {
    let app = TestApp::start().await;
    let launch = Launch::of(1);
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let phone = app.open(launch.clone()).await;
        sessions.push(phone.session());
        refresh(&app, &phone.refresh).await;
        app.clock.advance(GRACE_IS_OVER);
        try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
        app.stores.hot_loses_its_memory().await;
    }
    sessions.dedup();
    assert_eq!(sessions.len(), 3, "a session that had ended came back");
    let last = app.open(launch.clone()).await;
    last.post("/api/auth/logout", json!(null)).await.ok();
    app.sign_in(&launch).await.refuses(401, "init_data_spent");
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
    app.clock.advance(GRACE_IS_OVER);
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
async fn signing_out_again_because_the_answer_was_lost_is_done_already() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    for node in [&app, &two, &app] {
        assert_eq!(phone.on(node).post("/api/auth/logout", json!(null)).await.status, 204);
        app.stores.hot_loses_its_memory().await;
    }
    let forged = phone.with_token("forged");
    forged.post("/api/auth/logout", json!(null)).await.refuses(401, "unauthenticated");
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
