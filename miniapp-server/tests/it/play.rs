//! A whole evening over HTTP, command by command.

use serde_json::{Value, json};

use crate::harness::{Phone, TestApp};

/// Two people in a room.
async fn pair(app: &TestApp) -> (Phone, Phone, String) {
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    (host, guest, code)
}

fn ids(titles: &Value) -> Vec<&str> {
    titles.as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_evening_ends_with_a_match() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    host.select(&code, &["c1", "c2"]).await;
    guest.select(&code, &["c2", "c3"]).await;
    guest.does(&code, json!({ "type": "ready", "ready": true })).await;
    let started = host.does(&code, json!({ "type": "start" })).await;
    assert_eq!(started["room"]["phase"], "swiping");
    assert_eq!(started["room"]["deck_size"], 3);
    assert_eq!(ids(&started["room"]["queue"])[0], "c2", "what both picked comes first");

    host.likes(&code, "c2").await;
    let matched = guest.likes(&code, "c2").await;
    let found = &matched["room"]["matches"][0];
    assert_eq!(
        (&found["number"], &found["round"], &found["title"]["id"]),
        (&json!(1), &json!(1), &json!("c2"))
    );
    for title in ["c1", "c3"] {
        host.skips(&code, title).await;
        guest.skips(&code, title).await;
    }
    let room = host.room(&code).await;
    assert_eq!(room["phase"], "finished");
    assert_eq!(room["results"][0]["title"]["id"], "c2");
    assert_eq!(room["results"][0]["likes"], 2);
    assert_eq!(room["finalists"], 0, "a round with a match has nothing to decide");
}

#[tokio::test]
async fn every_command_said_twice_changes_nothing() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let twice = async |phone: &Phone, command: Value| {
        let first = phone.does(&code, command.clone()).await;
        let again = phone.does(&code, command.clone()).await;
        assert_eq!(first["room"], again["room"], "{command} twice is not {command} once");
        first["room"].clone()
    };
    let room = twice(
        &host,
        json!({ "type": "configure", "name": "Friday", "picks_per_member": 3, "deck": "soviet-comedies" }),
    )
    .await;
    assert_eq!((&room["name"], &room["deck"]), (&json!("Friday"), &json!("soviet-comedies")));
    let room = twice(&host, json!({ "type": "configure", "deck": null })).await;
    assert_eq!((&room["name"], &room["deck"]), (&json!("Friday"), &Value::Null));
    let room = twice(&guest, json!({ "type": "pick", "title": { "id": "c1" } })).await;
    assert_eq!(ids(&room["my_picks"]), ["c1"]);
    let room = twice(&guest, json!({ "type": "pick", "title": { "text": " Ёлки  2" } })).await;
    assert_eq!(room["my_picks"][1]["name"], "Ёлки 2");
    assert_eq!(room["my_picks"][1]["kind"], "text");
    let typed = room["my_picks"][1]["id"].clone();
    let room = twice(&guest, json!({ "type": "unpick", "title": { "text": "елки 2" } })).await;
    assert_eq!(ids(&room["my_picks"]), ["c1"]);
    let room = twice(&host, json!({ "type": "pick", "title": { "id": typed } })).await;
    assert_eq!(room["my_picks"][0]["name"], "Ёлки 2", "a typed title is named by its id in its room");
    let room = twice(&guest, json!({ "type": "ready", "ready": true })).await;
    assert_eq!(room["members"][1]["ready"], true);
    twice(&host, json!({ "type": "start" })).await;
    let room = twice(&host, json!({ "type": "swipe", "title": "c1", "verdict": "like" })).await;
    assert_eq!(room["my_swipes"], 1);
    let room = twice(&host, json!({ "type": "undo", "title": "c1" })).await;
    assert_eq!(room["my_swipes"], 0);
    let room = twice(&host, json!({ "type": "finish" })).await;
    assert_eq!(room["phase"], "finished");
    let room = twice(&host, json!({ "type": "restart", "round": 2 })).await;
    assert_eq!((&room["phase"], &room["round"]), (&json!("lobby"), &json!(2)));
    twice(&host, json!({ "type": "remove", "member": 2 })).await;
    twice(&host, json!({ "type": "leave" })).await;
}

