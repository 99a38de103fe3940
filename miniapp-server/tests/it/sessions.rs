//! Where somebody is signed in: how often, how they see it, and how they end it.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_storage::SessionId;

use crate::{
    auth::try_refresh,
    harness::{Answer, Launch, Phone, TestApp},
};

const SECOND: Duration = Duration::from_secs(1);

/// So many phones of one person, each used a second after the one before.
async fn phones(app: &TestApp, user: i64, many: usize) -> Vec<Phone> {
    let mut phones = Vec::with_capacity(many);
    for _ in 0..many {
        app.clock.advance(SECOND);
        phones.push(app.phone(user).await);
    }
    phones
}

async fn listed(phone: &Phone) -> Vec<Value> {
    phone.get("/api/me/sessions").await.ok().as_array().expect("a list").clone()
}

#[track_caller]
fn is_out(answer: &Answer) {
    answer.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn the_twenty_first_session_ends_the_one_that_was_used_longest_ago() {
    let app = TestApp::start().await;
    let friend = app.phone(2).await;
    let code = friend.create().await;
    let launch = Launch::of(1);
    let first = app.open(launch.clone()).await;
    first.join(&code).await.ok();
    let mut socket = first.socket(&code).await;
    let others = phones(&app, 1, 20).await;

    assert_eq!(socket.closed().await, 4401);
    is_out(&first.get("/api/me").await);
    try_refresh(&app, &first.refresh).await.refuses(401, "refresh_invalid");
    app.sign_in(&launch).await.refuses(401, "init_data_spent");
    for other in &others {
        other.get("/api/me").await.ok();
    }
    friend.get("/api/me").await.ok();
    assert_eq!(listed(&others[0]).await.len(), 20);
    // Also where the hot layer has forgotten who is signed in.
    app.stores.hot_loses_its_memory().await;
    app.phone(1).await;
    is_out(&others[0].get("/api/me").await);
    others[1].get("/api/me").await.ok();
}

#[tokio::test]
async fn a_session_in_use_is_not_the_one_that_ends() {
    let app = TestApp::start().await;
    let tv = app.phone(1).await;
    let others = phones(&app, 1, 19).await;
    app.clock.advance(SECOND);
    let tv = crate::auth::refresh(&app, &tv.refresh).await;
    phones(&app, 1, 1).await;
    tv.get("/api/me").await.ok();
    is_out(&others[0].get("/api/me").await);
    others[1].get("/api/me").await.ok();
}

#[tokio::test]
async fn many_who_sign_in_at_the_same_moment_are_twenty_soon_afterwards() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let launches: Vec<_> = (0..30).map(|_| Launch::of(1)).collect();
    let nodes = [&app, &two];
    let signing_in = launches.iter().zip(nodes.iter().cycle()).map(|(launch, node)| node.sign_in(launch));
    let answers = futures::future::join_all(signing_in).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    app.clock.advance(SECOND);
    let last = app.phone(1).await;
    let mut alive = 0;
    for answer in &answers {
        alive += usize::from(Phone::of(&app, answer).get("/api/me").await.status == 200);
    }
    assert_eq!(alive, 19, "beside the last");
    assert_eq!(listed(&last).await.len(), 20);
}

#[tokio::test]
async fn i_see_where_i_am_signed_in_and_which_of_them_is_this() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    app.clock.advance(60 * SECOND);
    let body = json!({ "init_data": Launch::of(1).signed() });
    let request = app.http.post(format!("{}/api/auth/telegram", app.url)).json(&body);
    let tablet = Phone::of(&app, &Answer::read(request.header("user-agent", "Tablet/1 \"<b>\"")).await);
    app.phone(2).await;

    let [first, second] = listed(&tablet).await.try_into().unwrap();
    assert_eq!((&first["current"], &second["current"]), (&json!(true), &json!(false)));
    assert_eq!(first["user_agent"], "Tablet/1 \"<b>\"");
    assert_eq!(second["created_at"], "2026-09-21T14:13:20.000Z");
    assert_eq!(first["last_used_at"], "2026-09-21T14:14:20.000Z");
    let refreshed = crate::auth::refresh(&app, &phone.refresh).await;
    app.clock.advance(60 * SECOND);
    let refreshed = crate::auth::refresh(&app, &refreshed.refresh).await;
    let [first, _] = listed(&refreshed).await.try_into().unwrap();
    assert_eq!(
        (&first["current"], &first["last_used_at"]),
        (&json!(true), &json!("2026-09-21T14:15:20.000Z"))
    );
    app.get("/api/me/sessions").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn what_the_list_shows_opens_nothing() {
    let app = TestApp::start().await;
    let (phone, tablet) = (app.phone(1).await, app.phone(1).await);
    for session in listed(&phone).await {
        let id = session["id"].as_str().unwrap();
        for token in [id.to_owned(), format!("1-{id}"), format!("1-{id}.0."), format!("1-{id}.0.{id}")] {
            is_out(&phone.with_token(&token).get("/api/me").await);
            try_refresh(&app, &token).await.refuses(401, "refresh_invalid");
        }
    }
    let said = phone.get("/api/me/sessions").await.text;
    for secret in [&phone.access, &phone.refresh, &tablet.access, &tablet.refresh] {
        for part in secret.split('.').filter(|part| part.len() > 20 && !part.starts_with("1-")) {
            assert!(!said.contains(part), "a part of a token is shown");
        }
    }
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_only_this_one() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (launch, friend) = (Launch::of(1), app.phone(2).await);
    let code = friend.create().await;
    let lost = app.open(launch.clone()).await;
    lost.join(&code).await.ok();
    let mut socket = lost.on(&two).socket(&code).await;
    let others = phones(&app, 1, 3).await;
    let phone = app.phone(1).await;

    for _ in 0..2 {
        assert_eq!(phone.delete("/api/me/sessions").await.status, 204);
    }
    assert_eq!(socket.closed().await, 4401);
    for other in others.iter().chain([&lost]) {
        is_out(&other.get("/api/me").await);
        is_out(&other.on(&two).get("/api/me").await);
        try_refresh(&app, &other.refresh).await.refuses(401, "refresh_invalid");
    }
    app.sign_in(&launch).await.refuses(401, "init_data_spent");
    assert_eq!(listed(&phone).await.len(), 1);
    friend.get("/api/me").await.ok();
}

