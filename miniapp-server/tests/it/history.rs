//! A room that stays: what matched in it, how it was, and what is never dealt there again.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Phone, TestApp, eventually};

/// Two people in a room in which `c1` has matched; the round is over.
async fn matched(app: &TestApp) -> (Phone, Phone, String) {
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    host.select(&code, &["c1", "c2"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    for phone in [&host, &guest] {
        phone.likes(&code, "c1").await;
    }
    host.does(&code, json!({ "type": "finish" })).await;
    eventually("SQL knows the match", async || history(&host, &code).await.len() == 1).await;
    (host, guest, code)
}

async fn history(phone: &Phone, code: &str) -> Vec<Value> {
    let page = phone.get(&format!("/api/rooms/{code}/history")).await.ok();
    page["items"].as_array().unwrap().clone()
}

async fn marks(phone: &Phone, code: &str, change: Value) -> Answer {
    Answer::read(phone.request(Method::PUT, &format!("/api/rooms/{code}/history")).json(&change)).await
}

async fn never(phone: &Phone, code: &str) -> Vec<String> {
    let never = phone.get(&format!("/api/rooms/{code}/never")).await.ok();
    never["items"].as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_match_is_kept_with_what_people_say_of_it() {
    let app = TestApp::start().await;
    let (host, guest, code) = matched(&app).await;
    let past = &history(&guest, &code).await[0];
    assert_eq!((&past["number"], &past["round"], &past["title"]["id"]), (&json!(1), &json!(1), &json!("c1")));
    assert_eq!(past["mark"], json!({ "watched_at": null, "never": false, "faces": [] }));
    let love = json!({ "title": "c1", "face": "love" });
    let first = marks(&host, &code, love.clone()).await.ok();
    assert_eq!(first["faces"], json!([{ "member": 1, "face": "love" }]));
    assert!(first["watched_at"].is_string(), "who says how it was has watched it");
    assert_eq!(marks(&host, &code, love).await.ok(), first, "twice is once");
    marks(&guest, &code, json!({ "title": "c1", "face": "asleep" })).await.ok();
    let changed = marks(&guest, &code, json!({ "title": "c1", "face": "bad" })).await.ok();
    assert_eq!(changed["faces"][1], json!({ "member": 2, "face": "bad" }));
    assert_eq!(history(&host, &code).await[0]["mark"], changed);
    let withdrawn = marks(&guest, &code, json!({ "title": "c1", "face": null })).await.ok();
    assert_eq!(withdrawn["faces"], json!([{ "member": 1, "face": "love" }]));
    guest.delete("/api/me").await;
    assert_eq!(history(&host, &code).await.len(), 1, "the match is the room's");
}

#[tokio::test]
async fn a_round_in_which_nothing_matched_is_kept_with_who_was_there() {
    let app = TestApp::start().await;
    let (host, guest, code) = matched(&app).await;
    host.does(&code, json!({ "type": "restart", "round": 2 })).await;
    host.does(&code, json!({ "type": "start" })).await;
    host.likes(&code, "c1").await;
    host.does(&code, json!({ "type": "finish" })).await;
    let path = format!("/api/rooms/{code}/history");
    let unmatched = async |query: &str| guest.get(&format!("{path}{query}")).await.ok()["unmatched"].clone();
    eventually("SQL knows the round", async || unmatched("").await != json!([])).await;
    let found = unmatched("").await;
    assert_eq!(
        (&found[0]["round"], &found[0]["cards"], &found[0]["members"]),
        (&json!(2), &json!(1), &json!([1]))
    );
    assert_eq!(found.as_array().unwrap().len(), 1, "the first round has a match");
    assert_eq!(unmatched("?before=1").await, json!([]), "it came after that match");
    app.phone(3).await.get(&path).await.refuses(403, "not_a_member");
}

#[tokio::test]
async fn what_is_never_dealt_is_in_no_deck_whoever_picked_it_until_it_is_dealt_again() {
    let app = TestApp::start().await;
    let (host, guest, code) = matched(&app).await;
    assert!(marks(&guest, &code, json!({ "title": "c1", "never": true })).await.ok()["never"] == true);
    assert_eq!(never(&host, &code).await, ["c1"]);
    host.does(&code, json!({ "type": "restart", "round": 2 })).await;
    // The picks are as they were.
    let started = host.does(&code, json!({ "type": "start" })).await;
    assert_eq!(
        (&started["room"]["deck_size"], &started["room"]["queue"][0]["id"]),
        (&json!(1), &json!("c2"))
    );
    host.does(&code, json!({ "type": "finish" })).await;
    host.does(&code, json!({ "type": "restart", "round": 3 })).await;
    marks(&host, &code, json!({ "title": "c2", "never": true })).await.ok();
    host.command(&code, json!({ "type": "start" })).await.refuses(422, "invalid");
    for title in ["c1", "c2"] {
        marks(&host, &code, json!({ "title": title, "never": false })).await.ok();
    }
    assert_eq!(never(&host, &code).await, Vec::<String>::new());
    assert_eq!(host.does(&code, json!({ "type": "start" })).await["room"]["deck_size"], 2);
}

#[tokio::test]
async fn a_socket_deals_without_them_as_well() {
    let app = TestApp::start().await;
    let (host, _, code) = matched(&app).await;
    marks(&host, &code, json!({ "title": "c1", "never": true })).await.ok();
    let mut socket = host.socket(&code).await;
    socket.does(json!({ "type": "restart", "round": 2 })).await;
    socket.does(json!({ "type": "start" })).await;
    assert_eq!(host.room(&code).await["deck_size"], 1);
}

#[tokio::test]
async fn strangers_learn_nothing_and_nonsense_is_refused() {
    let app = TestApp::start().await;
    let (host, guest, code) = matched(&app).await;
    let stranger = app.phone(3).await;
    for path in ["history", "never"] {
        stranger.get(&format!("/api/rooms/{code}/{path}")).await.refuses(403, "not_a_member");
    }
    marks(&stranger, &code, json!({ "title": "c1", "watched": true })).await.refuses(403, "not_a_member");
    guest.does(&code, json!({ "type": "leave" })).await;
    guest.get(&format!("/api/rooms/{code}/history")).await.refuses(403, "not_a_member");
    for nonsense in [
        json!({ "title": "c2", "watched": true }),
        json!({ "title": "c2", "face": "love" }),
        json!({ "title": "no-such-title", "never": true }),
        json!({ "title": "", "never": true }),
        json!({ "title": "c".repeat(5_000), "never": true }),
        json!({ "title": "c1", "face": "grin" }),
        json!({ "watched": true }),
    ] {
        let refused = marks(&host, &code, nonsense.clone()).await;
        assert_eq!(refused.status, 422, "{}: {}", nonsense["title"], refused.text);
    }
    for query in ["limit=0", "limit=51", "limit=x", "before=-1"] {
        host.get(&format!("/api/rooms/{code}/history?{query}")).await.refuses(422, "invalid");
    }
    let before = host.get(&format!("/api/rooms/{code}/history?before=1&limit=1")).await.ok();
    assert_eq!(before, json!({ "items": [], "more": false, "unmatched": [] }));
}
