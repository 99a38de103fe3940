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

const COMMANDS: [&str; 13] = [
    "ready",
    "pick",
    "unpick",
    "configure",
    "start",
    "swipe",
    "undo",
    "finish",
    "extend",
    "restart",
    "remove",
    "leave",
    "dance",
];

/// The refusals that a caller with a session can meet by what they say, and their status by the contract.
const REFUSALS: [(&str, u16); 8] = [
    ("init_data_invalid", 401),
    ("refresh_invalid", 401),
    ("not_a_member", 403),
    ("not_host", 403),
    ("room_full", 409),
    ("wrong_phase", 409),
    ("invalid", 422),
    ("too_large", 413),
];

/// It was done, or refused with one of the contract's codes, under its status.
#[track_caller]
fn is_typed(answer: &Answer, what: &str) {
    if matches!(answer.status, 200 | 201 | 204) {
        return;
    }
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {}", answer.text);
    let code = answer.body["code"].as_str().unwrap_or_default();
    assert!(REFUSALS.contains(&(code, answer.status)), "{what}: {} {}", answer.status, answer.text);
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
            "until",
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
        let mut about = |mut frame: Value| {
            frame["room"] = code.clone().into();
            frames.push(frame.to_string());
        };
        about(json!({ "id": value, "type": "start" }));
        about(json!({ "id": 1, "type": value }));
        about(json!({ "id": 1, "type": "swipe", "title": value, "verdict": "like" }));
        about(json!({ "id": 1, "type": "pick", "title": { "text": value } }));
        about(json!({ "id": 1, "type": "remove", "member": value }));
        about(json!({ "id": 1, "type": "configure", "name": value }));
        about(json!({ "id": 1, "type": "edit", "number": value, "text": value }));
        frames.push(json!({ "id": 1, "room": value, "type": "start" }).to_string());
        frames.push(json!({ "id": 1, "open": value }).to_string());
        frames.push(json!({ "id": 1, "open": code, "change": value }).to_string());
        frames.push(json!({ "id": 1, "close": value }).to_string());
        frames.push(json!({ "id": value, "clock": true }).to_string());
    }
    let mut socket = phones[1].socket(&code).await;
    for frame in frames {
        socket.send_text(&frame).await;
        // An answer, or the third one that was none of ours.
        loop {
            match socket.next().await {
                Frame::Said(said) => match said["type"].as_str().unwrap() {
                    "ack" | "refused" | "opened" | "clock" => break,
                    "presence" | "message" | "read" | "unread" => {}
                    _ => panic!("{frame:.80} → {said}"),
                },
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
    let long = "x".repeat(5000);
    let nonsense = [
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
        &long,
    ];
    // Words are looked for, whatever they are, and what is not known is passed over.
    for key in ["q", "unknown"] {
        for value in nonsense {
            let answer = phone.get(&format!("/api/titles?{key}={value}")).await;
            assert_eq!(answer.status, 200, "{key}={value:.40}: {}", answer.text);
        }
    }
    // None of it is a genre or a country.
    for key in ["genre", "country"] {
        for value in nonsense {
            let answer = phone.get(&format!("/api/titles?{key}={value}")).await;
            let (status, code) = if value.is_empty() { (200, None) } else { (422, Some("invalid")) };
            assert_eq!(answer.status, status, "{key}={value:.40}: {}", answer.text);
            assert_eq!(answer.body["code"].as_str(), code, "{key}={value:.40}: {}", answer.text);
        }
    }
    // None of it is a number, a kind or a place that was given out.
    for key in ["kind", "from_year", "to_year", "max_runtime", "limit", "cursor"] {
        for value in nonsense {
            let answer = phone.get(&format!("/api/titles?{key}={value}")).await;
            assert_eq!(answer.status, 422, "{key}={value:.40}: {}", answer.text);
            assert_eq!(answer.body["code"], "invalid", "{key}={value:.40}: {}", answer.text);
        }
    }
    for (query, status) in [
        ("limit=0", 422),
        ("limit=1", 200),
        ("limit=100", 200),
        ("limit=101", 422),
        ("kind=text", 422),
        ("kind=film", 200),
        ("from_year=1990", 200),
        ("from_year=65536", 422),
        ("from_year=2000&to_year=1990", 422),
        ("max_runtime=0", 422),
        ("cursor=p+1", 422),
    ] {
        let answer = phone.get(&format!("/api/titles?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_body_that_is_none_and_a_field_of_another_type_are_invalid() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let code = phone.create().await;
    let (rooms, me) = ((Method::POST, "/api/rooms".to_owned()), (Method::PATCH, "/api/me".to_owned()));
    let picks = (Method::POST, format!("/api/rooms/{code}/selections"));
    let commands = (Method::POST, format!("/api/rooms/{code}/commands"));
    for (method, path) in [&rooms, &me, &picks, &commands] {
        for raw in ["{", "nonsense", "\0", "[1,2", "{\"a\":}", "{}{}", "NaN"] {
            let answer = Answer::read(phone.request(method.clone(), path).body(raw.to_owned())).await;
            answer.refuses(422, "invalid");
        }
    }
    for ((method, path), body) in [
        (&rooms, json!({ "picks_per_member": "five" })),
        (&rooms, json!({ "picks_per_member": -1 })),
        (&rooms, json!({ "picks_per_member": 51 })),
        (&rooms, json!({ "name": 7 })),
        (&rooms, json!({ "name": "\u{2800}" })),
        (&rooms, json!({ "name": "x".repeat(61) })),
        (&rooms, json!({ "rule": { "kind": "at_least", "likes": 0 } })),
        (&rooms, json!({ "goal": { "kind": "matches", "count": 101 } })),
        (&rooms, json!({ "deck": "none of ours" })),
        (&me, json!({ "language": "xx" })),
        (&me, json!({ "notifications": "yes" })),
        (&picks, json!({ "titles": "c1" })),
        (&picks, json!({ "titles": [{ "id": "nobody" }] })),
        (&commands, json!({ "type": "dance" })),
        (&commands, json!({ "type": "ready", "ready": 1 })),
        (&commands, json!({ "type": "remove", "member": "Ben" })),
    ] {
        let answer = Answer::read(phone.request(method.clone(), path).json(&body)).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (422, &json!("invalid")),
            "{path} {body:.80}: {}",
            answer.text
        );
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
