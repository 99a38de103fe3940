//! Somebody is reminded of the cards that wait for them: in private, if they allow it and are not in the room anyway.

use sovpalo_domain::{
    ids::RoomCode,
    room::{Command, SwipingCommand},
    title::TitleText,
};

use crate::stage::{ANNA, BEN, GROUP, Stage, VERA, code_in, text_of, user_id};

/// Anna has swiped her only card, and these are asked to.
async fn anna_waits(stage: &Stage, others: &[(i64, &str)]) -> RoomCode {
    let (code, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    for (who, name) in others {
        stage.join(code, *who, name).await;
    }
    stage.pick_texts(code, ANNA, &["Solaris"]).await;
    stage.execute(code, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.like(code, ANNA, &TitleText::new("Solaris").unwrap().id()).await;
    code
}

async fn nudge(stage: &Stage, code: RoomCode, by: i64, member: i64) {
    stage.execute(code, by, Command::Swiping(SwipingCommand::Nudge { member: user_id(member) })).await;
}

async fn allows_messages(stage: &Stage, who: i64) {
    stage.answer(who, "/start").await;
    stage.user_until(who, |user| user.writes_allowed).await;
}

/// How many nudges were sent to somebody, once everything that was enqueued is done.
async fn nudges_of(stage: &Stage, who: i64) -> usize {
    stage.notices_are_done().await;
    stage.messages(who).await.iter().filter(|message| text_of(message).contains("👋")).count()
}

#[tokio::test]
async fn who_allows_it_is_nudged_in_private_with_the_room_and_what_is_left() {
    let stage = Stage::new().await;
    allows_messages(&stage, BEN).await;
    let code = anna_waits(&stage, &[(BEN, "Ben")]).await;
    nudge(&stage, code, ANNA, BEN).await;
    let message = stage.message_with(BEN, "is waiting for you in Friday: one card to swipe").await;
    assert_eq!(code_in(&message), Some(code), "its button opens the room");
    let buttons = message["reply_markup"]["inline_keyboard"].to_string();
    assert!(buttons.contains(&format!("mute:{code}")), "and one ends such messages: {buttons}");
}

#[tokio::test]
async fn somebody_is_nudged_once_in_a_round_whoever_does_it() {
    let stage = Stage::new().await;
    allows_messages(&stage, BEN).await;
    let code = anna_waits(&stage, &[(BEN, "Ben"), (VERA, "Vera")]).await;
    nudge(&stage, code, ANNA, BEN).await;
    stage.message_with(BEN, "👋").await;
    nudge(&stage, code, ANNA, BEN).await;
    nudge(&stage, code, VERA, BEN).await;
    assert_eq!(nudges_of(&stage, BEN).await, 1);
}

#[tokio::test]
async fn who_has_muted_the_room_or_never_wrote_to_the_bot_is_left_in_peace() {
    for has_muted in [true, false] {
        let stage = Stage::new().await;
        allows_messages(&stage, VERA).await;
        if has_muted {
            allows_messages(&stage, BEN).await;
        } else {
            stage.meet(BEN, "en").await;
        }
        let code = anna_waits(&stage, &[(BEN, "Ben"), (VERA, "Vera")]).await;
        // Until SQL knows that they are in the room.
        while has_muted
            && !stage.db().mute_room(code, user_id(BEN), true, stage.rooms.clock().now()).await.unwrap()
        {
            tokio::task::yield_now().await;
        }
        nudge(&stage, code, ANNA, BEN).await;
        nudge(&stage, code, ANNA, VERA).await;
        stage.message_with(VERA, "👋").await;
        assert_eq!(nudges_of(&stage, BEN).await, 0, "muted: {has_muted}");
    }
}

#[tokio::test]
async fn who_has_a_phone_in_the_room_sees_the_nudge_there() {
    let stage = Stage::new().await;
    allows_messages(&stage, BEN).await;
    let code = anna_waits(&stage, &[(BEN, "Ben")]).await;
    let live = stage.rooms.open(code).await.unwrap();
    let _phone = stage.rooms.attend(&live, user_id(BEN), None).await.unwrap();
    nudge(&stage, code, ANNA, BEN).await;
    stage.like(code, BEN, &TitleText::new("Solaris").unwrap().id()).await;
    stage.message_with(GROUP, "🎉").await;
    assert_eq!(nudges_of(&stage, BEN).await, 0);
}

#[tokio::test]
async fn a_nudge_that_comes_late_is_not_sent() {
    let mut stage = Stage::new().await;
    allows_messages(&stage, BEN).await;
    let code = anna_waits(&stage, &[(BEN, "Ben"), (VERA, "Vera")]).await;
    stage.stop_bot().await;
    nudge(&stage, code, ANNA, BEN).await;
    stage.like(code, BEN, &TitleText::new("Solaris").unwrap().id()).await;
    stage.start_bot().await;
    allows_messages(&stage, VERA).await;
    nudge(&stage, code, ANNA, VERA).await;
    stage.message_with(VERA, "👋").await;
    assert_eq!(nudges_of(&stage, BEN).await, 0, "who has swiped meanwhile is not waited for");
}
