//! More commands than anybody can tap. Counted by the node alone, whatever its stores are; only over quick ones, since who is
//! served slowly is not hurried.

use serde_json::json;

use crate::{
    harness::{Frame, TestApp},
    socket::gathered,
};

#[tokio::test]
async fn far_more_commands_than_anybody_can_tap_end_the_socket() {
    let app = TestApp::with(|config| config.limits = true).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    for id in 0..500 {
        let command = json!({ "id": id, "type": "ready", "ready": true });
        if socket.pour(&command.to_string()).await.is_err() {
            break;
        }
    }
    socket.send_text("{}").await;
    let mut acks = 0;
    let code = loop {
        match socket.next().await {
            Frame::Said(frame) => acks += usize::from(frame["type"] == "ack"),
            Frame::Closed(code) => break code,
        }
    };
    assert_eq!(code, 4429);
    assert!(acks > 100, "what a phone keeps while it is offline must get through; {acks} did");
}
