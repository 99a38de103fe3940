//! What Telegram refuses is refused, in Telegram's words.

mod support;

use serde_json::{Value, json};
use support::{ANNA, BEN, GROUP, Sim, TOKEN};
use telegram_sim::Config;

fn keyboard(button: &Value) -> Value {
    json!({"inline_keyboard": [[button]]})
}

#[tokio::test]
async fn every_refused_call_names_its_reason_as_telegram_does() {
    let sim = Sim::start().await;
    sim.say(ANNA, ANNA, "/start").await;
    sim.ok("sendMessage", json!({"chat_id": GROUP, "text": "a card"})).await;
    sim.say(GROUP, ANNA, "somebody's own").await;
    let long = "я".repeat(4097);
    let caption = "я".repeat(1025);
    let data = "d".repeat(65);
    let photo = "https://example.com/poster.jpg";
    let cases = [
        ("sendMessage", json!({"text": "x"}), 400, "Bad Request: chat_id is empty"),
        ("sendMessage", json!({"chat_id": GROUP}), 400, "Bad Request: message text is empty"),
        ("sendMessage", json!({"chat_id": GROUP, "text": " \n "}), 400, "Bad Request: message text is empty"),
        ("sendMessage", json!({"chat_id": GROUP, "text": long}), 400, "Bad Request: message is too long"),
        ("sendMessage", json!({"chat_id": 1, "text": "x"}), 400, "Bad Request: chat not found"),
        ("sendMessage", json!({"chat_id": "@nobody", "text": "x"}), 400, "Bad Request: chat not found"),
        (
            "sendMessage",
            json!({"chat_id": [], "text": "x"}),
            400,
            "Bad Request: parameter \"chat_id\" must be an Integer or a String",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": {"a": 1}}),
            400,
            "Bad Request: parameter \"text\" must be a String",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "disable_notification": "perhaps"}),
            400,
            "Bad Request: parameter \"disable_notification\" must be a Boolean",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "parse_mode": "BBCode"}),
            400,
            "Bad Request: unsupported parse_mode",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "message_thread_id": 9}),
            400,
            "Bad Request: message thread not found",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_parameters": {"message_id": 99}}),
            400,
            "Bad Request: message to be replied not found",
        ),
        (
            "sendMessage",
            json!({"chat_id": BEN, "text": "x"}),
            403,
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_markup": keyboard(&json!({"text": "b", "web_app": {"url": "https://a.example/"}}))}),
            400,
            "Bad Request: BUTTON_TYPE_INVALID",
        ),
        (
            "sendMessage",
            json!({"chat_id": ANNA, "text": "x", "reply_markup": keyboard(&json!({"text": "b", "web_app": {"url": "http://a.example/"}}))}),
            400,
            "Bad Request: inline keyboard button Web App URL 'http://a.example/' is invalid: Only HTTPS links are allowed",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_markup": keyboard(&json!({"text": "b", "callback_data": data}))}),
            400,
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_markup": keyboard(&json!({"text": "b"}))}),
            400,
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_markup": keyboard(&json!({"text": "b", "url": "localhost"}))}),
            400,
            "Bad Request: inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        (
            "sendMessage",
            json!({"chat_id": GROUP, "text": "x", "reply_markup": {"keys": []}}),
            400,
            "Bad Request: object expected as reply markup",
        ),
        ("sendPhoto", json!({"chat_id": GROUP}), 400, "Bad Request: there is no photo in the request"),
        (
            "sendPhoto",
            json!({"chat_id": GROUP, "photo": "nonsense"}),
            400,
            "Bad Request: wrong file identifier/HTTP URL specified",
        ),
        (
            "sendPhoto",
            json!({"chat_id": GROUP, "photo": photo, "caption": caption}),
            400,
            "Bad Request: message caption is too long",
        ),
        ("editMessageText", json!({"text": "x"}), 400, "Bad Request: message identifier is not specified"),
        (
            "editMessageText",
            json!({"chat_id": GROUP, "message_id": 99, "text": "x"}),
            400,
            "Bad Request: message to edit not found",
        ),
        (
            "editMessageText",
            json!({"chat_id": GROUP, "message_id": 2, "text": "x"}),
            400,
            "Bad Request: message can't be edited",
        ),
        (
            "editMessageText",
            json!({"chat_id": GROUP, "message_id": 1, "text": long}),
            400,
            "Bad Request: MESSAGE_TOO_LONG",
        ),
        (
            "editMessageText",
            json!({"inline_message_id": "none", "text": "x"}),
            400,
            "Bad Request: MESSAGE_ID_INVALID",
        ),
        (
            "editMessageCaption",
            json!({"chat_id": GROUP, "message_id": 1, "caption": "x"}),
            400,
            "Bad Request: there is no caption in the message to edit",
        ),
        (
            "deleteMessage",
            json!({"chat_id": GROUP, "message_id": 99}),
            400,
            "Bad Request: message to delete not found",
        ),
        (
            "deleteMessage",
            json!({"chat_id": GROUP, "message_id": 2}),
            400,
            "Bad Request: message can't be deleted",
        ),
        (
            "pinChatMessage",
            json!({"chat_id": GROUP, "message_id": 1}),
            400,
            "Bad Request: not enough rights to manage pinned messages in the chat",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1"}),
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1", "text": "я".repeat(201)}),
            400,
            "Bad Request: MESSAGE_TOO_LONG",
        ),
        (
            "answerInlineQuery",
            json!({"inline_query_id": "1", "results": []}),
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "setMyCommands",
            json!({"commands": [{"command": "New", "description": "x"}]}),
            400,
            "Bad Request: BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            json!({"commands": [{"command": "new", "description": ""}]}),
            400,
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyDescription",
            json!({"description": "d".repeat(513)}),
            400,
            "Bad Request: BOT_DESCRIPTION_INVALID",
        ),
        (
            "setWebhook",
            json!({"url": "http://example.com/hook"}),
            400,
            "Bad Request: bad webhook: HTTPS url must be provided for webhook",
        ),
        (
            "setWebhook",
            json!({"url": "https://example.com:8080/hook"}),
            400,
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ("getChatMember", json!({"chat_id": GROUP, "user_id": 7}), 400, "Bad Request: user not found"),
        ("banChatMember", json!({"chat_id": GROUP}), 400, "Bad Request: parameter \"user_id\" is required"),
        (
            "banChatMember",
            json!({"chat_id": GROUP, "user_id": ANNA}),
            400,
            "Bad Request: banChatMember is not simulated",
        ),
        ("notAMethod", json!({}), 404, "Not Found: method not found"),
    ];
    for (method, params, code, text) in cases {
        let refusal = sim.refused(method, params.clone()).await;
        assert_eq!(refusal, (code, text.to_owned()), "{method} {params}");
    }
}

