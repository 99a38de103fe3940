//! How much anybody may ask for.

use std::time::Duration;

use serde_json::json;
use sovpalo_domain::ids::UserId;
use sovpalo_live::{
    hot::{Quota, Spent},
    rates::Rates,
};
use sovpalo_server::TrustedProxies;

use crate::{
    auth::refresh,
    harness::{Answer, Launch, TestApp},
    socket::{gathered, ready},
};

#[track_caller]
fn too_many(answer: &Answer) -> u64 {
    answer.refuses(429, "too_many");
    answer.header("retry-after").parse().expect("a 429 without Retry-After")
}

async fn limited() -> TestApp {
    TestApp::with(|config| config.limits = crate::harness::LIMITED).await
}

#[tokio::test]
async fn a_person_asks_a_hundred_times_a_minute() {
    let app = limited().await;
    let (phone, other) = (app.phone(1).await, app.phone(2).await);
    for n in 1..=100 {
        assert_eq!(phone.get("/api/me").await.status, 200, "refused after {n}");
    }
    let wait = too_many(&phone.get("/api/me").await);
    assert!((1..=60).contains(&wait), "come back in {wait} s");
    other.get("/api/me").await.ok();
    app.clock.advance(Duration::from_secs(wait));
    phone.get("/api/me").await.ok();
}

#[tokio::test]
async fn a_person_signs_in_ten_times_a_minute() {
    let app = limited().await;
    for _ in 0..10 {
        app.sign_in(&Launch::of(1)).await.ok();
    }
    too_many(&app.sign_in(&Launch::of(1)).await);
    app.sign_in(&Launch::of(2)).await.ok();
}

#[tokio::test]
async fn a_page_that_is_loaded_every_second_signs_in_each_time() {
    let app = limited().await;
    let (launch, other) = (Launch::of(1), Launch::of(2));
    let mut kept = app.open(other).await.refresh;
    for n in 1..=60 {
        assert_eq!(app.sign_in(&launch).await.status, 200, "by launch data, {n}");
        kept = refresh(&app, &kept).await.refresh;
    }
    for _ in 0..9 {
        app.sign_in(&Launch::of(1)).await.ok();
    }
    too_many(&app.sign_in(&Launch::of(1)).await);
    app.sign_in(&launch).await.ok();
}

#[tokio::test]
async fn whoever_was_refused_hears_the_reason_as_often_as_they_ask() {
    let app = limited().await;
    let (old, ahead, out) = (Launch::of(1).at(-4000), Launch::of(2).at(4000), Launch::of(3));
    app.open(out.clone()).await.post("/api/auth/logout", json!(null)).await.ok();
    for _ in 0..15 {
        app.sign_in(&old).await.refuses(401, "init_data_expired");
        app.sign_in(&ahead).await.refuses(401, "clock_differs");
        app.sign_in(&out).await.refuses(401, "init_data_spent");
    }
}

#[tokio::test]
async fn the_same_launch_data_has_an_end_too() {
    let app = limited().await;
    let launch = Launch::of(1);
    for n in 1..=120 {
        assert_eq!(app.sign_in(&launch).await.status, 200, "refused after {n}");
    }
    too_many(&app.sign_in(&launch).await);
}

#[tokio::test]
async fn a_refresh_that_is_refused_spends_no_token() {
    let app = limited().await;
    let (launch, mut phone) = (Launch::of(1), app.phone(1).await);
    let body = |phone: &crate::harness::Phone| json!({ "refresh_token": phone.refresh });
    let wait = loop {
        // Another page of the same person takes places, too.
        app.sign_in(&launch).await;
        let answer = app.post("/api/auth/refresh", &body(&phone)).await;
        if answer.status == 429 {
            break too_many(&answer);
        }
        phone = crate::harness::Phone::of(&app, &answer);
    };
    for _ in 0..20 {
        too_many(&app.post("/api/auth/refresh", &body(&phone)).await);
    }
    // Later than a lost answer would be given once more.
    app.clock.advance(Duration::from_secs(wait + 120));
    app.post("/api/auth/refresh", &body(&phone)).await.ok();
}

#[tokio::test]
async fn an_address_fails_to_sign_in_ten_times_a_minute() {
    let app = limited().await;
    for _ in 0..10 {
        app.exchange("forged").await.refuses(401, "init_data_invalid");
    }
    too_many(&app.exchange("forged").await);
    let guess = json!({ "refresh_token": "1-00000000000000000000000000000000.AAAA" });
    too_many(&app.post("/api/auth/refresh", &guess).await);
    app.sign_in(&Launch::of(1)).await.ok();
}

