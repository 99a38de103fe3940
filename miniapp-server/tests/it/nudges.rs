//! Somebody reminds another member of their cards.

use serde_json::json;

use crate::harness::{Phone, TestApp};

/// The host has swiped their only card, and the guest has not.
async fn host_waits(app: &TestApp) -> (Phone, Phone, String) {
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    guest.join(&code).await.ok();
    host.select(&code, &["c1"]).await;
    host.does(&code, json!({ "type": "start" })).await;
    host.skips(&code, "c1").await;
    (host, guest, code)
}

#[tokio::test]
async fn a_nudge_reaches_the_phones_of_the_room_once() {
    let app = TestApp::start().await;
    let (host, guest, code) = host_waits(&app).await;
    let mut socket = guest.socket(&code).await;
    let nudge = json!({ "type": "nudge", "member": 2, "round": 1 });
    let first = host.does(&code, nudge.clone()).await;
    assert_eq!(first["room"]["members"][1]["nudged_by"], 1);
    let seen = socket.event("nudged").await;
    assert_eq!((&seen["by"], &seen["member"]), (&json!(1), &json!(2)));
    let again = host.does(&code, nudge).await;
    assert_eq!(again["seq"], first["seq"], "twice is once");
    assert_eq!(guest.room(&code).await["members"][1]["nudged_by"], 1, "who opens the room later sees it too");
}

#[tokio::test]
async fn what_is_no_nudge_is_refused() {
    let app = TestApp::start().await;
    let (host, guest, code) = host_waits(&app).await;
    for member in [1, 2, 3, -7, i64::MAX] {
        // The host is done; two is who asks; the others are not in the room, or nobody at all.
        guest.command(&code, json!({ "type": "nudge", "member": member })).await.refuses(422, "invalid");
    }
    host.command(&code, json!({ "type": "nudge", "member": 2, "round": 2 }))
        .await
        .refuses(409, "wrong_phase");
    host.command(&code, json!({ "type": "nudge" })).await.refuses(422, "invalid");
    let stranger = app.phone(3).await;
    stranger.command(&code, json!({ "type": "nudge", "member": 2 })).await.refuses(403, "not_a_member");
    host.does(&code, json!({ "type": "finish" })).await;
    host.command(&code, json!({ "type": "nudge", "member": 2 })).await.refuses(409, "wrong_phase");
}
