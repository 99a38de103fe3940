//! Making rooms, finding them, joining them.

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Launch, Phone, TestApp, eventually};

const PHOTO: &str = "https://t.me/i/userpic/320/ben.svg";

#[tokio::test]
async fn a_room_is_made_with_one_tap() {
    let app = TestApp::start().await;
    let host = app.open(Launch::of(1).saying("first_name", "Ben")).await;
    let answer = host.post("/api/rooms", json!({})).await;
    assert_eq!(answer.status, 201);
    let location = answer.header("location").to_owned();
    let room = answer.ok();
    let code = room["code"].as_str().unwrap();
    assert_eq!(location, format!("/api/rooms/{code}"));
    assert_eq!(code.len(), 8);
    assert_eq!(room["name"], "Movie night");
    assert_eq!(room["phase"], "lobby");
    assert_eq!(room["round"], 1);
    assert_eq!(room["host"], 1);
    assert_eq!(room["rule"], json!({ "kind": "unanimous" }));
    assert_eq!(room["goal"], json!({ "kind": "whole_deck" }));
    assert_eq!(room["picks_per_member"], 5);
    assert!(room["deck"].is_null() && room["results"].is_null());
    assert_eq!(room["invite_url"], format!("https://t.me/sovpalo_bot/app?startapp={code}"));
    assert_eq!(
        room["members"],
        json!([{ "id": 1, "name": "Ben", "photo_url": null, "role": "host", "ready": false, "picks": 0, "swiped": 0,
            "online": false, "away": false, "nudged_by": null, "voice": false }])
    );
    assert_eq!(host.get(&location).await.ok(), room);
}

#[tokio::test]
async fn a_room_without_a_name_is_named_in_the_language_of_who_makes_it() {
    let app = TestApp::start().await;
    let host = app.open(Launch::of(1).saying("language_code", "ru-RU")).await;
    let code = host.create().await;
    assert_eq!(host.room(&code).await["name"], "Киновечер");
}

#[tokio::test]
async fn a_body_may_be_left_out() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let answer = crate::harness::Answer::read(host.request(http::Method::POST, "/api/rooms")).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn a_room_is_made_as_it_is_wished_for() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let deck = host.get("/api/decks").await.ok()[0].clone();
    let code = host
        .create_with(json!({ "name": "  Пятница   🎬 ", "rule": { "kind": "at_least", "likes": 2 },
            "goal": { "kind": "matches", "count": 3 }, "picks_per_member": 7, "deck": deck["id"] }))
        .await;
    let room = host.room(&code).await;
    assert_eq!(room["name"], "Пятница 🎬");
    assert_eq!(room["rule"], json!({ "kind": "at_least", "likes": 2 }));
    assert_eq!(room["goal"], json!({ "kind": "matches", "count": 3 }));
    assert_eq!(room["picks_per_member"], 7);
    assert_eq!(room["deck"], deck["id"]);
}

#[tokio::test]
async fn wishes_that_cannot_be_are_named_all_at_once() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let answer = host.post("/api/rooms", json!({ "name": " \u{200B} ", "deck": "no-such-deck" })).await;
    answer.refuses(422, "invalid");
    let fields: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, [json!("name"), json!("deck")]);
    for wish in [
        json!({ "picks_per_member": 0 }),
        json!({ "picks_per_member": 51 }),
        json!({ "rule": { "kind": "at_least", "likes": 0 } }),
        json!({ "goal": { "kind": "matches", "count": 101 } }),
        json!({ "rule": { "kind": "dictatorship" } }),
    ] {
        host.post("/api/rooms", wish).await.refuses(422, "invalid");
    }
    assert_eq!(host.get("/api/rooms").await.ok(), json!([]), "a refused room exists");
}

