//! How rooms are opened and closed on a socket.

use serde_json::json;

use super::{gathered, ready, swiping};
use crate::harness::{Answer, PhoneSocket, TestApp};

#[tokio::test]
async fn the_first_frame_is_hello_with_the_servers_clock() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let socket = phone.connects().await;
    assert_eq!(socket.hello, json!({ "type": "hello", "now": crate::harness::START }));
}

#[tokio::test]
async fn a_handshake_needs_a_device_a_session_and_the_version() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let long = format!("?device={}", "x".repeat(65));
    for query in ["", "?device=", "?device=fifteen-letters", "?device=sixteen%20letters", &long] {
        PhoneSocket::refused(&app.url, query, &phone.access).await.refuses(422, "invalid");
    }
    let good = "?device=a-phone-of-16-00";
    PhoneSocket::refused(&app.url, good, "nonsense").await.refuses(401, "unauthenticated");
    let without = app.http.get(format!("{}/api/socket{good}", app.url)).bearer_auth(&phone.access);
    let answer = Answer::read(without).await;
    assert_eq!(answer.status, 401, "the token comes as a subprotocol: {}", answer.text);
}

#[tokio::test]
async fn a_page_of_an_earlier_version_is_told_to_load_again() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let path = format!("/api/rooms/{code}/socket?device=phone&epoch=1&seq=1");
    let upgrade = |token: &str| {
        let request = app.http.get(format!("{}{path}", app.url));
        let request = request.header("connection", "upgrade").header("upgrade", "websocket");
        let request = request.header("sec-websocket-version", "13");
        let request = request.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.header("sec-websocket-protocol", format!("sovpalo.v1, token.{token}"))
    };
    for token in [phones[0].access.as_str(), "expired"] {
        Answer::read(upgrade(token)).await.refuses(410, "reload");
    }
    // As a page asks that would know why no socket opens.
    let answer = app.get(&path).await;
    answer.refuses(410, "reload");
    assert_eq!(answer.header("cache-control"), "no-store", "it would be told so for ever");
}

#[tokio::test]
async fn an_opened_room_is_the_room_as_http_tells_it_and_then_who_is_here() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[1].connects().await;
    let opened = socket.opens(&code).await;
    assert_eq!(opened["room"], code.as_str());
    let state = &opened["state"];
    assert_eq!((&opened["epoch"], &opened["seq"]), (&state["epoch"], &state["seq"]));
    assert_eq!(state["members"][1]["online"], true, "whoever opens a room is here");
    assert_eq!(*state, phones[1].room(&code).await);
    assert!(opened.get("events").is_none());
    let presence = socket.said().await;
    assert_eq!(presence, json!({ "type": "presence", "room": code, "online": [2] }));
}

#[tokio::test]
async fn a_code_may_be_written_as_somebody_types_it() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    let opened = socket.opens(&code.to_lowercase()).await;
    assert_eq!(opened["room"], code.as_str());
    let ack = socket.send(json!({ "room": code.to_lowercase(), "type": "ready", "ready": true })).await;
    assert_eq!(socket.answer(ack).await["room"], code.as_str());
}

#[tokio::test]
async fn whoever_was_away_is_told_what_they_missed_and_nothing_else() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let opened = socket.opens(&code).await;
    let (epoch, seq) = (opened["epoch"].clone(), opened["seq"].as_u64().unwrap());
    drop(socket);
    phones[1].does(&code, ready(true)).await;
    phones[1].does(&code, ready(false)).await;

    let mut socket = phones[0].connects().await;
    let missed = socket.opens_with(json!({ "open": code, "epoch": epoch, "seq": seq })).await;
    assert!(missed.get("state").is_none(), "the whole room was sent for two events: {missed}");
    let events = missed["events"].as_array().unwrap();
    let told: Vec<_> = events.iter().map(|event| (&event["seq"], &event["event"]["ready"])).collect();
    assert_eq!(told, [(&json!(seq + 1), &json!(true)), (&json!(seq + 2), &json!(false))]);
    assert!(events[0]["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(missed["seq"], seq + 2);

    let current = socket.opens_with(json!({ "open": code, "epoch": epoch, "seq": seq + 2 })).await;
    assert_eq!(current["events"], json!([]), "whoever has it all is only told so");
    phones[1].does(&code, ready(true)).await;
    socket.event(&code, "ready").await;
}

#[tokio::test]
async fn whoever_cannot_be_brought_up_to_date_is_told_the_whole_room() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let opened = socket.opens(&code).await;
    let (epoch, seq) = (opened["epoch"].as_u64().unwrap(), opened["seq"].as_u64().unwrap());
    for other in [
        json!({ "open": code, "epoch": epoch, "seq": seq + 1 }),
        json!({ "open": code, "epoch": epoch ^ 1, "seq": seq }),
        json!({ "open": code, "seq": seq }),
        json!({ "open": code, "epoch": epoch }),
    ] {
        let opened = socket.opens_with(other.clone()).await;
        assert!(opened["state"].is_object(), "{other} was told: {opened}");
    }
}

#[tokio::test]
async fn a_position_that_is_none_is_refused_and_the_socket_goes_on() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    for (epoch, seq) in [(json!(1), json!(-1)), (json!("x"), json!(1)), (json!(1), json!(1e30))] {
        assert_eq!(socket.refuses(json!({ "open": code, "epoch": epoch, "seq": seq })).await, "invalid");
    }
    socket.opens(&code).await;
}