#[tokio::test]
async fn bad_markup_is_refused_with_its_place_and_good_markup_becomes_entities_in_utf16() {
    let sim = Sim::start().await;
    let bad = [
        ("HTML", "<b>open", "Can't find end tag corresponding to start tag \"b\""),
        ("HTML", "<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "<marquee>x</marquee>", "Unsupported start tag \"marquee\" at byte offset 0"),
        ("HTML", "1 < 2", "Unclosed start tag at byte offset 2"),
        ("MarkdownV2", "1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "*bold", "Can't find end of Bold entity at byte offset 0"),
        ("Markdown", "_it", "Can't find end of Italic entity at byte offset 0"),
    ];
    for (mode, text, why) in bad {
        let call = json!({"chat_id": GROUP, "text": text, "parse_mode": mode});
        let (code, description) = sim.refused("sendMessage", call).await;
        assert_eq!((code, description), (400, format!("Bad Request: can't parse entities: {why}")));
    }
    // A clapper board is two UTF-16 units.
    let entity =
        |kind: &str, offset: i64, length: i64| json!({"type": kind, "offset": offset, "length": length});
    let good = [
        (
            "HTML",
            "🎬 <b>Кино &amp; <i>чай</i></b>",
            "🎬 Кино & чай",
            vec![entity("bold", 3, 10), entity("italic", 10, 3)],
        ),
        ("MarkdownV2", "🎬 *Кино*\\.", "🎬 Кино.", vec![entity("bold", 3, 4)]),
        (
            "",
            "/new@sovpalo_bot 🎬 @ben_in_berlin",
            "/new@sovpalo_bot 🎬 @ben_in_berlin",
            vec![entity("bot_command", 0, 16), entity("mention", 20, 14)],
        ),
    ];
    for (mode, text, plain, entities) in good {
        let call = json!({"chat_id": GROUP, "text": text, "parse_mode": mode});
        let sent = sim.ok("sendMessage", call).await;
        assert_eq!(sent["text"], json!(plain));
        assert_eq!(sent["entities"], json!(entities), "of {text}");
    }
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_refused_and_one_that_drops_the_keyboard_is_not() {
    let sim = Sim::start().await;
    let card = json!({
        "chat_id": GROUP, "text": "<b>card</b>", "parse_mode": "HTML",
        "reply_markup": keyboard(&json!({"text": "Join", "callback_data": "join"})),
    });
    let id = sim.ok("sendMessage", card.clone()).await["message_id"].clone();
    let mut edit = card;
    edit["message_id"] = id;
    let (code, text) = sim.refused("editMessageText", edit.clone()).await;
    assert_eq!(code, 400);
    assert!(text.starts_with("Bad Request: message is not modified"), "{text}");
    edit.as_object_mut().expect("an object").remove("reply_markup");
    let edited = sim.ok("editMessageText", edit).await;
    assert!(edited.get("reply_markup").is_none(), "the keyboard is gone: {edited}");
}

#[tokio::test]
async fn forbidden_chats_say_why() {
    let sim = Sim::start().await;
    let send = |chat: i64| json!({"chat_id": chat, "text": "x"});
    sim.say(ANNA, ANNA, "/start").await;
    sim.ok("sendMessage", send(ANNA)).await;
    sim.http
        .patch(format!("{}/sim/users/{ANNA}", sim.url))
        .json(&json!({"blocked_bot": true}))
        .send()
        .await
        .expect("it answers");
    let blocked = sim.refused("sendMessage", send(ANNA)).await;
    assert_eq!(blocked, (403, "Forbidden: bot was blocked by the user".to_owned()));
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "kicked"})).await;
    let kicked = sim.refused("sendMessage", send(GROUP)).await;
    assert_eq!(kicked, (403, "Forbidden: bot was kicked from the supergroup chat".to_owned()));
    sim.post(&format!("/chats/{GROUP}/bot"), json!({"standing": "member"})).await;
    sim.ok("leaveChat", json!({"chat_id": GROUP})).await;
    let left = sim.refused("sendMessage", send(GROUP)).await;
    assert_eq!(left, (403, "Forbidden: bot is not a member of the supergroup chat".to_owned()));
}

