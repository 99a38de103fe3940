//! Updates as newer versions of Telegram send them, and messages as people really write them.

use crate::stage::{ANNA, GROUP, PATIENCE, Play, Stage, code_in, is_bots, text_of};
use axum::{Router, body::Bytes, http::Uri, routing::post};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

/// `/new NAME` as an update, with more in its message. 2030: it is never late.
fn new_with(name: &str, number: usize, more: Value) -> Value {
    let mut message = json!({
        "message_id": 90_000 + number, "date": 1_893_456_000,
        "chat": {"id": GROUP, "type": "supergroup", "title": "Film friends"},
        "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
        "text": format!("/new {name}"),
        "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
    });
    let Value::Object(more) = more else { panic!("fields of a message") };
    for (key, value) in more {
        message[key] = value;
    }
    json!({"message": message})
}

#[tokio::test]
async fn a_command_is_obeyed_whatever_new_kind_of_thing_stands_beside_it() {
    let stage = Stage::with(Play { limits: false, ..Play::default() }).await;
    let date_time = json!({"type": "date_time", "offset": 5, "length": 4, "unix_time": 1_893_456_000});
    let origin =
        json!({"type": "user", "date": 1, "sender_user": {"id": 5, "is_bot": false, "first_name": "B"}});
    let strange = [
        ("Entity", json!({"entities": [{"type": "bot_command", "offset": 0, "length": 4}, date_time]})),
        ("Quote", json!({"quote": {"text": "see", "position": 0, "entities": [date_time]}})),
        ("External", json!({"external_reply": {"origin": origin, "live_photo": {}}})),
        ("Origin", json!({"external_reply": {"origin": {"type": "hologram", "date": 1}}})),
        (
            "Reply",
            json!({"reply_to_message": {"message_id": 5, "date": 1, "chat": {"id": GROUP, "type": "commune"}}}),
        ),
        ("Checklist", json!({"reply_to_message": {"message_id": 5, "checklist": {"tasks": [{"id": "x"}]}}})),
        ("Paid", json!({"paid_media": {"star_count": -1, "paid_media": [{"type": "hologram"}]}})),
        ("Gift", json!({"unique_gift": {"gift": {"rarity": "mythic"}}})),
        ("Sticker", json!({"sticker": {"type": "smell", "format": 7}})),
        (
            "Buttons",
            json!({"reply_markup": {"inline_keyboard": [[{"text": "x", "style": 4, "hologram": {}}]]}}),
        ),
        ("Numbers", json!({"message_thread_id": 1.0e300, "paid_star_count": -1, "edit_date": "soon"})),
        ("Nulls", json!({"via_bot": null, "sender_chat": null, "forward_origin": null, "entities": null})),
    ];
    for (number, (name, more)) in strange.into_iter().enumerate() {
        stage.update(new_with(name, number, more)).await;
        stage.message_with(GROUP, name).await;
    }
    stage.inbox_is_emptied().await;
}

#[tokio::test]
async fn an_answer_that_repeats_a_question_of_a_new_kind_is_sent_once() {
    let stage = Stage::new().await;
    let date_time = json!({"type": "date_time", "offset": 6, "length": 6, "unix_time": 1_893_456_000});
    let asked = json!({"user": ANNA, "text": "/help Friday", "entities": [date_time]});
    stage.post(&format!("/sim/chats/{GROUP}/messages"), asked).await;
    stage.message_with(GROUP, "How it works").await;
    stage.inbox_is_emptied().await;
    assert_eq!(
        stage.calls("sendMessage").await.len(),
        1,
        "an answer was sent again since it was repeated back"
    );
}

#[tokio::test]
async fn a_command_below_a_picture_makes_a_card() {
    let stage = Stage::new().await;
    let picture = json!({
        "text": null, "entities": null, "caption": "/new Poster night",
        "caption_entities": [{"type": "bot_command", "offset": 0, "length": 4}],
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
    });
    stage.update(new_with("", 0, picture)).await;
    stage.message_with(GROUP, "Poster night").await;
}

