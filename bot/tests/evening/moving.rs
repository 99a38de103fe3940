//! Groups that become supergroups: greeted once, whatever order Telegram tells it in.

use crate::stage::{ANNA, BEN, Stage, code_in, is_bots, text_of};
use serde_json::{Value, json};

fn standing(chat: &Value, before: &str, now: &str) -> Value {
    let bot =
        json!({"id": 4_242_424_242_i64, "is_bot": true, "first_name": "Sovpalo", "username": "sovpalo_bot"});
    json!({"my_chat_member": {
        "chat": chat, "date": 1_893_456_000,
        "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
        "old_chat_member": {"user": bot, "status": before},
        "new_chat_member": {"user": bot, "status": now},
    }})
}

fn service(chat: &Value, field: &str, other: i64) -> Value {
    json!({"message": {
        "message_id": 1, "date": 1_893_456_000, "chat": chat, (field): other,
        "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
    }})
}

fn hellos(messages: &[Value]) -> usize {
    messages.iter().filter(|m| is_bots(m) && text_of(m).contains("I help you decide")).count()
}

/// A group with a card, and a supergroup that Telegram has not yet said to be the same.
async fn a_group_and_what_it_becomes(stage: &Stage) -> (Value, Value, sovpalo_domain::ids::RoomCode) {
    let old = stage.post("/sim/chats", json!({"title": "Small", "members": [ANNA], "kind": "group"})).await;
    let (code, _) = stage.new_room(ANNA, old["id"].as_i64().unwrap(), "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    let new = stage.post("/sim/chats", json!({"title": "Small", "members": [ANNA]})).await;
    let chat = |it: &Value, kind: &str| json!({"id": it["id"], "type": kind, "title": "Small"});
    (chat(&old, "group"), chat(&new, "supergroup"), code)
}

#[tokio::test]
async fn a_group_that_moves_is_not_greeted_whatever_order_that_is_told_in_and_its_card_goes_on() {
    let stage = Stage::new().await;
    let orders: [[usize; 4]; 5] = [[0, 1, 2, 3], [3, 2, 1, 0], [0, 3, 2, 1], [2, 0, 0, 2], [1, 3, 0, 2]];
    for order in orders {
        let (old, new, code) = a_group_and_what_it_becomes(&stage).await;
        let (from, to) = (old["id"].as_i64().unwrap(), new["id"].as_i64().unwrap());
        let updates = [
            standing(&new, "left", "administrator"),
            service(&old, "migrate_to_chat_id", to),
            service(&new, "migrate_from_chat_id", from),
            standing(&old, "member", "left"),
        ];
        for which in order {
            stage.update(updates[which].clone()).await;
        }
        stage.inbox_is_emptied().await;
        stage.join(code, BEN, "Ben").await;
        let card = stage.message_with(to, "Anna, Ben").await;
        assert_eq!(code_in(&card), Some(code), "told in the order {order:?}");
        // Whatever waited for the move to settle has been decided when a later comer of its kind has.
        let later = stage.post("/sim/chats", json!({"title": "Later", "members": [ANNA]})).await;
        let later_chat = json!({"id": later["id"], "type": "supergroup", "title": "Later"});
        stage.update(standing(&later_chat, "left", "member")).await;
        stage.message_with(later["id"].as_i64().unwrap(), "I help you decide").await;
        assert_eq!(hellos(&stage.messages(to).await), 0, "greeted again, told in the order {order:?}");
        assert_eq!(
            stage.db().cards(code).await.unwrap().len(),
            1,
            "a card was lost, told in the order {order:?}"
        );
    }
}

#[tokio::test]
async fn a_move_that_is_told_again_after_a_restart_is_no_reason_to_say_hello() {
    let mut stage = Stage::new().await;
    let (old, new, code) = a_group_and_what_it_becomes(&stage).await;
    let (from, to) = (old["id"].as_i64().unwrap(), new["id"].as_i64().unwrap());
    stage.update(service(&old, "migrate_to_chat_id", to)).await;
    stage.inbox_is_emptied().await;
    stage.stop_bot().await;
    stage.update(service(&new, "migrate_from_chat_id", from)).await;
    stage.update(standing(&new, "left", "member")).await;
    stage.update(standing(&new, "left", "member")).await;
    stage.start_bot().await;
    stage.join(code, BEN, "Ben").await;
    stage.message_with(to, "Anna, Ben").await;
    let later = stage.post("/sim/chats", json!({"title": "Later", "members": [ANNA]})).await;
    let later_chat = json!({"id": later["id"], "type": "supergroup", "title": "Later"});
    stage.update(standing(&later_chat, "left", "member")).await;
    stage.message_with(later["id"].as_i64().unwrap(), "I help you decide").await;
    assert_eq!(hellos(&stage.messages(to).await), 0);
}

#[tokio::test]
async fn a_chat_is_greeted_once_and_again_only_after_the_bot_was_out_of_it() {
    let stage = Stage::new().await;
    let chat = stage.post("/sim/chats", json!({"title": "Quiet", "members": [BEN], "bot": false})).await;
    let chat = chat["id"].as_i64().unwrap();
    let door = format!("/sim/chats/{chat}/bot");
    let put = |standing: &str| stage.post(&door, json!({"standing": standing, "by": BEN}));
    put("member").await;
    stage.message_with(chat, "I help you decide").await;
    let here = json!({"id": chat, "type": "supergroup", "title": "Quiet"});
    stage.update(standing(&here, "left", "member")).await;
    stage.update(standing(&here, "member", "administrator")).await;
    stage.inbox_is_emptied().await;
    assert_eq!(hellos(&stage.messages(chat).await), 1);
    put("left").await;
    stage.inbox_is_emptied().await;
    put("member").await;
    stage.until(chat, "a second hello", |messages| (hellos(messages) == 2).then_some(())).await;
}
