//! Every seq of an open room reaches every socket once and in order.

use futures::future::join_all;
use serde_json::json;

use super::{gathered, ready, swipe, swiping};
use crate::harness::TestApp;

#[tokio::test]
async fn a_command_is_an_ack_to_who_sent_it_and_an_event_to_everybody_else() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    let mut tablet = phones[0].connects_as("the-tablet-of-the-host").await;
    for socket in [&mut host, &mut guest, &mut tablet] {
        socket.opens(&code).await;
    }
    let ack = host.does(&code, json!({ "type": "pick", "title": { "id": "c1" } })).await;
    assert_eq!(ack["event"]["my_picks"][0]["id"], "c1");
    assert!(ack["queue"].is_null(), "there are no cards yet: {ack}");
    assert_eq!(guest.event(&code, "picked").await, json!({ "type": "picked", "member": 1, "picks": 1 }));
    assert_eq!(tablet.event(&code, "picked").await["my_picks"][0]["id"], "c1", "one's own devices see which");

    let ack = host.does(&code, json!({ "type": "start" })).await;
    assert_eq!((&ack["event"]["type"], &ack["queue"][0]["id"]), (&json!("started"), &json!("c1")));
    assert_eq!(guest.event(&code, "started").await["queue"][0]["id"], "c1");
    tablet.event(&code, "started").await;

    let ack = host.does(&code, swipe("c1", "like")).await;
    assert_eq!((&ack["event"]["type"], &ack["queue"]), (&json!("swiped"), &json!([])));
    assert_eq!(guest.event(&code, "progress").await, json!({ "type": "progress", "member": 1, "swiped": 1 }));
    assert_eq!(tablet.event(&code, "swiped").await, ack["event"], "which and how one's own phones are told");
    assert_eq!((&ack["event"]["title"], &ack["event"]["verdict"]), (&json!("c1"), &json!("like")));

    // What follows from a command comes after its ack.
    guest.does(&code, swipe("c1", "like")).await;
    assert_eq!(guest.event(&code, "match_found").await["title"]["id"], "c1");
    guest.event(&code, "finished").await;
    host.until_event(&code, "finished").await;
    tablet.until_event(&code, "finished").await;
    assert_eq!(host.seqs, guest.seqs);
    assert_eq!(host.seqs, tablet.seqs);
}

#[tokio::test]
async fn what_already_is_so_is_an_ack_without_an_event() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let first = socket.does(&code, ready(true)).await;
    let second = socket.does(&code, ready(true)).await;
    assert_eq!((&second["seq"], &second["event"]), (&first["seq"], &json!(null)));
}

#[tokio::test]
async fn two_who_swipe_at_once_on_two_nodes_are_told_one_order() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let titles: Vec<String> = (1..=12).map(|n| format!("c{n}")).collect();
    let names: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (phones, code) = swiping(&one, 2, &names).await;
    let mut sockets = [phones[0].connects().await, phones[1].on(&two).connects().await];
    for socket in &mut sockets {
        socket.opens(&code).await;
    }
    let mut told = join_all(sockets.iter_mut().map(async |socket| {
        let mut ids = Vec::new();
        for title in &titles {
            ids.push(socket.asks(&code, swipe(title, "like")).await);
        }
        let mut seen = Vec::new();
        let mut finished = false;
        while !finished || !ids.is_empty() {
            let frame = socket.news().await;
            assert_ne!(frame["type"], "refused", "{frame}");
            if frame["type"] == "ack" {
                assert_eq!(frame["id"], ids.remove(0), "a line is answered in its order");
            }
            finished |= frame["event"]["type"] == "finished";
            let kind = match frame["event"]["type"].as_str() {
                Some("swiped" | "progress") | None => "card".to_owned(),
                Some(other) => other.to_owned(),
            };
            seen.push((frame["seq"].clone(), kind));
        }
        seen
    }))
    .await;
    assert_eq!(told.pop(), told.pop(), "two histories of one evening");
}

#[tokio::test]
async fn nothing_is_missed_and_nothing_comes_twice_over_many_reconnects_to_two_nodes() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 2).await;
    let mut writer = phones[0].connects().await;
    writer.opens(&code).await;
    let mut reader = phones[1].connects().await;
    let opened = reader.opens(&code).await;
    let (epoch, mut seq) = (opened["epoch"].clone(), opened["seq"].as_u64().unwrap());
    let mut told = Vec::new();
    for n in 0..12 {
        for flag in [true, false] {
            writer.does(&code, ready(flag)).await;
        }
        // One of the two has come, or both, or none.
        if n % 3 == 0 {
            let event = reader.frame(&code, "event").await;
            told.push(event["seq"].as_u64().unwrap());
            seq = event["seq"].as_u64().unwrap();
        }
        drop(reader);
        let node = if n % 2 == 0 { &two } else { &one };
        reader = phones[1].on(node).connects().await;
        let missed = reader.opens_with(json!({ "open": code, "epoch": epoch, "seq": seq })).await;
        told.extend(missed["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()));
        seq = missed["seq"].as_u64().unwrap();
    }
    let all: Vec<u64> = (seq + 1 - told.len() as u64..=seq).collect();
    assert_eq!(told, all);
    assert_eq!(told.len(), 24);
}

#[tokio::test]
async fn a_command_sent_again_after_a_reconnect_is_done_once() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let first = socket.does(&code, swipe("c1", "like")).await;
    drop(socket);
    let mut socket = phones[0].connects().await;
    assert_eq!(socket.opens(&code).await["state"]["my_swipes"], 1);
    let again = socket.does(&code, swipe("c1", "like")).await;
    assert_eq!((&again["seq"], &again["event"]), (&first["seq"], &json!(null)));
}

