//! The voice chat of a room: who is in it, and what their phones say to each other about their connections.

use serde_json::{Value, json};

use super::{gathered, ready};
use crate::harness::{Phone, PhoneSocket, TestApp};

async fn says_voice(socket: &mut PhoneSocket, room: &str, on: bool) {
    socket.send_text(&json!({ "room": room, "signal": { "type": "voice", "on": on } }).to_string()).await;
}

async fn says_rtc(socket: &mut PhoneSocket, room: &str, to: Option<i64>, data: &Value) {
    let mut frame = json!({ "room": room, "signal": { "type": "rtc", "data": data } });
    if let Some(to) = to {
        frame["to"] = to.into();
    }
    socket.send_text(&frame.to_string()).await;
}

fn voice(room: &str, from: i64, on: bool) -> Value {
    json!({ "type": "signal", "room": room, "from": from, "signal": { "type": "voice", "on": on } })
}

fn rtc(room: &str, from: i64, data: &Value) -> Value {
    json!({ "type": "signal", "room": room, "from": from, "signal": { "type": "rtc", "data": data } })
}

/// Opens the room on a socket of this phone.
async fn opened(phone: &Phone, room: &str) -> PhoneSocket {
    let mut socket = phone.connects().await;
    socket.opens(room).await;
    socket
}

/// Who is in the voice chat, as a member is shown the room.
async fn voices(phone: &Phone, room: &str) -> Vec<i64> {
    let room = phone.get(&format!("/api/rooms/{room}")).await.ok();
    let members = room["members"].as_array().unwrap().iter();
    members.filter(|member| member["voice"] == true).map(|member| member["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn who_comes_into_the_voice_chat_is_told_to_the_others_on_every_node_and_shown_in_the_room() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 3).await;
    let mut host = opened(&phones[0], &code).await;
    let mut guest = opened(&phones[1].on(&two), &code).await;
    says_voice(&mut host, &code, true).await;
    assert_eq!(guest.frame(&code, "signal").await, voice(&code, 1, true));
    assert_eq!(voices(&phones[2], &code).await, [1]);
    says_voice(&mut guest, &code, true).await;
    assert_eq!(host.frame(&code, "signal").await, voice(&code, 2, true), "and nothing about herself");
    // Who comes later is told with the room.
    let mut later = phones[2].on(&two).connects().await;
    let state = later.opens(&code).await["state"].clone();
    let in_voice = |member: &Value| member["voice"].as_bool().unwrap();
    assert_eq!(
        state["members"].as_array().unwrap().iter().map(in_voice).collect::<Vec<_>>(),
        [true, true, false]
    );
    says_voice(&mut host, &code, false).await;
    for socket in [&mut guest, &mut later] {
        assert_eq!(socket.frame(&code, "signal").await, voice(&code, 1, false));
    }
    drop(guest);
    assert_eq!(later.frame(&code, "signal").await, voice(&code, 2, false), "it ends with its socket");
    assert_eq!(voices(&phones[0], &code).await, [0_i64; 0]);
}

#[tokio::test]
async fn a_phone_that_comes_back_and_is_told_only_what_it_missed_is_told_who_is_in_the_voice_chat() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut host = opened(&phones[0], &code).await;
    let mut guest = phones[1].connects().await;
    let seen = guest.opens(&code).await;
    says_voice(&mut host, &code, true).await;
    assert_eq!(guest.frame(&code, "signal").await, voice(&code, 1, true));
    let known = json!({ "id": 77, "open": code, "epoch": seen["epoch"], "seq": seen["seq"] });
    guest.send_text(&known.to_string()).await;
    let again = guest.answer(77).await;
    assert!(again["events"].is_array(), "{again}");
    assert_eq!(guest.frame(&code, "signal").await, voice(&code, 1, true));
}

#[tokio::test]
async fn what_phones_say_about_their_connection_reaches_the_device_that_said_on_and_no_other() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 3).await;
    let tablet = one.phone(2).await;
    let mut host = opened(&phones[0], &code).await;
    let mut guest = opened(&phones[1].on(&two), &code).await;
    let mut guests_tablet = opened(&tablet, &code).await;
    let mut other = opened(&phones[2], &code).await;
    let offer = json!({ "sdp": "v=0\r\n".repeat(2000) });
    // Not in the voice chat yet: nothing is passed on.
    says_rtc(&mut host, &code, Some(2), &json!("too early")).await;
    says_voice(&mut host, &code, true).await;
    for socket in [&mut guest, &mut guests_tablet, &mut other] {
        assert_eq!(socket.frame(&code, "signal").await, voice(&code, 1, true));
    }
    says_rtc(&mut host, &code, Some(3), &json!("she is not in it")).await;
    says_voice(&mut guest, &code, true).await;
    assert_eq!(host.frame(&code, "signal").await, voice(&code, 2, true));
    assert_eq!(
        guests_tablet.frame(&code, "signal").await,
        voice(&code, 2, true),
        "also her own tablet is told"
    );
    says_rtc(&mut host, &code, Some(2), &offer).await;
    assert!(guest.frame(&code, "signal").await == rtc(&code, 1, &offer), "the offer, whole");
    says_rtc(&mut guest, &code, Some(1), &json!("answer")).await;
    assert_eq!(host.frame(&code, "signal").await, rtc(&code, 2, &json!("answer")));
    // She goes on with the tablet.
    says_voice(&mut guests_tablet, &code, true).await;
    assert_eq!(
        guest.frame(&code, "signal").await,
        voice(&code, 2, true),
        "the phone is told that it is not heard"
    );
    assert_eq!(host.frame(&code, "signal").await, voice(&code, 2, true), "the others begin anew with her");
    says_rtc(&mut guest, &code, Some(1), &json!("of the phone")).await;
    says_rtc(&mut host, &code, Some(2), &json!("for the tablet")).await;
    assert_eq!(guests_tablet.frame(&code, "signal").await, rtc(&code, 1, &json!("for the tablet")));
    // What would have been passed on wrongly would have come before this.
    phones[0].does(&code, ready(true)).await;
    let unrelated = |frame: &Value| frame["type"] == "event" || frame["signal"]["type"] == "rtc";
    for socket in [&mut host, &mut guest, &mut guests_tablet, &mut other] {
        let next = socket.until(unrelated).await;
        assert_eq!(next["type"], "event", "told to somebody whom it was not for: {next}");
    }
}

