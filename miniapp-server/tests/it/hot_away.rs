//! The hot layer goes, and comes back: as it was, empty, or older than it was.

use std::time::Duration;

use serde_json::json;
use sovpalo_storage::Ending;

use crate::{
    auth::{GRACE_IS_OVER, refresh, try_refresh},
    harness::{Launch, Phone, TestApp, eventually},
    socket::{gathered, swipe, swiping},
};

const READY: fn() -> serde_json::Value = || json!({ "type": "ready", "ready": true });

async fn sign_out(phone: &Phone) -> u16 {
    phone.post("/api/auth/logout", json!(null)).await.status
}

#[tokio::test]
async fn without_the_hot_layer_a_node_says_so_and_asks_to_be_tried_again() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.stores.hot_goes();
    let health = app.get("/api/health").await;
    assert_eq!((health.status, &health.body["status"]), (503, &"degraded".into()));
    assert_eq!((&health.body["hot"], &health.body["database"]), (&json!("unavailable"), &json!("ok")));
    let answer = phone.get("/api/me").await;
    answer.refuses(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(!answer.text.contains("taken it away"), "the cause reached a client: {}", answer.text);
    app.stores.hot_comes_back();
    phone.get("/api/me").await.ok();
    assert_eq!(app.get("/api/health").await.status, 200);
}

#[tokio::test]
async fn without_its_stores_a_node_says_so_and_asks_to_be_tried_again() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.stores.go().await;
    let health = app.get("/api/health").await;
    assert_eq!((health.status, &health.body["status"]), (503, &"degraded".into()));
    assert_eq!(health.body["database"], "unavailable");
    let answer = phone.get("/api/me").await;
    answer.refuses(503, "unavailable");
    assert!(!answer.text.to_lowercase().contains("pool"), "the cause reached a client: {}", answer.text);
}

#[tokio::test]
async fn nobody_signs_in_while_nobody_can_count_how_often() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let phone = app.phone(1).await;
    app.stores.hot_goes();
    app.sign_in(&Launch::of(2)).await.refuses(503, "unavailable");
    app.exchange("forged").await.refuses(503, "unavailable");
    try_refresh(&app, &phone.refresh).await.refuses(503, "unavailable");
    phone.get("/api/me").await.refuses(503, "unavailable");
    phone.with_token("forged").get("/api/me").await.refuses(401, "unauthenticated");
    app.stores.hot_comes_back();
    refresh(&app, &phone.refresh).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn a_command_that_cannot_be_done_is_not_answered_and_can_be_said_again() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    app.stores.hot_goes();
    let said = swipe("c1", "like");
    host.send(said.clone()).await;
    // No ack and no refusal: a phone keeps what was not answered.
    assert_eq!(host.room_closed().await, "fell_behind", "open it again");
    phones[0].command(&code, said.clone()).await.refuses(503, "unavailable");
    phones[0].refused_socket().await.refuses(503, "unavailable");
    app.stores.hot_comes_back();
    let opened = host.opens_again().await;
    assert_eq!(opened["state"]["my_swipes"], 0, "what was never acknowledged was done");
    host.does(said).await;
    assert_eq!(guest.until("progress").await["swiped"], 1);
}

#[tokio::test]
async fn a_socket_that_says_nothing_outlasts_it() {
    let app = TestApp::with(|config| config.patience.beat = Duration::from_millis(5)).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    app.stores.hot_goes();
    // Long enough for every look at the session to have failed several times.
    for _ in 0..40 {
        socket.said().await;
    }
    app.stores.hot_comes_back();
    socket.does(READY()).await;
}

#[tokio::test]
async fn coming_back_empty_signs_nobody_out_and_closes_no_socket() {
    let app = TestApp::with(|config| config.patience.beat = Duration::from_millis(5)).await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].socket(&code).await;
    app.stores.hot_loses_its_memory().await;
    phones[0].get("/api/me").await.ok();
    let next = refresh(&app, &phones[1].refresh).await;
    for _ in 0..40 {
        socket.said().await;
    }
    socket.does_in_the_end(READY()).await;
    // What was put back is a session like any other.
    app.clock.advance(GRACE_IS_OVER);
    try_refresh(&app, &phones[1].refresh).await.refuses(401, "refresh_invalid");
    next.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_that_came_back_ends_when_it_would_have() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.clock.advance(Duration::from_secs(29 * 86_400));
    app.stores.hot_loses_its_memory().await;
    let next = refresh(&app, &phone.refresh).await;
    app.stores.hot_loses_its_memory().await;
    app.clock.advance(Duration::from_secs(30 * 86_400));
    try_refresh(&app, &next.refresh).await.refuses(401, "refresh_invalid");
}