#[tokio::test]
async fn rooms_on_one_socket_each_have_their_own_order() {
    let app = TestApp::start().await;
    let (phones, one) = gathered(&app, 2).await;
    let two = phones[1].create().await;
    phones[0].join(&two).await.ok();
    let mut socket = phones[0].connects().await;
    socket.opens(&one).await;
    socket.opens(&two).await;
    phones[1].does(&one, ready(true)).await;
    phones[1].does(&two, json!({ "type": "configure", "name": "Friday" })).await;
    let mut rooms = [socket.news().await, socket.news().await];
    rooms.sort_by_key(|frame| frame["room"] != one.as_str());
    assert_eq!((&rooms[0]["room"], &rooms[0]["event"]["type"]), (&json!(one), &json!("ready")));
    assert_eq!((&rooms[1]["room"], &rooms[1]["event"]["type"]), (&json!(two), &json!("configured")));
}

#[tokio::test]
async fn whoever_is_taken_out_of_a_room_is_told_and_their_other_rooms_go_on() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let theirs = phones[1].create().await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    guest.opens(&theirs).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    assert_eq!(guest.event(&code, "left").await, json!({ "type": "left", "member": 2, "removed": true }));
    assert_eq!(guest.news().await, json!({ "type": "closed", "room": code, "code": "not_a_member" }));
    guest.does(&theirs, ready(true)).await;
    assert_eq!(guest.refuses(json!({ "room": code, "type": "start" })).await, "not_open");
    assert_eq!(guest.refuses(json!({ "open": code })).await, "not_a_member");
}

#[tokio::test]
async fn whoever_leaves_is_answered_before_the_room_closes() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    let ack = guest.does(&code, json!({ "type": "leave" })).await;
    assert_eq!(ack["event"], json!({ "type": "left", "member": 2, "removed": false }));
    assert_eq!(guest.news().await, json!({ "type": "closed", "room": code, "code": "not_a_member" }));
}

#[tokio::test]
async fn a_room_that_goes_on_under_a_new_epoch_is_opened_again_by_itself() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let opened = socket.opens(&code).await;
    app.stores.hot_loses_its_memory().await;
    // The log was put back as it was, or as another one: either way the phone goes on, and loses nothing.
    let id = socket.asks(&code, ready(true)).await;
    let answer = socket.until(|frame| frame["id"] == id || frame["type"] == "closed").await;
    if answer["type"] == "closed" {
        assert_eq!(answer["code"], "fell_behind", "{opened}");
        socket.opens(&code).await;
        socket.does(&code, ready(true)).await;
    }
    phones[1].does(&code, ready(true)).await;
    socket.event(&code, "ready").await;
}

#[tokio::test]
async fn refusals_carry_the_commands_id_its_room_and_the_stable_code() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    let id = guest.asks(&code, json!({ "type": "start" })).await;
    let refused = guest.answer(id).await;
    assert_eq!(
        (&refused["type"], &refused["room"], &refused["code"]),
        (&json!("refused"), &json!(code), &json!("not_host"))
    );
    assert!(refused["message"].is_string());
    let refuse = |mut command: serde_json::Value| {
        command["room"] = code.clone().into();
        command
    };
    assert_eq!(guest.refuses(refuse(swipe("c1", "like"))).await, "wrong_phase");
    assert_eq!(guest.refuses(refuse(swipe("no id", "like"))).await, "invalid");
    assert_eq!(guest.refuses(refuse(json!({ "type": "fly" }))).await, "invalid");
    let nobodys = json!({ "type": "pick", "title": { "id": "nobody" } });
    assert_eq!(guest.refuses(refuse(nobodys)).await, "invalid");
    assert_eq!(guest.refuses(refuse(json!({ "type": "undo", "title": "c1" }))).await, "wrong_phase");
    guest.does(&code, ready(true)).await;
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
            assert!(frame["event"].is_null(), "nothing happened, and the ack says it did: {frame}");
        }
    }
    assert_eq!(host.seq(), first["seq"].as_u64().unwrap() + 1);
}
