//! Who gets into a room, who may do what in it, and which rooms anybody can find.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_domain::ids::Seq;

use crate::harness::{Answer, Launch, Phone, TestApp, eventually};

const CODE_OF_NO_ROOM: &str = "00000000";

async fn join_with(phone: &Phone, code: &str, password: &str) -> Answer {
    phone.post(&format!("/api/rooms/{code}/join"), json!({ "password": password })).await
}

async fn configure(phone: &Phone, code: &str, access: Value) -> Value {
    phone.does(code, json!({ "type": "configure", "access": access })).await
}

async fn found(phone: &Phone, query: &str) -> Vec<Value> {
    let list = phone.get(&format!("/api/rooms/public{query}")).await.ok();
    list.as_array().expect("a list").clone()
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|room| room["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_room_with_a_password_lets_in_who_knows_it() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create_with(json!({ "access": { "password": "сезам" } })).await;
    let room = host.room(&code).await;
    assert_eq!(
        room["access"],
        json!({ "listed": false, "password": true, "capacity": 100, "control": "everyone" })
    );
    assert_eq!(guest.room(&code).await["access"]["password"], true, "whoever stands at the door sees it");
    guest.join(&code).await.refuses(403, "wrong_password");
    join_with(&guest, &code, "тыква").await.refuses(403, "wrong_password");
    let joined = join_with(&guest, &code, "сезам").await.ok();
    assert_eq!(joined["members"][1]["role"], "participant");
    guest.join(&code).await.ok();
    join_with(&guest, &code, "тыква").await.ok();
    guest.does(&code, json!({ "type": "leave" })).await;
    guest.join(&code).await.refuses(403, "wrong_password");
    configure(&host, &code, json!({ "password": null })).await;
    guest.join(&code).await.ok();
}

#[tokio::test]
async fn a_password_is_in_no_answer_and_no_log() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let done = configure(&host, &code, json!({ "password": "сезам", "capacity": 9 })).await;
    assert_eq!(done["room"]["access"]["password"], true);
    assert!(!done.to_string().contains("сезам") && !done.to_string().contains("argon2"));
    assert!(!host.room(&code).await.to_string().contains("argon2"));
    let live = app.rooms.open(code.parse().unwrap()).await.unwrap();
    let tail = app.rooms.hot().read(live.code(), Seq::ZERO).await.unwrap().unwrap();
    let log = format!("{:?}", tail.entries);
    assert!(!log.contains("сезам") && !log.contains("argon2"));
    let kept = live.read(|room| room.access().password.clone()).unwrap();
    assert!(kept.as_str().starts_with("$argon2id$"));
}

#[tokio::test]
async fn saying_the_same_password_twice_is_saying_it_once_and_what_is_absent_stays() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let first = configure(&host, &code, json!({ "password": "сезам", "listed": true })).await;
    let again = configure(&host, &code, json!({ "password": "сезам" })).await;
    assert_eq!(again["seq"], first["seq"]);
    let other = configure(&host, &code, json!({ "control": "host" })).await;
    assert_eq!(
        other["room"]["access"],
        json!({ "listed": true, "password": true, "capacity": 100, "control": "host" })
    );
}

