//! An evening, as every phone of a room is told of it.

use futures::{StreamExt, stream};
use serde_json::json;

use super::{gathered, merged, swipe, swiping};
use crate::harness::TestApp;

/// Rooms that are played at the same time.
const AT_ONCE: usize = 10;

#[tokio::test]
async fn a_swipe_that_names_its_round_is_none_of_another() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut host = phones[0].socket(&code).await;
    let swipe_in = |round: u32| json!({ "type": "swipe", "title": "c1", "verdict": "like", "round": round });
    let undo_in = |round: u32| json!({ "type": "undo", "title": "c1", "round": round });
    host.does(swipe_in(1)).await;
    host.does(undo_in(1)).await;
    host.does(json!({ "type": "finish" })).await;
    host.does(json!({ "type": "restart", "round": 2 })).await;
    host.does(json!({ "type": "start" })).await;
    assert_eq!(host.refuses(swipe_in(1)).await, "wrong_phase");
    host.does(swipe_in(2)).await;
    assert_eq!(host.refuses(undo_in(1)).await, "wrong_phase");
    host.does(undo_in(2)).await;
}

#[tokio::test]
async fn everything_that_happens_reaches_everybody_once_and_in_order() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].socket(&code).await);
    let mut tablet = phones[0].socket(&code).await;

    let late = app.phone(3).await;
    late.join(&code).await.ok();
    for socket in [&mut host, &mut guest, &mut tablet] {
        let joined = socket.event("joined").await;
        assert_eq!(joined["member"], 3);
        assert_eq!(joined["profile"]["name"], "Person 3");
    }

    let ack = host.does(json!({ "type": "configure", "name": "Friday", "deck": "soviet-comedies" })).await;
    let told = guest.event("configured").await;
    assert_eq!(ack["event"], told, "the ack carries the event that it stands for");
    assert_eq!(told["name"], "Friday");
    assert_eq!(told["deck"], "soviet-comedies");
    assert_eq!(told["rule"], json!({ "kind": "unanimous" }));
    assert_eq!(told["goal"], json!({ "kind": "whole_deck" }));
    assert_eq!(told["picks_per_member"], 5);
    tablet.event("configured").await;
    host.does(json!({ "type": "configure", "deck": null })).await;
    guest.event("configured").await;
    tablet.event("configured").await;

    host.does(json!({ "type": "pick", "title": { "id": "c1" } })).await;
    assert_eq!(guest.event("picked").await, json!({ "type": "picked", "member": 1, "picks": 1 }));
    assert_eq!(tablet.event("picked").await["my_picks"][0]["id"], "c1", "one's own other devices see which");

    guest.does(json!({ "type": "ready", "ready": true })).await;
    assert_eq!(host.event("ready").await, json!({ "type": "ready", "member": 2, "ready": true }));
    tablet.event("ready").await;

    late.does(&code, json!({ "type": "leave" })).await;
    for socket in [&mut host, &mut guest, &mut tablet] {
        assert_eq!(socket.event("left").await, json!({ "type": "left", "member": 3, "removed": false }));
    }

    let ack = host.does(json!({ "type": "start" })).await;
    assert_eq!(ack["queue"][0]["id"], "c1");
    for socket in [&mut guest, &mut tablet] {
        let started = socket.event("started").await;
        assert_eq!((&started["round"], &started["deck_size"]), (&json!(1), &json!(1)));
        assert_eq!(started["queue"][0]["id"], "c1");
    }

    let ack = host.does(swipe("c1", "skip")).await;
    assert_eq!(ack["queue"], json!([]));
    assert_eq!(guest.event("progress").await, json!({ "type": "progress", "member": 1, "swiped": 1 }));
    let left = json!({ "my_super_likes_left": 1, "my_vetoes_left": 0 });
    let swiped = json!({ "type": "swiped", "title": "c1", "verdict": "skip", "swiped": 1 });
    assert_eq!(tablet.event("swiped").await, merged(&swiped, &left));

    host.does(json!({ "type": "undo", "title": "c1" })).await;
    assert_eq!(guest.event("undone").await, json!({ "type": "undone", "member": 1, "swiped": 0 }));
    let undone = json!({ "type": "undone", "member": 1, "swiped": 0, "title": "c1" });
    assert_eq!(tablet.event("undone").await, merged(&undone, &left));

    host.does(swipe("c1", "like")).await;
    guest.event("progress").await;
    tablet.event("swiped").await;
    guest.does(swipe("c1", "like")).await;
    for socket in [&mut host, &mut tablet] {
        assert_eq!(socket.event("progress").await["member"], 2);
    }
    for socket in [&mut host, &mut guest, &mut tablet] {
        let found = socket.event("match_found").await;
        assert_eq!(
            (&found["number"], &found["round"], &found["title"]["id"]),
            (&json!(1), &json!(1), &json!("c1"))
        );
        assert!(found["at"].as_str().unwrap().ends_with('Z'));
        let finished = socket.event("finished").await;
        assert_eq!((&finished["results"][0]["likes"], &finished["finalists"]), (&json!(2), &json!(0)));
    }

    host.does(json!({ "type": "restart", "round": 2 })).await;
    assert_eq!(guest.event("restarted").await, json!({ "type": "restarted", "round": 2 }));
    tablet.event("restarted").await;

    host.does(json!({ "type": "remove", "member": 2 })).await;
    assert_eq!(guest.event("left").await, json!({ "type": "left", "member": 2, "removed": true }));
    assert_eq!(guest.room_closed().await, "not_a_member", "whoever was removed is told, and sent away");
    tablet.event("left").await;
}

#[tokio::test]
async fn a_host_who_leaves_hands_over() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].socket(&code).await;
    let mut host = phones[0].socket(&code).await;
    let ack = host.does(json!({ "type": "leave" })).await;
    assert_eq!(ack["event"]["type"], "left");
    guest.event("left").await;
    assert_eq!(guest.event("host_changed").await, json!({ "type": "host_changed", "member": 2 }));
    assert_eq!(host.room_closed().await, "not_a_member");
}

#[tokio::test]
async fn the_last_two_likes_in_the_same_moment_match_exactly_once_in_a_hundred_rooms() {
    let app = TestApp::start().await;
    // Not all at once: on a busy machine each of them would wait for long.
    stream::iter(0..100).for_each_concurrent(AT_ONCE, |n| two_like_at_once(&app, n)).await;
}

async fn two_like_at_once(app: &TestApp, n: i64) {
    let (host, guest) = (app.phone(2 * n + 1).await, app.phone(2 * n + 2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    host.select(&code, &["c1", "c2"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    let (mut host, mut guest) = (host.socket(&code).await, guest.socket(&code).await);
    tokio::join!(host.send(swipe("c1", "like")), guest.send(swipe("c1", "like")));
    for socket in [&mut host, &mut guest] {
        let mut seen = Vec::new();
        // Swiped, progress, match: three things happened, whichever way round.
        for _ in 0..3 {
            seen.push(socket.news().await);
        }
        let matches = seen.iter().filter(|frame| frame["event"]["type"] == "match_found").count();
        assert_eq!(matches, 1, "room {n}: {seen:?}");
        assert_eq!(seen.iter().filter(|frame| frame["type"] == "ack").count(), 1, "room {n}: {seen:?}");
    }
    assert_eq!(host.seq(), guest.seq());
}
