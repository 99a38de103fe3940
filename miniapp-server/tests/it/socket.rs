//! A room's socket: what comes, in which order, to whom.

use futures::future::join_all;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Frame, Phone, Socket, TestApp};

/// People 1 to `people` in a room; the first is its host.
pub(crate) async fn gathered(app: &TestApp, people: i64) -> (Vec<Phone>, String) {
    let mut phones = vec![app.phone(1).await];
    let code = phones[0].create().await;
    for number in 2..=people {
        let phone = app.phone(number).await;
        phone.join(&code).await.ok();
        phones.push(phone);
    }
    (phones, code)
}

/// The same, swiping these titles.
pub(crate) async fn swiping(app: &TestApp, people: i64, titles: &[&str]) -> (Vec<Phone>, String) {
    let (phones, code) = gathered(app, people).await;
    phones[0].does(&code, json!({ "type": "configure", "picks_per_member": 50 })).await;
    phones[0].select(&code, titles).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    (phones, code)
}

pub(crate) fn swipe(title: &str, verdict: &str) -> Value {
    json!({ "type": "swipe", "title": title, "verdict": verdict })
}

#[tokio::test]
async fn the_first_frame_is_the_room_as_http_tells_it() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let socket = phones[1].socket(&code).await;
    let mut room = socket.welcome["room"].clone();
    assert_eq!(socket.welcome["epoch"], room["epoch"]);
    assert_eq!(socket.welcome["seq"], room["seq"]);
    assert_eq!(room["members"][1]["online"], true, "whoever opens a socket is online");
    assert_eq!(room["members"][0]["online"], false);
    room["members"][1]["online"] = false.into();
    let mut told = phones[1].room(&code).await;
    told["members"][1]["online"] = false.into();
    // This kind of socket knows nothing of messages.
    told.as_object_mut().unwrap().remove("messages");
    assert_eq!(room, told);
}

#[tokio::test]
async fn whoever_has_it_all_is_only_told_so() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let socket = phones[0].socket(&code).await;
    let (epoch, seq) = (socket.welcome["epoch"].as_u64().unwrap(), socket.seq);
    drop(socket);

    let mut current = phones[0].socket_from(&code, &format!("?epoch={epoch}&seq={seq}")).await;
    assert!(current.welcome.get("room").is_none(), "the room was sent for nothing");
    assert!(
        matches!(current.next().await, Frame::Said(frame) if frame["type"] == "presence"),
        "who is online may have changed"
    );

    for other in [
        format!("?epoch={epoch}&seq={}", seq - 1),
        format!("?epoch={epoch}&seq={}", seq + 1),
        format!("?epoch={}&seq={seq}", epoch ^ 1),
        format!("?seq={seq}"),
        format!("?epoch={epoch}"),
    ] {
        let socket = phones[0].socket_from(&code, &other).await;
        assert!(socket.welcome["room"].is_object(), "{other} is not current, and got no room");
    }
}

#[tokio::test]
async fn a_query_that_is_no_position_is_refused() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let long_name = format!("?device={}", "x".repeat(65));
    for query in ["?seq=-1", "?epoch=x&seq=1", "?seq=99999999999999999999", "?device=", &long_name] {
        let path = format!("/api/rooms/{code}/socket{query}");
        Socket::refused(&app.url, &path, &phones[0].access).await.refuses(422, "invalid");
    }
}

#[tokio::test]
async fn the_newest_connection_of_a_device_speaks_for_it() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut older = phones[0].socket_from(&code, "?device=phone").await;
    older.does(swipe("c1", "like")).await;
    let mut newer = phones[0].socket_from(&code, "?device=phone").await;
    let mut other = phones[1].socket_from(&code, "?device=phone").await;
    newer.does(json!({ "type": "undo", "title": "c1" })).await;

    older.send(swipe("c1", "like")).await;
    assert_eq!(older.closed().await, 4409, "come back: you may have been away");
    assert_eq!(phones[0].room(&code).await["my_swipes"], 0, "what was taken back came again");

    other.does(swipe("c1", "like")).await;
    newer.does(swipe("c1", "like")).await;
    other.until("match_found").await;
}

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
    assert_eq!(told["deck"]["id"], "soviet-comedies");
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
    assert_eq!(tablet.event("swiped").await, json!({ "type": "swiped", "title": "c1", "verdict": "skip" }));

    host.does(json!({ "type": "undo", "title": "c1" })).await;
    assert_eq!(guest.event("undone").await, json!({ "type": "undone", "member": 1, "swiped": 0 }));
    assert_eq!(
        tablet.event("undone").await,
        json!({ "type": "undone", "member": 1, "swiped": 0, "title": "c1" })
    );

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
    assert_eq!(guest.closed().await, 4403, "whoever was removed is told, and sent away");
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
    assert_eq!(host.closed().await, 4403);
}

