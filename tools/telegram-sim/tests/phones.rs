//! Each phone has an origin and a network of its own.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{ANNA, BEN, Sim};
use telegram_sim::Config;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A server that says everything back, and a simulation whose app it is.
async fn echo() -> Sim {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let app_url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.into_split();
                tokio::io::copy(&mut read, &mut write).await
            });
        }
    });
    Sim::with(Config { app_url, ..Config::default() }).await
}

async fn phone(sim: &Sim, user: i64) -> TcpStream {
    let launch = sim.post("/launch", json!({"user": user})).await;
    let origin = launch["origin"].as_str().expect("an origin").replace("http://", "");
    TcpStream::connect(origin).await.expect("a phone that is on accepts")
}

async fn network(sim: &Sim, user: i64, mode: &str) {
    sim.post(&format!("/phones/{user}/network"), json!({"mode": mode})).await;
}

async fn echoes(stream: &mut TcpStream, word: &[u8]) -> bool {
    let mut back = vec![0; word.len()];
    let talk = async {
        stream.write_all(word).await?;
        stream.read_exact(&mut back).await
    };
    let done = tokio::time::timeout(Duration::from_secs(10), talk).await;
    matches!(done, Ok(Ok(_))) && back == word
}

#[tokio::test]
async fn phones_have_different_origins_and_pass_bytes_unchanged() {
    let sim = echo().await;
    let (mut anna, mut ben) = (phone(&sim, ANNA).await, phone(&sim, BEN).await);
    assert_ne!(anna.peer_addr().expect("an address"), ben.peer_addr().expect("an address"));
    assert!(echoes(&mut anna, b"GET / HTTP/1.1\r\nHost: x\0\xff").await);
    assert!(echoes(&mut ben, b"frame").await);
}

#[tokio::test]
async fn a_dropped_network_resets_old_and_new_connections_of_that_phone_only() {
    let sim = echo().await;
    let (mut anna, mut ben) = (phone(&sim, ANNA).await, phone(&sim, BEN).await);
    assert!(echoes(&mut anna, b"before").await);
    network(&sim, ANNA, "drop").await;
    let mut byte = [0; 1];
    let end = tokio::time::timeout(Duration::from_secs(10), anna.read(&mut byte)).await;
    let error = end.expect("the cut is felt at once").expect_err("as a reset, not as a polite end");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let mut again = phone(&sim, ANNA).await;
    assert!(!echoes(&mut again, b"no").await, "new connections are refused too");
    assert!(echoes(&mut ben, b"meanwhile").await, "the other phone notices nothing");
    network(&sim, ANNA, "up").await;
    assert!(echoes(&mut phone(&sim, ANNA).await, b"after").await);
}

#[tokio::test]
async fn a_stalled_network_closes_nothing_and_goes_on_where_it_stopped() {
    let sim = echo().await;
    let mut anna = phone(&sim, ANNA).await;
    assert!(echoes(&mut anna, b"before").await);
    network(&sim, ANNA, "stall").await;
    anna.write_all(b"held").await.expect("the connection stays open");
    let mut back = [0; 4];
    // The only wait here is the proof that nothing comes.
    let silent = tokio::time::timeout(Duration::from_millis(300), anna.read_exact(&mut back)).await;
    assert!(silent.is_err(), "nothing passes while the network stalls");
    network(&sim, ANNA, "up").await;
    tokio::time::timeout(Duration::from_secs(10), anna.read_exact(&mut back))
        .await
        .expect("it goes on")
        .expect("on the same connection");
    assert_eq!(&back, b"held");
}

#[tokio::test]
async fn the_page_is_there_and_everything_it_needs_is_in_the_binary() {
    let sim = echo().await;
    for page in ["/", "/phone/5000000101"] {
        let html = sim.http.get(format!("{}{page}", sim.url)).send().await.expect("an answer");
        let html = html.text().await.expect("text");
        for piece in html.split('"').filter(|piece| piece.starts_with("/assets/")) {
            let asset = sim.http.get(format!("{}{piece}", sim.url)).send().await.expect("an answer");
            assert_eq!(asset.status(), 200, "{piece} of {page}");
            let text = asset.text().await.expect("text");
            for import in text.split("from \"./").skip(1).filter_map(|rest| rest.split('"').next()) {
                let url = format!("{}/assets/{import}", sim.url);
                let found = sim.http.get(url).send().await.expect("an answer");
                assert_eq!(found.status(), 200, "{import}, imported by {piece}");
            }
        }
    }
    sim.shutdown().await;
}
