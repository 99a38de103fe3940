//! Telegram posts updates.

use serde_json::{Value, json};
use sovpalo_bot::{BotHealth, Webhook};
use sovpalo_live::rooms::Rooms;
use sovpalo_storage::{Db, Kind};
use tokio::net::TcpListener;

use crate::{
    processes::{House, Process, SECRET},
    stage::{ANNA, BEN, GROUP, Play, Stage, code_in, text_of},
};

/// A stage with one bot behind the webhook.
async fn house() -> (House, Process) {
    let house = House::new(Play::default()).await;
    let bot = house.bot().await;
    (house, bot)
}

/// The webhook's route alone, as a server has it that is no bot.
async fn route(stage: &Stage, rooms: Rooms) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let door = format!("http://{}{}", listener.local_addr().unwrap(), Webhook::PATH);
    let webhook = stage.play.webhook.clone().unwrap();
    tokio::spawn(axum::serve(listener, webhook.router(rooms)).into_future());
    door
}

#[tokio::test]
async fn a_whole_evening_comes_over_the_webhook() {
    let (house, bot) = house().await;
    let stage = &house.stage;
    let (code, card) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    let news = stage.message_with(GROUP, "🎉").await;
    assert_eq!(news["reply_to_message"]["message_id"], card["message_id"]);
    stage.answer(ANNA, "/help").await;
    let set = stage.calls("setWebhook").await[0]["parameters"].clone();
    assert_eq!(set["secret_token"], SECRET);
    assert!(set["url"].as_str().unwrap().ends_with("/telegram/webhook"), "{set}");
    let kinds = ["message", "inline_query", "chosen_inline_result", "callback_query", "my_chat_member"];
    let wanted: Value = serde_json::from_str(set["allowed_updates"].as_str().unwrap()).unwrap();
    assert_eq!(wanted, json!(kinds));
    bot.stop().await;
    assert_eq!(stage.calls("deleteWebhook").await.len(), 0, "the next bot finds what comes meanwhile");
}

#[tokio::test]
async fn what_comes_while_no_bot_runs_waits_at_telegram() {
    let (house, bot) = house().await;
    bot.stop().await;
    house.stage.say(ANNA, GROUP, "/new Patience").await;
    let _bot = house.bot().await;
    house.stage.message_with(GROUP, "Patience").await;
}

#[tokio::test]
async fn whoever_does_not_know_the_secret_is_not_heard() {
    let house = House::new(Play::default()).await;
    let stage = &house.stage;
    let door = route(stage, stage.rooms.clone()).await;
    let update = stage.said(7, ANNA, GROUP, "/new Forged").await.to_string();
    let almost = [&SECRET[1..], &SECRET.to_uppercase(), &format!("{SECRET}x"), "", "é"];
    assert_eq!(stage.knock(&door, None, update.clone()).await, 401);
    for secret in almost {
        assert_eq!(stage.knock(&door, Some(secret), update.clone()).await, 401, "{secret:?}");
    }
    assert_eq!(stage.db().jobs(Kind::Update).depth().await.unwrap().waiting, 0);
    let asked = stage.http.get(&door).send().await.unwrap();
    assert_eq!(asked.status(), 405);
}

