//! The newest socket of a device is the only one that is heard.

use serde_json::json;

use super::{gathered, ready, swipe, swiping, talk::say};
use crate::harness::TestApp;

/// What a phone calls itself, on whichever node and connection.
const DEVICE: &str = "the-phone-of-the-host";

#[tokio::test]
async fn an_older_socket_of_a_device_is_closed_and_those_of_others_are_not() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut older = phones[0].connects().await;
    older.opens(&code).await;
    let mut tablet = phones[0].connects_as("the-tablet-of-the-host").await;
    tablet.opens(&code).await;
    // Somebody else's device may have the same name.
    let mut guest = phones[1].connects_as(&phones[0].device).await;
    guest.opens(&code).await;
    let mut newer = phones[0].connects().await;
    assert_eq!(older.closed().await, 4409);
    newer.opens(&code).await;
    for socket in [&mut newer, &mut tablet, &mut guest] {
        socket.does(&code, ready(true)).await;
    }
}

#[tokio::test]
async fn an_older_socket_on_another_node_is_closed_too() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = swiping(&one, 2, &["c1", "c2"]).await;
    let mut older = phones[0].connects().await;
    older.opens(&code).await;
    older.does(&code, swipe("c1", "like")).await;
    let mut newer = phones[0].on(&two).connects().await;
    newer.opens(&code).await;
    newer.does(&code, json!({ "type": "undo", "title": "c1" })).await;
    assert_eq!(older.closed().await, 4409, "come back, if you are the newest");
    assert_eq!(phones[0].room(&code).await["my_swipes"], 0);
    newer.does(&code, swipe("c1", "skip")).await;
}

#[tokio::test]
async fn an_older_socket_that_its_node_did_not_hear_of_is_closed_when_it_hears_again() {
    let one = TestApp::start().await;
    let (phones, code) = gathered(&one, 1).await;
    let mut older = phones[0].connects().await;
    older.opens(&code).await;
    one.stores.hot_goes();
    one.stores.hot_comes_back();
    older.does(&code, ready(true)).await;
    let two = one.another_node().await;
    let mut newer = phones[0].on(&two).connects().await;
    newer.opens(&code).await;
    assert_eq!(older.closed().await, 4409);
    newer.does(&code, ready(false)).await;
}

#[tokio::test]
async fn a_socket_that_nobody_remembers_stays_the_one_that_is_heard_however_often_that_is_asked_at_once() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let mut codes = Vec::new();
    for _ in 0..16 {
        codes.push(phone.create().await);
    }
    let mut socket = phone.connects().await;
    app.stores.hot_forgets_who_is_heard().await;
    // Each of them asks, and the first finds out that nobody knows.
    let mut ids = Vec::new();
    for code in &codes {
        ids.push(socket.send(json!({ "open": code })).await);
    }
    while !ids.is_empty() {
        let frame = socket.news().await;
        assert_eq!(frame["type"], "opened", "another socket is thought to be heard: {frame}");
        ids.retain(|id| frame["id"] != *id);
    }
}

#[tokio::test]
async fn a_device_that_reconnects_again_and_again_ends_with_one_socket() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 1).await;
    let mut sockets = Vec::new();
    for n in 0..10 {
        let phone = if n % 2 == 0 { phones[0].clone() } else { phones[0].on(&two) };
        sockets.push(phone.connects().await);
    }
    let mut last = sockets.pop().unwrap();
    for mut socket in sockets {
        assert_eq!(socket.closed().await, 4409);
    }
    last.opens(&code).await;
    last.does(&code, ready(true)).await;
}

#[tokio::test]
async fn a_swipe_under_way_on_an_older_socket_is_done_once_and_acknowledged_on_the_newer_one() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut other = phones[1].socket(&code).await;
    let mut older = phones[0].socket_as(&code, DEVICE).await;
    let mut held = app.stores.holds_the_next_append();
    older.send(swipe("c1", "like")).await;
    held.is_reached().await;
    let mut newer = phones[0].socket_as(&code, DEVICE).await;
    assert_eq!(older.closed().await, 4409);
    let again = newer.send(swipe("c1", "like")).await;
    held.lets_go();
    let ack = newer.answer(again).await;
    assert_eq!((&ack["type"], &ack["event"]["type"]), (&json!("ack"), &json!("swiped")), "{ack}");
    newer.does(swipe("c2", "skip")).await;
    let told = [other.event("progress").await, other.event("progress").await];
    assert_eq!((&told[0]["swiped"], &told[1]["swiped"]), (&json!(1), &json!(2)), "it was done twice");
}

#[tokio::test]
async fn what_an_older_socket_asked_for_cannot_come_late_and_undo_what_was_done_since() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = swiping(&one, 2, &["c1", "c2"]).await;
    let mut older = phones[0].socket_as(&code, DEVICE).await;
    let mut held = one.stores.holds_the_next_append();
    older.send(swipe("c1", "like")).await;
    held.is_reached().await;
    // The phone goes on at another node, and changes its mind.
    let mut newer = phones[0].on(&two).socket_as(&code, DEVICE).await;
    newer.does(swipe("c1", "like")).await;
    newer.does(json!({ "type": "undo", "title": "c1" })).await;
    held.lets_go();
    assert_eq!(older.closed().await, 4409);
    // Whatever was to come of it has come once something later is done on that node.
    phones[1].likes(&code, "c2").await;
    assert_eq!(phones[0].room(&code).await["my_swipes"], 0, "what was taken back came again");
}

#[tokio::test]
async fn a_message_that_an_older_connection_changes_late_is_not_changed() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut older = phones[0].socket_as(&code, DEVICE).await;
    let said = older.does(say("k1", "Solaris?")).await["message"]["number"].clone();
    // The phone goes on by HTTP: its socket is not closed, and yet what comes on it is late.
    let begun =
        phones[0].get(&format!("/api/rooms/{code}/updates?device={DEVICE}&connection=new")).await.ok();
    let connection = begun["connection"].as_str().unwrap();
    let commands = format!("/api/rooms/{code}/commands?device={DEVICE}&connection={connection}");
    let edit = |text: &str| json!({ "type": "edit", "number": said, "text": text });
    phones[0].post(&commands, edit("Stalker?")).await.ok();
    older.send(edit("Mirror?")).await;
    assert_eq!(older.room_closed().await, "fell_behind", "it may open the room again, and ask again");
    let page = phones[1].get(&format!("/api/rooms/{code}/messages")).await.ok();
    let texts: Vec<_> = page["items"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert!(texts.contains(&&json!("Stalker?")), "{texts:?}");
    // By HTTP it is the same fence: the socket that opens the room again is the newest.
    older.opens_again().await;
    older.does(edit("Mirror?")).await;
    phones[0].post(&commands, edit("Stalker?")).await.refuses(409, "fenced");
}