#[tokio::test]
async fn only_the_host_leads() {
    let app = TestApp::start().await;
    let (_, guest, code) = pair(&app).await;
    for command in [
        json!({ "type": "configure", "name": "Mine" }),
        json!({ "type": "start" }),
        json!({ "type": "finish" }),
        json!({ "type": "restart", "round": 2 }),
        json!({ "type": "remove", "member": 1 }),
    ] {
        guest.command(&code, command).await.refuses(403, "not_host");
    }
}

#[tokio::test]
async fn a_stranger_can_do_nothing() {
    let app = TestApp::start().await;
    let (_, _, code) = pair(&app).await;
    let stranger = app.phone(3).await;
    stranger.command(&code, json!({ "type": "ready", "ready": true })).await.refuses(403, "not_a_member");
    stranger
        .post(&format!("/api/rooms/{code}/selections"), json!({ "titles": [{ "id": "c1" }] }))
        .await
        .refuses(403, "not_a_member");
    assert_eq!(stranger.refused_room(&code).await, "not_a_member");
}

#[tokio::test]
async fn what_does_not_fit_the_phase_is_refused() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let swipe = json!({ "type": "swipe", "title": "c1", "verdict": "like" });
    guest.command(&code, swipe.clone()).await.refuses(409, "wrong_phase");
    host.command(&code, json!({ "type": "start" })).await.refuses(422, "invalid");
    host.select(&code, &["c1"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    guest
        .command(&code, json!({ "type": "pick", "title": { "id": "c2" } }))
        .await
        .refuses(409, "wrong_phase");
    guest
        .command(&code, json!({ "type": "swipe", "title": "c2", "verdict": "like" }))
        .await
        .refuses(422, "invalid");
    host.likes(&code, "c1").await;
    host.command(&code, json!({ "type": "swipe", "title": "c1", "verdict": "skip" }))
        .await
        .refuses(422, "invalid");
}

#[tokio::test]
async fn titles_that_nobody_knows_are_refused_each_by_its_place() {
    let app = TestApp::start().await;
    let (host, _, code) = pair(&app).await;
    let titles =
        json!({ "titles": [{ "id": "c1" }, { "id": "nobody" }, { "text": " " }, { "id": "no id" }] });
    let answer = host.post(&format!("/api/rooms/{code}/selections"), titles).await;
    answer.refuses(422, "invalid");
    let reasons: Vec<_> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["reason"].as_str().unwrap()[..3].to_owned())
        .collect();
    assert_eq!(reasons, ["[1]", "[2]", "[3]"]);
    assert_eq!(host.room(&code).await["my_picks"], json!([]), "a refused selection changed something");
    host.command(&code, json!({ "type": "pick", "title": { "id": "nobody" } })).await.refuses(422, "invalid");
}

