//! Whatever comes, the bot answers kindly or not at all, and goes on.

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, code_in, is_bots, text_of};
use serde_json::{Value, json};

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "/new \0",
        "/new <b>",
        "/new </b></b>",
        "/new &lt;&#x0;",
        "/new '; DROP TABLE rooms; --",
        "/new \u{202E}abc",
        "/new 😀😀😀",
        "/new ﷽﷽﷽",
        "/new ${jndi:ldap://x}",
        "/new %s%n{}",
        "/new\u{a0}x",
        "/new\t\n\r x",
        "/start \u{0}",
        "/start ../../etc/passwd",
        "/start -1",
        "/start 9223372036854775808",
        "/start startapp=abc&x=y",
        "/start ١٢٣٤٥٦٧٨",
        "/matches -1",
        "/help me",
        "/START",
        "/nEw",
        "@sovpalo_bot",
        "00000000",
        "ÀÀÀÀ",
    ]
    .map(ToOwned::to_owned)
    .to_vec();
    for long in ["x", "я", "<", "&", "😀", "ي", "\u{301}"] {
        texts.push(format!("/new {}", long.repeat(2_000)));
        texts.push(format!("/start {}", long.repeat(2_000)));
        texts.push(format!("/{}", long.repeat(2_000)));
        texts.push(long.repeat(2_000));
    }
    texts
}

/// A text as an update: the simulator, like Telegram, would not let all of them through.
fn message(text: &str, from: i64) -> Value {
    json!({"message": {
        "message_id": 1_000_000, "date": 1_893_456_000,
        "chat": {"id": from, "type": "private", "first_name": "Anna"},
        "from": {"id": from, "is_bot": false, "first_name": "Anna", "language_code": "en"},
        "text": text,
    }})
}

/// Each text is written by somebody else: what one chat gets in a minute is bounded.
async fn write_all(stage: &Stage, texts: &[String]) -> Vec<i64> {
    let mut people = Vec::new();
    for text in texts {
        let person = stage.post("/sim/users", json!({"first_name": "Anna"})).await["id"].as_i64().unwrap();
        stage.patch(&format!("/sim/users/{person}"), json!({"reachable": true})).await;
        stage.update(message(text, person)).await;
        people.push(person);
    }
    people
}

#[tokio::test]
async fn every_text_in_private_gets_an_answer_that_telegram_takes() {
    let stage = Stage::with(Play { limits: false, ..Play::default() }).await;
    for person in write_all(&stage, &texts()).await {
        stage.until(person, "an answer", |messages| messages.iter().any(is_bots).then_some(())).await;
    }
    for call in stage.calls("sendMessage").await {
        assert_eq!(call["status"], 200, "Telegram refused {call}");
        assert!(call["unknown"].is_null(), "a parameter that Telegram does not know: {call}");
    }
}

#[tokio::test]
async fn rooms_made_of_garbage_have_names_that_can_be_shown() {
    let stage = Stage::with(Play { limits: false, ..Play::default() }).await;
    let names = texts().into_iter().filter(|text| text.starts_with("/new ")).collect::<Vec<_>>();
    for person in write_all(&stage, &names).await {
        let code = stage.until(person, "a card", |messages| messages.iter().find_map(code_in)).await;
        let room = stage.rooms.open(code).await.unwrap();
        let name = room.read(|room| room.settings().name.as_str().to_owned());
        assert!((1..=60).contains(&name.chars().count()) && !name.contains('\0'), "{name:?}");
    }
}

#[tokio::test]
async fn updates_that_are_none_are_passed_over() {
    let stage = Stage::new().await;
    let user = |id: Value| json!({"id": id, "is_bot": false, "first_name": "X"});
    let chat = json!({"id": GROUP, "type": "supergroup", "title": "T"});
    let broken = [
        json!({}),
        json!({"message": null}),
        json!({"message": 7}),
        json!({"message": {"message_id": "x"}}),
        json!({"message": {"message_id": -1, "date": -1, "chat": chat, "text": "/new"}}),
        json!({"message": {"message_id": 1, "date": 0, "chat": chat, "from": user(json!(-5)), "text": "/new"}}),
        json!({"message": {"message_id": 2, "date": 0, "chat": chat, "from": user(json!(0)), "text": "/new"}}),
        json!({"message": {"message_id": 3, "date": 0, "chat": chat, "from": user(json!(u64::MAX)), "text": "/new"}}),
        json!({"message": {"message_id": 4, "date": 0, "chat": {"id": 0, "type": "group"}, "from": user(json!(BEN)), "text": "/new"}}),
        json!({"message": {"message_id": 5, "date": 0, "chat": {"id": "x"}, "from": user(json!(BEN)), "caption": "/new"}}),
        json!({"something_new": {"a": [1, 2, 3]}}),
        json!({"channel_post": {"message_id": 6, "date": 0, "chat": chat, "text": "/new"}}),
        json!({"chosen_inline_result": {"result_id": "\0<>'", "from": user(json!(BEN)), "query": "x", "inline_message_id": "nonsense"}}),
        json!({"chosen_inline_result": {"result_id": "00000000", "from": user(json!(BEN)), "query": ""}}),
        json!({"inline_query": {"id": "0", "from": user(json!(BEN)), "query": "\u{0}", "offset": ""}}),
        json!({"callback_query": {"id": "1", "from": user(json!(BEN)), "chat_instance": "1", "data": "\0"}}),
        json!({"my_chat_member": {"chat": chat}}),
    ];
    for update in broken {
        stage.update(update).await;
    }
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m).is_some()).count();
    assert_eq!(cards, 0, "garbage made a room");
    stage.new_room(ANNA, GROUP, "/new").await;
    stage.inbox_is_emptied().await;
}

#[tokio::test]
async fn people_with_impossible_names_are_greeted_all_the_same() {
    let stage = Stage::new().await;
    for name in ["<b>", "&", "\u{202E}abc", "\u{3164}", "אנה", &"я".repeat(1_000), "a\0b"] {
        let user = stage.post("/sim/users", json!({"first_name": name, "language_code": "en"})).await;
        let answer = stage.answer(user["id"].as_i64().unwrap(), "/start").await;
        assert!(text_of(&answer).starts_with("Hi, "), "{name:?} got {}", text_of(&answer));
    }
}