#[tokio::test]
async fn a_group_that_became_a_supergroup_says_where_it_went() {
    let sim = Sim::start().await;
    let old = sim.post("/chats", json!({"title": "Old", "kind": "group", "members": [ANNA, BEN]})).await;
    let old = old["id"].as_i64().expect("an id");
    let new = sim.post(&format!("/chats/{old}/migrate"), json!({})).await;
    let answer = sim.bot("sendMessage", json!({"chat_id": old, "text": "x"})).await;
    assert_eq!(answer["error_code"], json!(400));
    assert_eq!(answer["parameters"], json!({"migrate_to_chat_id": new["id"]}), "{answer}");
    sim.ok("sendMessage", json!({"chat_id": new["id"], "text": "x"})).await;
}

#[tokio::test]
async fn a_topic_keeps_its_messages() {
    let sim = Sim::start().await;
    let forum = sim.post("/chats", json!({"title": "F", "kind": "forum", "members": [ANNA]})).await;
    let id = forum["id"].as_i64().expect("an id");
    let topic = sim.post(&format!("/chats/{id}/topics"), json!({"name": "Films", "by": ANNA})).await;
    let sent =
        sim.ok("sendMessage", json!({"chat_id": id, "message_thread_id": topic["id"], "text": "x"})).await;
    assert_eq!(sent["message_thread_id"], topic["id"]);
    assert_eq!(sent["is_topic_message"], json!(true));
}

