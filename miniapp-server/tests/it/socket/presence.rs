//! Who is in a room: everybody when it is opened, and then who came and went.

use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::{gathered, ready};
use crate::harness::{PhoneSocket, TestApp};

/// Waits until exactly these are said to be here. Comes back with how many frames it took.
async fn until_here(socket: &mut PhoneSocket, room: &str, here: &mut HashSet<i64>, wanted: &[i64]) -> usize {
    let wanted: HashSet<i64> = wanted.iter().copied().collect();
    let mut frames = 0;
    while *here != wanted {
        let frame = socket.frame(room, "presence").await;
        frames += 1;
        fold(here, &frame);
    }
    frames
}

fn fold(here: &mut HashSet<i64>, frame: &Value) {
    let ids = |name: &str| -> Vec<i64> { serde_json::from_value(frame[name].clone()).unwrap_or_default() };
    if frame["online"].is_array() {
        *here = ids("online").into_iter().collect();
        return;
    }
    let (came, went) = (ids("in"), ids("out"));
    assert!(!came.is_empty() || !went.is_empty(), "nothing changed, and that is told: {frame}");
    for member in came {
        assert!(here.insert(member), "{member} came twice: {frame}");
    }
    for member in went {
        assert!(here.remove(&member), "{member} went twice: {frame}");
    }
}

#[tokio::test]
async fn who_comes_and_goes_is_told_as_a_difference() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 3).await;
    let mut host = phones[0].connects().await;
    host.opens(&code).await;
    let mut here = HashSet::new();
    until_here(&mut host, &code, &mut here, &[1]).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    let frame = host.frame(&code, "presence").await;
    assert_eq!(frame, json!({ "type": "presence", "room": code, "in": [2], "out": [] }));
    guest.closes(&code).await;
    let frame = host.frame(&code, "presence").await;
    assert_eq!(frame, json!({ "type": "presence", "room": code, "in": [], "out": [2] }));
}

#[tokio::test]
async fn changes_in_quick_succession_are_told_together_at_most_twice_a_second() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 12).await;
    let mut host = phones[0].connects().await;
    host.opens(&code).await;
    let mut here = HashSet::new();
    until_here(&mut host, &code, &mut here, &[1]).await;
    let began = Instant::now();
    let mut sockets = Vec::new();
    for phone in &phones[1..] {
        let mut socket = phone.connects().await;
        socket.opens(&code).await;
        sockets.push(socket);
    }
    let all: Vec<i64> = (1..=12).collect();
    let mut frames = until_here(&mut host, &code, &mut here, &all).await;
    drop(sockets);
    frames += until_here(&mut host, &code, &mut here, &[1]).await;
    let most = usize::try_from(began.elapsed().as_millis() / 500).unwrap() + 1;
    assert!(frames <= most, "{frames} frames of 22 changes in {:?}", began.elapsed());
}

#[tokio::test]
async fn every_beat_says_the_time_and_where_the_open_rooms_stand() {
    let app = TestApp::with(|config| config.patience.beat = Duration::from_millis(50)).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].connects().await;
    let time = socket.until(|frame| frame["type"] == "time").await;
    assert_eq!((&time["now"], &time["rooms"]), (&json!(crate::harness::START), &json!({})));
    socket.opens(&code).await;
    let seq = socket.does(&code, ready(true)).await["seq"].clone();
    let time = socket.until(|frame| frame["type"] == "time").await;
    assert_eq!(time["rooms"][&code]["seq"], seq);
    assert!(time["rooms"][&code]["change"].is_u64(), "{time}");
}

#[tokio::test]
async fn whoever_has_two_sockets_is_here_until_both_are_closed() {
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
