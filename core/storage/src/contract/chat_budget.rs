//! What the bot may still write into a chat.

use std::time::Duration;

use futures::future::join_all;

use super::{Bench, at, contract, tamper};
use crate::{Db, KEPT_FOR_MATCHES, KEPT_FOR_PEOPLE, PER_SECOND, PER_SHORT_WINDOW, PER_WINDOW, Sending, Turn};

contract!(
    bots_at_once_share_one_budget,
    what_is_kept_for_matches_is_theirs_alone,
    a_chat_that_telegram_closed_is_closed_to_all,
    a_group_that_moves_takes_its_budget_along,
    a_group_that_moves_to_where_something_was_sent_has_sent_both,
    what_reached_telegram_late_counts_from_then,
    all_chats_together_have_a_budget_of_a_second,
    one_chat_costs_another_nothing,
    quiet_chats_are_forgotten,
);

const CHAT: &str = "-5";

/// How many turns are granted when one is asked for every second.
async fn granted(db: &Db, what: Sending, seconds: std::ops::Range<i64>) -> usize {
    let mut granted = 0;
    for second in seconds {
        granted += usize::from(db.chat_turn(CHAT, what, at(second)).await.unwrap() == Turn::Granted);
    }
    granted
}

async fn bots_at_once_share_one_budget(bench: Bench) {
    let db = bench.db().await;
    let turns = join_all((0..12).map(|_| db.chat_turn(CHAT, Sending::Match, at(0)))).await;
    let granted = turns.into_iter().filter(|turn| *turn.as_ref().unwrap() == Turn::Granted).count();
    // The fourth and later matches wait for one another.
    assert_eq!(granted, 3.min(PER_SHORT_WINDOW), "of twelve that asked at once");
}

async fn what_is_kept_for_matches_is_theirs_alone(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(granted(&db, Sending::Answer, 0..40).await, PER_WINDOW - KEPT_FOR_MATCHES);
    let again = bench.db().await;
    let turn = again.chat_turn(CHAT, Sending::Answer, at(40)).await.unwrap();
    assert!(matches!(turn, Turn::NotYet(_)), "a restart changes nothing: {turn:?}");
    assert_eq!(again.chat_turn(CHAT, Sending::Match, at(40)).await.unwrap(), Turn::Granted);
    assert_eq!(
        again.chat_turn(CHAT, Sending::Answer, at(70)).await.unwrap(),
        Turn::Granted,
        "a minute later"
    );
}

async fn a_chat_that_telegram_closed_is_closed_to_all(bench: Bench) {
    let db = bench.db().await;
    db.close_chat(CHAT, Duration::from_secs(90), at(0)).await.unwrap();
    db.close_chat(CHAT, Duration::from_secs(1), at(1)).await.unwrap();
    let turn = bench.db().await.chat_turn(CHAT, Sending::Match, at(30)).await.unwrap();
    assert_eq!(turn, Turn::NotYet(Duration::from_secs(60)), "the longer silence counts");
    assert_eq!(db.chat_turn(CHAT, Sending::Match, at(90)).await.unwrap(), Turn::Granted);
}

async fn a_group_that_moves_takes_its_budget_along(bench: Bench) {
    let db = bench.db().await;
    granted(&db, Sending::Answer, 0..40).await;
    db.migrate_chat(-5, -1005).await.unwrap();
    let turn = db.chat_turn("-1005", Sending::Answer, at(41)).await.unwrap();
    assert!(matches!(turn, Turn::NotYet(_)), "{turn:?}");
}

async fn a_group_that_moves_to_where_something_was_sent_has_sent_both(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(granted(&db, Sending::Answer, 0..40).await, PER_WINDOW - KEPT_FOR_MATCHES);
    assert_eq!(db.chat_turn("-1005", Sending::Answer, at(40)).await.unwrap(), Turn::Granted, "the greeting");
    db.close_chat(CHAT, Duration::from_secs(100), at(40)).await.unwrap();
    db.migrate_chat(-5, -1005).await.unwrap();
    let turn = db.chat_turn("-1005", Sending::Match, at(41)).await.unwrap();
    assert_eq!(turn, Turn::NotYet(Duration::from_secs(99)), "Telegram's silence moves along");
    // What was sent in the old one is gone by then.
    assert_eq!(db.chat_turn("-1005", Sending::Answer, at(140)).await.unwrap(), Turn::Granted);
}

async fn what_reached_telegram_late_counts_from_then(bench: Bench) {
    let db = bench.db().await;
    assert_eq!(db.chat_turn(CHAT, Sending::Answer, at(0)).await.unwrap(), Turn::Granted);
    db.chat_turn_took(CHAT, at(0), at(15)).await.unwrap();
    db.chat_turn_took(CHAT, at(7), at(15)).await.unwrap();
    assert_eq!(granted(&db, Sending::Answer, 16..60).await, PER_WINDOW - KEPT_FOR_MATCHES - 1);
    let full = |turn| matches!(turn, Turn::NotYet(_));
    assert!(full(db.chat_turn(CHAT, Sending::Answer, at(70)).await.unwrap()), "it counts from 15 on");
    assert_eq!(db.chat_turn(CHAT, Sending::Answer, at(77)).await.unwrap(), Turn::Granted);
}

async fn all_chats_together_have_a_budget_of_a_second(bench: Bench) {
    let db = bench.db().await;
    let mut of_cards = 0;
    for chat in 0..40 {
        let turn = db.chat_turn(&format!("-{chat}"), Sending::Change, at(0)).await.unwrap();
        of_cards += usize::from(turn == Turn::Granted);
    }
    assert_eq!(of_cards, PER_SECOND - KEPT_FOR_PEOPLE);
    let mut of_people = 0;
    for chat in 100..140 {
        let turn = db.chat_turn(&format!("-{chat}"), Sending::Match, at(0)).await.unwrap();
        of_people += usize::from(turn == Turn::Granted);
    }
    assert_eq!(of_people, KEPT_FOR_PEOPLE, "what is kept for people is theirs");
    assert_eq!(db.chat_turn("-139", Sending::Change, at(1)).await.unwrap(), Turn::Granted, "a second later");
}

async fn one_chat_costs_another_nothing(bench: Bench) {
    let db = bench.db().await;
    granted(&db, Sending::Answer, 0..40).await;
    assert_eq!(db.chat_turn("inline:AbC", Sending::Progress, at(40)).await.unwrap(), Turn::Granted);
}

async fn quiet_chats_are_forgotten(bench: Bench) {
    let db = bench.db().await;
    granted(&db, Sending::Answer, 0..1).await;
    db.close_chat("-6", Duration::from_secs(2 * 3600), at(0)).await.unwrap();
    assert_eq!(db.forget_quiet_chats(at(3602)).await.unwrap(), 2, "the chat, and what all chats had");
    // Only a row that is there can be spoilt.
    tamper(&db, "UPDATE chat_budgets SET sent = '7' WHERE chat IN ('-5', '-6')").await;
    assert_eq!(db.chat_turn(CHAT, Sending::Answer, at(3603)).await.unwrap(), Turn::Granted, "it began anew");
    db.chat_turn("-6", Sending::Answer, at(3603)).await.expect_err("it is still closed, and known");
}
