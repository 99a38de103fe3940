//! PostgreSQL is away for minutes: rooms go on.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    auth::{GRACE_IS_OVER, refresh, try_refresh},
    harness::{Launch, Phone, TestApp, eventually},
    socket::{gathered, swipe, swiping},
    talk::say,
};

/// Gone, and a request has met that.
async fn away(app: &TestApp) {
    app.stores.database_goes();
    eventually("the node has noticed", async || app.get("/api/health").await.body["database"] != "ok").await;
}

async fn back(app: &TestApp) {
    app.stores.database_comes_back();
    eventually("the node has noticed", async || app.get("/api/health").await.body["database"] == "ok").await;
}

async fn sign_out(phone: &Phone) -> crate::harness::Answer {
    phone.post("/api/auth/logout", json!(null)).await
}

#[tokio::test]
async fn a_node_is_degraded_and_serves() {
    let app = TestApp::start().await;
    away(&app).await;
    let health = app.get("/api/health").await;
    assert_eq!((health.status, &health.body["status"]), (200, &json!("degraded")));
    assert_eq!((&health.body["hot"], &health.body["database"]), (&json!("ok"), &json!("unavailable")));
    back(&app).await;
    assert_eq!(app.get("/api/health").await.body["status"], "ok");
}

#[tokio::test]
async fn a_whole_evening_goes_on_and_is_written_down_later() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let late = app.open(Launch::of(3).saying("first_name", "Vera")).await;
    away(&app).await;

    let began = Instant::now();
    let joined = late.join(&code).await.ok();
    assert_eq!(joined["members"][2]["name"], "Vera");
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    phones[0].select(&code, &["c1"]).await;
    late.does(&code, json!({ "type": "leave" })).await;
    host.does(json!({ "type": "start" })).await;
    host.does(swipe("c1", "like")).await;
    guest.does(swipe("c1", "like")).await;
    host.until("match_found").await;
    assert_eq!(phones[1].room(&code).await["matches"][0]["title"]["id"], "c1");
    // Nobody waited for what is not there: that alone would be seconds for each call.
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());

    back(&app).await;
    let listed = async || phones[0].get("/api/rooms").await.ok()[0]["matches"].clone();
    eventually("the match is in SQL", async || listed().await == 1).await;
}

#[tokio::test]
async fn what_cannot_be_done_without_it_is_refused_at_once() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    phone.create().await;
    away(&app).await;
    let began = Instant::now();
    let refused = [
        phone.get("/api/rooms").await,
        phone.post("/api/rooms", json!({})).await,
        phone.get("/api/rooms/00000000").await,
        phone.patch("/api/me", json!({ "language": "ru" })).await,
        phone.delete("/api/me").await,
    ];
    for answer in refused {
        answer.refuses(503, "unavailable");
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert!(began.elapsed() < Duration::from_secs(4), "it took {:?}", began.elapsed());
    back(&app).await;
    phone.patch("/api/me", json!({ "language": "ru" })).await.ok();
}

#[tokio::test]
async fn people_sign_in_and_stay_in_and_are_written_down_later() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (host, known) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    known.patch("/api/me", json!({ "notifications": false })).await.ok();
    away(&app).await;
    let stranger = Launch::of(3).saying("first_name", "Vera").saying("language_code", "ru").through(&code);
    let stranger = app.open(stranger).await;
    assert_eq!(stranger.room["members"][1]["name"], "Vera");
    let me = stranger.get("/api/me").await.ok();
    assert_eq!((&me["first_name"], &me["language"]), (&json!("Vera"), &json!("ru")));
    let stranger = refresh(&two, &stranger.refresh).await;
    let mut known = known;
    for _ in 0..3 {
        known = refresh(&two, &known.refresh).await;
    }
    assert_eq!(
        known.get("/api/me").await.ok()["notifications"],
        false,
        "who was known is described by SQL's word"
    );

    back(&app).await;
    let written = async |phone: &Phone| {
        app.rooms.db().session(&phone.session(), app.clock.now()).await.unwrap().map(|(it, _)| it.generation)
    };
    eventually("the stranger is in SQL", async || written(&stranger).await == Some(1)).await;
    eventually("and whoever was known", async || written(&known).await == Some(3)).await;
    app.stores.hot_loses_its_memory().await;
    assert_eq!(stranger.get("/api/me").await.ok()["first_name"], "Vera");
    refresh(&app, &stranger.refresh).await;
    refresh(&app, &known.refresh).await;
}

#[tokio::test]
async fn signing_out_is_at_once_but_not_promised_until_it_can_be() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    let code = phone.create().await;
    let mut socket = phone.on(&two).socket(&code).await;
    away(&app).await;
    sign_out(&phone).await.refuses(503, "unavailable");
    assert_eq!(socket.closed().await, 4401);
    for node in [&app, &two] {
        phone.on(node).get("/api/me").await.refuses(401, "unauthenticated");
        try_refresh(node, &phone.refresh).await.refuses(401, "refresh_invalid");
    }
    sign_out(&phone).await.refuses(503, "unavailable");
    back(&app).await;
    let again = sign_out(&phone).await.status;
    assert!([204, 401].contains(&again), "either of the two may have finished it: {again}");
    app.stores.hot_loses_its_memory().await;
    phone.get("/api/me").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn an_end_that_it_was_not_told_of_is_told_when_it_is_back() {
    let app = TestApp::start().await;
    let (phone, thief) = (app.phone(1).await, app.phone(2).await);
    let next = refresh(&app, &thief.refresh).await;
    app.clock.advance(GRACE_IS_OVER);
    away(&app).await;
    sign_out(&phone).await.refuses(503, "unavailable");
    try_refresh(&app, &thief.refresh).await.refuses(503, "unavailable");
    next.get("/api/me").await.refuses(401, "unauthenticated");
    back(&app).await;
    for ended in [&phone, &thief] {
        eventually("SQL knows", async || {
            app.rooms.db().session(&ended.session(), app.clock.now()).await.unwrap().is_none()
        })
        .await;
    }
    app.stores.hot_loses_its_memory().await;
    phone.get("/api/me").await.refuses(401, "unauthenticated");
    try_refresh(&app, &next.refresh).await.refuses(401, "refresh_invalid");
}

