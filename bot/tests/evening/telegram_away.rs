//! Telegram away, slow and back; what is set once; what a crash leaves.

use std::time::Duration;

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, code_in};
use serde_json::json;
use sovpalo_bot::BotHealth;
use tokio::{net::TcpListener, time::timeout};

#[tokio::test]
async fn without_telegram_the_bot_says_so_and_ends_when_it_is_told() {
    // A port that was free a moment ago, and where nobody listens.
    let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut stage = Stage::at(format!("http://{nowhere}")).await;
    stage.launch_bot();
    let mut health = stage.health.clone();
    let offline = health.wait_for(|health| matches!(health, BotHealth::Offline { .. }));
    let said = timeout(Duration::from_secs(30), offline).await.expect("it says so").unwrap().clone();
    assert!(!said.is_online() && !said.to_string().contains(crate::stage::TOKEN), "{said}");
    assert!(stage.identity.borrow().is_none());
    stage.stop_bot().await;
}

#[tokio::test]
async fn a_telegram_that_comes_back_is_found_again() {
    let mut stage = Stage::without_bot(Play::default()).await;
    stage.fault(json!({"method": "getMe", "status": 401, "description": "Unauthorized"})).await;
    stage.launch_bot();
    let mut health = stage.health.clone();
    let offline = |health: &BotHealth| matches!(health, BotHealth::Offline { .. });
    timeout(Duration::from_secs(30), health.wait_for(offline)).await.expect("it says so").unwrap();
    timeout(Duration::from_secs(30), health.wait_for(BotHealth::is_online))
        .await
        .expect("it recovers")
        .unwrap();
    stage.new_room(ANNA, GROUP, "/new").await;
    let identity = stage.identity.borrow().clone().unwrap();
    assert_eq!(identity.username, "sovpalo_bot");
}

#[tokio::test]
async fn updates_that_an_earlier_process_left_are_handled_once() {
    let mut stage = Stage::without_bot(Play::default()).await;
    let asked = stage.say(ANNA, GROUP, "hm").await;
    let mut message = asked.clone();
    message["text"] = json!("/new Left over");
    let update = json!({"update_id": 1, "message": message});
    let now = stage.rooms.clock().now();
    assert!(stage.db().store_update(1, GROUP, None, &update.to_string(), now).await.unwrap());
    stage.start_bot().await;
    stage.message_with(GROUP, "Left over").await;
    stage.stop_bot().await;
    stage.start_bot().await;
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m).is_some()).count();
    assert_eq!(cards, 1);
    stage.inbox_is_emptied().await;
}

#[tokio::test]
async fn an_answer_waits_for_telegrams_leave() {
    let stage = Stage::new().await;
    stage.fault(json!({"method": "sendMessage", "status": 429, "retry_after": 2})).await;
    stage.answer(BEN, "/help").await;
    let calls = stage.calls("sendMessage").await;
    let (refused, done) = (&calls[0], &calls[1]);
    assert_eq!((&refused["status"], &done["status"]), (&json!(429), &json!(200)));
    let waited = done["at"].as_i64().unwrap() - refused["at"].as_i64().unwrap();
    assert!(calls.len() == 2 && waited >= 2, "it asked {} times, after {waited} s", calls.len());
}

#[tokio::test]
async fn what_telegram_makes_wait_at_the_start_holds_up_nothing_else() {
    let mut stage = Stage::without_bot(Play::default()).await;
    let long = "Too Many Requests: retry after 3600";
    for method in ["setMyDescription", "deleteWebhook"] {
        stage.fault(json!({"method": method, "times": 50, "status": 429, "retry_after": 3600, "description": long})).await;
    }
    stage.fault(json!({"method": "getMyShortDescription", "times": 1, "delay_ms": 10_000})).await;
    stage
        .fault(
            json!({"method": "setMyCommands", "times": 1, "status": 400, "description": "Bad Request: no"}),
        )
        .await;
    stage.start_bot().await;
    stage.call("setChatMenuButton", |call| (call["status"] == 200).then_some(())).await;
    let mut set = 0;
    stage
        .call("setMyCommands", |call| {
            set += usize::from(call["status"] == 200);
            (set == 3).then_some(())
        })
        .await;
    stage.call("setMyShortDescription", |call| (call["status"] == 200).then_some(())).await;
    assert!(stage.calls("setMyDescription").await.len() <= 2, "Telegram said to wait for an hour");
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn a_chat_that_takes_no_texts_gets_none_and_the_next_one_does() {
    let stage = Stage::new().await;
    for description in [
        "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN",
        "Bad Request: CHAT_RESTRICTED",
        "Bad Request: not enough rights to send text messages to the chat",
        "Forbidden: bot was kicked from the supergroup chat",
    ] {
        stage.fault(json!({"method": "sendMessage", "status": 400, "description": description})).await;
        stage.say(ANNA, GROUP, "/new").await;
        stage.faults_are_met().await;
        stage.inbox_is_emptied().await;
    }
    assert!(stage.messages(GROUP).await.iter().all(|m| code_in(m).is_none()));
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn a_late_answer_to_an_inline_query_is_let_go() {
    let stage = Stage::new().await;
    let description = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    stage.fault(json!({"method": "answerInlineQuery", "status": 400, "description": description})).await;
    let from = json!({"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"});
    stage
        .update(json!({"inline_query": {"id": "111", "from": from, "query": "x".repeat(256), "offset": ""}}))
        .await;
    stage.faults_are_met().await;
    stage.inbox_is_emptied().await;
    assert_eq!(stage.calls("answerInlineQuery").await.len(), 1);
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn commands_descriptions_and_menu_are_set_once_in_both_languages() {
    let mut stage = Stage::new().await;
    stage.call("setChatMenuButton", |call| (call["status"] == 200).then_some(())).await;
    let bot = stage.get("/sim/world").await["bot"].clone();
    assert_eq!(bot["menu_button"]["web_app"]["url"], "https://sovpalo.example/");
    let lists = bot["commands"].as_array().unwrap();
    assert_eq!(lists.len(), 4, "private and groups, English and Russian: {lists:?}");
    let described = |list: &serde_json::Value| list["commands"][0]["description"].as_str().map(str::to_owned);
    let said: Vec<String> = lists.iter().filter_map(described).collect();
    assert!(
        said.contains(&"Start a movie night".into()) && said.contains(&"Начать киновечер".into()),
        "{said:?}"
    );
    assert!(bot["description"].as_str().unwrap().contains("/new"));
    let before = stage.calls("setMyCommands").await.len();
    let asked = stage.calls("getChatMenuButton").await.len();
    stage.stop_bot().await;
    stage.start_bot().await;
    let mut seen = 0;
    stage
        .call("getChatMenuButton", |_| {
            seen += 1;
            (seen > asked).then_some(())
        })
        .await;
    assert_eq!(stage.calls("setMyCommands").await.len(), before, "what is as it should be is left alone");
    assert_eq!(stage.calls("setChatMenuButton").await.len(), 1);
}