#[tokio::test]
async fn a_room_that_is_open_already_begins_again_from_what_the_client_says() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let opened = socket.opens(&code).await;
    phones[1].does(&code, ready(true)).await;
    socket.event(&code, "ready").await;
    let known = json!({ "open": code, "epoch": opened["epoch"], "seq": opened["seq"] });
    let again = socket.opens_with(known).await;
    assert_eq!(again["events"][0]["event"], json!({ "type": "ready", "member": 2, "ready": true }));
    let presence = socket.frame(&code, "presence").await;
    assert_eq!(presence["online"], json!([1]), "presence begins again as well");
    socket.does(&code, ready(true)).await;
}

#[tokio::test]
async fn what_is_not_granted_is_refused_and_the_other_rooms_go_on() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let stranger = app.phone(3).await;
    let theirs = stranger.create().await;
    let mut socket = stranger.connects().await;
    socket.opens(&theirs).await;
    assert_eq!(socket.refuses(json!({ "open": code })).await, "not_a_member");
    assert_eq!(socket.refuses(json!({ "open": "ZZZZZZZZ" })).await, "room_not_found");
    assert_eq!(socket.refuses(json!({ "open": "no code" })).await, "room_not_found");
    socket.does(&theirs, ready(true)).await;
    drop(phones);
}

#[tokio::test]
async fn commands_may_follow_the_open_without_waiting_and_are_refused_where_it_is() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let opening = socket.send(json!({ "open": code })).await;
    let command = socket.asks(&code, ready(true)).await;
    assert_eq!(socket.news().await["id"], opening);
    assert_eq!(socket.news().await["id"], command);

    let stranger = app.phone(3).await;
    let mut socket = stranger.connects().await;
    let opening = socket.send(json!({ "open": code })).await;
    let command = socket.asks(&code, ready(true)).await;
    let refused = [socket.news().await, socket.news().await];
    assert_eq!((&refused[0]["id"], &refused[0]["code"]), (&json!(opening), &json!("not_a_member")));
    assert_eq!((&refused[1]["id"], &refused[1]["code"]), (&json!(command), &json!("not_open")));
}

#[tokio::test]
async fn a_closed_room_says_nothing_more_and_takes_nothing() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut socket = phones[0].connects().await;
    let seq = socket.opens(&code).await["seq"].clone();
    let mut other = phones[1].connects().await;
    other.opens(&code).await;
    let ack = socket.closes(&code).await;
    assert_eq!((&ack["type"], &ack["room"], &ack["seq"]), (&json!("ack"), &json!(code), &seq));
    assert_eq!(socket.closes(&code).await["type"], "ack", "what already is so is an ack");
    other.until(|frame| frame["out"] == json!([1])).await;
    other.does(&code, ready(true)).await;
    assert_eq!(socket.refuses(json!({ "room": code, "type": "start" })).await, "not_open");
    socket.seqs.clear();
    let again = socket.opens(&code).await;
    assert_eq!(again["state"]["members"][1]["ready"], true);
}

#[tokio::test]
async fn what_was_asked_before_a_close_is_answered_before_it() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;
    let swiped = socket.asks(&code, super::swipe("c1", "like")).await;
    let closing = socket.send(json!({ "close": code })).await;
    let late = socket.asks(&code, super::swipe("c2", "like")).await;
    let mut answers = Vec::new();
    while answers.len() < 3 {
        let frame = socket.news().await;
        answers.push((frame["id"].as_u64().unwrap(), frame["type"].clone(), frame["code"].clone()));
    }
    let place = |id: u64| answers.iter().position(|answer| answer.0 == id).unwrap();
    assert!(place(swiped) < place(closing), "{answers:?}");
    assert_eq!(answers[place(swiped)].1, "ack");
    assert_eq!(answers[place(late)].2, "not_open", "the room was closed before that");
}

#[tokio::test]
async fn sixteen_rooms_are_open_on_one_socket_and_no_seventeenth() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let mut socket = phone.connects().await;
    let mut codes = Vec::new();
    for _ in 0..17 {
        codes.push(phone.create().await);
    }
    for code in &codes[..16] {
        socket.opens(code).await;
    }
    let id = socket.send(json!({ "open": codes[16] })).await;
    let refused = socket.answer(id).await;
    assert_eq!((&refused["code"], &refused["room"]), (&json!("too_many"), &json!(codes[16])));
    assert!(refused["retry_after"].is_u64(), "{refused}");
    for code in &codes[..16] {
        socket.does(code, ready(true)).await;
    }
    socket.closes(&codes[0]).await;
    socket.opens(&codes[16]).await;
}

#[tokio::test]
async fn every_open_is_answered_also_one_that_crosses_the_last_word_of_its_room() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    let mut asked = Vec::new();
    for _ in 0..20 {
        asked.push(guest.send(json!({ "open": code })).await);
    }
    let mut was_closed = false;
    while !asked.is_empty() {
        let frame = guest.until(|frame| frame["id"].is_u64() || frame["type"] == "closed").await;
        if frame["type"] == "closed" {
            was_closed = true;
            continue;
        }
        assert_eq!(frame["id"], asked.remove(0), "in their order: {frame}");
        match frame["type"].as_str() {
            Some("opened") => assert!(!was_closed, "whoever was removed is let in: {frame}"),
            _ => assert_eq!(frame["code"], "not_a_member", "{frame}"),
        }
    }
}
