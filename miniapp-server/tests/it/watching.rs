//! People watch something together: what one of them does to the screen, all phones are told alike.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_domain::room::CONTROL_PASSES_AFTER;

use crate::harness::{Kind, Phone, PhoneSocket, START, TestApp, eventually};

const FILM: &str = "https://example.com/film.mp4";
const OTHER: &str = "https://example.com/other.mp4";

/// Two people in a room, who look at it.
struct Pair {
    app: TestApp,
    phones: [Phone; 2],
    code: String,
    host: PhoneSocket,
    guest: PhoneSocket,
}

impl Pair {
    async fn meet() -> Self {
        let app = TestApp::start().await;
        let phones = [app.phone(1).await, app.phone(2).await];
        let code = phones[0].create().await;
        phones[1].join(&code).await.ok();
        let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
        host.opens(&code).await;
        guest.opens(&code).await;
        Self { app, phones, code, host, guest }
    }

    /// The host does something that changes the screen, and both are told the same.
    async fn host_does(&mut self, command: Value) -> Value {
        let ack = self.host.does(&self.code, command.clone()).await;
        assert_eq!(ack["event"]["type"], "screen_changed", "{command} changed nothing: {ack}");
        let told = self.guest.until_event(&self.code, "screen_changed").await;
        assert_eq!(told, ack["event"], "both are told the same of {command}");
        ack["event"]["screen"].clone()
    }

    /// A command that is answered by an ack and changes nothing.
    async fn changes_nothing(&mut self, command: Value) {
        let ack = self.host.does(&self.code, command.clone()).await;
        assert_eq!(ack["event"], Value::Null, "{command} changed something: {ack}");
    }

    async fn refuses(&mut self, mut command: Value) -> String {
        command["room"] = self.code.as_str().into();
        self.host.refuses(command).await
    }

    async fn screen(&self) -> Value {
        self.phones[1].room(&self.code).await["screen"].clone()
    }
}

fn show(url: &str) -> Value {
    json!({ "type": "show", "media": { "kind": "file", "url": url, "title": "Solaris" } })
}

fn enqueue(item: &str, url: &str) -> Value {
    json!({ "type": "enqueue", "item": item, "media": { "kind": "file", "url": url } })
}

#[tokio::test]
async fn both_phones_are_told_the_same_screen_and_begin_at_the_same_moment_ahead() {
    let mut pair = Pair::meet().await;
    assert_eq!(pair.screen().await, Value::Null, "nothing is shown at first");
    let media = json!({ "kind": "file", "url": FILM, "title": "Solaris", "duration_s": null });
    let shown = pair.host_does(show(FILM)).await;
    let first = shown["rev"].as_u64().unwrap();
    let screen = json!({
        "rev": first, "media": media, "item": null, "playing": false, "position_s": 0.0, "rate": 1.0,
        "at": START + 300, "by": 1, "playlist": []
    });
    assert_eq!(shown, screen, "paused at its beginning");
    // The clock of a test stands still, and so does a film that plays.
    let steps = [
        (json!({ "type": "play", "position_s": 0 }), json!([true, 0.0, 1.0])),
        (json!({ "type": "seek", "position_s": 62.5 }), json!([true, 62.5, 1.0])),
        (json!({ "type": "rate", "rate": 1.5 }), json!([true, 62.5, 1.5])),
        (json!({ "type": "pause", "position_s": 63.25 }), json!([false, 63.25, 1.5])),
    ];
    for (n, (command, wanted)) in (1..).zip(steps) {
        let screen = pair.host_does(command.clone()).await;
        let found = json!([screen["playing"], screen["position_s"], screen["rate"]]);
        assert_eq!(found, wanted, "{command}");
        assert_eq!((&screen["rev"], &screen["at"]), (&json!(first + n), &json!(START + 300)), "{command}");
    }
    assert_eq!(pair.host_does(json!({ "type": "show", "media": null })).await, Value::Null);
}

#[tokio::test]
async fn what_is_sent_again_or_was_meant_for_another_screen_rewinds_nobody() {
    let mut pair = Pair::meet().await;
    pair.host_does(show(FILM)).await;
    let played = pair.host_does(json!({ "type": "play", "position_s": 10 })).await;
    let rev = played["rev"].as_u64().unwrap();
    for again in [show(FILM), json!({ "type": "play", "position_s": 0 })] {
        pair.changes_nothing(again).await;
    }
    let seek = json!({ "type": "seek", "position_s": 100, "rev": rev });
    let sought = pair.host_does(seek.clone()).await;
    pair.changes_nothing(seek).await;
    pair.changes_nothing(json!({ "type": "seek", "position_s": 100 })).await;
    for late in [
        json!({ "type": "pause", "position_s": 5, "rev": rev }),
        json!({ "type": "rate", "rate": 2, "rev": rev }),
        json!({ "type": "show", "media": null, "rev": rev }),
        json!({ "type": "play", "position_s": 5, "rev": rev + 100 }),
    ] {
        pair.changes_nothing(late).await;
    }
    assert_eq!(pair.screen().await, sought);
    let now = json!({ "type": "pause", "position_s": 101, "rev": sought["rev"] });
    assert_eq!(pair.host_does(now).await["playing"], false, "what means this screen is done");
}

