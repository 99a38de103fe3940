//! A node that goes: everybody is told, and nothing is cut off.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    harness::{SOON, TestApp},
    socket::gathered,
};

#[tokio::test]
async fn a_server_that_stops_tells_every_phone_when_to_come_back() {
    let mut app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut sockets = [phones[0].socket(&code).await, phones[1].socket(&code).await];
    app.begin_to_stop();
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, 1012);
        assert_eq!(socket.farewell(), "restarting, come back in 0-300 ms");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_request_under_way_is_answered_by_a_server_that_stops() {
    let mut app = TestApp::start().await;
    let phone = app.phone(1).await;
    let body = json!({ "name": "Friday" }).to_string();
    let (first, rest) = body.split_at(4);
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    let head = format!(
        "POST /api/rooms HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\n\r\n",
        phone.access,
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body when a handler does: the request is under way.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).await.unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100"));
    stream.write_all(first.as_bytes()).await.unwrap();
    app.begin_to_stop();
    tokio::time::timeout(SOON, async {
        while TcpStream::connect(app.address()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("it still listens");
    stream.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    app.stop().await;
}

#[tokio::test]
async fn phones_of_a_node_that_stops_go_on_at_another() {
    let mut one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 2).await;
    let (mut host, mut guest) = (phones[0].socket(&code).await, phones[1].on(&two).socket(&code).await);
    host.does(json!({ "type": "pick", "title": { "id": "c1" } })).await;
    one.stop().await;
    assert_eq!(host.closed().await, 1012);
    guest.until("picked").await;
    let known = json!({ "open": code, "epoch": host.opened["epoch"], "seq": host.seq() });
    let mut host = phones[0].on(&two).connects().await;
    assert_eq!(host.opens_with(known).await["events"], json!([]), "nothing had happened meanwhile");
    host.does(&code, json!({ "type": "ready", "ready": true })).await;
    guest.until("ready").await;
}
