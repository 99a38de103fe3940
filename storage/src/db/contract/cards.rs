//! The bot's messages about rooms.

use futures::future::join_all;

use super::{Bench, at, contract, story::room};
use crate::db::{Card, Claimed, Db, Place};

contract!(
    of_many_who_claim_a_card_one_posts_it,
    each_chat_has_a_card_of_its_own,
    a_posted_card_is_remembered_with_its_topic_and_its_text,
    a_claim_nobody_followed_up_is_free_after_a_minute,
    a_posted_card_is_never_claimed_again,
    a_dropped_card_can_be_claimed_again,
    an_inline_card_is_added_once,
    a_group_that_became_a_supergroup_takes_its_cards_along,
    a_chat_that_threw_the_bot_out_has_no_cards,
);

const CHAT: i64 = -1_001_234_567_890;

fn code() -> sovpalo_domain::ids::RoomCode {
    room("R00M0001")
}

fn place(chat: i64, thread: Option<i32>, message: Option<i32>) -> Place {
    Place::Chat { chat, thread, message }
}

async fn places(db: &Db) -> Vec<Place> {
    db.cards(code()).await.unwrap().into_iter().map(|card| card.place).collect()
}

async fn of_many_who_claim_a_card_one_posts_it(bench: Bench) {
    let db = bench.db().await;
    let claims = join_all((0..10).map(|_| db.claim_card(code(), CHAT, Some(4), at(0)))).await;
    let (new, existing): (Vec<Claimed>, Vec<Claimed>) =
        claims.into_iter().map(Result::unwrap).partition(|claimed| *claimed == Claimed::New);
    assert_eq!(new.len(), 1);
    let claimed = Card { room: code(), place: place(CHAT, Some(4), None), text_hash: None };
    assert!(existing.iter().all(|card| *card == Claimed::Existing(claimed.clone())), "{existing:?}");
}

async fn each_chat_has_a_card_of_its_own(bench: Bench) {
    let db = bench.db().await;
    for chat in [CHAT, 42, i64::MIN, i64::MAX] {
        assert_eq!(db.claim_card(code(), chat, None, at(0)).await.unwrap(), Claimed::New);
    }
    assert_eq!(db.claim_card(room("R00M0002"), CHAT, None, at(0)).await.unwrap(), Claimed::New);
    assert_eq!(places(&db).await.len(), 4);
}

async fn a_posted_card_is_remembered_with_its_topic_and_its_text(bench: Bench) {
    let db = bench.db().await;
    db.claim_card(code(), CHAT, Some(7), at(0)).await.unwrap();
    db.card_posted(code(), CHAT, 11, "first\0", at(1)).await.unwrap();
    let posted =
        Card { room: code(), place: place(CHAT, Some(7), Some(11)), text_hash: Some("first".to_owned()) };
    assert_eq!(db.cards(code()).await.unwrap(), std::slice::from_ref(&posted));
    db.card_edited(code(), &posted.place, "second").await.unwrap();
    assert_eq!(db.cards(code()).await.unwrap()[0].text_hash.as_deref(), Some("second"));
}

async fn a_claim_nobody_followed_up_is_free_after_a_minute(bench: Bench) {
    let db = bench.db().await;
    db.claim_card(code(), CHAT, Some(7), at(0)).await.unwrap();
    assert!(matches!(db.claim_card(code(), CHAT, None, at(59)).await.unwrap(), Claimed::Existing(_)));
    assert_eq!(db.claim_card(code(), CHAT, None, at(60)).await.unwrap(), Claimed::New);
    assert!(matches!(db.claim_card(code(), CHAT, None, at(61)).await.unwrap(), Claimed::Existing(_)));
    assert_eq!(places(&db).await, [place(CHAT, None, None)]);
}

async fn a_posted_card_is_never_claimed_again(bench: Bench) {
    let db = bench.db().await;
    db.claim_card(code(), CHAT, None, at(0)).await.unwrap();
    db.card_posted(code(), CHAT, 11, "text", at(1)).await.unwrap();
    assert!(matches!(db.claim_card(code(), CHAT, None, at(1_000_000)).await.unwrap(), Claimed::Existing(_)));
}

async fn a_dropped_card_can_be_claimed_again(bench: Bench) {
    let db = bench.db().await;
    db.claim_card(code(), CHAT, None, at(0)).await.unwrap();
    db.claim_card(code(), 42, None, at(1)).await.unwrap();
    db.drop_card(code(), &place(CHAT, None, Some(3))).await.unwrap();
    assert_eq!(places(&db).await, [place(42, None, None)]);
    assert_eq!(db.claim_card(code(), CHAT, None, at(2)).await.unwrap(), Claimed::New);
}

async fn an_inline_card_is_added_once(bench: Bench) {
    let db = bench.db().await;
    let inline = |message: &str| Place::Inline { message: message.to_owned() };
    for message in ["AbC_-1", "AbC_-1", "AbC\0_-2"] {
        db.add_inline_card(code(), message, at(0)).await.unwrap();
    }
    assert_eq!(places(&db).await, [inline("AbC_-1"), inline("AbC_-2")]);
    db.card_edited(code(), &inline("AbC_-2"), "text").await.unwrap();
    let hashes: Vec<_> = db.cards(code()).await.unwrap().into_iter().map(|card| card.text_hash).collect();
    assert_eq!(hashes, [None, Some("text".to_owned())]);
    db.drop_card(code(), &inline("AbC_-1")).await.unwrap();
    assert_eq!(places(&db).await, [inline("AbC_-2")]);
}

async fn a_group_that_became_a_supergroup_takes_its_cards_along(bench: Bench) {
    let db = bench.db().await;
    let (old, new) = (-55, CHAT);
    db.claim_card(code(), old, Some(3), at(0)).await.unwrap();
    db.card_posted(code(), old, 11, "text", at(1)).await.unwrap();
    db.migrate_chat(old, new).await.unwrap();
    assert_eq!(places(&db).await, [place(new, None, None)], "its message is another one there");
    assert_eq!(db.claim_card(code(), new, None, at(2)).await.unwrap(), Claimed::New, "so it is posted anew");
    db.card_posted(code(), new, 1, "text", at(3)).await.unwrap();

    db.claim_card(code(), old, None, at(4)).await.unwrap();
    db.migrate_chat(old, new).await.unwrap();
    db.migrate_chat(new, new).await.unwrap();
    assert_eq!(places(&db).await, [place(new, None, Some(1))], "the card that is there stays");
}

async fn a_chat_that_threw_the_bot_out_has_no_cards(bench: Bench) {
    let db = bench.db().await;
    db.claim_card(code(), CHAT, None, at(0)).await.unwrap();
    db.claim_card(code(), 42, None, at(0)).await.unwrap();
    db.drop_cards_in(CHAT).await.unwrap();
    assert_eq!(places(&db).await, [place(42, None, None)]);
}
