//! Super-likes and vetoes, as phones give them and are told of them.

use serde_json::{Value, json};

use super::{gathered, swipe, swiping};
use crate::harness::{Phone, TestApp};

const DECK: [&str; 9] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"];

fn ids(titles: &Value) -> Vec<&str> {
    titles.as_array().unwrap().iter().map(|title| title["id"].as_str().unwrap()).collect()
}

/// Skips the next card so many times, but for one that they keep.
async fn skips(phone: &Phone, code: &str, cards: usize, kept: &str) {
    for _ in 0..cards {
        let room = phone.room(code).await;
        let next = ids(&room["queue"]).into_iter().find(|id| *id != kept).unwrap().to_owned();
        phone.skips(code, &next).await;
    }
}

/// A card that a phone has not been dealt yet.
async fn far_down(phone: &Phone, code: &str) -> String {
    let near = phone.room(code).await;
    let near: Vec<String> = ids(&near["queue"]).into_iter().map(str::to_owned).collect();
    DECK.into_iter().find(|id| !near.iter().any(|dealt| dealt == id)).unwrap().to_owned()
}

#[tokio::test]
async fn a_super_like_is_told_to_ones_own_phones_and_lifts_the_title_for_the_others_without_a_name() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 3, &DECK).await;
    let wanted = far_down(&phones[0], &code).await;
    let (mut hers, mut tablet) = (phones[0].socket(&code).await, phones[0].socket(&code).await);
    let mut his = phones[1].socket(&code).await;

    let ack = hers.does(swipe(&wanted, "super_like")).await;
    let swiped = json!({ "type": "swiped", "title": wanted, "verdict": "super_like", "swiped": 1,
        "my_super_likes_left": 0, "my_vetoes_left": 0 });
    assert_eq!(ack["event"], swiped);
    assert_eq!(tablet.event("swiped").await, swiped);
    assert_eq!(his.event("progress").await, json!({ "type": "progress", "member": 1, "swiped": 1 }));
    let again = hers.does(swipe(&wanted, "super_like")).await;
    assert!(again["event"].is_null(), "sent again it is acknowledged: {again}");
    let other = DECK.iter().find(|id| **id != wanted).unwrap();
    assert_eq!(hers.refuses(swipe(other, "super_like")).await, "invalid", "there is one in a round");
    assert_eq!(phones[0].room(&code).await["my_super_likes_left"], 0);
    assert_eq!(phones[1].room(&code).await["my_super_likes_left"], 1);

    skips(&phones[1], &code, 5, &wanted).await;
    let room = phones[1].room(&code).await;
    assert_eq!(ids(&room["queue"])[0], wanted, "at the step of five cards it is next");
    for phone in &phones[1..] {
        phone.likes(&code, &wanted).await;
    }
    assert_eq!(his.until("match_found").await["super_likes"], json!([1]), "the match says whose it was");
    assert_eq!(phones[2].room(&code).await["matches"][0]["super_likes"], json!([1]));
}

#[tokio::test]
async fn a_veto_needs_the_hosts_leave_and_takes_the_title_out_for_everybody() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 3).await;
    let mut his = phones[1].socket(&code).await;
    let allow = json!({ "type": "configure", "veto": true, "picks_per_member": 50 });
    assert_eq!(his.refuses(allow.clone()).await, "not_host");
    assert_eq!(phones[0].room(&code).await["veto"], false);
    phones[0].does(&code, allow).await;
    his.event("configured").await;
    assert_eq!(his.event("configured").await["veto"], true);
    assert_eq!(phones[1].room(&code).await["my_vetoes_left"], 1);
    phones[0].select(&code, &DECK).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    let unwanted = far_down(&phones[0], &code).await;

    let ack = his.does_in_the_end(swipe(&unwanted, "veto")).await;
    assert_eq!((&ack["event"]["verdict"], &ack["event"]["my_vetoes_left"]), (&json!("veto"), &json!(0)));
    skips(&phones[0], &code, 5, &unwanted).await;
    let room = phones[0].room(&code).await;
    assert!(!ids(&room["queue"]).contains(&unwanted.as_str()), "it is out of the queue: {room}");
    assert_eq!(room["my_swipes"], 6, "and behind everybody who has come to a step");
    let undo = json!({ "type": "undo", "title": unwanted });
    assert_eq!(his.refuses(undo).await, "invalid", "by now it has taken effect");
    for phone in [&phones[0], &phones[2]] {
        phone.likes(&code, &unwanted).await;
    }
    phones[0].does(&code, json!({ "type": "finish" })).await;
    let room = phones[2].room(&code).await;
    assert_eq!(room["matches"], json!([]));
    let results = room["results"].as_array().unwrap().len();
    assert_eq!(results, DECK.len() - 1, "what was vetoed is in no results");
}

#[tokio::test]
async fn where_the_room_has_no_vetoes_nobody_may() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut hers = phones[0].socket(&code).await;
    assert_eq!(hers.refuses(swipe("c1", "veto")).await, "not_allowed");
    assert_eq!(hers.refuses(swipe("c1", "adore")).await, "invalid");
}