#[tokio::test]
async fn an_album_in_private_is_answered_once() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    for number in 0..5 {
        let message = json!({
            "message_id": 91_000 + number, "date": 1_893_456_000, "media_group_id": "14000",
            "chat": {"id": ANNA, "type": "private", "first_name": "Anna"},
            "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
            "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
        });
        stage.update(json!({"message": message})).await;
    }
    stage.message_with(ANNA, "How it works").await;
    stage.inbox_is_emptied().await;
    let said = stage.messages(ANNA).await.iter().filter(|m| text_of(m).contains("How it works")).count();
    assert_eq!(said, 1, "every picture of the album got an answer of its own");
}

#[tokio::test]
async fn wishes_of_yesterday_make_no_cards_and_are_answered_kindly_once() {
    let stage = Stage::new().await;
    let now = stage.rooms.clock().now().millis() / 1000;
    for number in 0..12 {
        stage.update(new_with("Yesterday", number, json!({"date": now - 20 * 3600}))).await;
    }
    stage.update(new_with("Just now", 20, json!({"date": now - 300}))).await;
    stage.message_with(GROUP, "Just now").await;
    let messages = stage.messages(GROUP).await;
    let late =
        messages.iter().filter(|m| is_bots(m) && text_of(m).contains("write /new or /watch again")).count();
    assert_eq!(late, 1, "twelve late wishes are one answer");
    assert_eq!(messages.iter().filter_map(code_in).count(), 1, "an evening that is over got a card");
}

#[tokio::test]
async fn an_update_that_cannot_be_read_at_all_holds_up_nobody() {
    let stage = Stage::new().await;
    for nonsense in [
        json!({"message": {"chat": "here", "text": "/new"}}),
        json!({"my_chat_member": 7}),
        json!({"message": []}),
    ] {
        stage.update(nonsense).await;
    }
    stage.new_room(ANNA, GROUP, "/new").await;
    stage.inbox_is_emptied().await;
}

#[tokio::test]
async fn whom_the_names_hide_is_somebody_on_the_card() {
    let stage = Stage::new().await;
    for hidden in [
        "\u{2800}",
        "\u{200D}",
        "\u{61C}",
        "\u{FE0F}",
        "\u{34F}",
        "\u{E0041}",
        "\u{3164}",
        "\u{202E}",
        "\u{1D159}",
    ] {
        let user = stage.post("/sim/users", json!({"first_name": hidden, "language_code": "en"})).await;
        let user = user["id"].as_i64().unwrap();
        stage.post(&format!("/sim/chats/{GROUP}/members"), json!({"user": user})).await;
        let (_, card) = stage.new_room(user, GROUP, "/new").await;
        let people = text_of(&card).lines().find(|line| line.starts_with("👥")).unwrap();
        assert!(
            people.chars().filter(|c| c.is_alphanumeric()).count() > 2,
            "{} left a hole: {people:?}",
            hidden.escape_unicode()
        );
    }
}

#[tokio::test]
async fn emoji_before_a_command_are_no_command_and_after_it_belong_to_the_name() {
    let stage = Stage::new().await;
    stage
        .update(new_with(
            "",
            0,
            json!({"text": "🎬 /new Film", "entities": [{"type": "bot_command", "offset": 3, "length": 4}]}),
        ))
        .await;
    let name = "🎬👨‍👩‍👧 «Ночь» <b>&amp; Co<b>";
    stage.update(new_with(name, 1, json!({}))).await;
    stage.message_with(GROUP, name).await;
    assert_eq!(stage.messages(GROUP).await.iter().filter_map(code_in).count(), 1);
}