#[tokio::test]
async fn my_rooms_are_listed_at_once_newest_first() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let first = host.create_with(json!({ "name": "First" })).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    let second = host.create_with(json!({ "name": "Second" })).await;
    let listed = host.get("/api/rooms").await.ok();
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|room| room["name"].clone()).collect();
    assert_eq!(names, ["Second", "First"]);
    assert_eq!(listed[0]["code"], second.as_str());
    assert_eq!(listed[0]["phase"], "lobby");
    assert_eq!(listed[0]["members"].as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["matches"], &listed[0]["last_match"]), (&json!(0), &json!(null)));

    guest.join(&first).await.ok();
    let listed = guest.get("/api/rooms").await.ok();
    assert_eq!(listed[0]["code"], first.as_str());
    assert_eq!(listed[0]["members"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn my_list_names_who_is_in_a_room_and_what_matched_last_in_my_language() {
    let app = TestApp::start().await;
    let host = app.open(Launch::of(1).saying("first_name", "Ben").saying("photo_url", PHOTO)).await;
    let code = host.create().await;
    let guest = Launch::of(2).saying("first_name", "Анна").saying("language_code", "ru").through(&code);
    let guest = app.open(guest).await;
    let ben = json!({ "id": 1, "name": "Ben", "photo_url": PHOTO });
    let anna = json!({ "id": 2, "name": "Анна", "photo_url": null });
    let listed = guest.get("/api/rooms").await.ok();
    assert_eq!(listed[0]["members"], json!([ben, anna]), "who came first is first");
    assert_eq!(listed[0]["last_match"], json!(null), "nothing has matched");

    let found = host.get("/api/titles?q=matrix&limit=1").await.ok();
    let matrix = found["items"][0]["id"].as_str().unwrap();
    let titles = json!({ "titles": [{ "id": matrix }, { "text": "Our holidays" }] });
    host.post(&format!("/api/rooms/{code}/selections"), titles).await.ok();
    host.does(&code, json!({ "type": "start" })).await;
    let last_match = async |phone: &Phone| phone.get("/api/rooms").await.ok()[0]["last_match"].clone();
    for phone in [&host, &guest] {
        phone.likes(&code, matrix).await;
    }
    eventually("the film is the last match", async || last_match(&host).await["id"] == matrix).await;
    assert_eq!(last_match(&host).await, host.room(&code).await["matches"][0]["title"]);
    assert_eq!(last_match(&host).await["name"], "The Matrix");
    assert_eq!(last_match(&guest).await["name"], "Матрица", "each reader is told in their language");

    let queue = host.room(&code).await["queue"].clone();
    let holidays = queue[0]["id"].as_str().unwrap();
    for phone in [&host, &guest] {
        phone.likes(&code, holidays).await;
    }
    eventually("the newer match is told", async || last_match(&guest).await["name"] == "Our holidays").await;
    assert_eq!(last_match(&guest).await["kind"], "text");

    guest.does(&code, json!({ "type": "leave" })).await;
    let members = async || host.get("/api/rooms").await.ok()[0]["members"].clone();
    eventually("who left is listed no more", async || members().await == json!([ben])).await;
    assert_eq!(last_match(&host).await["name"], "Our holidays", "the room has had its matches");
    assert_eq!(guest.get("/api/rooms").await.ok(), json!([]));
}

#[tokio::test]
async fn a_stranger_sees_a_preview_and_joins_to_see_the_room() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create_with(json!({ "name": "Friday" })).await;
    assert_eq!(
        guest.room(&code).await,
        json!({ "code": code, "name": "Friday", "phase": "lobby", "host_name": "Person 1", "members": 1,
            "access": { "listed": false, "password": false, "capacity": 100, "control": "everyone" },
            "invite_url": format!("https://t.me/sovpalo_bot/app?startapp={code}") })
    );
    let joined = guest.join(&code).await.ok();
    assert_eq!(joined["members"].as_array().unwrap().len(), 2);
    let again = guest.join(&code).await.ok();
    assert_eq!(again["seq"], joined["seq"], "joining twice is joining once");
    assert_eq!(guest.room(&code).await, again);
}

#[tokio::test]
async fn a_code_may_be_typed_as_people_type() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    let typed: String = code
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    assert_eq!(guest.join(&typed).await.ok()["code"], code.as_str());
}