#[tokio::test]
async fn the_ninth_is_refused_until_somebody_leaves() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 9).await;
    let mut sockets = Vec::new();
    for phone in &phones {
        sockets.push(opened(phone, &code).await);
    }
    let (ninth, eight) = sockets.split_last_mut().unwrap();
    for socket in &mut *eight {
        says_voice(socket, &code, true).await;
        ninth.until(|frame| frame["type"] == "signal").await;
    }
    says_voice(ninth, &code, true).await;
    let refused = ninth.until(|frame| frame["type"] == "refused").await;
    assert_eq!(
        (&refused["code"], &refused["room"], &refused["id"]),
        (&json!("room_full"), &json!(code), &json!(null))
    );
    says_voice(&mut eight[3], &code, false).await;
    assert_eq!(ninth.frame(&code, "signal").await, voice(&code, 4, false));
    says_voice(ninth, &code, true).await;
    assert_eq!(eight[3].until(|frame| frame["from"] == 9).await, voice(&code, 9, true));
}

#[tokio::test]
async fn what_cannot_be_passed_on_is_refused_with_its_reason() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut host = opened(&phones[0], &code).await;
    says_voice(&mut host, &code, true).await;
    for (to, data) in [(None, json!({})), (Some(-1), json!({})), (Some(2), json!("x".repeat(17 * 1024)))] {
        says_rtc(&mut host, &code, to, &data).await;
        let refused = host.until(|frame| frame["type"] == "refused").await;
        assert_eq!((&refused["code"], &refused["room"]), (&json!("invalid"), &json!(code)), "{refused}");
    }
    for _ in 0..20 {
        says_voice(&mut host, &code, true).await;
    }
    assert_eq!(host.until(|frame| frame["type"] == "refused").await["code"], "too_many");
    host.does(&code, ready(true)).await;
}

#[tokio::test]
async fn members_are_told_servers_with_credentials_and_nobody_else_is() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let address = format!("/api/rooms/{}/ice", code.to_lowercase());
    let ice = phones[0].get(&address).await.ok();
    let servers = &ice["ice_servers"];
    assert_eq!(servers[0], json!({ "urls": ["stun:stun.example:3478"] }));
    assert_eq!(servers[1]["urls"], json!(["turn:turn.example:3478"]));
    let (until, whose) = servers[1]["username"].as_str().unwrap().split_once(':').unwrap();
    let expires_in = ice["expires_in"].as_i64().unwrap();
    assert!(expires_in <= 3600, "{ice}");
    assert_eq!((until.parse(), whose), (Ok(crate::harness::START / 1000 + expires_in), "1"));
    assert!(!ice.to_string().contains("never shown"), "{ice}");
    app.phone(2).await.get(&address).await.refuses(403, "not_a_member");
    phones[0].get("/api/rooms/00000000/ice").await.refuses(404, "room_not_found");
}