#[tokio::test]
async fn an_ack_of_what_already_was_so_swallows_nobody_elses_event() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut host = phones[0].socket(&code).await;
    let ready = json!({ "type": "ready", "ready": true });
    let first = host.does(ready.clone()).await;
    // Not read by the host before its next command is answered, or after: either way it comes once.
    phones[1].does(&code, json!({ "type": "pick", "title": { "id": "c1" } })).await;
    let id = host.send(ready).await;
    let (mut acked, mut told) = (false, false);
    while !(acked && told) {
        let frame = host.news().await;
        told |= frame["event"]["type"] == "picked";
        if frame["id"] == id {
            acked = true;
            assert!(frame.get("event").is_none(), "nothing happened, and the ack says it did: {frame}");
        }
    }
    assert_eq!(host.seq, first["seq"].as_u64().unwrap() + 1);
}

#[tokio::test]
async fn a_command_sent_again_after_a_reconnect_is_done_once() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut socket = phones[0].socket(&code).await;
    let first = socket.does(swipe("c1", "like")).await;
    drop(socket);
    let mut socket = phones[0].socket(&code).await;
    assert_eq!(socket.welcome["room"]["my_swipes"], 1);
    let again = socket.does(swipe("c1", "like")).await;
    assert_eq!(again["seq"], first["seq"]);
    assert!(again.get("event").is_none());
}

#[tokio::test]
async fn refusals_carry_the_commands_id_and_the_stable_code() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].socket(&code).await;
    assert_eq!(guest.refuses(json!({ "type": "start" })).await, "not_host");
    assert_eq!(guest.refuses(swipe("c1", "like")).await, "wrong_phase");
    assert_eq!(guest.refuses(swipe("no id", "like")).await, "invalid");
    assert_eq!(guest.refuses(json!({ "type": "pick", "title": { "id": "nobody" } })).await, "invalid");
    assert_eq!(guest.refuses(json!({ "type": "undo", "title": "c1" })).await, "wrong_phase");
    guest.does(json!({ "type": "ready", "ready": true })).await;
}

#[tokio::test]
async fn who_is_online_is_told_as_it_changes() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 3).await;
    let mut host = phones[0].socket(&code).await;
    let mut first = phones[1].socket(&code).await;
    host.until_online(&[1, 2]).await;
    let second = phones[1].socket(&code).await;
    first.send_message(Message::Close(None)).await;
    first.closed().await;
    // Somebody who comes and goes afterwards: by then it is known that the first one closed.
    let other = phones[2].socket(&code).await;
    let mut said = host.until_online(&[1, 2, 3]).await;
    drop(other);
    said.extend(host.until_online(&[1, 2]).await);
    assert!(said.iter().all(|online| online.contains(&2)), "a second socket is open: {said:?}");
    drop(second);
    host.until_online(&[1]).await;
}

#[tokio::test]
async fn a_socket_hears_where_the_room_stands_while_nothing_happens() {
    let app = TestApp::with(|config| config.patience.beat = std::time::Duration::from_millis(50)).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    let seq = socket.seq;
    let frame = loop {
        match Socket::said(socket.next().await) {
            frame if frame["type"] == "at" => break frame,
            _ => {}
        }
    };
    assert_eq!(frame, json!({ "type": "at", "seq": seq }));
}

#[tokio::test]
async fn the_last_two_likes_in_the_same_moment_match_exactly_once_in_a_hundred_rooms() {
    let app = TestApp::start().await;
    let rooms = join_all((0..100).map(async |n| {
        let (host, guest) = (app.phone(2 * n + 1).await, app.phone(2 * n + 2).await);
        let code = host.create().await;
        guest.join(&code).await.ok();
        host.select(&code, &["c1", "c2"]).await;
        host.does(&code, json!({ "type": "start" })).await;
        (host.socket(&code).await, guest.socket(&code).await)
    }))
    .await;
    join_all(rooms.into_iter().enumerate().map(async |(n, (mut host, mut guest))| {
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
        assert_eq!(host.seq, guest.seq);
    }))
    .await;
}