#[tokio::test]
async fn what_cannot_be_is_said_and_only_the_host_may() {
    let app = TestApp::start().await;
    let (host, guest, stranger) = (app.phone(1).await, app.phone(2).await, app.phone(3).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    for access in [
        json!({ "password": "" }),
        json!({ "password": "x".repeat(65) }),
        json!({ "capacity": 1 }),
        json!({ "capacity": 101 }),
        json!({ "control": "nobody" }),
    ] {
        let answer = host.command(&code, json!({ "type": "configure", "access": access })).await;
        answer.refuses(422, "invalid");
    }
    let wish = json!({ "type": "configure", "access": { "password": "mine" } });
    guest.command(&code, wish.clone()).await.refuses(403, "not_host");
    stranger.command(&code, wish).await.refuses(403, "not_a_member");
    host.post("/api/rooms", json!({ "access": { "capacity": 1 } })).await.refuses(422, "invalid");
}

#[tokio::test]
async fn a_full_room_takes_nobody_and_keeps_who_is_in() {
    let app = TestApp::start().await;
    let (host, guest, late) = (app.phone(1).await, app.phone(2).await, app.phone(3).await);
    let code = host.create_with(json!({ "access": { "capacity": 2 } })).await;
    guest.join(&code).await.ok();
    late.join(&code).await.refuses(409, "room_full");
    guest.join(&code).await.ok();
    configure(&host, &code, json!({ "capacity": 3 })).await;
    late.join(&code).await.ok();
    configure(&host, &code, json!({ "capacity": 2 })).await;
    assert_eq!(host.room(&code).await["members"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_link_into_a_locked_or_full_room_signs_in_and_joins_nothing() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let locked = host.create_with(json!({ "access": { "password": "сезам" } })).await;
    let full = host.create_with(json!({ "access": { "capacity": 2 } })).await;
    app.phone(2).await.join(&full).await.ok();
    for code in [locked, full] {
        let phone = app.open(Launch::of(3).saying("start_param", code.as_str())).await;
        assert_eq!(phone.room, Value::Null);
        assert_eq!(phone.room(&code).await["code"], code.as_str(), "it sees the door");
    }
}

#[tokio::test]
async fn roles_are_given_handed_over_and_told_to_everybody() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    let role = json!({ "type": "role", "member": 2, "role": "moderator" });
    guest
        .command(&code, json!({ "type": "role", "member": 1, "role": "participant" }))
        .await
        .refuses(403, "not_host");
    let done = host.does(&code, role.clone()).await;
    assert_eq!(done["room"]["members"][1]["role"], "moderator");
    assert_eq!(host.does(&code, role).await["seq"], done["seq"], "twice is once");
    let stood = &done["room"];
    let after = host.does(&code, json!({ "type": "hand_over", "member": 2 })).await;
    assert_eq!(after["room"]["host"], 2);
    assert_eq!(after["room"]["members"][0]["role"], "moderator", "who handed it over is trusted with it");
    let updates = guest
        .get(&format!("/api/rooms/{code}/updates?epoch={}&seq={}&wait=0", stood["epoch"], stood["seq"]))
        .await
        .ok();
    let events: Vec<Value> =
        updates["events"].as_array().unwrap().iter().map(|happened| happened["event"].clone()).collect();
    assert_eq!(
        events,
        [
            json!({ "type": "host_changed", "member": 2 }),
            json!({ "type": "role_changed", "member": 1, "role": "moderator" })
        ]
    );
}

#[tokio::test]
async fn the_name_changes_while_people_swipe() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let title = host.get("/api/titles?limit=1").await.ok()["items"][0]["id"].clone();
    host.select(&code, &[title.as_str().unwrap()]).await;
    host.does(&code, json!({ "type": "start" })).await;
    let done =
        host.does(&code, json!({ "type": "configure", "name": "Later", "access": { "listed": true } })).await;
    assert_eq!((&done["room"]["name"], &done["room"]["access"]["listed"]), (&json!("Later"), &json!(true)));
    host.command(&code, json!({ "type": "configure", "picks_per_member": 9 }))
        .await
        .refuses(409, "wrong_phase");
}

#[tokio::test]
async fn anybody_finds_the_listed_rooms_that_they_can_join_fullest_first() {
    let app = TestApp::start().await;
    let (host, guest, seeker) = (app.phone(1).await, app.phone(2).await, app.phone(3).await);
    let listed = json!({ "listed": true });
    let small = host.create_with(json!({ "name": "Small", "access": listed })).await;
    let large = host.create_with(json!({ "name": "Large", "access": listed })).await;
    let _unlisted = host.create().await;
    let full = host.create_with(json!({ "name": "Full", "access": { "listed": true, "capacity": 2 } })).await;
    for code in [&large, &full] {
        guest.join(code).await.ok();
    }
    let shown = found(&seeker, "").await;
    assert_eq!(codes(&shown), [large.as_str(), &small]);
    assert_eq!((&shown[0]["people"], &shown[0]["screen"]), (&json!(2), &Value::Null));
    assert_eq!(shown[0]["members"].as_array().unwrap().len(), 2);
    assert_eq!(shown[0]["access"]["capacity"], 100);
    assert_eq!(codes(&found(&seeker, "?q=SMA").await), [small.as_str()]);
    assert!(found(&seeker, "?q=nothing").await.is_empty());
    assert_eq!(codes(&found(&seeker, "?limit=1&skip=1").await), [small.as_str()]);
    for query in ["?limit=0", "?limit=51", "?skip=501"] {
        seeker.get(&format!("/api/rooms/public{query}")).await.refuses(422, "invalid");
    }
    configure(&host, &small, json!({ "listed": false })).await;
    eventually("one room is listed", async || found(&seeker, "").await.len() == 1).await;
}

#[tokio::test]
async fn what_plays_in_a_listed_room_is_said_and_found() {
    let app = TestApp::start().await;
    let (host, seeker) = (app.phone(1).await, app.phone(2).await);
    let code = host.create_with(json!({ "access": { "listed": true } })).await;
    let media = json!({ "kind": "file", "url": "https://example.com/a.mp4", "title": "Сталкер" });
    host.does(&code, json!({ "type": "show", "media": media })).await;
    host.does(&code, json!({ "type": "play", "position_s": 0 })).await;
    let plays = json!({ "title": "Сталкер", "playing": true });
    eventually("what plays is in the list", async || {
        found(&seeker, "?q=%D1%81%D1%82%D0%B0%D0%BB%D0%BA")
            .await
            .first()
            .is_some_and(|room| room["screen"] == plays)
    })
    .await;
}

#[tokio::test]
async fn a_report_is_kept_once_for_each_person_and_an_operator_hides_the_room() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create_with(json!({ "access": { "listed": true } })).await;
    let path = format!("/api/rooms/{code}/report");
    for reason in ["spam", "worse"] {
        assert_eq!(guest.post(&path, json!({ "reason": reason })).await.status, 204);
    }
    guest.post(&path, json!({ "reason": " " })).await.refuses(422, "invalid");
    guest.post(&path, json!({ "reason": "x".repeat(501) })).await.refuses(422, "invalid");
    let nowhere = format!("/api/rooms/{CODE_OF_NO_ROOM}/report");
    guest.post(&nowhere, json!({ "reason": "spam" })).await.refuses(404, "room_not_found");
    let reported = app.rooms.db().reported_rooms(10).await.unwrap();
    assert_eq!(reported.len(), 1);
    assert_eq!((reported[0].reports, reported[0].last_reason.as_str()), (1, "worse"));
    app.rooms.db().hide_room(code.parse().unwrap(), true).await.unwrap();
    assert!(found(&guest, "").await.is_empty());
    guest.join(&code).await.ok();
}

#[tokio::test]
async fn passwords_are_tried_ten_times_at_one_room_and_that_costs_others_nothing() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (host, guesser, guest) = (app.phone(1).await, app.phone(2).await, app.phone(3).await);
    let code = host.create_with(json!({ "access": { "password": "сезам" } })).await;
    let other = host.create_with(json!({ "access": { "password": "сезам" } })).await;
    for _ in 0..10 {
        join_with(&guesser, &code, "тыква").await.refuses(403, "wrong_password");
    }
    let refused = join_with(&guesser, &code, "сезам").await;
    refused.refuses(429, "too_many");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    join_with(&guest, &code, "сезам").await.ok();
    join_with(&guesser, &other, "сезам").await.ok();
    app.clock.advance(Duration::from_secs(wait));
    join_with(&guesser, &code, "сезам").await.ok();
}
