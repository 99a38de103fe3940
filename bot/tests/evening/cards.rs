//! The card in the chat follows its room.

use serde_json::json;
use sovpalo_domain::{room::Command, room::PeopleCommand, room::SwipingCommand, title::TitleText};
use sovpalo_storage::Place;

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, code_in, text_of};

#[tokio::test]
async fn the_card_tells_of_the_whole_evening_in_place() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Ben").await;
    stage.message_with(GROUP, "Anna, Ben").await;
    stage.pick_texts(code, ANNA, &["Solaris", "Stalker"]).await;
    stage.message_with(GROUP, "2 titles picked").await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.message_with(GROUP, "Swiping, 2 cards").await;
    for title in ["Solaris", "Stalker"] {
        let id = TitleText::new(title).unwrap().id();
        stage.like(code, ANNA, &id).await;
        stage.like(code, BEN, &id).await;
    }
    let finished = stage.message_with(GROUP, "The round is over").await;
    assert!(text_of(&finished).contains("Solaris") && text_of(&finished).contains("Stalker"));
    assert_eq!(finished["message_id"], card["message_id"], "it is the same message all evening");
    assert_eq!(finished["reply_markup"]["inline_keyboard"][0][0]["text"], "Open results");
}

#[tokio::test]
async fn the_card_shows_how_far_everybody_is_and_never_what_they_like() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Ben").await;
    stage.pick_texts(code, ANNA, &["Solaris", "Stalker"]).await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.message_with(GROUP, "Swiping").await;
    let title = TitleText::new("Solaris").unwrap().id();
    stage.like(code, ANNA, &title).await;
    let card = stage.message_with(GROUP, "Anna: 1 of 2").await;
    assert!(!text_of(&card).contains("Solaris"), "nobody's opinion is on the card: {}", text_of(&card));
}

#[tokio::test]
async fn a_burst_of_changes_is_a_few_edits() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    for n in 0..30 {
        stage.join(code, 6_000_000_000 + n, &format!("Guest {n}")).await;
    }
    stage.message_with(GROUP, "and 19 more").await;
    let edits = stage.calls("editMessageText").await.len();
    assert!(edits <= 4, "30 changes at once were {edits} edits");
}

#[tokio::test]
async fn a_429_is_obeyed_and_the_card_is_right_in_the_end() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.fault(json!({"method": "editMessageText", "status": 429, "retry_after": 2})).await;
    stage.join(code, BEN, "Ben").await;
    stage.message_with(GROUP, "Anna, Ben").await;
    let calls = stage.calls("editMessageText").await;
    let (refused, done) = (&calls[0], calls.last().unwrap());
    assert_eq!(refused["status"], 429);
    let waited = done["at"].as_i64().unwrap() - refused["at"].as_i64().unwrap();
    assert!(calls.len() == 2 && waited >= 2, "it asked {} times, after {waited} s", calls.len());
}

#[tokio::test]
async fn a_429_while_posting_delays_the_card_and_makes_no_second_one() {
    let stage = Stage::new().await;
    stage.fault(json!({"method": "sendMessage", "status": 429, "retry_after": 1})).await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m) == Some(code)).count();
    assert_eq!(cards, 1);
}

#[tokio::test]
async fn a_lively_evening_stays_within_what_telegram_allows() {
    let stage = Stage::with(Play { rate_limits: true, haste: 1, ..Play::default() }).await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Ben").await;
    let titles: Vec<String> = (0..5).map(|n| format!("Film {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    stage.pick_texts(code, ANNA, &titles).await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    for title in &titles {
        let id = TitleText::new(title).unwrap().id();
        stage.like(code, ANNA, &id).await;
        stage.like(code, BEN, &id).await;
    }
    stage.message_with(GROUP, "The round is over").await;
    for title in titles {
        let news = |messages: &[serde_json::Value]| {
            messages.iter().find(|m| text_of(m).contains("🎉") && text_of(m).contains(title)).map(drop)
        };
        stage.until(GROUP, "the news of each match", news).await;
    }
    for method in ["sendMessage", "editMessageText"] {
        let refused = stage.calls(method).await.iter().filter(|call| call["status"] == 429).count();
        assert!(refused <= 2, "{refused} calls of {method} came too fast");
    }
}

#[tokio::test]
async fn a_card_that_somebody_deleted_is_let_go() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    stage.delete(&format!("/sim/chats/{GROUP}/messages/{}", card["message_id"])).await;
    stage.join(code, BEN, "Ben").await;
    stage.cards_until(code, <[_]>::is_empty).await;
    let posted = stage.messages(GROUP).await.iter().filter(|m| code_in(m) == Some(code)).count();
    assert_eq!(posted, 0, "nobody wanted it there");
}

#[tokio::test]
async fn an_unchanged_card_is_not_sent_again() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Ben").await;
    stage.message_with(GROUP, "Anna, Ben").await;
    // A change that the card does not show.
    stage.execute(code, BEN, Command::People(PeopleCommand::Leave)).await;
    stage.join(code, BEN, "Ben").await;
    stage.settled(GROUP).await;
    let not_modified =
        stage.calls("editMessageText").await.iter().filter(|call| call["status"] == 400).count();
    assert_eq!(not_modified, 0, "Telegram was asked to change nothing");
}

#[tokio::test]
async fn the_card_follows_a_group_that_becomes_a_supergroup() {
    let stage = Stage::new().await;
    let group = stage.post("/sim/chats", json!({"title": "Small", "members": [ANNA], "kind": "group"})).await;
    let group = group["id"].as_i64().unwrap();
    let (code, _) = stage.new_room(ANNA, group, "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    let supergroup = stage.post(&format!("/sim/chats/{group}/migrate"), json!({})).await;
    let supergroup = supergroup["id"].as_i64().unwrap();
    stage.join(code, BEN, "Ben").await;
    let card = stage.message_with(supergroup, "Anna, Ben").await;
    assert_eq!(code_in(&card), Some(code));
}

#[tokio::test]
async fn a_card_whose_claimant_died_is_posted_by_the_next_process() {
    let mut stage = Stage::without_bot(Play::default()).await;
    let room = stage.room_of(ANNA, "Left behind").await.code();
    // As if the process had died a while after it claimed the card, and before it posted it.
    let long_ago = sovpalo_domain::ids::Timestamp::from_millis(1_000_000);
    let place = Place::Chat { chat: GROUP, thread: None, message: None };
    stage.db().want_card(room, &place).await.unwrap();
    assert!(stage.db().claim_card(room, &place, long_ago).await.unwrap());
    stage.start_bot().await;
    stage.message_with(GROUP, "Left behind").await;
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m) == Some(room)).count();
    assert_eq!(cards, 1);
}

#[tokio::test]
async fn names_that_are_markup_or_turn_text_around_do_no_harm() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new </b><a href=\"https://evil.example\">x").await;
    for (n, name) in
        ["<b>", "\u{202E}desrever", "אנה", "&amp;", "\0\u{3164}", &"😀".repeat(500)].iter().enumerate()
    {
        stage.join(code, 6_100_000_000 + i64::try_from(n).unwrap(), name).await;
    }
    let card = stage.message_with(GROUP, "😀").await;
    let text = text_of(&card);
    assert!(text.contains("<b>, desrever, \u{2068}אנה\u{2069}, &amp;, Somebody, 😀"), "{text}");
    let entities = card["entities"].as_array().unwrap();
    assert!(entities.iter().all(|entity| entity["type"] == "bold"), "a name became markup: {entities:?}");
}
