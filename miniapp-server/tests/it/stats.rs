//! What somebody has done with others, and what they have earned by it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Phone, TestApp, eventually};

async fn stats(phone: &Phone) -> Value {
    phone.get("/api/me/stats").await.ok()
}

fn ids(stats: &Value) -> Vec<&str> {
    stats["achievements"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_has_done_nothing_has_numbers_that_are_nought_and_a_stranger_has_none() {
    let app = TestApp::start().await;
    let none = json!({
        "seconds_watched": 0, "films_finished": 0, "rooms_created": 0, "rooms_joined": 0, "messages": 0,
        "swipes": 0, "matches": 0, "achievements": [],
    });
    let phone = app.phone(1).await;
    assert_eq!(stats(&phone).await, none);
    phone.with_token("forged").get("/api/me/stats").await.refuses(401, "unauthenticated");
}

#[tokio::test]
async fn an_evening_counts_for_everybody_in_it_and_its_match_is_an_achievement() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    let titles = host.get("/api/titles?q=matrix&limit=1").await.ok();
    let title = titles["items"][0]["id"].as_str().unwrap();
    host.select(&code, &[title]).await;
    host.does(&code, json!({ "type": "start" })).await;
    let mut socket = guest.connects().await;
    socket.opens(&code).await;
    socket.does(&code, json!({ "type": "say", "key": "k1", "text": "Hello" })).await;
    host.likes(&code, title).await;
    guest.likes(&code, title).await;

    eventually("the match counts", async || stats(&guest).await["matches"] == 1).await;
    let (hosts, guests) = (stats(&host).await, stats(&guest).await);
    assert_eq!((&hosts["rooms_created"], &hosts["rooms_joined"]), (&json!(1), &json!(0)));
    assert_eq!((&guests["rooms_created"], &guests["rooms_joined"]), (&json!(0), &json!(1)));
    assert_eq!((&hosts["messages"], &guests["messages"]), (&json!(0), &json!(1)));
    eventually("the round counts", async || stats(&host).await["swipes"] == 1).await;
    assert_eq!(ids(&guests), ["first_match"]);
    assert!(guests["achievements"][0]["at"].as_str().unwrap().ends_with('Z'), "{guests}");

    guest.delete("/api/me").await;
    let back = app.phone(2).await;
    assert_eq!(stats(&back).await["matches"], 0, "who was erased has nothing left");
}

#[tokio::test]
async fn a_film_counts_while_it_plays_and_is_finished_by_those_who_saw_it_together() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    let mut sockets =
        [host.connects().await, guest.connects().await, guest.connects_as("the-guests-tablet").await];
    for socket in &mut sockets {
        socket.opens(&code).await;
    }
    let [phone, ..] = &mut sockets;
    let media = json!({ "kind": "file", "url": "https://example.com/film.mp4" });
    let shown = phone.does(&code, json!({ "type": "show", "media": media })).await;
    app.rooms.look_at_screens().await;
    app.clock.advance(Duration::from_secs(10));
    app.rooms.look_at_screens().await;
    let rev = &shown["event"]["screen"]["rev"];
    let played = phone.does(&code, json!({ "type": "play", "position_s": 0.0, "rev": rev })).await;
    let rev = &played["event"]["screen"]["rev"];
    let signal = json!({
        "type": "playback", "rev": rev, "state": "ready", "position_s": 0.0, "duration_s": 300.0,
    });
    phone.send_text(&json!({ "room": code, "signal": signal }).to_string()).await;
    phone.does(&code, json!({ "type": "say", "key": "k1", "text": "It begins" })).await;
    for _ in 0..42 {
        app.clock.advance(Duration::from_secs(10));
        app.rooms.look_at_screens().await;
    }

    for phone in [&host, &guest] {
        let stats = stats(phone).await;
        let seconds = stats["seconds_watched"].as_u64().unwrap();
        assert!((285..=300).contains(&seconds), "five minutes, and not what came before or after: {stats}");
        assert_eq!(stats["films_finished"], 1);
        assert_eq!(ids(&stats), ["end_credits"]);
    }
}