#[tokio::test]
async fn a_channels_posts_and_those_who_hide_get_no_room() {
    let stage = Stage::new().await;
    let channel = json!({"id": -1009, "type": "channel", "title": "Ch"});
    let telegram = json!({"id": 777_000, "is_bot": false, "first_name": "Telegram"});
    let origin = json!({"type": "channel", "date": 1, "chat": channel, "message_id": 3});
    let linked = json!({"from": telegram, "sender_chat": channel, "is_automatic_forward": true, "forward_origin": origin});
    stage.update(new_with("Linked", 0, linked)).await;
    let bot = json!({"id": 136_817_688, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"});
    stage.update(new_with("As a channel", 1, json!({"from": bot, "sender_chat": channel}))).await;
    let post = new_with("Post", 2, json!({"chat": channel, "sender_chat": channel, "from": null}));
    stage.update(json!({"channel_post": post["message"]})).await;
    stage
        .update(
            json!({"edited_message": new_with("Edited", 3, json!({"edit_date": 1_893_456_000}))["message"]}),
        )
        .await;
    stage.message_with(GROUP, "anonymously").await;
    stage.settled(GROUP).await;
    let messages = stage.messages(GROUP).await;
    assert_eq!(
        messages.iter().filter(|m| is_bots(m)).count(),
        2,
        "more than the hint, and the answer to the question after it"
    );
    assert!(messages.iter().all(|m| code_in(m).is_none()), "a room was made for nobody");
}

#[tokio::test]
async fn a_private_topic_that_is_gone_is_answered_outside_of_it() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    let message = json!({
        "message_id": 91_001, "date": 1_893_456_000, "message_thread_id": 77, "is_topic_message": true,
        "chat": {"id": ANNA, "type": "private", "first_name": "Anna"},
        "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
        "text": "/help",
    });
    stage.update(json!({"message": message})).await;
    stage.message_with(ANNA, "How it works").await;
}

/// A Telegram that has two updates: one that no program reads, nested as deep as it is, and a question. What the bot says goes
/// to `said`.
async fn a_telegram_with_a_spoilt_update(said: mpsc::UnboundedSender<Value>) -> String {
    let deep = format!(r#"{{"update_id":1,"message":{{"x":{}{}}}}}"#, "[".repeat(500), "]".repeat(500));
    let person = json!({"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"});
    let message = json!({
        "message_id": 1, "date": 1_893_456_000, "text": "/help \"update_id\":9",
        "chat": {"id": ANNA, "type": "private"}, "from": person,
    });
    let asked = json!({"update_id": 2, "message": message}).to_string();
    let answer = move |uri: Uri, body: Bytes| {
        let (deep, asked, said) = (deep.clone(), asked.clone(), said.clone());
        async move {
            let wanted: Value = serde_json::from_slice(&body).unwrap_or_default();
            let result = match uri.path().rsplit('/').next().unwrap_or_default() {
                "GetMe" | "getMe" => json!({"id": 7, "username": "sovpalo_bot"}).to_string(),
                "GetUpdates" | "getUpdates" => match (wanted["offset"].as_i64(), wanted["limit"].as_i64()) {
                    (None | Some(1), Some(1)) => format!("[{deep}]"),
                    (None | Some(1), _) => format!("[{deep},{asked}]"),
                    (Some(2), _) => format!("[{asked}]"),
                    _ => std::future::pending().await,
                },
                "SendMessage" | "sendMessage" => {
                    said.send(wanted).unwrap();
                    json!({"message_id": 2}).to_string()
                }
                _ => "true".to_owned(),
            };
            format!(r#"{{"ok":true,"result":{result}}}"#)
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let telegram = Router::new().fallback(post(answer));
    tokio::spawn(async move { axum::serve(listener, telegram).await.unwrap() });
    format!("http://{address}")
}

#[tokio::test]
async fn an_update_that_spoils_the_whole_answer_is_left_out_and_the_next_one_is_answered() {
    let (said, mut hears) = mpsc::unbounded_channel();
    let mut stage = Stage::at(a_telegram_with_a_spoilt_update(said).await).await;
    stage.start_bot().await;
    let answer = timeout(PATIENCE, hears.recv()).await.expect("the question is answered").unwrap();
    assert!(answer["text"].as_str().unwrap().contains("How it works"), "{answer}");
    stage.stop_bot().await;
}