#[tokio::test]
async fn what_is_no_update_does_not_come_again() {
    let (house, bot) = house().await;
    let stage = &house.stage;
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let huge = json!({"update_id": 5, "message": {"text": "x".repeat(2 * 1024 * 1024)}}).to_string();
    let bodies: [&[u8]; 14] = [
        b"",
        b"\0",
        b"null",
        b"7",
        b"\"update\"",
        b"{}",
        b"{\"update_id\": null}",
        b"{\"update_id\": \"7\"}",
        b"{\"update_id\": 1.5}",
        b"{\"update_id\": 99999999999999999999}",
        b"{\"update_id\": 7, \"message\": {\"text\": \"a\0b\"}}",
        b"{\"update_id\": 7, \"text\": \"\xFF\xFE\"}",
        nested.as_bytes(),
        huge.as_bytes(),
    ];
    for body in bodies {
        let answer = stage.knock(&bot.door, Some(SECRET), body.to_vec()).await;
        assert_eq!(
            answer,
            200,
            "{:?} would come again",
            String::from_utf8_lossy(&body[..body.len().min(60)])
        );
    }
    assert_eq!(stage.db().jobs(Kind::Update).depth().await.unwrap().waiting, 0);
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn an_update_that_makes_no_sense_is_handled_all_the_same() {
    let (house, bot) = house().await;
    let stage = &house.stage;
    let updates: [Value; 6] = [
        json!({"update_id": -1}),
        json!({"update_id": i64::MAX, "message": 7}),
        json!({"update_id": 2, "message": {"text": "a\0b", "chat": {"id": "x"}}}),
        json!({"update_id": 3, "something_new": {"a": [1, {"b": "\u{202E}"}]}}),
        json!({"update_id": 4, "inline_query": {"id": "0", "from": {"id": -1}, "query": ""}}),
        json!([5]),
    ];
    for update in updates {
        stage.deliver(&bot.door, &update).await;
    }
    stage.inbox_is_emptied().await;
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn while_the_database_is_away_telegram_is_told_to_come_again() {
    let house = House::new(Play::default()).await;
    let stage = &house.stage;
    let update = stage.said(7, ANNA, GROUP, "/new Later").await;
    let away = Db::connect(&stage.database).await.unwrap();
    if let Db::Sqlite(pool) = &away {
        pool.close().await;
    }
    let rooms = Rooms::new(away, stage.hot.clone(), stage.play.clock.clone());
    let door = route(stage, rooms).await;
    assert_eq!(stage.knock(&door, Some(SECRET), update.to_string()).await, 503);
    let bot = house.bot().await;
    stage.deliver(&bot.door, &update).await;
    stage.message_with(GROUP, "Later").await;
}

#[tokio::test]
async fn what_was_acknowledged_before_the_process_died_is_handled_by_the_next() {
    let house = House::new(Play::default()).await;
    let stage = &house.stage;
    let door = route(stage, stage.rooms.clone()).await;
    let update = stage.said(7, ANNA, GROUP, "/new Stored").await;
    for _ in 0..3 {
        stage.deliver(&door, &update).await;
    }
    assert_eq!(
        stage.db().jobs(Kind::Update).depth().await.unwrap().waiting,
        1,
        "three times the same is once"
    );
    let _bot = house.bot().await;
    stage.message_with(GROUP, "Stored").await;
    stage.deliver(&door, &update).await;
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m).is_some()).count();
    assert_eq!(cards, 1);
}

#[tokio::test]
async fn the_webhook_is_set_as_soon_as_telegram_takes_it() {
    let house = House::new(Play::default()).await;
    house.stage.fault(json!({"method": "setWebhook", "status": 429, "retry_after": 1})).await;
    let unauthorized = json!({"method": "setWebhook", "status": 401, "description": "Unauthorized"});
    house.stage.fault(unauthorized).await;
    let mut bot = house.bot().await;
    house.stage.new_room(ANNA, GROUP, "/new").await;
    bot.health_until("health", BotHealth::is_online).await;
}

#[tokio::test]
async fn a_webhook_that_somebody_took_away_is_set_again() {
    let (house, _bot) = house().await;
    let stage = &house.stage;
    stage.call("setWebhook", |call| (call["status"] == 200).then_some(())).await;
    stage.bots_call("deleteWebhook", json!({})).await;
    stage.new_room(ANNA, GROUP, "/new").await;
}

#[tokio::test]
async fn without_a_secret_a_webhook_of_earlier_times_is_ended_and_loses_nothing() {
    let mut stage = Stage::without_bot(Play::default()).await;
    stage.bots_call("setWebhook", json!({"url": "http://127.0.0.1:9/telegram/webhook"})).await;
    stage.say(ANNA, GROUP, "/new Before").await;
    stage.start_bot().await;
    let card = stage.message_with(GROUP, "Before").await;
    assert!(text_of(&card).contains("Anna"), "{}", text_of(&card));
}