#[tokio::test]
async fn a_burst_passes_and_a_flood_is_told_to_wait() {
    let sim = Sim::with(Config::default()).await;
    let mut refused = None;
    for number in 0..30 {
        let answer = sim.bot("sendMessage", json!({"chat_id": GROUP, "text": format!("{number}")})).await;
        if answer["ok"] == json!(false) {
            refused = Some((number, answer));
            break;
        }
    }
    let (number, answer) = refused.expect("thirty messages at once are too many");
    assert!(number >= 3, "a short burst is allowed, but number {number} was refused");
    assert_eq!(answer["error_code"], json!(429));
    let wait = answer["parameters"]["retry_after"].as_i64().expect("it says how long");
    assert!((1..=60).contains(&wait), "{answer}");
    assert_eq!(answer["description"], json!(format!("Too Many Requests: retry after {wait}")));
}

#[tokio::test]
async fn bodies_may_be_json_forms_multipart_or_a_query() {
    let sim = Sim::start().await;
    let url = format!("{}/bot{TOKEN}/sendMessage", sim.url);
    let group = GROUP.to_string();
    let fields = [("chat_id", group.as_str()), ("text", "hello"), ("disable_notification", "true")];
    let markup = r#"{"inline_keyboard":[[{"text":"b","callback_data":"d"}]]}"#;
    let multipart = fields
        .iter()
        .fold(reqwest::multipart::Form::new(), |form, (key, value)| {
            form.text((*key).to_owned(), (*value).to_owned())
        })
        .text("reply_markup", markup);
    let requests = [
        sim.http.post(&url).form(&fields),
        sim.http.get(&url).query(&fields),
        sim.http.post(&url).multipart(multipart),
    ];
    for request in requests {
        let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(answer["result"]["text"], json!("hello"), "{answer}");
    }
    let wrong = sim.http.post(&url).header("content-type", "application/json").body("{").send().await;
    assert_eq!(wrong.expect("an answer").status(), 400);
}

#[tokio::test]
async fn faults_that_a_test_asks_for_happen_once_and_are_in_the_log() {
    let sim = Sim::start().await;
    sim.post("/faults", json!({"method": "sendMessage", "status": 429, "retry_after": 7})).await;
    sim.post("/faults", json!({"method": "sendMessage", "status": 500, "after": true})).await;
    let send = json!({"chat_id": GROUP, "text": "x"});
    let first = sim.bot("sendMessage", send.clone()).await;
    assert_eq!(first["parameters"]["retry_after"], json!(7));
    let second = sim.bot("sendMessage", send.clone()).await;
    assert_eq!(second["error_code"], json!(500));
    sim.ok("sendMessage", send).await;
    let messages = sim.get(&format!("/chats/{GROUP}/messages")).await;
    let count = messages["messages"].as_array().map(Vec::len);
    assert_eq!(count, Some(2), "the second call was carried out although its answer was lost");
    let log = sim.get("/requests?method=sendMessage").await;
    let statuses: Vec<_> = log.as_array().expect("a list").iter().map(|r| r["status"].clone()).collect();
    assert_eq!(statuses, [json!(429), json!(500), json!(200)]);
}
