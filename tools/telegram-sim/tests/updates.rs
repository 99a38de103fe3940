//! The bot hears what Telegram would let it hear, once, by polling or by webhook.

mod support;

use std::time::Duration;

use axum::{Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use serde_json::{Value, json};
use support::{ANNA, BEN, GROUP, Sim};
use tokio::sync::mpsc;

fn texts(updates: &[Value]) -> Vec<&str> {
    updates.iter().filter_map(|update| update["message"]["text"].as_str()).collect()
}

#[tokio::test]
async fn in_a_group_the_bot_hears_only_what_is_meant_for_it() {
    let sim = Sim::start().await;
    let card = sim.ok("sendMessage", json!({"chat_id": GROUP, "text": "card"})).await;
    for text in ["hello", "/new", "/new@sovpalo_bot", "/new@other_bot", "hey @sovpalo_bot"] {
        sim.say(GROUP, ANNA, text).await;
    }
    let reply = json!({"user": BEN, "text": "a reply", "reply_to": card["message_id"]});
    sim.post(&format!("/chats/{GROUP}/messages"), reply).await;
    let received = sim.updates().await;
    assert_eq!(texts(&received), ["/new", "/new@sovpalo_bot", "hey @sovpalo_bot", "a reply"]);
    sim.say(BEN, BEN, "anything in private").await;
    assert_eq!(texts(&sim.updates().await), ["anything in private"]);
}

#[tokio::test]
async fn an_update_comes_again_until_it_is_confirmed() {
    let sim = Sim::start().await;
    sim.say(ANNA, ANNA, "one").await;
    sim.say(ANNA, ANNA, "two").await;
    let first = sim.ok("getUpdates", json!({"limit": 1})).await;
    let again = sim.ok("getUpdates", json!({"limit": 1})).await;
    assert_eq!(first, again, "nothing was confirmed");
    let next = first[0]["update_id"].as_i64().expect("an id") + 1;
    let rest = sim.ok("getUpdates", json!({"offset": next})).await;
    assert_eq!(texts(rest.as_array().expect("a list")), ["two"]);
}

#[tokio::test]
async fn a_long_poll_ends_as_soon_as_there_is_something() {
    let sim = Sim::start().await;
    let poll = sim.ok("getUpdates", json!({"timeout": 30}));
    let say = async {
        // The message may come before the poll does: either way the poll must bring it.
        sim.say(ANNA, ANNA, "now").await;
    };
    let (found, ()) = tokio::time::timeout(Duration::from_secs(10), async { tokio::join!(poll, say) })
        .await
        .expect("the poll ends long before its thirty seconds");
    assert_eq!(texts(found.as_array().expect("a list")), ["now"]);
}

#[tokio::test]
async fn a_second_poller_ends_the_first_and_a_webhook_ends_both() {
    let sim = Sim::start().await;
    let (first, second) = tokio::join!(sim.bot("getUpdates", json!({"timeout": 20})), async {
        // Whichever of the two polls comes later wins; saying something frees the winner.
        let answer = tokio::join!(sim.bot("getUpdates", json!({"timeout": 20})), async {
            let log = sim.get("/requests?method=getUpdates&wait=10").await;
            sim.say(ANNA, ANNA, "go on").await;
            log
        });
        answer.0
    });
    let codes = [&first, &second].map(|answer| answer["error_code"].as_i64());
    assert!(codes.contains(&Some(409)), "one of two pollers is refused: {first} {second}");
    assert!(codes.contains(&None), "and the other one works: {first} {second}");
    sim.ok("setWebhook", json!({"url": "http://127.0.0.1:9/hook"})).await;
    let (code, text) = sim.refused("getUpdates", json!({})).await;
    assert_eq!(code, 409);
    assert!(text.starts_with("Conflict: can't use getUpdates method while webhook is active"), "{text}");
}

#[tokio::test]
async fn allowed_updates_leave_out_what_was_not_asked_for() {
    let sim = Sim::start().await;
    sim.ok("getUpdates", json!({"allowed_updates": ["callback_query"]})).await;
    sim.say(ANNA, ANNA, "not for you").await;
    assert!(sim.updates().await.is_empty());
    sim.ok("getUpdates", json!({"allowed_updates": []})).await;
    sim.say(ANNA, ANNA, "for you").await;
    assert_eq!(texts(&sim.updates().await), ["for you"]);
}

type Hook = (mpsc::UnboundedSender<(Option<String>, Value)>, mpsc::UnboundedSender<()>);

#[tokio::test]
async fn a_webhook_is_posted_with_its_secret_and_again_until_it_is_accepted() {
    let sim = Sim::start().await;
    let (sent, mut received) = mpsc::unbounded_channel();
    let (refused, mut refusals) = mpsc::unbounded_channel();
    let hook = Router::new()
        .route(
            "/hook",
            post(|State((sent, refused)): State<Hook>, headers: HeaderMap, body: String| async move {
                // The first delivery fails.
                if refused.send(()).is_ok() {
                    return StatusCode::SERVICE_UNAVAILABLE;
                }
                let secret = headers
                    .get("X-Telegram-Bot-Api-Secret-Token")
                    .and_then(|secret| secret.to_str().ok().map(str::to_owned));
                let update = serde_json::from_str(&body).expect("an update is JSON");
                sent.send((secret, update)).expect("the test listens");
                StatusCode::OK
            }),
        )
        .with_state((sent, refused));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, hook).await });
    sim.ok("setWebhook", json!({"url": url, "secret_token": "s3cret_-"})).await;
    sim.say(ANNA, ANNA, "one").await;
    sim.say(ANNA, ANNA, "two").await;
    refusals.recv().await.expect("a first delivery");
    drop(refusals);
    let mut updates = Vec::new();
    for _ in 0..2 {
        let next = tokio::time::timeout(Duration::from_secs(20), received.recv()).await;
        let (secret, update) = next.expect("it is delivered again").expect("the hook lives");
        assert_eq!(secret.as_deref(), Some("s3cret_-"));
        updates.push(update);
    }
    assert_eq!(texts(&updates), ["one", "two"], "in order, each once");
    let info = sim.ok("getWebhookInfo", json!({})).await;
    assert_eq!(info["url"], json!(url));
    assert!(info["last_error_message"].is_string(), "the refusal is remembered: {info}");
}

