//! Two nodes over the same stores are one server.

use serde_json::json;

use crate::{harness::TestApp, socket::swipe};

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
    assert!(guest.on(&two).socket(&code).await.welcome["room"].is_object());
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
