//! Messages on a phone's socket: each change once and in order, as a `message` or as the ack of its own command.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use sovpalo_domain::{
    ids::UserId,
    talk::{MessageKey, MessageText, TalkCommand},
};
use sovpalo_live::hot::Published;

use super::{gathered, ready};
use crate::harness::{Phone, PhoneSocket, TestApp, eventually};

pub(super) fn say(key: &str, text: &str) -> Value {
    json!({ "type": "say", "key": key, "text": text })
}

/// Opens a room and comes back with the change where its messages stand. What the room notes of itself is there by then.
async fn opened(phone: &Phone, socket: &mut PhoneSocket, code: &str, members: usize) -> u64 {
    eventually("the room has noted who joined", async || {
        let page = phone.get(&format!("/api/rooms/{code}/messages")).await.ok();
        let items = page["items"].as_array().unwrap().iter();
        items.filter(|item| item["system"]["what"] == "joined").count() == members
    })
    .await;
    let opened = socket.opens(code).await;
    opened["state"]["messages"]["change"].as_u64().unwrap_or_else(|| panic!("{opened}"))
}

/// Writes a message and tells nobody, as a writer does that dies in between.
async fn says_quietly(app: &TestApp, code: &str, text: &str) {
    let command = TalkCommand::Say {
        key: MessageKey::new(text).unwrap(),
        text: MessageText::new(text).unwrap(),
        reply_to: None,
    };
    let author = UserId::new(1).unwrap();
    app.rooms.db().talk(code.parse().unwrap(), author, &command, app.clock.now()).await.unwrap();
}

/// The next message of a room, whose change must come after `change`.
async fn message(socket: &mut PhoneSocket, code: &str, change: &mut u64) -> Value {
    let message = socket.frame(code, "message").await["message"].clone();
    assert_eq!(message["change"], *change + 1, "a gap or a repetition after {change}: {message}");
    *change += 1;
    message
}

#[tokio::test]
async fn a_message_is_an_ack_to_its_author_and_a_message_to_everybody_else() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    let mut tablet = phones[0].connects_as("the-tablet-of-the-host").await;
    let mut change = opened(&phones[0], &mut host, &code, 2).await;
    opened(&phones[0], &mut guest, &code, 2).await;
    opened(&phones[0], &mut tablet, &code, 2).await;
    let ack = host.does(&code, say("k1", "Solaris?")).await;
    let said = &ack["message"];
    assert_eq!((&said["text"], &said["author"], &said["key"]), (&json!("Solaris?"), &json!(1), &json!("k1")));
    assert_eq!(
        (&said["change"], &ack["event"], &ack["queue"]),
        (&json!(change + 1), &json!(null), &json!(null))
    );
    let heard = message(&mut guest, &code, &mut change).await;
    assert_eq!((&heard["number"], &heard["text"]), (&said["number"], &said["text"]));
    assert!(heard["key"].is_null(), "a key is its author's alone: {heard}");
    let own = tablet.frame(&code, "message").await;
    assert_eq!(own["message"]["key"], "k1", "one's own other devices know it by its key");

    let number = said["number"].clone();
    let again = host.does(&code, say("k1", "Solaris?")).await;
    assert_eq!(again["message"]["number"], number, "the same key is the same message");
    host.does(&code, json!({ "type": "edit", "number": number, "text": "Stalker?" })).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "Stalker?");
    let ack = guest.does(&code, json!({ "type": "react", "number": number, "emoji": "🔥" })).await;
    assert_eq!(ack["message"]["change"], change + 1);
    let reacted = host.frame(&code, "message").await;
    assert_eq!(reacted["message"]["reactions"], json!({ "🔥": [2] }));
    change += 1;
    host.does(&code, json!({ "type": "unsay", "number": number })).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["deleted"], true);
}