#[tokio::test]
async fn a_tap_asks_the_bot_and_shows_its_answer_once() {
    let sim = Sim::start().await;
    let markup = json!({"inline_keyboard": [[{"text": "Join", "callback_data": "join:1"}]]});
    let card = sim.ok("sendMessage", json!({"chat_id": GROUP, "text": "card", "reply_markup": markup})).await;
    let path = format!("/chats/{GROUP}/messages/{}/tap", card["message_id"]);
    let tap = sim.post(&path, json!({"user": BEN, "button": "Join"}));
    let bot = async {
        let updates = sim.ok("getUpdates", json!({"timeout": 10})).await;
        let query = updates[0]["callback_query"].clone();
        let answer = json!({"callback_query_id": query["id"], "text": "You are in"});
        sim.ok("answerCallbackQuery", answer.clone()).await;
        let (code, _) = sim.refused("answerCallbackQuery", answer).await;
        assert_eq!(code, 400, "a query is answered once");
        query
    };
    let (tapped, query) = tokio::join!(tap, bot);
    assert_eq!(query["data"], json!("join:1"));
    assert_eq!(query["from"]["id"], json!(BEN));
    assert_eq!(query["message"]["message_id"], card["message_id"]);
    assert_eq!(tapped["answer"]["text"], json!("You are in"), "{tapped}");
}

#[tokio::test]
async fn an_inline_result_is_sent_via_the_bot_where_the_bot_is_no_member_and_can_be_edited() {
    let sim = Sim::start().await;
    let chat = sim.post("/chats", json!({"title": "Two", "members": [ANNA, BEN], "bot": false})).await;
    let ask = sim.post("/inline", json!({"user": ANNA, "chat": chat["id"], "query": "new"}));
    let bot = async {
        let updates = sim.ok("getUpdates", json!({"timeout": 10})).await;
        let query = &updates[0]["inline_query"];
        assert_eq!(query["query"], json!("new"));
        let next = updates[0]["update_id"].as_i64().expect("an id") + 1;
        let result = json!({
            "type": "article", "id": "room", "title": "New room",
            "input_message_content": {"message_text": "Movie night"},
            "reply_markup": {"inline_keyboard": [[{"text": "Join", "url": "https://t.me/sovpalo_bot/app?startapp=A"}]]},
        });
        let mut bad = result.clone();
        bad["reply_markup"] =
            json!({"inline_keyboard": [[{"text": "J", "web_app": {"url": "https://a.b/"}}]]});
        let (_, why) =
            sim.refused("answerInlineQuery", json!({"inline_query_id": query["id"], "results": [bad]})).await;
        assert_eq!(why, "Bad Request: BUTTON_TYPE_INVALID");
        sim.ok("answerInlineQuery", json!({"inline_query_id": query["id"], "results": [result]})).await;
        next
    };
    let (offered, next) = tokio::join!(ask, bot);
    assert_eq!(offered["results"][0]["title"], json!("New room"), "{offered}");
    let query = offered["query_id"].as_str().expect("an id");
    let message = sim.post(&format!("/inline/{query}/choose"), json!({"result": "room"})).await;
    assert_eq!(message["via_bot"]["username"], json!("sovpalo_bot"), "{message}");
    let updates = sim.ok("getUpdates", json!({"offset": next})).await;
    assert_eq!(updates.as_array().map(Vec::len), Some(1), "only the choice: {updates}");
    let id = &updates[0]["chosen_inline_result"]["inline_message_id"];
    assert_eq!(id, &message["inline_message_id"]);
    sim.ok("editMessageText", json!({"inline_message_id": id, "text": "Started"})).await;
    let path = format!("/chats/{}/messages?since={}", chat["id"], message["revision"]);
    let changed = sim.get(&path).await;
    assert_eq!(changed["messages"][0]["text"], json!("Started"));
}
