//! What a member shares from the Mini App.

use serde_json::json;
use sovpalo_bot::Sharing;
use sovpalo_domain::{ids::TitleId, language::Language, title::TitleText};
use tokio::sync::watch;

use crate::stage::{ANNA, BEN, GROUP, Stage, code_in, text_of, user_id};

fn sharing(stage: &Stage, username: Option<&str>) -> Sharing {
    let username = watch::channel(username.map(str::to_owned)).1;
    Sharing::new(stage.client(), username, "app".to_owned(), stage.titles.clone())
}

#[tokio::test]
async fn a_match_is_shared_by_its_member_into_a_chat_of_theirs() {
    let stage = Stage::new().await;
    let room = stage.room_of(ANNA, "Friday").await;
    stage.match_in(room.code(), ANNA, BEN, "Solaris <1972>").await;
    let title: TitleId = TitleText::new("Solaris <1972>").unwrap().id();
    let username = stage.identity.borrow().as_ref().map(|me| me.username.clone());
    let sharing = sharing(&stage, username.as_deref());
    let id = sharing.prepare_match(&room, &title, user_id(ANNA), Language::En).await.expect("it is kept");
    let kept = stage.get(&format!("/sim/prepared/{id}")).await;
    assert_eq!(kept["shown"]["title"], "Solaris <1972>");
    assert_eq!(kept["shown"]["description"], "Friday");
    let sent = stage.post(&format!("/sim/prepared/{id}/send"), json!({"user": ANNA, "chat": GROUP})).await;
    assert!(text_of(&sent).contains("🎉 It's a match!") && text_of(&sent).contains("Solaris"), "{sent}");
    assert_eq!(sent["from"]["id"], ANNA, "it is hers, by way of the bot");
    assert_eq!(code_in(&sent), Some(room.code()), "its button opens the room");
}

#[tokio::test]
async fn nothing_is_prepared_while_telegram_has_not_said_who_the_bot_is() {
    let stage = Stage::without_bot(crate::stage::Play::default()).await;
    let room = stage.room_of(ANNA, "Friday").await;
    stage.match_in(room.code(), ANNA, BEN, "Solaris").await;
    let title = TitleText::new("Solaris").unwrap().id();
    let prepared = sharing(&stage, None).prepare_match(&room, &title, user_id(ANNA), Language::En).await;
    assert_eq!(prepared, None);
}

#[tokio::test]
async fn a_telegram_that_is_away_keeps_nobody_waiting_for_long() {
    let stage = Stage::at("http://127.0.0.1:9".to_owned()).await;
    let room = stage.room_of(ANNA, "Friday").await;
    stage.match_in(room.code(), ANNA, BEN, "Solaris").await;
    let title = TitleText::new("Solaris").unwrap().id();
    let sharing = sharing(&stage, Some("sovpalo_bot"));
    let prepared = sharing.prepare_match(&room, &title, user_id(ANNA), Language::En).await;
    assert_eq!(prepared, None);
}