#[tokio::test]
async fn what_is_said_again_after_a_reconnect_is_acknowledged_after_all_that_was_missed() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    let mut change = opened(&phones[0], &mut host, &code, 2).await;
    guest.opens(&code).await;
    let number = host.does(&code, say("k1", "Solaris?")).await["message"]["number"].clone();
    host.closes(&code).await;
    for n in 0..3 {
        guest.does(&code, say(&format!("n{n}"), "Yes")).await;
    }
    guest.does(&code, json!({ "type": "react", "number": number, "emoji": "🔥" })).await;

    // The answer to the message was lost, so that the phone asks again as soon as it asks for the room.
    let open = host.send(json!({ "open": code, "change": change })).await;
    let again = host.asks(&code, say("k1", "Solaris?")).await;
    host.answer(open).await;
    let ack = loop {
        let frame = host.until(|frame| frame["type"] == "message" || frame["id"] == again).await;
        if frame["type"] == "ack" {
            break frame;
        }
        assert!(frame["message"]["change"].as_u64() > Some(change), "after {change}: {frame}");
        change = frame["message"]["change"].as_u64().unwrap();
    };
    assert_eq!(ack["message"]["reactions"], json!({ "🔥": [2] }));
    assert!(ack["message"]["change"].as_u64() <= Some(change), "ahead of {change}: {ack}");
}

#[tokio::test]
async fn what_may_not_be_said_is_refused_by_its_code() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    opened(&phones[0], &mut host, &code, 2).await;
    opened(&phones[0], &mut guest, &code, 2).await;
    let number = host.does(&code, say("k1", "Solaris?")).await["message"]["number"].clone();
    let refused = |mut command: Value| {
        command["room"] = code.clone().into();
        command
    };
    assert_eq!(guest.refuses(refused(json!({ "type": "unsay", "number": number }))).await, "not_allowed");
    let edit = json!({ "type": "edit", "number": 1_000, "text": "?" });
    assert_eq!(guest.refuses(refused(edit)).await, "message_not_found");
    assert_eq!(guest.refuses(refused(json!({ "type": "read", "number": 1_000 }))).await, "invalid");
    assert_eq!(guest.refuses(refused(say("k", &"x".repeat(2_001)))).await, "invalid");
    guest.does(&code, say("k", &"x".repeat(2_000))).await;
}

#[tokio::test]
async fn many_who_speak_at_once_on_two_nodes_are_told_one_order_without_gaps() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 3).await;
    let mut sockets = vec![
        phones[0].connects().await,
        phones[1].on(&two).connects().await,
        phones[2].on(&two).connects().await,
    ];
    let mut began = Vec::new();
    for socket in &mut sockets {
        began.push(opened(&phones[0], socket, &code, 3).await);
    }
    let told = join_all(sockets.iter_mut().zip(began).map(async |(socket, mut change)| {
        let mut ids = Vec::new();
        for n in 0..10 {
            ids.push(socket.asks(&code, say(&format!("k{n}"), &format!("number {n}"))).await);
        }
        let mut told = Vec::new();
        while told.len() < 30 {
            let frame = socket.news().await;
            assert_ne!(frame["type"], "refused", "{frame}");
            if frame["message"].is_object() {
                let message = &frame["message"];
                assert_eq!(message["change"], change + 1, "after {change}: {frame}");
                change += 1;
                told.push((message["number"].clone(), message["author"].clone(), message["text"].clone()));
            }
            if frame["type"] == "ack" {
                assert_eq!(frame["id"], ids.remove(0), "a line is answered in its order");
            }
        }
        assert!(ids.is_empty());
        told
    }))
    .await;
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
}

#[tokio::test]
async fn whoever_was_away_is_told_the_messages_above_the_change_they_know() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    let mut change = opened(&phones[0], &mut host, &code, 2).await;
    guest.opens(&code).await;
    guest.closes(&code).await;
    for n in 0..150 {
        host.does(&code, say(&format!("k{n}"), &n.to_string())).await;
    }
    let opened = guest.opens_with(json!({ "open": code, "change": change })).await;
    assert_eq!(opened["state"]["messages"]["change"], change + 150);
    assert_eq!(opened["state"]["messages"]["unread"], 150);
    for n in 0..150 {
        assert_eq!(message(&mut guest, &code, &mut change).await["text"], n.to_string());
    }
    host.does(&code, say("live", "now")).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "now");
}

#[tokio::test]
async fn without_a_change_the_stream_begins_where_the_state_stands() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    opened(&phones[0], &mut host, &code, 2).await;
    host.does(&code, say("k1", "before")).await;
    let mut change = opened(&phones[0], &mut guest, &code, 2).await;
    host.does(&code, say("k2", "after")).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "after");
}

