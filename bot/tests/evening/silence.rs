//! Only a match makes phones ring.

use crate::stage::{ANNA, BEN, GROUP, Stage, code_in, text_of};
use serde_json::json;

#[tokio::test]
async fn of_all_that_the_bot_says_in_an_evening_only_matches_ring() {
    let stage = Stage::new().await;
    stage.answer(BEN, "/start").await;
    stage.answer(BEN, "/help").await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.answer(BEN, &format!("/start {code}")).await;
    stage.say(ANNA, GROUP, &format!("/start@sovpalo_bot {code}")).await;
    stage.message_with(GROUP, "up there").await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.message_with(GROUP, "🎉").await;
    stage.message_with(BEN, "🎉").await;
    stage.say(BEN, GROUP, "/matches").await;
    stage.message_with(GROUP, "latest matches of this chat").await;
    let card = |m: &serde_json::Value| code_in(m) == Some(code) && text_of(m).contains("The round is over");
    stage.until(GROUP, "the finished card", |messages| messages.iter().find(|m| card(m)).map(drop)).await;
    // A picture is not needed for a match to ring, nor for the rest to be quiet.
    let mut rang = 0;
    for call in stage.calls("sendMessage").await {
        let text = call["parameters"]["text"].as_str().unwrap();
        let is_match = text.starts_with("🎉");
        rang += usize::from(is_match);
        assert_eq!(call["parameters"]["disable_notification"], json!(!is_match), "{text}");
    }
    assert_eq!(rang, 2, "one in the chat, one for who lets the bot write");
}
