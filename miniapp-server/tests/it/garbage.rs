//! Nonsense at every door: each time a typed refusal, never an error of ours.

use http::Method;
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Frame, TestApp},
    socket::gathered,
};

/// Values of every wrong kind.
fn nonsense() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("\0"),
        json!("🎬👨‍👩‍👧‍👦"),
        json!("\u{202E}مرحبا\u{200F}"),
        json!("'; DROP TABLE rooms; --"),
        json!("<img src=x onerror=alert(1)>"),
        json!("x".repeat(3000)),
        json!([]),
        json!({}),
        json!([[[[[[[[]]]]]]]]),
        json!({ "kind": "unanimous", "likes": -1 }),
    ]
}

/// Every field that any body has.
const FIELDS: [&str; 19] = [
    "init_data",
    "refresh_token",
    "language",
    "notifications",
    "name",
    "rule",
    "goal",
    "picks_per_member",
    "deck",
    "titles",
    "type",
    "ready",
    "title",
    "verdict",
    "round",
    "final",
    "member",
    "id",
    "unknown",
];

const COMMANDS: [&str; 12] = [
    "ready",
    "pick",
    "unpick",
    "configure",
    "start",
    "swipe",
    "undo",
    "finish",
    "restart",
    "remove",
    "leave",
    "dance",
];

fn is_typed(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.text);
    if answer.status >= 400 {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {}", answer.text);
        assert!(answer.body["code"].is_string(), "{what}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_body_of_every_call_is_judged() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let code = phone.create().await;
    let calls = [
        (Method::POST, "/api/auth/telegram".to_owned()),
        (Method::POST, "/api/auth/refresh".into()),
        (Method::PATCH, "/api/me".into()),
        (Method::POST, "/api/rooms".into()),
        (Method::POST, format!("/api/rooms/{code}/join")),
        (Method::POST, format!("/api/rooms/{code}/selections")),
        (Method::POST, format!("/api/rooms/{code}/commands")),
    ];
    for (method, path) in &calls {
        for raw in
            ["", "{", "nonsense", "\0", "\u{FEFF}{}", "[1,2", "{\"a\":}", "{}{}", "NaN", &"[".repeat(5000)]
        {
            let answer = Answer::read(phone.request(method.clone(), path).body(raw.to_owned())).await;
            is_typed(&answer, &format!("{path} {raw:.40}"));
        }
        let answer = Answer::read(phone.request(method.clone(), path).body(vec![0xFF, 0xFE, 0x00])).await;
        is_typed(&answer, path);
        for value in nonsense() {
            let answer = Answer::read(phone.request(method.clone(), path).json(&value)).await;
            is_typed(&answer, &format!("{path} {value:.80}"));
            for field in FIELDS {
                let answer =
                    Answer::read(phone.request(method.clone(), path).json(&json!({ field: value }))).await;
                is_typed(&answer, &format!("{path} {field}: {value:.80}"));
            }
        }
    }
}

#[tokio::test]
async fn every_field_of_every_command_is_judged() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let mut code = phone.create().await;
    for kind in COMMANDS {
        for field in [
            "ready",
            "title",
            "verdict",
            "name",
            "rule",
            "goal",
            "picks_per_member",
            "deck",
            "round",
            "final",
            "member",
        ] {
            for value in nonsense() {
                let command = json!({ "type": kind, field: value });
                let answer = phone.command(&code, command.clone()).await;
                is_typed(&answer, &format!("{command:.120}"));
                if kind == "leave" {
                    code = phone.create().await;
                }
            }
        }
        for title in nonsense() {
            let command = json!({ "type": kind, "verdict": "like", "title": { "id": title, "text": title } });
            is_typed(&phone.command(&code, command.clone()).await, &format!("{command:.120}"));
        }
    }
}

#[tokio::test]
async fn every_frame_is_judged_and_the_room_goes_on() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut frames = vec![
        String::new(),
        "{".into(),
        "null".into(),
        "[]".into(),
        "\0".into(),
        "🎬".into(),
        "[".repeat(4000),
    ];
    frames.extend(COMMANDS.iter().map(|kind| json!({ "type": kind }).to_string()));
    for value in nonsense() {
        frames.push(json!({ "id": value, "type": "start" }).to_string());
        frames.push(json!({ "id": 1, "type": value }).to_string());
        frames.push(json!({ "id": 1, "type": "swipe", "title": value, "verdict": "like" }).to_string());
        frames.push(json!({ "id": 1, "type": "pick", "title": { "text": value } }).to_string());
        frames.push(json!({ "id": 1, "type": "remove", "member": value }).to_string());
        frames.push(json!({ "id": 1, "type": "configure", "name": value }).to_string());
    }
    let mut socket = phones[1].socket(&code).await;
    for frame in frames {
        socket.send_text(&frame).await;
        // An answer, or the third one that was no command.
        loop {
            match socket.next().await {
                Frame::Said(said) if said["type"] == "presence" => {}
                Frame::Said(said) => {
                    assert!(
                        ["ack", "refused"].contains(&said["type"].as_str().unwrap()),
                        "{frame:.80} → {said}"
                    );
                    break;
                }
                Frame::Closed(closed) => {
                    assert_eq!(closed, 4422, "{frame:.80}");
                    socket = phones[1].socket(&code).await;
                    break;
                }
            }
        }
    }
    assert_eq!(phones[0].room(&code).await["members"].as_array().unwrap().len(), 2);
    phones[0].select(&code, &["c1"]).await;
}

#[tokio::test]
async fn every_query_is_judged() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for key in ["q", "kind", "genre", "from_year", "to_year", "max_runtime", "limit", "cursor", "unknown"] {
        for value in [
            "",
            "%00",
            "-1",
            "1.5",
            "99999999999999999999",
            "%F0%9F%8E%AC",
            "%E2%80%AE",
            "'%20OR%201=1",
            "%ff%fe",
            "%",
            "a&a=b",
            &"x".repeat(5000),
        ] {
            let answer = phone.get(&format!("/api/titles?{key}={value}")).await;
            is_typed(&answer, &format!("{key}={value:.40}"));
        }
    }
}

#[tokio::test]
async fn a_body_over_64_kilobytes_is_too_large() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let body = format!("{{\"name\":\"{}\"}}", "x".repeat(64 * 1024));
    let answer = Answer::read(phone.request(Method::POST, "/api/rooms").body(body)).await;
    answer.refuses(413, "too_large");
    let answer = app.exchange(&"x".repeat(60_000)).await;
    answer.refuses(401, "init_data_invalid");
}