#[tokio::test]
async fn another_node_finishes_an_end_whose_node_has_gone() {
    let mut app = TestApp::start().await;
    let two = app.another_node().await;
    let phone = app.phone(1).await;
    away(&app).await;
    away(&two).await;
    sign_out(&phone).await.refuses(503, "unavailable");
    app.stop().await;
    back(&two).await;
    phone.on(&two).get("/api/me").await.refuses(401, "unauthenticated");
    eventually("SQL knows", async || {
        two.rooms.db().session(&phone.session(), two.clock.now()).await.unwrap().is_none()
    })
    .await;
}

#[tokio::test]
async fn with_nothing_left_that_knows_a_session_it_is_unknown_and_not_over() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].socket(&code).await;
    away(&app).await;
    app.stores.hot_loses_its_memory().await;
    phones[0].get("/api/me").await.refuses(503, "unavailable");
    try_refresh(&app, &phones[0].refresh).await.refuses(503, "unavailable");
    // The node that holds the room puts it back, and its sockets go on.
    socket.does_in_the_end(json!({ "type": "ready", "ready": true })).await;
    back(&app).await;
    phones[0].get("/api/me").await.ok();
    refresh(&app, &phones[0].refresh).await;
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_a_launch_presented_again_without_it() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let launch = Launch::of(1);
    let phone = app.open(launch.clone()).await;
    let before = refresh(&app, &phone.refresh).await;
    away(&app).await;
    assert_eq!(refresh(&two, &phone.refresh).await.refresh, before.refresh);
    let meanwhile = refresh(&app, &before.refresh).await;
    let page = two.open(launch.clone()).await;
    assert_eq!(page.session(), phone.session(), "a second session of one launch");
    back(&app).await;
    back(&two).await;
    assert_eq!(refresh(&two, &before.refresh).await.refresh, meanwhile.refresh);
    refresh(&app, &page.refresh).await.get("/api/me").await.ok();
}

#[tokio::test]
async fn whoever_signed_out_stays_out_without_it() {
    let app = TestApp::start().await;
    let (before, meanwhile) = (Launch::of(1), Launch::of(2));
    sign_out(&app.open(before.clone()).await).await.ok();
    let phone = app.open(meanwhile.clone()).await;
    away(&app).await;
    sign_out(&phone).await.refuses(503, "unavailable");
    let spent = async || {
        for launch in [&before, &meanwhile] {
            app.sign_in(launch).await.refuses(401, "init_data_spent");
        }
    };
    spent().await;
    back(&app).await;
    spent().await;
    eventually("SQL knows", async || {
        app.rooms.db().session(&phone.session(), app.clock.now()).await.unwrap().is_none()
    })
    .await;
    app.stores.hot_loses_its_memory().await;
    spent().await;
}

#[tokio::test]
async fn what_was_forgotten_while_it_was_away_is_made_good_when_it_is_back() {
    let app = TestApp::start().await;
    let launch = Launch::of(1);
    sign_out(&app.open(launch.clone()).await).await.ok();
    away(&app).await;
    app.stores.hot_loses_its_memory().await;
    // Nobody is left who knows that they signed out.
    let phone = app.open(launch.clone()).await;
    back(&app).await;
    eventually("it has ended", async || phone.get("/api/me").await.status == 401).await;
    app.sign_in(&launch).await.refuses(401, "init_data_spent");
}

#[tokio::test]
async fn nobody_writes_messages_without_it_while_everybody_swipes() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    phones[0].does(&code, say("k1", "before")).await;
    away(&app).await;
    let began = Instant::now();
    phones[0].command(&code, say("k2", "meanwhile")).await.refuses(503, "unavailable");
    phones[1].get(&format!("/api/rooms/{code}/messages")).await.refuses(503, "unavailable");
    for phone in &phones {
        let room = phone.likes(&code, "c1").await["room"].clone();
        assert_eq!(room["my_swipes"], 1);
    }
    let room = phones[0].room(&code).await;
    assert_eq!(room["matches"][0]["title"]["id"], "c1");
    assert!(room.get("messages").is_none(), "nobody knows where they stand: {}", room["messages"]);
    assert!(began.elapsed() < Duration::from_secs(4), "it took {:?}", began.elapsed());
    back(&app).await;
    let said = phones[0].does(&code, say("k2", "meanwhile")).await["message"].clone();
    let again = phones[0].does(&code, say("k2", "meanwhile")).await["message"].clone();
    assert_eq!((&said["text"], &said), (&json!("meanwhile"), &again));
}