#[tokio::test]
async fn a_code_that_names_no_room_is_not_found() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for code in [
        "00000000",
        "short",
        "muchtoolong",
        "%00%00%00%00",
        "%ff%fe",
        "'%20OR%201=1",
        "%F0%9F%8E%AC",
        "..%2f..%2fetc",
    ] {
        phone.get(&format!("/api/rooms/{code}")).await.refuses(404, "room_not_found");
        phone.join(code).await.refuses(404, "room_not_found");
        phone.command(code, json!({ "type": "start" })).await.refuses(404, "room_not_found");
        phone
            .post(&format!("/api/rooms/{code}/selections"), json!({ "titles": [] }))
            .await
            .refuses(404, "room_not_found");
        assert_eq!(phone.refused_room(code).await, "room_not_found");
    }
}

#[tokio::test]
async fn a_full_room_takes_nobody_more() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create().await;
    let joins = (2..=100).map(|n| app.open(Launch::of(n).through(&code)));
    let joined = join_all(joins).await;
    assert!(joined.iter().all(|phone| !phone.room.is_null()), "somebody did not get in");
    let late = app.open(Launch::of(101).through(&code)).await;
    assert!(late.room.is_null(), "the 101st got in");
    late.join(&code).await.refuses(409, "room_full");
}

#[tokio::test]
async fn whoever_was_removed_may_not_come_back() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    host.does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.join(&code).await.refuses(403, "not_a_member");
    assert_eq!(guest.room(&code).await["host_name"], "Person 1", "the removed see what strangers see");
}

#[tokio::test]
async fn everybody_is_told_with_their_role_and_the_hosts_moves_on_with_the_room() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    let members = host.room(&code).await["members"].clone();
    assert_eq!((&members[0]["role"], &members[1]["role"]), (&json!("host"), &json!("participant")));
    host.does(&code, json!({ "type": "leave" })).await;
    let room = guest.room(&code).await;
    assert_eq!((&room["host"], &room["members"][0]["role"]), (&json!(2), &json!("host")));
    host.join(&code).await.ok();
    let members = guest.room(&code).await["members"].clone();
    let role_of =
        |id: i64| members.as_array().unwrap().iter().find(|m| m["id"] == id).unwrap()["role"].clone();
    assert_eq!(
        (role_of(1), role_of(2)),
        (json!("participant"), json!("host")),
        "who left comes back as a guest"
    );
}