#[tokio::test]
async fn rooms_that_the_bot_made_for_somebody_count_as_the_apps_do() {
    let app = limited().await;
    let host = app.phone(1).await;
    for _ in 0..Rates::USUAL.rooms_per_hour - 1 {
        // As the bot does.
        Rates::USUAL.spend_room(&**app.rooms.hot(), UserId::new(1).unwrap()).await.unwrap();
    }
    host.create().await;
    too_many(&host.post("/api/rooms", json!({})).await);
    let spent = Rates::USUAL.spend_room(&**app.rooms.hot(), UserId::new(1).unwrap()).await.unwrap();
    assert!(matches!(spent, Spent::Exhausted { .. }), "the bot makes more than the app: {spent:?}");
}

#[tokio::test]
async fn a_person_makes_ten_rooms_an_hour() {
    let app = limited().await;
    let host = app.phone(1).await;
    for _ in 0..10 {
        host.create().await;
    }
    too_many(&host.post("/api/rooms", json!({})).await);
}

#[tokio::test]
async fn a_person_joins_twenty_rooms_a_minute() {
    let app = limited().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    for _ in 0..20 {
        guest.join(&code).await.ok();
    }
    too_many(&guest.join(&code).await);
}

#[tokio::test]
async fn a_proxy_is_believed_only_if_it_is_ours() {
    let forged = async |app: &TestApp, from: &str| {
        let request = app
            .http
            .post(format!("{}/api/auth/telegram", app.url))
            .header("x-forwarded-for", from)
            .json(&json!({ "init_data": "forged" }));
        Answer::read(request).await
    };
    let open = limited().await;
    for n in 0..10 {
        forged(&open, &format!("192.0.2.{n}")).await.refuses(401, "init_data_invalid");
    }
    too_many(&forged(&open, "192.0.2.77").await);

    let behind = TestApp::with(|config| {
        config.limits = crate::harness::LIMITED;
        config.trusted_proxies = TrustedProxies::private();
    })
    .await;
    for _ in 0..10 {
        forged(&behind, "203.0.113.9, 192.0.2.1").await.refuses(401, "init_data_invalid");
    }
    too_many(&forged(&behind, "198.51.100.4, 192.0.2.1").await);
    forged(&behind, "192.0.2.1, 192.0.2.2").await.refuses(401, "init_data_invalid");

    // Some proxies write the port too, and brackets around IPv6: another client each time, and each the same one with any port.
    for n in 1..=14 {
        forged(&behind, &format!("198.51.100.{n}:4711")).await.refuses(401, "init_data_invalid");
        forged(&behind, &format!("[2001:db8:0:{n}::1]:4711")).await.refuses(401, "init_data_invalid");
    }
    for port in 0..9 {
        forged(&behind, &format!("198.51.100.1:{port}")).await.refuses(401, "init_data_invalid");
    }
    too_many(&forged(&behind, "198.51.100.1:9").await);
    // What cannot be read is nobody: it counts for the proxy itself.
    for n in 0..10 {
        forged(&behind, &format!("192.0.2.{n}, unknown")).await.refuses(401, "init_data_invalid");
    }
    too_many(&forged(&behind, "192.0.2.77, _hidden").await);
}

#[tokio::test]
async fn an_operator_may_set_other_rates() {
    let rates = Rates { calls_per_minute: 40, messages_per_minute: 2, rooms_per_hour: 1 };
    let app = TestApp::with(|config| config.limits = Some(rates)).await;
    let phone = app.phone(1).await;
    let code = phone.create().await;
    too_many(&phone.post("/api/rooms", json!({})).await);
    for key in ["k1", "k2"] {
        let said = json!({ "type": "say", "key": key, "text": "Hello" });
        phone.post(&format!("/api/rooms/{code}/commands"), said).await.ok();
    }
    let said = json!({ "type": "say", "key": "k3", "text": "Hello" });
    too_many(&phone.post(&format!("/api/rooms/{code}/commands"), said).await);
    let mut taken = 0;
    while phone.get("/api/me").await.status == 200 {
        taken += 1;
        assert!(taken <= 40, "more than it should be");
    }
    assert!(taken >= 30, "{taken} and what came before are forty");
}