#[tokio::test]
async fn a_round_without_a_match_can_be_decided_in_a_final() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    host.select(&code, &["c1", "c2"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    host.likes(&code, "c1").await;
    host.skips(&code, "c2").await;
    guest.skips(&code, "c1").await;
    let room = guest.likes(&code, "c2").await["room"].clone();
    assert_eq!((&room["phase"], &room["finalists"]), (&json!("finished"), &json!(2)));
    let room =
        host.does(&code, json!({ "type": "restart", "round": 2, "final": true })).await["room"].clone();
    assert_eq!(
        (&room["phase"], &room["round"], &room["deck_size"]),
        (&json!("swiping"), &json!(2), &json!(2))
    );
}

#[tokio::test]
async fn nobody_is_ever_told_what_another_thinks() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let mut watching = guest.socket(&code).await;
    host.select(&code, &["c1", "c2"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    watching.until("started").await;
    host.likes(&code, "c1").await;
    let told = watching.event("progress").await;
    assert_eq!(told, json!({ "type": "progress", "member": 1, "swiped": 1 }));
    host.skips(&code, "c2").await;
    assert_eq!(watching.event("progress").await, json!({ "type": "progress", "member": 1, "swiped": 2 }));
    let text = guest.room(&code).await.to_string();
    assert!(!text.contains("like\"") && !text.contains("skip"), "the room tells verdicts: {text}");
}

#[tokio::test]
async fn what_was_to_be_done_by_a_time_that_has_passed_is_not_done() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    host.select(&code, &["c1"]).await;
    let late = app.phone(3).await;
    late.post(&format!("/api/rooms/{code}/join?until=1"), json!({})).await.refuses(503, "unavailable");
    late.command(&code, json!({ "type": "ready", "ready": true })).await.refuses(403, "not_a_member");
    let commands = format!("/api/rooms/{code}/commands");
    host.post(&format!("{commands}?until=1"), json!({ "type": "start" })).await.refuses(503, "unavailable");
    let selections = format!("/api/rooms/{code}/selections?until=1");
    guest.post(&selections, json!({ "titles": [{ "id": "c2" }] })).await.refuses(503, "unavailable");
    let room = guest.room(&code).await;
    assert_eq!((&room["phase"], &room["my_picks"]), (&json!("lobby"), &json!([])));
    host.post(&format!("{commands}?until=soon"), json!({ "type": "start" })).await.refuses(422, "invalid");
    let until = chrono::Utc::now().timestamp_millis() + 60_000;
    let started = host.post(&format!("{commands}?until={until}"), json!({ "type": "start" })).await.ok();
    assert_eq!(started["room"]["phase"], "swiping");
}

#[tokio::test]
async fn whom_the_host_lets_in_again_may_join_again() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let let_in = json!({ "type": "let_in", "member": 2 });
    guest.command(&code, let_in.clone()).await.refuses(403, "not_host");
    let third = app.phone(3).await;
    third.join(&code).await.ok();
    assert_eq!(host.room(&code).await["removed"], json!([]));
    let name = host.room(&code).await["members"][1]["name"].clone();
    host.does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.join(&code).await.refuses(403, "not_a_member");
    assert_eq!(host.room(&code).await["removed"], json!([{ "id": 2, "name": name }]));
    assert_eq!(third.room(&code).await.get("removed"), None, "only who may let them in is told");
    let mut socket = host.socket(&code).await;
    assert_eq!(socket.state()["removed"][0]["id"], 2);
    let ack = socket.does(let_in.clone()).await;
    assert_eq!(ack["event"], json!({ "type": "left", "member": 2, "removed": false }));
    let done = host.does(&code, let_in).await;
    assert_eq!(done["room"]["removed"], json!([]));
    guest.join(&code).await.ok();
}

#[tokio::test]
async fn a_member_gets_the_next_cards_in_advance_and_nobody_else_does() {
    let app = TestApp::start().await;
    let (host, guest, code) = pair(&app).await;
    let path = format!("/api/rooms/{code}/queue");
    assert_eq!(host.get(&path).await.ok()["items"], json!([]), "nothing is swiped yet");
    host.select(&code, &["c1", "c2", "c3"]).await;
    guest.select(&code, &["c4", "c5"]).await;
    let room = host.does(&code, json!({ "type": "start" })).await["room"].clone();
    let ahead = host.get(&path).await.ok();
    assert_eq!((&ahead["epoch"], &ahead["round"]), (&room["epoch"], &room["round"]));
    assert_eq!(ids(&ahead["items"])[..3], ids(&room["queue"]), "they begin as the queue does");
    assert_eq!(ahead["items"][0], room["queue"][0], "and say the same of a title");
    assert_eq!(ids(&ahead["items"]).len(), 5);
    let first = ids(&ahead["items"])[0].to_owned();
    host.skips(&code, &first).await;
    assert!(!ids(&host.get(&path).await.ok()["items"]).contains(&first.as_str()));
    assert_eq!(ids(&guest.get(&path).await.ok()["items"]).len(), 5, "each has their own");
    app.phone(3).await.get(&path).await.refuses(403, "not_a_member");
    app.get(&path).await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn of_a_large_deck_no_more_than_thirty_cards_come_in_advance() {
    let app = TestApp::start().await;
    let host = app.phone(1).await;
    let code = host.create_with(json!({ "picks_per_member": 40 })).await;
    let titles: Vec<String> = (1..=40).map(|n| format!("c{n}")).collect();
    host.select(&code, &titles.iter().map(String::as_str).collect::<Vec<_>>()).await;
    host.does(&code, json!({ "type": "start" })).await;
    let ahead = host.get(&format!("/api/rooms/{code}/queue")).await.ok();
    assert_eq!(ids(&ahead["items"]).len(), 30);
}
