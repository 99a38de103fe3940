//! Two nodes over the same stores are one server.

use futures::future::join_all;
use serde_json::json;

use crate::{
    harness::{RoomSocket, TestApp},
    socket::{gathered, swipe},
};

#[tokio::test]
async fn a_room_is_the_same_room_on_every_node() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let host = one.phone(1).await;
    let guest = two.phone(2).await;
    let code = host.create().await;
    let mut here = host.socket(&code).await;
    guest.join(&code).await.ok();
    here.event("joined").await;
    let mut there = guest.socket(&code).await;
    here.until_online(&[1, 2]).await;
    here.does(json!({ "type": "pick", "title": { "id": "c1" } })).await;
    there.event("picked").await;
    here.does(json!({ "type": "start" })).await;
    there.event("started").await;
    tokio::join!(here.send(swipe("c1", "like")), there.send(swipe("c1", "like")));
    here.until("match_found").await;
    there.until("match_found").await;
}

#[tokio::test]
async fn whoever_has_just_joined_through_one_node_is_a_member_on_the_other() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let host = one.phone(1).await;
    let code = host.create().await;
    // The other node holds the room before the guest is in it.
    let guest = one.phone(2).await;
    assert_eq!(guest.on(&two).room(&code).await["members"], 1);
    guest.join(&code).await.ok();
    assert!(guest.on(&two).room(&code).await["members"].is_array(), "the other node shows a preview");
    assert!(guest.on(&two).socket(&code).await.state().is_object());
}

#[tokio::test]
async fn signing_out_on_one_node_acts_at_once_on_the_other() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let phone = one.phone(1).await;
    let code = phone.create().await;
    let mut socket = phone.on(&two).socket(&code).await;
    phone.post("/api/auth/logout", json!(null)).await;
    phone.on(&two).get("/api/me").await.refuses(401, "unauthenticated");
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn members_on_different_nodes_see_one_order() {
    let one = TestApp::start().await;
    let nodes = [one.another_node().await, one.another_node().await, one.another_node().await];
    let (phones, code) = gathered(&one, 3).await;
    let mut sockets = Vec::new();
    for (phone, node) in phones.iter().zip(&nodes) {
        sockets.push(phone.on(node).socket(&code).await);
    }
    let first = sockets[2].seq();
    // Everybody changes their mind all the time, all at once.
    let said = 30;
    let seen = join_all(sockets.iter_mut().zip(1..).map(async |(socket, member): (&mut RoomSocket, i64)| {
        for n in 0..said {
            socket.send(json!({ "type": "ready", "ready": n % 2 == 0 })).await;
        }
        let (mut acks, mut order) = (0, Vec::new());
        while acks < said || socket.seq() < first + 3 * said {
            let frame = socket.news().await;
            acks += u64::from(frame["type"] == "ack");
            assert!(frame["type"] == "event" || frame["event"]["member"] == member, "{frame}");
            order.push((frame["seq"].clone(), frame["event"].clone()));
        }
        order
    }))
    .await;
    // Those who came earlier have also seen the presence of the others come, but of the log the same.
    assert_eq!(seen[0].len(), usize::try_from(3 * said).unwrap());
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn who_is_online_is_told_over_all_nodes() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 2).await;
    let mut host = phones[0].socket(&code).await;
    let mut guest = phones[1].on(&two).socket(&code).await;
    host.until_online(&[1, 2]).await;
    assert_eq!(guest.state()["members"][0]["online"], true);
    drop(host);
    guest.until_online(&[2]).await;
}

#[tokio::test]
async fn a_room_that_goes_on_under_another_history_is_told_whole_on_its_sockets() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 2).await;
    let mut socket = phones[0].socket(&code).await;
    let epoch = socket.opened["epoch"].clone();
    // Another node finds no log, and takes the room from SQL, before this one has put the log back.
    one.stores.hot_loses_its_logs().await;
    assert_ne!(phones[1].on(&two).room(&code).await["epoch"], epoch);
    // Nobody does anything: this node only compares its room with the log.
    one.rooms.look_after().await;
    let again = socket.frame("opened").await;
    assert!(again.get("id").is_none(), "nobody asked for it: {again}");
    assert_ne!(again["epoch"], epoch);
    assert_eq!(again["state"]["members"].as_array().unwrap().len(), 2, "somebody was lost");
    socket.does(json!({ "type": "ready", "ready": true })).await;
}
