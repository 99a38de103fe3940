//! Requests without end, at doors that ask for no session: they are slowed down, counted, and leave little behind.

use std::{fmt::Write, io, net::Ipv4Addr};

use axum::{Router, routing::post};
use http::{HeaderMap, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use sovpalo_server::{Bounds, Reached, TrustedProxies, serve_webhook};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::{
    harness::{TestApp, eventually},
    raw::Raw,
    socket::gathered,
};

async fn limited() -> TestApp {
    TestApp::with(|config| config.limits = crate::harness::LIMITED).await
}

#[tokio::test]
async fn an_address_that_asks_without_end_is_slowed_down_before_anything_is_done() {
    let app = limited().await;
    let mut raw = Raw::open(&app).await;
    let (mut refused, mut after) = (0, String::new());
    for path in ["/api/me", "/nothing", "/api/posters/x", "/", "/api/health"].iter().cycle().take(2_000) {
        let (status, head) = raw.ask(&format!("GET {path}"), "").await.expect("the connection was closed");
        if status == 429 && !head.contains("x-request-id") {
            refused += 1;
            after = head;
        }
    }
    assert!(refused > 500, "{refused} of 2,000 were refused");
    assert!(after.contains("retry-after: 1\r\n") && after.contains("application/problem+json"), "{after}");
    assert!(after.contains("x-content-type-options: nosniff"), "{after}");
    // Somebody else's address has its own rate.
    let mut other = Raw::from(Ipv4Addr::new(127, 0, 0, 2), &app).await;
    assert_eq!(other.ask("GET /api/health", "").await.unwrap().0, 200);
}

#[tokio::test]
async fn without_limits_nobody_is_slowed_down() {
    let app = TestApp::start().await;
    let mut raw = Raw::open(&app).await;
    for _ in 0..1_000 {
        assert_eq!(raw.ask("GET /nothing", "").await.unwrap().0, 404);
    }
}

#[tokio::test]
async fn methods_that_nobody_uses_are_refused_whatever_they_are() {
    let app = TestApp::start().await;
    for method in ["BREW", "TRACE", "get", "PROPFIND", &"M".repeat(31_000), "CONNECT"] {
        for path in ["/", "/api/me", "/nothing"] {
            let mut raw = Raw::open(&app).await;
            let (status, head) = raw.ask(&format!("{method} {path}"), "").await.expect("no answer");
            // `CONNECT` takes no path at all.
            assert!(
                status == 405 && head.contains("allow: get, head") || status == 400,
                "{method:.9} {path}: {head}"
            );
        }
    }
}

#[tokio::test]
async fn a_thousand_odd_requests_make_no_new_series() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let series = recorder.handle();
    let _here = metrics::set_default_local_recorder(&recorder);
    let app = TestApp::start().await;
    let odd = async |n: usize| {
        let word = format!("ODD{:x}", n.wrapping_mul(0x9E37_79B9));
        let mut raw = Raw::open(&app).await;
        let path = ["/", "/api/", "/api/rooms/", "/room/", "/assets/"][n % 5];
        let method = [word.as_str(), "GET", "POST"][n % 3];
        let headers = format!(
            "User-Agent: {word}\r\nX-Forwarded-For: {word}\r\nAccept: {word}\r\nOrigin: https://{word}\r\n"
        );
        let line =
            format!("{method} {path}{word}?{word}={word} HTTP/1.1\r\nHost: {word}.example\r\n{headers}\r\n");
        raw.say(&line).await;
        raw.answer().await.expect("no answer");
    };
    let named = || {
        let shown = series.render();
        let lines = shown.lines().filter(|line| !line.starts_with('#') && !line.contains("quantile"));
        (lines.count(), shown)
    };
    for n in 0..30 {
        odd(n).await;
    }
    let (before, _) = named();
    for n in 30..1_030 {
        odd(n).await;
    }
    let (after, shown) = named();
    assert!(!shown.contains("ODD"), "what a client made up is a label: {shown}");
    assert_eq!(before, after, "{shown}");
    assert!(shown.contains("sovpalo_refused_total{reason=\"method\"}"), "{shown}");
}

