//! The newest socket of a device is the only one that is heard.

use serde_json::json;

use super::{gathered, ready, swipe, swiping};
use crate::harness::TestApp;

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