#[tokio::test]
async fn limits_can_be_off() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    for _ in 0..150 {
        assert_eq!(phone.get("/api/me").await.status, 200);
    }
}

#[tokio::test]
async fn many_titles_at_once_count_for_more_than_one() {
    let app = limited().await;
    let host = app.phone(1).await;
    let code = host.create_with(json!({ "picks_per_member": 50 })).await;
    let mut selected = 0;
    for turn in 0..20 {
        let titles: Vec<_> = (0..50).map(|n| json!({ "text": format!("film {n} of {turn}") })).collect();
        let answer = host.post(&format!("/api/rooms/{code}/selections"), json!({ "titles": titles })).await;
        if answer.status == 429 {
            too_many(&answer);
            break;
        }
        answer.ok();
        selected += 1;
    }
    assert!((2..10).contains(&selected), "fifty titles were replaced {selected} times at once");
}

/// Where a device of this name gives its commands.
fn commands_of(code: &str, device: &str) -> String {
    format!("/api/rooms/{code}/commands?device={device}")
}

#[tokio::test]
async fn devices_that_a_stranger_makes_up_are_not_kept() {
    let app = TestApp::start().await;
    let (_, code) = gathered(&app, 1).await;
    let stranger = app.phone(9).await;
    let say = json!({ "type": "say", "key": "k", "text": "Hello" });
    for n in 0..250 {
        let answer = stranger.post(&commands_of(&code, &format!("made-up-{n}")), ready(true)).await;
        answer.refuses(403, "not_a_member");
        let on_a_connection = format!("{}&connection={n:032x}", commands_of(&code, &format!("new-{n}")));
        stranger.post(&on_a_connection, say.clone()).await.refuses(403, "not_a_member");
    }
    let begins = format!("/api/rooms/{code}/updates?device=made-up&connection=new");
    stranger.get(&begins).await.refuses(403, "not_a_member");
    assert_eq!(stranger.refused_room(&code).await, "not_a_member");
    stranger.post(&commands_of("00000000", "made-up"), ready(true)).await.refuses(404, "room_not_found");
    assert_eq!(app.stores.fences(), 0);
}

#[tokio::test]
async fn a_member_brings_a_hundred_devices_an_hour_and_those_that_are_known_go_on() {
    let app = limited().await;
    let (phones, code) = gathered(&app, 2).await;
    let other = phones[0].create().await;
    // Not one by one: so many commands in a moment are too many by themselves.
    let quota = Quota { uses: 100, per: Duration::from_secs(3_600) };
    for _ in 0..96 {
        assert_eq!(app.rooms.hot().spend("devices:u1", quota).await.unwrap(), Spent::Granted);
    }
    let on_a_connection = |n: u32| format!("{}&connection={n:032x}", commands_of(&code, &format!("new-{n}")));
    let say = json!({ "type": "say", "key": "k", "text": "Hello" });
    phones[0].post(&commands_of(&code, "phone"), ready(true)).await.ok();
    phones[0].post(&on_a_connection(1), say.clone()).await.ok();
    // A socket is one, and its place in a room is another.
    let mut socket = phones[0].connects().await;
    socket.opens(&code).await;

    let wait = too_many(&phones[0].post(&commands_of(&code, "another"), ready(true)).await);
    assert!((1..=36).contains(&wait), "come back in {wait} s");
    too_many(&phones[0].post(&on_a_connection(2), say.clone()).await);
    let begins = |device: &str| format!("/api/rooms/{code}/updates?device={device}&connection=new");
    too_many(&phones[0].get(&begins("another")).await);
    too_many(&phones[0].refused_socket().await);
    assert_eq!(socket.refuses(json!({ "open": other })).await, "too_many");
    assert_eq!(app.stores.fences(), 3, "what was refused is kept");

    phones[0].post(&commands_of(&code, "phone"), ready(false)).await.ok();
    phones[0].post(&on_a_connection(1), say).await.ok();
    phones[0].get(&begins("phone")).await.ok();
    socket.does(&code, ready(true)).await;
    assert_eq!(app.stores.fences(), 3);
    phones[1].post(&commands_of(&code, "phone"), ready(true)).await.ok();
    app.clock.advance(Duration::from_secs(wait));
    phones[0].post(&commands_of(&code, "another"), ready(true)).await.ok();
    assert_eq!(app.stores.fences(), 5);
}
