//! The bot's messages about achievements go to their owner only.

use std::time::Duration;

use serde_json::Value;
use sovpalo_storage::ACHIEVEMENT_SENT_AFTER;

use crate::{
    processes::movable_clock,
    stage::{ANNA, BEN, GROUP, PATIENCE, Play, Stage, is_bots, text_of, user_id},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Waits until so many achievements are still to be told.
async fn pending(stage: &Stage, who: i64, many: usize) {
    let waiting = async {
        while stage.db().pending_achievements(user_id(who)).await.unwrap().len() != many {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{many} to tell"));
}

async fn praise(stage: &Stage, who: i64) -> Vec<Value> {
    let messages = stage.messages(who).await;
    messages.into_iter().filter(|m| is_bots(m) && text_of(m).contains('🏅')).collect()
}

#[tokio::test]
async fn who_lets_the_bot_write_is_told_after_the_evening_and_once_a_day_what_they_have_earned() {
    let stage = Stage::with(Play { clock: movable_clock(), ..Play::default() }).await;
    stage.answer(ANNA, "/start").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    let mut bens = Vec::new();
    for name in ["One", "Two", "Three", "Four", "Five"] {
        bens.push(stage.new_room(BEN, GROUP, &format!("/new {name}")).await.0);
    }
    stage.match_in(code, ANNA, BEN, "Solaris").await;
    stage.message_with(ANNA, "🎉").await;
    pending(&stage, ANNA, 1).await;
    assert_eq!(praise(&stage, ANNA).await, Vec::<Value>::new(), "not in the middle of the evening");

    stage.rooms.clock().advance(ACHIEVEMENT_SENT_AFTER);
    let message = stage.message_with(ANNA, "🏅").await;
    assert!(text_of(&message).contains("It’s a match! · Find the first film"), "{}", text_of(&message));
    pending(&stage, ANNA, 0).await;

    for room in bens {
        stage.join(room, ANNA, "Anna").await;
    }
    pending(&stage, ANNA, 1).await;
    stage.rooms.clock().advance(ACHIEVEMENT_SENT_AFTER);
    stage.answer(ANNA, "/help").await;
    assert_eq!(praise(&stage, ANNA).await.len(), 1, "one a day");
    stage.rooms.clock().advance(DAY);
    stage.message_with(ANNA, "Welcome guest").await;
    assert_eq!(praise(&stage, ANNA).await.len(), 2);

    for call in stage.calls("sendMessage").await {
        let (to, text) = (&call["parameters"]["chat_id"], call["parameters"]["text"].as_str().unwrap());
        if text.contains('🏅') {
            assert_eq!(
                (to, &call["parameters"]["disable_notification"]),
                (&ANNA.into(), &true.into()),
                "{text}"
            );
        }
    }
}