#[tokio::test]
async fn a_playlist_goes_on_by_one_however_often_next_is_tapped_and_keeps_playing() {
    let mut pair = Pair::meet().await;
    pair.host_does(show(FILM)).await;
    pair.host_does(json!({ "type": "play", "position_s": 0 })).await;
    pair.host_does(enqueue("a", OTHER)).await;
    let screen = pair.host_does(enqueue("b", FILM)).await;
    let items: Vec<&Value> =
        screen["playlist"].as_array().unwrap().iter().map(|next| &next["item"]).collect();
    assert_eq!(items, [&json!("a"), &json!("b")]);
    assert_eq!(screen["playlist"][0]["by"], 1);
    pair.changes_nothing(enqueue("a", OTHER)).await;
    let next = json!({ "type": "next", "after": null });
    let screen = pair.host_does(next.clone()).await;
    let found = json!([screen["media"]["url"], screen["item"], screen["playing"], screen["position_s"]]);
    assert_eq!(found, json!([OTHER, "a", true, 0.0]));
    pair.changes_nothing(next).await;
    pair.changes_nothing(enqueue("a", OTHER)).await;
    let after = json!({ "type": "next", "after": "a" });
    assert_eq!(pair.host_does(after.clone()).await["item"], "b");
    pair.changes_nothing(after).await;
    pair.changes_nothing(json!({ "type": "next", "after": "b" })).await;
    pair.host_does(enqueue("c", OTHER)).await;
    let screen = pair.host_does(json!({ "type": "dequeue", "item": "c" })).await;
    assert_eq!(screen["playlist"], json!([]));
    pair.changes_nothing(json!({ "type": "dequeue", "item": "c" })).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_reason_and_changes_nothing() {
    let mut pair = Pair::meet().await;
    assert_eq!(pair.refuses(json!({ "type": "play", "position_s": 0 })).await, "wrong_phase");
    pair.host_does(show(FILM)).await;
    let media = |kind: &str, url: &str| json!({ "type": "show", "media": { "kind": kind, "url": url } });
    for bad in [
        media("file", "http://example.com/film.mp4"),
        media("file", "https://192.168.0.1/film.mp4"),
        media("file", "https://localhost/film.mp4"),
        media("youtube", FILM),
        media("file", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        media("frame", &format!("https://example.com/{}", "a".repeat(2_048))),
        media("cinema", FILM),
        json!({ "type": "show" }),
        json!({ "type": "play", "position_s": -1 }),
        json!({ "type": "pause", "position_s": 172_801 }),
        json!({ "type": "seek", "position_s": "12" }),
        json!({ "type": "seek", "position_s": null }),
        json!({ "type": "rate", "rate": 0 }),
        json!({ "type": "rate", "rate": 4.5 }),
        enqueue("", OTHER),
        enqueue("with a space", OTHER),
        enqueue("a", "https://10.0.0.1/film.mp4"),
        json!({ "type": "dequeue", "item": "я" }),
    ] {
        assert_eq!(pair.refuses(bad.clone()).await, "invalid", "{bad}");
    }
    assert_eq!(pair.screen().await["media"]["url"], FILM);
}

#[tokio::test]
async fn whoever_comes_late_finds_the_screen_in_the_room_and_whoever_was_removed_does_nothing_to_it() {
    let mut pair = Pair::meet().await;
    pair.host_does(show(FILM)).await;
    let playing = pair.host_does(json!({ "type": "play", "position_s": 3 })).await;
    let late = pair.app.phone(3).await;
    late.join(&pair.code).await.ok();
    let opened = late.connects().await.opens(&pair.code).await;
    assert_eq!(opened["state"]["screen"], playing);
    let guest = pair.guest.does(&pair.code, json!({ "type": "pause", "position_s": 4 })).await;
    assert_eq!(guest["event"]["screen"]["by"], 2, "everybody may, unless the host says otherwise");
    pair.host.does(&pair.code, json!({ "type": "remove", "member": 2 })).await;
    let refused = pair.phones[1].command(&pair.code, json!({ "type": "play", "position_s": 0 })).await;
    refused.refuses(403, "not_a_member");
    let stranger = pair.app.phone(4).await;
    stranger.command(&pair.code, show(OTHER)).await.refuses(403, "not_a_member");
    assert_eq!(pair.phones[0].room(&pair.code).await["screen"]["by"], 2);
}

#[tokio::test]
async fn by_http_it_is_the_same() {
    let mut pair = Pair::meet().await;
    let shown = pair.phones[0].does(&pair.code, show(FILM)).await;
    let told = pair.guest.until_event(&pair.code, "screen_changed").await;
    assert_eq!(told["screen"], shown["room"]["screen"]);
    assert_eq!(shown["room"]["screen"]["at"], START + 300);
    let bad = pair.phones[0].command(&pair.code, json!({ "type": "rate", "rate": 9 })).await;
    bad.refuses(422, "invalid");
    let again = pair.phones[0].does(&pair.code, show(FILM)).await;
    assert_eq!(again["seq"], shown["seq"], "it already is so");
}

#[tokio::test]
async fn a_room_waits_for_its_slowest_phone_and_never_longer_than_four_seconds() {
    let mut pair = Pair::meet().await;
    pair.host_does(show(FILM)).await;
    let mut playing = false;
    for (said, lead) in [(json!(400.0), 800), (json!(60_000), 4_000)] {
        let clock = pair.guest.send(json!({ "clock": true, "rtt_ms": said })).await;
        pair.guest.answer(clock).await;
        eventually("a command waits for the slow phone", async || {
            playing = !playing;
            let kind = if playing { "play" } else { "pause" };
            let screen = pair.host_does(json!({ "type": kind, "position_s": 1 })).await;
            screen["at"] == START + lead
        })
        .await;
        // What it says next is noted again.
        pair.guest = pair.phones[1].connects().await;
        pair.guest.opens(&pair.code).await;
    }
    if crate::STORES == Kind::Production {
        // Redis forgets by its own clock.
        return;
    }
    for (later, lead) in [(59, 4_000), (2, 300)] {
        pair.app.clock.advance(Duration::from_secs(later));
        let now = pair.app.clock.now().millis();
        playing = !playing;
        let kind = if playing { "play" } else { "pause" };
        let screen = pair.host_does(json!({ "type": kind, "position_s": 1 })).await;
        assert_eq!(screen["at"], now + lead, "a minute after it was said it is forgotten, and not before");
    }
}

#[tokio::test]
async fn how_it_goes_on_a_phone_is_told_to_the_others_and_kept_nowhere() {
    let mut pair = Pair::meet().await;
    let shown = pair.host_does(show(FILM)).await;
    let before = pair.phones[0].room(&pair.code).await["seq"].clone();
    let signal = |position: Value| {
        let signal =
            json!({ "type": "playback", "rev": shown["rev"], "state": "buffering", "position_s": position });
        json!({ "room": pair.code, "signal": signal })
    };
    for nowhere in [json!(-1), json!(172_801)] {
        pair.host.send_text(&signal(nowhere).to_string()).await;
    }
    let sent = signal(json!(12.5));
    pair.host.send_text(&sent.to_string()).await;
    let told = pair.guest.frame(&pair.code, "signal").await;
    assert_eq!((&told["from"], &told["signal"]), (&json!(1), &sent["signal"]));
    assert_eq!(pair.phones[0].room(&pair.code).await["seq"], before, "it is in no log");
}

#[tokio::test]
async fn control_passes_to_who_is_there_while_the_host_is_not_and_goes_back() {
    let mut pair = Pair::meet().await;
    pair.host.does(&pair.code, json!({ "type": "configure", "access": { "control": "host" } })).await;
    pair.host_does(show(FILM)).await;
    let Pair { app, phones, code, host, mut guest } = pair;
    let play = |position_s: f64| json!({ "type": "play", "position_s": position_s, "room": code });
    assert_eq!(guest.refuses(play(0.0)).await, "not_allowed");

    drop(host);
    guest.until(|frame| frame["type"] == "presence" && frame["out"] == json!([1])).await;
    let second = Duration::from_secs(1);
    app.clock.advance(CONTROL_PASSES_AFTER.saturating_sub(second));
    app.rooms.look_after().await;
    assert_eq!(guest.refuses(play(0.0)).await, "not_allowed", "it is not two minutes yet");
    app.clock.advance(second);
    app.rooms.look_after().await;
    let lent = guest.until_event(&code, "screen_changed").await;
    assert_eq!(lent["screen"]["lent_to"], 2);
    let playing = guest.does(&code, play(0.0)).await;
    assert_eq!(playing["event"]["screen"]["playing"], true);

    let mut host = phones[0].connects().await;
    host.opens(&code).await;
    let returned = guest.until_event(&code, "screen_changed").await;
    assert_eq!(returned["screen"]["lent_to"], Value::Null, "{returned}");
    assert_eq!(returned["screen"]["playing"], true, "the film goes on");
    let pause = json!({ "type": "pause", "position_s": 1, "room": code });
    assert_eq!(guest.refuses(pause).await, "not_allowed");
}
