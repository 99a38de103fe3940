//! The bot's messages about rooms.

use futures::future::join_all;

use super::{
    Bench, at, contract,
    story::{Story, room},
};
use crate::{Card, Db, Place};

contract!(
    a_card_that_many_want_is_one_card,
    of_many_who_claim_a_card_one_shows_it,
    each_chat_has_a_card_of_its_own,
    a_posted_card_is_remembered_with_its_topic_and_its_text,
    a_claim_nobody_followed_up_is_free_after_a_minute,
    a_claim_that_is_given_back_is_free_at_once,
    a_card_that_was_shown_is_never_claimed_again,
    a_dropped_card_can_be_wanted_again,
    an_inline_card_is_one_for_each_message,
    a_card_that_two_have_edited_says_nobody_knows_what,
    a_group_that_became_a_supergroup_takes_its_cards_along,
    a_card_that_is_being_posted_while_its_group_moves_stays_claimed,
    a_chat_that_threw_the_bot_out_has_no_cards,
    a_chats_rooms_are_those_that_have_changed_lately_the_newest_card_first,
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

fn inline(message: &str) -> Place {
    Place::Inline { message: message.to_owned() }
}

/// A card that stands in a chat.
async fn posted(db: &Db, chat: i64, message: i32, says: &str) {
    let place = place(chat, None, None);
    db.want_card(code(), &place).await.unwrap();
    assert!(db.claim_card(code(), &place, at(0)).await.unwrap());
    db.card_posted(code(), chat, message, says, at(0)).await.unwrap();
}

async fn a_card_that_many_want_is_one_card(bench: Bench) {
    let db = bench.db().await;
    let place = place(CHAT, Some(4), None);
    let wanted = join_all((0..10).map(|_| db.want_card(code(), &place))).await;
    let card = Card { room: code(), place: place.clone(), text_hash: None };
    assert!(wanted.iter().all(|found| *found.as_ref().unwrap() == card), "{wanted:?}");
    assert_eq!(db.cards(code()).await.unwrap(), [card]);
}

async fn of_many_who_claim_a_card_one_shows_it(bench: Bench) {
    let db = bench.db().await;
    for place in [place(CHAT, None, None), inline("AbC_-1")] {
        assert!(!db.claim_card(code(), &place, at(0)).await.unwrap(), "nobody wants it");
        db.want_card(code(), &place).await.unwrap();
        let claims = join_all((0..10).map(|_| db.claim_card(code(), &place, at(0)))).await;
        assert_eq!(claims.into_iter().filter(|claimed| *claimed.as_ref().unwrap()).count(), 1);
    }
}

async fn each_chat_has_a_card_of_its_own(bench: Bench) {
    let db = bench.db().await;
    for chat in [CHAT, 42, i64::MIN, i64::MAX] {
        let place = place(chat, None, None);
        db.want_card(code(), &place).await.unwrap();
        assert!(db.claim_card(code(), &place, at(0)).await.unwrap());
    }
    db.want_card(room("R00M0002"), &place(CHAT, None, None)).await.unwrap();
    assert!(db.claim_card(room("R00M0002"), &place(CHAT, None, None), at(0)).await.unwrap());
    assert_eq!(places(&db).await.len(), 4);
}

async fn a_posted_card_is_remembered_with_its_topic_and_its_text(bench: Bench) {
    let db = bench.db().await;
    db.want_card(code(), &place(CHAT, Some(7), None)).await.unwrap();
    db.card_posted(code(), CHAT, 11, "first\0", at(1)).await.unwrap();
    let posted =
        Card { room: code(), place: place(CHAT, Some(7), Some(11)), text_hash: Some("first".to_owned()) };
    assert_eq!(db.cards(code()).await.unwrap(), std::slice::from_ref(&posted));
    assert_eq!(db.want_card(code(), &place(CHAT, Some(8), None)).await.unwrap(), posted);
    assert!(db.card_edited(code(), &posted.place, Some("first"), "second").await.unwrap());
    assert_eq!(db.cards(code()).await.unwrap()[0].text_hash.as_deref(), Some("second"));
}

async fn a_claim_nobody_followed_up_is_free_after_a_minute(bench: Bench) {
    let db = bench.db().await;
    let place = place(CHAT, None, None);
    db.want_card(code(), &place).await.unwrap();
    let mut claimed = Vec::new();
    for seconds in [0, 59, 60, 61] {
        claimed.push(db.claim_card(code(), &place, at(seconds)).await.unwrap());
    }
    assert_eq!(claimed, [true, false, true, false]);
}

async fn a_claim_that_is_given_back_is_free_at_once(bench: Bench) {
    let db = bench.db().await;
    let place = place(CHAT, None, None);
    db.want_card(code(), &place).await.unwrap();
    for seconds in 0..3 {
        assert!(db.claim_card(code(), &place, at(seconds)).await.unwrap());
        db.release_card(code(), &place).await.unwrap();
    }
}

async fn a_card_that_was_shown_is_never_claimed_again(bench: Bench) {
    let db = bench.db().await;
    posted(&db, CHAT, 11, "text").await;
    assert!(!db.claim_card(code(), &place(CHAT, None, Some(11)), at(1_000_000)).await.unwrap());
    db.want_card(code(), &inline("A")).await.unwrap();
    assert!(db.card_edited(code(), &inline("A"), None, "text").await.unwrap());
    db.release_card(code(), &inline("A")).await.unwrap();
    assert!(!db.claim_card(code(), &inline("A"), at(1_000_000)).await.unwrap());
}

async fn a_dropped_card_can_be_wanted_again(bench: Bench) {
    let db = bench.db().await;
    posted(&db, CHAT, 11, "text").await;
    posted(&db, 42, 12, "text").await;
    db.drop_card(code(), &place(CHAT, None, Some(11))).await.unwrap();
    assert_eq!(places(&db).await, [place(42, None, Some(12))]);
    db.want_card(code(), &place(CHAT, None, None)).await.unwrap();
    assert!(db.claim_card(code(), &place(CHAT, None, None), at(0)).await.unwrap());
}

async fn an_inline_card_is_one_for_each_message(bench: Bench) {
    let db = bench.db().await;
    for message in ["AbC_-1", "AbC_-1", "AbC\0_-2"] {
        db.want_card(code(), &inline(message)).await.unwrap();
    }
    assert_eq!(places(&db).await, [inline("AbC_-1"), inline("AbC_-2")]);
    assert!(db.card_edited(code(), &inline("AbC\0_-2"), None, "text").await.unwrap());
    let hashes: Vec<_> = db.cards(code()).await.unwrap().into_iter().map(|card| card.text_hash).collect();
    assert_eq!(hashes, [None, Some("text".to_owned())]);
    db.drop_card(code(), &inline("AbC_-1")).await.unwrap();
    assert_eq!(places(&db).await, [inline("AbC_-2")]);
}

async fn a_card_that_two_have_edited_says_nobody_knows_what(bench: Bench) {
    let db = bench.db().await;
    posted(&db, CHAT, 11, "old").await;
    let place = place(CHAT, None, Some(11));
    assert!(db.card_edited(code(), &place, Some("old"), "one").await.unwrap());
    assert!(!db.card_edited(code(), &place, Some("old"), "other").await.unwrap());
    let card = db.cards(code()).await.unwrap().remove(0);
    assert!(card.is_shown() && !["one", "other"].contains(&card.text_hash.as_deref().unwrap()), "{card:?}");
    assert!(db.card_edited(code(), &place, card.text_hash.as_deref(), "new").await.unwrap());
    db.drop_card(code(), &place).await.unwrap();
    assert!(db.card_edited(code(), &place, Some("new"), "newer").await.unwrap(), "nobody misses it");
}

async fn a_group_that_became_a_supergroup_takes_its_cards_along(bench: Bench) {
    let db = bench.db().await;
    let (old, new) = (-55, CHAT);
    posted(&db, old, 11, "text").await;
    db.migrate_chat(old, new).await.unwrap();
    assert_eq!(places(&db).await, [place(new, None, None)], "its message is another one there");
    posted(&db, new, 1, "text").await;

    db.want_card(code(), &place(old, None, None)).await.unwrap();
    db.migrate_chat(old, new).await.unwrap();
    db.migrate_chat(new, new).await.unwrap();
    assert_eq!(places(&db).await, [place(new, None, Some(1))], "the card that is there stays");
}

async fn a_card_that_is_being_posted_while_its_group_moves_stays_claimed(bench: Bench) {
    let db = bench.db().await;
    let (old, new) = (-55, CHAT);
    db.want_card(code(), &place(old, None, None)).await.unwrap();
    assert!(db.claim_card(code(), &place(old, None, None), at(0)).await.unwrap());
    db.migrate_chat(old, new).await.unwrap();
    assert!(!db.claim_card(code(), &place(new, None, None), at(1)).await.unwrap());
    assert!(db.claim_card(code(), &place(new, None, None), at(60)).await.unwrap());
}

async fn a_chat_that_threw_the_bot_out_has_no_cards(bench: Bench) {
    let db = bench.db().await;
    posted(&db, CHAT, 11, "text").await;
    posted(&db, 42, 12, "text").await;
    db.drop_cards_in(CHAT).await.unwrap();
    assert_eq!(places(&db).await, [place(42, None, Some(12))]);
}

async fn a_chats_rooms_are_those_that_have_changed_lately_the_newest_card_first(bench: Bench) {
    let db = bench.db().await;
    for (code, changed) in
        [("R00M0001", Some(5)), ("R00M0002", Some(1)), ("R00M0003", Some(9)), ("R00M0004", None)]
    {
        if let Some(changed) = changed {
            db.project(&Story::of(code, 0).room, at(changed)).await.unwrap();
        }
        db.want_card(room(code), &place(CHAT, None, None)).await.unwrap();
    }
    db.want_card(room("R00M0001"), &place(CHAT - 1, None, None)).await.unwrap();
    db.want_card(room("R00M0003"), &inline("abc")).await.unwrap();
    // The second has not changed since; nothing is stored of the fourth yet.
    let all = ["R00M0004", "R00M0003", "R00M0001"].map(room);
    assert_eq!(db.rooms_in_chat(CHAT, at(2), 9).await.unwrap(), all);
    assert_eq!(db.rooms_in_chat(CHAT, at(2), 1).await.unwrap(), all[..1]);
    assert_eq!(db.rooms_in_chat(CHAT - 1, at(2), 9).await.unwrap(), [room("R00M0001")]);
}