#[tokio::test]
async fn a_socket_that_pings_without_end_is_closed() {
    for limits in [true, false] {
        let app = TestApp::with(|config| config.limits = crate::harness::LIMITED.filter(|_| limits)).await;
        let (phones, code) = gathered(&app, 1).await;
        for message in [Message::Ping(vec![1; 100].into()), Message::Pong(Vec::new().into())] {
            let mut socket = phones[0].socket(&code).await;
            for _ in 0..300 {
                socket.send_or_not(message.clone()).await;
            }
            assert_eq!(socket.closed().await, 4429, "{message:?}, limits: {limits}");
        }
        // As many as anybody needs.
        let mut socket = phones[0].socket(&code).await;
        for _ in 0..20 {
            socket.send_message(Message::Ping(Vec::new().into())).await;
        }
        socket.does(json!({ "type": "ready", "ready": true })).await;
    }
}

#[tokio::test]
async fn commands_as_fast_as_they_come_are_fine_without_limits() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    for n in 0..400 {
        socket.does(json!({ "type": "ready", "ready": n % 2 == 0 })).await;
    }
}

#[tokio::test]
async fn data_without_end_closes_the_socket_with_limits_and_without() {
    // Read, understood and passed over: nothing but the budget ends it.
    let frame = json!({ "id": 1, "clock": true, "more": "x".repeat(30_000) }).to_string();
    for (limits, frames) in [(true, 40), (false, 400)] {
        let app = TestApp::with(|config| config.limits = crate::harness::LIMITED.filter(|_| limits)).await;
        let (phones, code) = gathered(&app, 1).await;
        let mut socket = phones[0].socket(&code).await;
        for _ in 0..frames {
            socket.send_or_not(Message::text(frame.as_str())).await;
        }
        assert_eq!(socket.closed().await, 4429, "limits: {limits}");
    }
}

#[tokio::test]
async fn frames_that_are_continued_for_ever_end_the_socket() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let mut raw = Raw::open(&app).await;
    let headers = format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sovpalo.v2, token.{}\r\n",
        phone.access
    );
    let (status, _) = raw.ask("GET /api/socket?device=a-phone-of-16-00", &headers).await.unwrap();
    assert_eq!(status, 101);
    // A text frame that is not the last, and then empty ones, none of which is the last.
    raw.stream.try_write(&[0x01, 0x80, 0, 0, 0, 0]).unwrap();
    let empty = [0x00, 0x80, 0, 0, 0, 0].repeat(1_000);
    eventually("the socket is closed", async || {
        let written = raw.stream.try_write(&empty);
        matches!(written, Err(error) if error.kind() != io::ErrorKind::WouldBlock)
    })
    .await;
}

#[tokio::test]
async fn guesses_at_the_webhook_are_slowed_down_and_telegram_is_not() {
    let take = async |headers: HeaderMap| {
        if headers.contains_key("x-secret") { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
    };
    let webhook = Router::new().route("/telegram/webhook", post(take));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let reached = Reached {
        bounds: Bounds::default(),
        trusted_proxies: TrustedProxies::none(),
        limits: true,
        https: true,
    };
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve_webhook(listener, "/telegram/webhook", webhook, reached, stop.clone()));
    let mut raw = Raw::to(address, Ipv4Addr::LOCALHOST).await;
    for n in 0..1_500 {
        let (status, head) = raw.ask("POST /telegram/webhook", "X-Secret: it\r\n").await.unwrap();
        assert_eq!(status, 200, "update {n}");
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    }
    let mut statuses = String::new();
    for _ in 0..1_500 {
        let (status, _) = raw.ask("POST /telegram/webhook", "").await.unwrap();
        write!(statuses, "{status} ").unwrap();
    }
    assert!(statuses.starts_with("401") && statuses.contains("429"), "{statuses}");
    assert_eq!(raw.ask("POST /telegram/webhook", "X-Secret: it\r\n").await.unwrap().0, 200);
    assert_eq!(
        Raw::to(address, Ipv4Addr::new(127, 0, 0, 2)).await.ask("GET /else", "").await.unwrap().0,
        404
    );
    stop.cancel();
    serving.await.unwrap().unwrap();
}
