//! `@bot` in any chat.

use crate::stage::{ANNA, BEN, GROUP, Stage, code_in, text_of, url_of};
use serde_json::{Value, json};

pub(crate) async fn ask(stage: &Stage, query: &str) -> Value {
    stage.post("/sim/inline", json!({"user": ANNA, "chat": GROUP, "query": query})).await
}

pub(crate) async fn choose(stage: &Stage, asked: &Value, result: &str) -> Value {
    let id = asked["query_id"].as_str().unwrap();
    stage.post(&format!("/sim/inline/{id}/choose"), json!({"result": result})).await
}

pub(crate) fn results(asked: &Value) -> Vec<(&str, &str)> {
    let results = asked["results"].as_array().unwrap().iter();
    results.map(|result| (result["id"].as_str().unwrap(), result["title"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn an_inline_query_offers_a_new_room_and_ones_open_rooms() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    stage.new_room(BEN, GROUP, "/new Not hers").await;
    stage
        .execute(
            code,
            ANNA,
            sovpalo_domain::room::Command::Swiping(sovpalo_domain::room::SwipingCommand::Ready(true)),
        )
        .await;
    let projected = async {
        while stage.db().projected(code).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), projected).await.expect("the room reaches SQL");
    let asked = ask(&stage, "").await;
    assert_eq!(results(&asked), [("new", "New room"), (code.as_str(), "Friday")]);
    let filtered = ask(&stage, "satur").await;
    assert_eq!(results(&filtered), [("new", "New room “satur”")]);
}

#[tokio::test]
async fn a_query_that_nobody_follows_leaves_no_room_behind() {
    let stage = Stage::new().await;
    for query in ["", "F", "Fr", "Fri"] {
        ask(&stage, query).await;
    }
    assert!(stage.db().rooms_of(crate::stage::user_id(ANNA), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_chosen_new_room_becomes_a_card_with_its_own_link() {
    let stage = Stage::new().await;
    let asked = ask(&stage, "Saturday").await;
    let sent = choose(&stage, &asked, "new").await;
    assert_eq!(
        url_of(&sent),
        "https://t.me/sovpalo_bot/app?startapp=new",
        "until the bot hears of the choice"
    );
    let card = stage
        .until(GROUP, "the card", |messages| {
            messages.iter().find(|m| m["message_id"] == sent["message_id"] && code_in(m).is_some()).cloned()
        })
        .await;
    assert!(text_of(&card).contains("Saturday") && text_of(&card).contains("Anna"), "{}", text_of(&card));
    let code = code_in(&card).unwrap();
    stage.join(code, BEN, "Ben").await;
    stage
        .until(GROUP, "the card with Ben", |messages| {
            messages.iter().find(|m| text_of(m).contains("Anna, Ben")).map(drop)
        })
        .await;
}

#[tokio::test]
async fn a_choice_brought_twice_is_one_room() {
    let stage = Stage::new().await;
    let asked = ask(&stage, "").await;
    let sent = choose(&stage, &asked, "new").await;
    let card = |messages: &[Value]| {
        messages.iter().find(|m| m["message_id"] == sent["message_id"]).and_then(code_in)
    };
    let code = stage.until(GROUP, "the card", card).await;
    let message = stage.messages(GROUP).await.into_iter().find(|m| code_in(m).is_some()).unwrap();
    let from = json!({"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"});
    let chosen = json!({
        "result_id": "new", "from": from, "query": "", "inline_message_id": message["inline_message_id"],
    });
    stage.update(json!({"chosen_inline_result": chosen})).await;
    stage.answer(ANNA, "/help").await;
    stage.settled(GROUP).await;
    assert_eq!(stage.until(GROUP, "the card", card).await, code);
}

#[tokio::test]
async fn a_chosen_room_of_ones_own_stays_up_to_date_wherever_it_was_sent() {
    let stage = Stage::new().await;
    let room = stage.room_of(ANNA, "From the app").await.code();
    let from = json!({"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"});
    let asked = ask(&stage, "").await;
    let sent = choose(&stage, &asked, "new").await;
    let message = sent["inline_message_id"].clone();
    let chosen = json!({"result_id": room.as_str(), "from": from, "query": "", "inline_message_id": message});
    stage.update(json!({"chosen_inline_result": chosen})).await;
    stage.cards_until(room, |cards| cards.len() == 1).await;
    // Somebody who is not in the room makes no card of it.
    let stranger = json!({"id": BEN, "is_bot": false, "first_name": "Ben", "language_code": "en"});
    let other = stage.room_of(ANNA, "Another").await.code();
    let chosen =
        json!({"result_id": other.as_str(), "from": stranger, "query": "", "inline_message_id": message});
    stage.update(json!({"chosen_inline_result": chosen})).await;
    stage.answer(BEN, "/help").await;
    assert!(stage.db().cards(other).await.unwrap().is_empty());
}