#[tokio::test]
async fn of_more_than_five_hundred_missed_messages_the_rest_is_to_be_fetched() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    let began = opened(&phones[0], &mut host, &code, 2).await;
    for n in 0..501 {
        host.does(&code, say(&format!("k{n}"), &n.to_string())).await;
    }
    guest.opens_with(json!({ "open": code, "change": began })).await;
    let mut change = began;
    for _ in 0..500 {
        message(&mut guest, &code, &mut change).await;
    }
    let gap = guest.until(|frame| frame["type"].as_str().unwrap().starts_with("message")).await;
    assert_eq!(gap, json!({ "type": "messages_gap", "room": code, "from": change }));
    change += 1;
    host.does(&code, say("live", "now")).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "now", "what comes next comes");

    guest.opens_with(json!({ "open": code, "change": began + 2 })).await;
    let mut change = began + 2;
    for _ in 0..500 {
        message(&mut guest, &code, &mut change).await;
    }
    host.does(&code, say("last", "and now")).await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "and now", "500 are no gap");
}

#[tokio::test]
async fn how_far_somebody_has_read_is_told_and_never_goes_back() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    opened(&phones[0], &mut host, &code, 2).await;
    opened(&phones[0], &mut guest, &code, 2).await;
    let number = host.does(&code, say("k1", "Solaris?")).await["message"]["number"].as_u64().unwrap();
    assert_eq!(guest.frame(&code, "read").await["member"], 1, "whoever speaks has read");
    let ack = guest.does(&code, json!({ "type": "read", "number": number })).await;
    assert!(ack["message"].is_null());
    let read = host.until(|frame| frame["type"] == "read" && frame["member"] == 2).await;
    assert_eq!(read, json!({ "type": "read", "room": code, "member": 2, "number": number }));
    guest.does(&code, json!({ "type": "read", "number": 1 })).await;
    guest.does(&code, ready(true)).await;
    let next = host.until(|frame| frame["type"] == "read" || frame["type"] == "event").await;
    assert_eq!(next["type"], "event", "a mark went back: {next}");
}

#[tokio::test]
async fn who_types_is_told_to_the_others_and_not_to_themselves() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 3).await;
    let mut host = phones[0].connects().await;
    let mut tablet = phones[0].connects_as("the-tablet-of-the-host").await;
    let mut guest = phones[1].on(&two).connects().await;
    let mut other = phones[2].on(&two).connects().await;
    for socket in [&mut host, &mut tablet, &mut guest, &mut other] {
        socket.opens(&code).await;
    }
    let typing = json!({ "room": code, "signal": { "type": "typing" } });
    host.send_text(&typing.to_string()).await;
    let told = json!({ "type": "signal", "room": code, "from": 1, "signal": { "type": "typing" } });
    for socket in [&mut guest, &mut other] {
        assert_eq!(socket.frame(&code, "signal").await, told);
    }
    let mut to_one = typing.clone();
    to_one["to"] = 2.into();
    host.send_text(&to_one.to_string()).await;
    guest.frame(&code, "signal").await;
    phones[0].does(&code, ready(true)).await;
    for socket in [&mut host, &mut tablet, &mut other] {
        let next = socket.until(|frame| frame["type"] == "signal" || frame["type"] == "event").await;
        assert_eq!(next["type"], "event", "told to somebody whom it was not for: {next}");
    }
}

#[tokio::test]
async fn a_signal_that_is_not_known_reaches_nobody_and_is_refused_only_where_it_has_an_id() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut host = phones[0].connects().await;
    let mut guest = phones[1].connects().await;
    host.opens(&code).await;
    guest.opens(&code).await;
    for signal in [
        json!({ "type": "voice", "on": "perhaps" }),
        json!({ "type": "rtc" }),
        json!({ "type": "playback", "rev": 1, "state": "perhaps", "position_s": 1.5 }),
        json!({ "type": "of a newer client" }),
    ] {
        host.send_text(&json!({ "room": code, "signal": signal, "to": 2 }).to_string()).await;
        assert_eq!(host.refuses(json!({ "room": code, "signal": signal })).await, "invalid");
    }
    // All of them have ended no socket, and nothing was passed on.
    host.does(&code, ready(true)).await;
    let next = guest.until(|frame| frame["type"] == "signal" || frame["type"] == "event").await;
    assert_eq!(next["type"], "event", "{next}");
}