#[tokio::test]
async fn reuse_is_found_and_grace_is_given_whatever_was_forgotten_in_between() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let first = refresh(&app, &phone.refresh).await;
    app.stores.hot_loses_its_memory().await;
    let again = refresh(&app, &phone.refresh).await;
    assert_eq!(first.refresh, again.refresh, "two successors of one token are two families");
    app.stores.hot_loses_its_memory().await;
    app.clock.advance(GRACE_IS_OVER);
    try_refresh(&app, &phone.refresh).await.refuses(401, "refresh_invalid");
    first.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn two_tabs_that_refresh_while_it_forgets_both_go_on() {
    let app = TestApp::start().await;
    let mut phone = app.phone(1).await;
    for _ in 0..10 {
        let (one, other, ()) = tokio::join!(
            refresh(&app, &phone.refresh),
            refresh(&app, &phone.refresh),
            app.stores.hot_forgets(),
        );
        assert_eq!(one.refresh, other.refresh);
        phone = one;
    }
    phone.get("/api/me").await.ok();
}

#[tokio::test]
async fn what_has_ended_does_not_come_back_from_sql() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    assert_eq!(sign_out(&phone).await, 204);
    app.stores.hot_loses_its_memory().await;
    for node in [&app, &two] {
        phone.on(node).get("/api/me").await.refuses(401, "unauthenticated");
        try_refresh(node, &phone.refresh).await.refuses(401, "refresh_invalid");
    }
}

#[tokio::test]
async fn an_end_wins_over_whoever_is_just_putting_the_session_back() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    for number in 1..=20 {
        let phone = app.phone(number).await;
        let elsewhere = phone.on(&two);
        app.stores.hot_forgets().await;
        let (_, ended, ()) = tokio::join!(elsewhere.get("/api/me"), sign_out(&phone), async {
            if number % 2 == 0 {
                app.stores.hot_forgets().await;
            }
        },);
        assert_eq!(ended, 204);
        elsewhere.get("/api/me").await.refuses(401, "unauthenticated");
        app.stores.hot_forgets().await;
        phone.get("/api/me").await.refuses(401, "unauthenticated");
        try_refresh(&two, &phone.refresh).await.refuses(401, "refresh_invalid");
    }
}

#[tokio::test]
async fn what_has_ended_does_not_come_back_with_an_older_copy() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    let (key, month) = (format!("session:{}", phone.session()), Duration::from_secs(30 * 86_400));
    let copy = app.rooms.hot().get(&key).await.unwrap().expect("the session has no copy");
    assert_eq!(sign_out(&phone).await, 204);
    // As after a failover that missed the end.
    let put_back = async || app.rooms.hot().put(&key, &copy, month).await.unwrap();
    put_back().await;
    app.stores.hot_comes_back();
    let three = app.another_node().await;
    for node in [&app, &two, &three] {
        eventually("the end is known", async || phone.on(node).get("/api/me").await.status == 401).await;
    }
    app.clock.advance(Duration::from_secs(3600));
    for node in [&app, &two, &three] {
        put_back().await;
        try_refresh(node, &phone.refresh).await.refuses(401, "refresh_invalid");
    }
}

#[tokio::test]
async fn a_token_newer_than_the_copy_is_good() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let key = format!("session:{}", phone.session());
    let copy = app.rooms.hot().get(&key).await.unwrap().expect("the session has no copy");
    let mut next = phone;
    for _ in 0..3 {
        next = refresh(&app, &next.refresh).await;
    }
    // As after a failover that missed the last refreshes.
    app.rooms.hot().put(&key, &copy, Duration::from_secs(86_400)).await.unwrap();
    next.get("/api/me").await.ok();
    let after = refresh(&app, &next.refresh).await;
    app.clock.advance(GRACE_IS_OVER);
    try_refresh(&app, &next.refresh).await.refuses(401, "refresh_invalid");
    after.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn an_end_that_a_node_did_not_hear_of_closes_its_sockets_once_it_hears_again() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut gone, mut stays) = (phones[1].socket(&code).await, phones[0].socket(&code).await);
    let (now, month) = (app.clock.now(), Duration::from_secs(30 * 86_400));
    app.rooms.db().end_session(&phones[1].session(), Ending::SignedOut, now.plus(month), now).await.unwrap();
    app.stores.hot_comes_back();
    assert_eq!(gone.closed().await, 4401);
    stays.does(READY()).await;
}

#[tokio::test]
async fn erasing_oneself_ends_also_what_the_hot_layer_has_forgotten() {
    let app = TestApp::start().await;
    let (phone, tablet) = (app.phone(1).await, app.phone(1).await);
    app.stores.hot_loses_its_memory().await;
    assert_eq!(phone.delete("/api/me").await.status, 204);
    app.stores.hot_loses_its_memory().await;
    for gone in [&phone, &tablet] {
        gone.get("/api/me").await.refuses(401, "unauthenticated");
        try_refresh(&app, &gone.refresh).await.refuses(401, "refresh_invalid");
    }
}
