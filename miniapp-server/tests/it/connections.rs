//! However many connections somebody opens, and whatever they do not do on them, others get through. All of it also without limits: those
//! are about rates.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::json;
use sovpalo_server::{Bounds, TrustedProxies};

use crate::{
    harness::{SOON, TestApp, eventually},
    raw::Raw,
    socket::gathered,
};

const HEALTH: &str = "GET /api/health";
/// Sooner than any deadline could have helped.
const AT_ONCE: Duration = Duration::from_secs(2);

fn other(n: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, n)
}

/// So few that a test can fill them.
async fn small(bounds: impl FnOnce(&mut Bounds)) -> TestApp {
    TestApp::with(|config| {
        config.bounds.per_address = 8;
        config.bounds.in_line = 1000;
        bounds(&mut config.bounds);
    })
    .await
}

async fn answers_at_once(app: &TestApp, from: Ipv4Addr, meanwhile: &str) {
    let began = Instant::now();
    let answer = Raw::from(from, app).await.ask(HEALTH, "").await;
    assert_eq!(answer.map(|(status, _)| status), Some(200), "{meanwhile}");
    assert!(began.elapsed() < AT_ONCE, "{meanwhile}: {:?}", began.elapsed());
}

#[tokio::test]
async fn connections_that_are_silent_lock_nobody_out_of_their_own_address() {
    let app = small(|_| {}).await;
    for (kind, said) in [
        ("nothing was said", ""),
        ("half a head was said", "GET /api/health HTTP/1.1\r\nHost"),
        ("a request was answered", "GET /api/health HTTP/1.1\r\nHost: test\r\n\r\n"),
    ] {
        let mut held = Vec::new();
        for _ in 0..300 {
            let mut raw = Raw::open(&app).await;
            // Those that had to make room already are of no interest.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut raw.stream, said.as_bytes()).await;
            held.push(raw);
        }
        for _ in 0..5 {
            answers_at_once(&app, Ipv4Addr::LOCALHOST, kind).await;
        }
        answers_at_once(&app, other(2), kind).await;
        let open = held.iter().filter(|raw| !raw.is_closed()).count();
        assert!(!said.ends_with("\r\n\r\n") || open < 120, "{kind}: {open} are held");
    }
}