#[tokio::test]
async fn of_too_many_signals_most_are_dropped_without_a_word() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut host, mut guest) = (phones[0].connects().await, phones[1].connects().await);
    host.opens(&code).await;
    guest.opens(&code).await;
    let typing = json!({ "room": code, "signal": { "type": "typing" } }).to_string();
    let began = tokio::time::Instant::now();
    for _ in 0..200 {
        host.send_text(&typing).await;
    }
    host.does(&code, ready(true)).await;
    let most = 11 + 10 * usize::try_from(began.elapsed().as_secs() + 1).unwrap();
    guest.event(&code, "ready").await;
    guest.closes(&code).await;
    drop(guest);
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    let mut signals = 0;
    tokio::time::timeout(Duration::from_millis(200), async {
        loop {
            guest.frame(&code, "signal").await;
            signals += 1;
        }
    })
    .await
    .ok();
    assert!(signals <= most, "{signals} signals");
}

#[tokio::test]
async fn whoever_was_taken_out_says_nothing_more_and_is_told_nothing() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    guest.frame(&code, "closed").await;
    let mut command = say("k1", "still here?");
    command["room"] = code.clone().into();
    assert_eq!(guest.refuses(command).await, "not_open");
}

#[tokio::test]
async fn messages_of_which_a_node_did_not_hear_come_once_it_hears_again() {
    let one = TestApp::start().await;
    let (phones, code) = gathered(&one, 2).await;
    let mut guest = phones[1].connects().await;
    let mut change = opened(&phones[0], &mut guest, &code, 2).await;
    // Written, and told to nobody: as if the writer had died in between.
    for text in ["k0", "k1", "k2"] {
        says_quietly(&one, &code, text).await;
    }
    let mut host = phones[0].connects().await;
    host.opens(&code).await;
    host.does(&code, say("loud", "heard")).await;
    for text in ["k0", "k1", "k2", "heard"] {
        assert_eq!(message(&mut guest, &code, &mut change).await["text"], text);
    }
}

#[tokio::test]
async fn a_message_that_was_never_published_is_found_even_if_no_other_follows() {
    let app = TestApp::with(|config| config.patience.beat = Duration::from_millis(50)).await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    let mut change = opened(&phones[0], &mut guest, &code, 2).await;
    says_quietly(&app, &code, "alone").await;
    assert_eq!(message(&mut guest, &code, &mut change).await["text"], "alone");
}

#[tokio::test]
async fn a_phone_that_reads_slowly_is_told_every_event_and_message_and_few_signals() {
    let app = TestApp::with(|config| {
        config.patience.write = Duration::from_secs(60);
        // What it asks below is no more than what fits between it and the server.
        config.wider_without_limits = 10_000;
    })
    .await;
    let (phones, code) = gathered(&app, 2).await;
    let mut slow = phones[1].connects_with_little_room().await;
    let began = opened(&phones[0], &mut slow, &code, 2).await;
    // Questions whose answers it does not read, until nothing is taken of it any more. They are long enough to fill what the systems
    // between the two keep of them.
    let (mut asked, padding) = (0, "-".repeat(1_000));
    while tokio::time::timeout(
        Duration::from_secs(2),
        slow.send(json!({ "open": code, "change": began, "padding": padding })),
    )
    .await
    .is_ok()
    {
        asked += 1;
        assert!(asked < 100_000, "everything is taken");
    }
    let room = code.parse().unwrap();
    let (from, body) = (UserId::new(1).unwrap(), r#"{"type":"typing"}"#.into());
    let typing = Published::Signal { from, to: None, body, at: None };
    for n in 0..50 {
        for _ in 0..10 {
            app.rooms.hot().publish(room, &typing).await.unwrap();
        }
        phones[0].does(&code, ready(n % 2 == 0)).await;
        phones[0].does(&code, say(&format!("k{n}"), &n.to_string())).await;
    }
    phones[0].does(&code, say("last", "that was it")).await;
    let (mut signals, mut messages) = (0, Vec::new());
    let stood = loop {
        let frame = slow.said().await;
        match frame["type"].as_str().unwrap() {
            "signal" => signals += 1,
            // It begins again from what it said.
            "opened" => messages.clear(),
            "message" => messages.push(frame["message"]["text"].as_str().unwrap().to_owned()),
            _ => {}
        }
        if messages.last().is_some_and(|text| text == "that was it") {
            break slow.seqs[&code];
        }
    };
    let all: Vec<String> = (0..50).map(|n| n.to_string()).chain(["that was it".to_owned()]).collect();
    assert_eq!(messages, all);
    assert_eq!(
        stood,
        phones[0].room(&code).await["seq"].as_u64().unwrap(),
        "its events came in order up to the last"
    );
    assert!(signals < 100, "{signals} of 500 signals were kept for it");
}
