//! Совпало! The chat and the people are told.

use serde_json::json;
use sovpalo_domain::{ids::TitleId, room::Command, room::SwipingCommand, title::TitleRef};

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, VERA, code_in, is_bots, text_of};

#[tokio::test]
async fn the_chat_is_told_once_as_an_answer_to_its_card() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    let news = stage.message_with(GROUP, "🎉 It's a match!").await;
    assert!(text_of(&news).contains("Solaris"), "{}", text_of(&news));
    assert_eq!(code_in(&news), Some(code), "its button opens the room");
    assert_eq!(news["reply_to_message"]["message_id"], card["message_id"]);
    stage.settled(GROUP).await;
    let times = stage.messages(GROUP).await.iter().filter(|m| text_of(m).contains("🎉")).count();
    assert_eq!(times, 1);
}

#[tokio::test]
async fn a_catalogue_title_is_told_with_year_genres_and_a_sentence() {
    let stage = Stage::with(Play { language: telegram_sim::Language::Ru, ..Play::default() }).await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Бен").await;
    let title = TitleId::new("c1").unwrap();
    stage
        .execute(
            code,
            ANNA,
            Command::Swiping(SwipingCommand::Select(vec![TitleRef::Catalogue(title.clone())])),
        )
        .await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.like(code, ANNA, &title).await;
    stage.like(code, BEN, &title).await;
    let news = stage.message_with(GROUP, "🎉 Совпало!").await;
    let catalogue = sovpalo_catalogue::Catalogue::builtin();
    let known = catalogue.get(&title).unwrap();
    let text = text_of(&news);
    assert!(text.contains(&known.name_ru) && text.contains(&format!("({})", known.year.unwrap())), "{text}");
    assert!(text.contains(known.overview_ru.as_deref().unwrap()), "{text}");
}

#[tokio::test]
async fn a_poster_is_shown_large_above_the_news() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(code, BEN, "Ben").await;
    let title = TitleId::new("i1").unwrap();
    stage
        .execute(
            code,
            ANNA,
            Command::Swiping(SwipingCommand::Select(vec![TitleRef::Catalogue(title.clone())])),
        )
        .await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.like(code, ANNA, &title).await;
    stage.like(code, BEN, &title).await;
    let news = stage.message_with(GROUP, "🎉").await;
    assert!(text_of(&news).contains("Our <own> film (2024)\nfamily · 59 min"), "{}", text_of(&news));
    let preview = &news["link_preview_options"];
    assert_eq!(preview["url"], "https://posters.example/1.jpg");
    assert!(preview["prefer_large_media"] == true && preview["show_above_text"] == true, "{preview}");
}

#[tokio::test]
async fn members_who_allow_it_are_told_and_the_others_are_left_in_peace() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
    stage.meet(BEN, "en").await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    let news = stage.message_with(ANNA, "It's a match in Friday").await;
    assert_eq!(code_in(&news), Some(code));
    stage.message_with(GROUP, "🎉").await;
    let to_ben =
        stage.calls("sendMessage").await.iter().filter(|c| c["parameters"]["chat_id"] == BEN).count();
    assert_eq!(to_ben, 0, "Ben never wrote to the bot");
}

#[tokio::test]
async fn each_member_is_told_in_their_own_language() {
    let stage = Stage::new().await;
    stage.patch(&format!("/sim/users/{BEN}"), json!({"language_code": "ru"})).await;
    stage.answer(BEN, "/start").await;
    stage.user_until(BEN, |user| user.writes_allowed).await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.message_with(BEN, "Совпало!").await;
    stage.message_with(GROUP, "It's a match").await;
}

#[tokio::test]
async fn a_member_who_cannot_be_written_to_is_normal() {
    let stage = Stage::new().await;
    // The Mini App said that writing is allowed; Telegram says otherwise.
    stage.meet(VERA, "en").await;
    stage.db().allow_writes(crate::stage::user_id(VERA), true, stage.rooms.clock().now()).await.unwrap();
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.match_in(code, ANNA, VERA, "Solaris").await;
    stage.user_until(VERA, |user| !user.writes_allowed).await;
    stage.message_with(GROUP, "🎉").await;
    let tries =
        stage.calls("sendMessage").await.iter().filter(|c| c["parameters"]["chat_id"] == VERA).count();
    assert_eq!(tries, 1, "a no is a no");
}

#[tokio::test]
async fn a_private_room_tells_its_owner_once() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, ANNA, "/new").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.message_with(ANNA, "🎉").await;
    stage.answer(ANNA, "/help").await;
    let times = stage.messages(ANNA).await.iter().filter(|m| text_of(m).contains("🎉")).count();
    assert_eq!(times, 1);
}

#[tokio::test]
async fn a_429_delays_the_news_and_loses_none() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    stage.fault(json!({"method": "sendMessage", "status": 429, "retry_after": 1})).await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.message_with(GROUP, "🎉").await;
    let refused = stage.calls("sendMessage").await.iter().filter(|call| call["status"] == 429).count();
    assert_eq!(refused, 1, "the fault was met");
}

#[tokio::test]
async fn a_match_that_happened_while_the_bot_was_away_is_told_when_it_is_back() {
    let mut stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    stage.stop_bot().await;
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.start_bot().await;
    stage.message_with(GROUP, "🎉").await;
    stage.settled(GROUP).await;
    let times =
        stage.messages(GROUP).await.iter().filter(|m| is_bots(m) && text_of(m).contains("🎉")).count();
    assert_eq!(times, 1);
}