#[tokio::test]
async fn connections_that_say_nothing_have_an_end_in_number_and_in_time() {
    let app = small(|bounds| {
        (bounds.per_address, bounds.in_line) = (8, 40);
        bounds.first_head = Duration::from_secs(3);
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..300 {
        held.push(Raw::open(&app).await);
    }
    let open = || held.iter().filter(|raw| !raw.is_closed()).count();
    eventually("only as many are left as may wait", async || open() <= 48).await;
    answers_at_once(&app, other(2), "an address has as many as it may have").await;
    eventually("none is left", async || open() == 0).await;
}

#[tokio::test]
async fn requests_that_are_never_finished_lock_nobody_out() {
    let app = small(|_| {}).await;
    let mut held = Vec::new();
    for _ in 0..8 {
        let mut raw = Raw::open(&app).await;
        raw.say("POST /api/auth/telegram HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n{").await;
        held.push(raw);
    }
    let answer = tokio::time::timeout(SOON, async { Raw::open(&app).await.ask(HEALTH, "").await }).await;
    assert_eq!(answer.expect("locked out").map(|(status, _)| status), Some(200));
}

#[tokio::test]
async fn phones_that_all_come_at_once_from_one_address_wait_in_line_and_get_in() {
    let app = small(|bounds| {
        bounds.per_address = 4;
        bounds.in_line = 2000;
    })
    .await;
    let phones =
        (0..500).map(async |_| Raw::open(&app).await.ask(HEALTH, "").await.map(|(status, _)| status));
    let answers = join_all(phones).await;
    let in_vain = answers.iter().filter(|status| **status != Some(200)).count();
    assert_eq!(in_vain, 0, "of {} phones", answers.len());
}

#[tokio::test]
async fn whoever_is_signed_in_counts_no_more_for_their_address() {
    let app = small(|bounds| bounds.per_address = 2).await;
    let (phones, code) = gathered(&app, 12).await;
    let mut sockets = Vec::new();
    for phone in &phones {
        sockets.push(phone.socket(&code).await);
    }
    let held = join_all((0..60).map(|_| Raw::open(&app))).await;
    answers_at_once(&app, Ipv4Addr::LOCALHOST, "twelve phones and sixty strangers").await;
    for socket in &mut sockets {
        socket.does(json!({ "type": "ready", "ready": true })).await;
    }
    drop(held);
}

#[tokio::test]
async fn a_person_has_so_many_connections_and_the_oldest_idle_one_makes_room() {
    let app = small(|bounds| bounds.per_person = 4).await;
    let token = format!("Authorization: Bearer {}\r\n", app.phone(1).await.access);
    let mut held = Vec::new();
    for _ in 0..10 {
        let mut raw = Raw::open(&app).await;
        let began = Instant::now();
        // Where all four were busy a moment ago, this is refused with 429: come back.
        while raw.ask("GET /api/me", &token).await.expect("closed").0 == 429 {
            assert!(began.elapsed() < SOON, "none makes room");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        held.push(raw);
    }
    eventually("four are left", async || held.iter().filter(|raw| !raw.is_closed()).count() <= 4).await;
    assert!(!held.last().unwrap().is_closed(), "the newest one was closed");
}

#[tokio::test]
async fn all_connections_have_a_total_and_whose_address_has_most_makes_room() {
    // How long a connection has been silent depends on the machine: all count as silent for long, or none does.
    for silent in [Duration::ZERO, Duration::from_secs(3_600)] {
        let app = small(|bounds| {
            bounds.total = 40;
            bounds.per_address = 100;
            bounds.in_line = 1000;
            bounds.silent = silent;
        })
        .await;
        let mut quiet = Raw::from(other(2), &app).await;
        assert_eq!(quiet.ask(HEALTH, "").await.unwrap().0, 200);
        let mut held = Vec::new();
        for _ in 0..200 {
            held.push(Raw::from(other(3), &app).await);
        }
        answers_at_once(&app, other(4), "somebody else fills the total").await;
        eventually("the total holds", async || held.iter().filter(|raw| !raw.is_closed()).count() <= 40)
            .await;
        let answer = quiet.ask(HEALTH, "").await;
        assert_eq!(answer.expect("who has one connection had to make room").0, 200, "silent: {silent:?}");
    }
}

#[tokio::test]
async fn idle_connections_of_people_who_are_signed_in_lock_nobody_out_of_the_total_and_sockets_stay() {
    // How long a connection has been silent depends on the machine: all count as silent for long.
    let app = small(|bounds| (bounds.total, bounds.silent) = (40, Duration::ZERO)).await;
    let (phones, code) = gathered(&app, 1).await;
    let mut socket = phones[0].socket(&code).await;
    let mut held = Vec::new();
    for person in 2..=11 {
        let token = format!("Authorization: Bearer {}\r\n", app.phone(person).await.access);
        for _ in 0..4 {
            let mut raw = Raw::from(other(3), &app).await;
            assert_eq!(raw.ask("GET /api/me", &token).await.expect("closed").0, 200);
            held.push(raw);
        }
    }
    let mut newcomers = Vec::new();
    for n in 4..9 {
        answers_at_once(&app, other(n), "ten people fill the total").await;
        newcomers.push(Raw::from(other(n), &app).await);
    }
    eventually("some of them make room", async || held.iter().any(Raw::is_closed)).await;
    socket.does(json!({ "type": "ready", "ready": true })).await;
}

#[tokio::test]
async fn a_trusted_proxys_connections_count_in_the_total_only_and_its_clients_by_address() {
    let app = TestApp::with(|config| {
        config.trusted_proxies = TrustedProxies::private();
        (config.bounds.per_address, config.bounds.in_line) = (4, 4);
    })
    .await;
    let mut held = Vec::new();
    // As many unfinished requests of one client as it may have under way, and some that wait.
    for _ in 0..270 {
        let mut raw = Raw::open(&app).await;
        raw.say(
            "POST /api/auth/telegram HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 198.51.100.7\r\n\
             Content-Length: 1000\r\n\r\n{",
        )
        .await;
        held.push(raw);
    }
    let mut proxy = Raw::open(&app).await;
    let began = Instant::now();
    let answer = proxy.ask(HEALTH, "X-Forwarded-For: 198.51.100.8\r\n").await;
    assert_eq!(answer.expect("a proxy's connection was closed").0, 200);
    assert!(began.elapsed() < AT_ONCE, "another client waited {:?}", began.elapsed());
    assert!(held.iter().all(|raw| !raw.is_closed()), "a proxy's connection had to make room");
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_asked_ends() {
    let app = small(|bounds| bounds.first_head = Duration::from_millis(200)).await;
    for said in ["", "GET", "GET /api/health HTTP/1.1\r\nHost: test\r\nX: "] {
        let mut raw = Raw::open(&app).await;
        raw.say(said).await;
        raw.closed().await;
    }
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let app = small(|bounds| bounds.write = Duration::from_millis(300)).await;
    let raw = Raw::open(&app).await;
    let ask = "GET /api/openapi.json HTTP/1.1\r\nHost: test\r\n\r\n".repeat(600);
    // More than the buffers of both sides hold; the server reads no more once it cannot write.
    let _ = tokio::time::timeout(AT_ONCE, raw.stream.writable()).await;
    let _ = raw.stream.try_write(ask.as_bytes());
    eventually("the connection ends though nothing was read", async || {
        matches!(raw.stream.try_write(b"G"), Err(error) if error.kind() != std::io::ErrorKind::WouldBlock)
    })
    .await;
    answers_at_once(&app, Ipv4Addr::LOCALHOST, "afterwards").await;
}

#[tokio::test]
async fn an_answer_before_the_body_was_read_loses_no_request() {
    let app = small(|_| {}).await;
    for (line, status) in [
        ("POST /api/rooms", 401),
        ("POST /api/nothing", 404),
        ("DELETE /api/rooms", 405),
        ("POST /telegram/webhook", 404),
        ("BREW /api/health", 405),
    ] {
        for length in [1, 1000, 60_000] {
            let mut raw = Raw::open(&app).await;
            let head = format!("{line} HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\n\r\n");
            raw.say(&head).await;
            // A moment behind its head.
            tokio::task::yield_now().await;
            raw.say(&"x".repeat(length)).await;
            let (said, head) = raw.answer().await.expect("no answer");
            assert_eq!(said, status, "{line}");
            if !head.contains("connection: close") {
                let next = raw.ask(HEALTH, "").await;
                assert_eq!(next.expect("the next request was lost").0, 200, "{line} {length}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_to_be_passed_over_ends_the_connection_after_the_answer() {
    let app = small(|_| {}).await;
    for expects in ["", "Expect: 100-continue\r\n"] {
        let mut raw = Raw::open(&app).await;
        raw.say(&format!(
            "POST /api/rooms HTTP/1.1\r\nHost: test\r\n{expects}Content-Length: 200000\r\n\r\n"
        ))
        .await;
        if expects.is_empty() {
            raw.say(&"x".repeat(150_000)).await;
        }
        let (status, head) = raw.answer().await.expect("the answer was lost");
        assert_eq!(status, 401);
        assert!(head.contains("connection: close"), "{head}");
        raw.closed().await;
    }
}

#[tokio::test]
async fn a_head_is_as_large_as_it_may_be_and_no_larger() {
    let app = small(|_| {}).await;
    for (size, status) in
        [(1_000, 200), (32 * 1024 - 200, 200), (32 * 1024 + 1, 431), (39_000, 431), (60_000, 431)]
    {
        let mut raw = Raw::open(&app).await;
        let fixed = "GET /api/health HTTP/1.1\r\nHost: test\r\n\r\n".len() + "X: \r\n".len();
        let header = format!("X: {}\r\n", "x".repeat(size - fixed));
        let answer = raw.ask(HEALTH, &header).await.expect("no answer");
        assert_eq!(answer.0, status, "a head of {size} bytes");
    }
}