#[tokio::test]
async fn whoever_left_comes_back_to_their_picks() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    guest.select(&code, &["c1", "c2"]).await;
    let left = guest.does(&code, json!({ "type": "leave" })).await;
    assert!(left["room"].is_null());
    guest.command(&code, json!({ "type": "ready", "ready": true })).await.refuses(403, "not_a_member");
    let back = guest.join(&code).await.ok();
    assert_eq!(back["my_picks"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn names_are_shown_as_one_harmless_line() {
    let app = TestApp::start().await;
    let code = app.phone(1).await.create().await;
    for (number, said, shown) in [
        (2, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (3, "\u{202E}evil\n\tname\0", "evil name"),
        (4, "\u{200B}", "Somebody"),
        (6, "\u{2800}\u{E0041}", "Somebody"),
    ] {
        let session = app.sign_in(&Launch::of(number).saying("first_name", said).through(&code)).await.ok();
        assert_eq!(session["room"]["members"].as_array().unwrap().last().unwrap()["name"], shown);
    }
    let long = app.sign_in(&Launch::of(5).saying("first_name", "я".repeat(64)).through(&code)).await.ok();
    assert_eq!(long["room"]["members"][5]["name"], "я".repeat(64));
    let hidden = Launch::of(7).saying("first_name", "\u{3164}").saying("last_name", "Berg").through(&code);
    let hidden = app.sign_in(&hidden).await.ok();
    assert_eq!(hidden["room"]["members"][6]["name"], "Berg", "what can be seen of a person comes first");
    let russian = Launch::of(8).saying("language_code", "ru").through(&code);
    let russian = app.sign_in(&russian).await.ok();
    assert_eq!(
        russian["room"]["members"][3]["name"], "Кто-то",
        "each reader has a stand-in of their language"
    );
}

/// Asks for a room under a key.
async fn keyed(phone: &Phone, key: &str, body: Value) -> Answer {
    let request = phone.request(Method::POST, "/api/rooms").header("idempotency-key", key);
    Answer::read(request.json(&body)).await
}

#[tokio::test]
async fn asking_again_with_the_same_key_is_the_same_room_on_every_node_for_a_day() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let first = keyed(&host, "tap-1", json!({ "name": "Friday" })).await;
    assert_eq!(first.status, 201);
    let code = first.body["code"].clone();
    for node in [&app, &two] {
        let again = keyed(&host.on(node), "tap-1", json!({ "name": "Friday" })).await;
        assert_eq!((again.status, &again.body["code"]), (201, &code));
        assert_eq!(again.header("location"), first.header("location"));
        app.stores.hot_loses_its_memory().await;
    }
    assert_ne!(keyed(&host, "tap-2", json!({ "name": "Friday" })).await.ok()["code"], code);
    assert_ne!(keyed(&guest, "tap-1", json!({ "name": "Friday" })).await.ok()["code"], code, "another's");
    assert_eq!(host.get("/api/rooms").await.ok().as_array().unwrap().len(), 2);

    app.clock.advance(Duration::from_secs(24 * 3600 - 1));
    let host = app.open(Launch::of(1).at(24 * 3600 - 1)).await;
    assert_eq!(keyed(&host, "tap-1", json!({ "name": "Friday" })).await.ok()["code"], code);
    app.clock.advance(Duration::from_secs(1));
    let next_day = keyed(&host, "tap-1", json!({ "name": "Saturday" })).await.ok()["code"].clone();
    assert_ne!(next_day, code, "a key is kept for a day");
    assert_eq!(keyed(&host, "tap-1", json!({ "name": "Saturday" })).await.ok()["code"], next_day);
}

#[tokio::test]
async fn many_requests_with_one_key_at_the_same_moment_make_one_room() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let host = app.phone(1).await;
    let elsewhere = host.on(&two);
    let asked = (0..8).map(|n| keyed(if n % 2 == 0 { &host } else { &elsewhere }, "one", json!({})));
    let answers = join_all(asked).await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body["code"]), (201, &answers[0].body["code"]), "{}", answer.text);
    }
    assert_eq!(host.get("/api/rooms").await.ok().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_is_refused() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    keyed(&host, "key", json!({ "name": "Friday", "picks_per_member": 3 })).await.ok();
    keyed(&host, "key", json!({ "picks_per_member": 3, "name": "Friday", "deck": null })).await.ok();
    for other in
        [json!({}), json!({ "name": "Saturday", "picks_per_member": 3 }), json!({ "name": "Friday" })]
    {
        keyed(&host, "key", other).await.refuses(422, "invalid");
    }
}

#[tokio::test]
async fn a_key_is_short_and_visible_or_refused() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let longest = "k".repeat(64);
    for good in ["1", "0b5f2c1e-7d1c-4b0e-9a55-1f6b1f0f6a10", "~!@#$%^&*()", &longest] {
        keyed(&host, good, json!({})).await.ok();
    }
    let longer = "k".repeat(65);
    for bad in ["", "two words", "\t", "ключ", &longer] {
        keyed(&host, bad, json!({})).await.refuses(422, "invalid");
    }
    let twice = host.request(Method::POST, "/api/rooms").header("idempotency-key", "a");
    Answer::read(twice.header("idempotency-key", "b").json(&json!({}))).await.refuses(422, "invalid");
}

#[tokio::test]
async fn asking_again_does_not_count_against_the_rooms_of_an_hour() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let host = app.phone(1).await;
    for n in 0..10 {
        for _ in 0..3 {
            keyed(&host, &format!("key-{n}"), json!({})).await.ok();
        }
    }
    keyed(&host, "key-10", json!({})).await.refuses(429, "too_many");
    keyed(&host, "key-9", json!({})).await.ok();
}

#[tokio::test]
async fn a_room_that_was_left_is_not_entered_again_by_its_key() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = keyed(&host, "key", json!({})).await.ok()["code"].as_str().unwrap().to_owned();
    host.does(&code, json!({ "type": "leave" })).await;
    keyed(&host, "key", json!({})).await.refuses(403, "not_a_member");
}