#[tokio::test]
async fn signing_out_of_one_session_ends_that_one_for_good() {
    let app = TestApp::start().await;
    let (launch, friend) = (Launch::of(1), app.phone(2).await);
    let (tablet, phone) = (app.open(launch.clone()).await, app.phone(1).await);
    let id = |phone: &Phone| phone.session().as_str().split_once('-').unwrap().1.to_owned();
    let theirs = id(&friend);
    for nobodys in [theirs.as_str(), &friend.session().to_string(), "0".repeat(32).as_str(), "x", "%00", "1-"]
    {
        phone.delete(&format!("/api/me/sessions/{nobodys}")).await.refuses(404, "not_found");
    }
    friend.get("/api/me").await.ok();
    for _ in 0..2 {
        assert_eq!(phone.delete(&format!("/api/me/sessions/{}", id(&tablet))).await.status, 204);
        app.stores.hot_loses_its_memory().await;
    }
    is_out(&tablet.get("/api/me").await);
    app.sign_in(&launch).await.refuses(401, "init_data_spent");
    // This one, as by signing out.
    assert_eq!(phone.delete(&format!("/api/me/sessions/{}", id(&phone))).await.status, 204);
    is_out(&phone.get("/api/me").await);
}

#[tokio::test]
async fn whoever_changes_a_copy_in_the_hot_layer_is_nobody_else() {
    let app = TestApp::start().await;
    let (victim, mallory) = (app.phone(32_200).await, app.phone(32_201).await);
    let code = victim.create().await;
    change_copy(&app, &mallory.session()).await;
    for path in ["/api/me", "/api/rooms", &format!("/api/rooms/{code}"), "/api/me/sessions"] {
        is_out(&mallory.get(path).await);
    }
    is_out(&mallory.delete("/api/me").await);
    mallory.refused_socket().await.refuses(401, "unauthenticated");
    try_refresh(&app, &mallory.refresh).await.refuses(401, "refresh_invalid");
    assert_eq!(victim.get("/api/me").await.ok()["id"], 32_200);
    // Whose it is comes back by Telegram.
    assert_eq!(app.phone(32_201).await.get("/api/me").await.ok()["id"], 32_201);
}

#[tokio::test]
async fn a_changed_copy_spoils_no_refresh_and_no_launch() {
    let app = TestApp::start().await;
    let launch = Launch::of(32_201);
    let mallory = app.open(launch.clone()).await;
    change_copy(&app, &mallory.session()).await;
    try_refresh(&app, &mallory.refresh).await.refuses(401, "refresh_invalid");
    change_copy(&app, &mallory.session()).await;
    let answer = app.sign_in(&launch).await;
    assert!(answer.status == 401 || answer.body["user"]["id"] == 32_201, "{}", answer.text);
}

/// What somebody does who can write to Redis, and wants to be 32200.
async fn change_copy(app: &TestApp, session: &SessionId) {
    let (hot, key) = (app.rooms.hot(), format!("session:{session}"));
    let Some(copy) = hot.get(&key).await.unwrap() else { return };
    let changed = String::from_utf8(copy).unwrap().replace("\"id\":32201", "\"id\":32200");
    hot.put(&key, changed.as_bytes(), Duration::from_secs(3600)).await.unwrap();
}
