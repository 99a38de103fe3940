//! What somebody has done with others, and what they have earned by it.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_live::rooms::WATCHES_FOR;

use crate::harness::{Phone, PhoneSocket, TestApp, eventually};

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

/// A film in a room with three people, of whom one only keeps the room open.
struct Film {
    app: TestApp,
    host: PhoneSocket,
    guest: PhoneSocket,
    tablet: PhoneSocket,
    lobby: PhoneSocket,
    code: String,
    rev: Value,
}

impl Film {
    /// It is five minutes long.
    const LASTS: f64 = 300.0;
    /// As phones do.
    const SAYS_AGAIN_EVERY: usize = 4;

    async fn is_shown(people: &[Phone; 3], app: TestApp) -> Self {
        let [anna, ben, vera] = people;
        let code = anna.create().await;
        for other in [ben, vera] {
            other.join(&code).await.ok();
        }
        let mut host = anna.connects().await;
        let mut others =
            [ben.connects().await, ben.connects_as("the-guests-tablet").await, vera.connects().await];
        for socket in std::iter::once(&mut host).chain(&mut others) {
            socket.opens(&code).await;
        }
        let media = json!({ "kind": "file", "url": "https://example.com/film.mp4" });
        let shown = host.does(&code, json!({ "type": "show", "media": media })).await;
        let [guest, tablet, lobby] = others;
        Self { app, host, guest, tablet, lobby, code, rev: shown["event"]["screen"]["rev"].clone() }
    }

    async fn does(&mut self, mut command: Value) {
        command["rev"] = self.rev.clone();
        let done = self.host.does(&self.code, command).await;
        self.rev = done["event"]["screen"]["rev"].clone();
    }

    /// Phones say how they are, and the server has read it.
    async fn says(&mut self, state: &str) {
        let signal = json!({
            "type": "playback", "rev": self.rev, "state": state, "position_s": 0.0, "duration_s": Self::LASTS,
        });
        let signal = json!({ "room": self.code, "signal": signal }).to_string();
        for phone in [&mut self.host, &mut self.guest, &mut self.tablet] {
            phone.send_text(&signal).await;
        }
        for phone in [&mut self.host, &mut self.guest, &mut self.tablet, &mut self.lobby] {
            let asked = phone.send(json!({ "clock": true })).await;
            phone.answer(asked).await;
        }
    }

    /// So many times ten seconds pass, in which phones say that they watch.
    async fn is_watched(&mut self, tens: usize) {
        for ten in 0..tens {
            if ten % Self::SAYS_AGAIN_EVERY == 0 {
                self.says("ready").await;
            }
            self.passes(1).await;
        }
    }

    async fn passes(&self, tens: usize) {
        for _ in 0..tens {
            self.app.clock.advance(Duration::from_secs(10));
            self.app.rooms.look_at_screens().await;
        }
    }
}

async fn people(app: &TestApp) -> [Phone; 3] {
    [app.phone(1).await, app.phone(2).await, app.phone(3).await]
}

#[tokio::test]
async fn a_film_counts_while_it_plays_and_is_finished_by_those_who_saw_it_together() {
    let app = TestApp::start().await;
    let people = people(&app).await;
    let mut film = Film::is_shown(&people, app).await;
    film.says("ready").await;
    film.passes(1).await;
    film.does(json!({ "type": "play", "position_s": 0.0 })).await;
    film.is_watched(42).await;

    for phone in &people[..2] {
        let stats = stats(phone).await;
        let seconds = stats["seconds_watched"].as_u64().unwrap();
        assert!((285..=300).contains(&seconds), "five minutes, and not what came before or after: {stats}");
        assert_eq!(stats["films_finished"], 1);
        assert_eq!(ids(&stats), ["end_credits"]);
    }
    let lobby = stats(&people[2]).await;
    assert_eq!(
        (&lobby["seconds_watched"], &lobby["films_finished"]),
        (&json!(0), &json!(0)),
        "an open room is no film"
    );
}

#[tokio::test]
async fn a_film_that_goes_twice_as_fast_is_seen_in_half_of_the_time() {
    let app = TestApp::start().await;
    let people = people(&app).await;
    let mut film = Film::is_shown(&people, app).await;
    film.does(json!({ "type": "rate", "rate": 2.0 })).await;
    film.says("ready").await;
    film.passes(1).await;
    film.does(json!({ "type": "play", "position_s": 0.0 })).await;
    film.is_watched(11).await;
    film.passes(6).await;

    let stats = stats(&people[1]).await;
    let seconds = stats["seconds_watched"].as_u64().unwrap();
    assert!((120..=150).contains(&seconds), "two and a half minutes: {stats}");
    assert_eq!(stats["films_finished"], 1, "{stats}");
}

#[tokio::test]
async fn whose_phone_says_that_it_does_not_watch_or_says_nothing_watches_nothing() {
    let app = TestApp::start().await;
    let people = people(&app).await;
    let mut film = Film::is_shown(&people, app).await;
    film.does(json!({ "type": "play", "position_s": 0.0 })).await;
    film.says("ready").await;
    film.says("blocked").await;
    film.passes(3).await;
    assert_eq!(stats(&people[1]).await["seconds_watched"], 0, "it was closed at once");

    film.says("ready").await;
    film.passes(27).await;
    let seconds = stats(&people[1]).await["seconds_watched"].as_u64().unwrap();
    let most = WATCHES_FOR.as_secs();
    assert!(most < 270, "the phones are silent for longer, and the film goes on");
    assert!((most - 20..=most).contains(&seconds), "until it has been silent for long, not for {seconds} s");
}
