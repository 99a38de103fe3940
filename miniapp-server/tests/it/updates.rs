//! A room by HTTP, for phones whose network lets no WebSocket through.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    harness::{Answer, Phone, SOON, TestApp, eventually},
    socket::{gathered, swipe, swiping},
};

/// What a phone calls itself by HTTP and on its socket.
const DEVICE: &str = "a-phone-of-16-00";

/// Somebody who asks by HTTP, as the Mini App does behind such a network.
struct Poller {
    phone: Phone,
    code: String,
    device: String,
    connection: String,
    epoch: u64,
    seq: u64,
}

impl Poller {
    async fn begin(phone: &Phone, code: &str, device: &str) -> (Self, Value) {
        let path = format!("/api/rooms/{code}/updates?device={device}&connection=new");
        let begun = phone.get(&path).await.ok();
        let poller = Self {
            phone: phone.clone(),
            code: code.into(),
            device: device.into(),
            connection: begun["connection"].as_str().expect("a connection without a name").into(),
            epoch: begun["epoch"].as_u64().unwrap(),
            seq: begun["seq"].as_u64().unwrap(),
        };
        (poller, begun)
    }

    fn path(&self, wait: u32) -> String {
        let Self { code, device, connection, epoch, seq, .. } = self;
        format!(
            "/api/rooms/{code}/updates?device={device}&connection={connection}&epoch={epoch}&seq={seq}&wait={wait}"
        )
    }

    /// The events that follow, which must be there soon and without a gap.
    async fn hears(&mut self) -> Vec<Value> {
        let answer = timeout(SOON, self.phone.get(&self.path(25))).await.expect("nothing was told");
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        let events = answer.body["events"].as_array().expect("no events").clone();
        for event in &events {
            self.seq += 1;
            assert_eq!(event["seq"], self.seq, "a gap or a repetition");
        }
        assert_eq!(answer.body["seq"], self.seq);
        events
    }

    async fn until(&mut self, kind: &str) -> Value {
        loop {
            if let Some(found) = self.hears().await.iter().find(|event| event["event"]["type"] == kind) {
                return found["event"].clone();
            }
        }
    }

    async fn says(&self, command: Value) -> Answer {
        let Self { code, device, connection, .. } = self;
        let path = format!("/api/rooms/{code}/commands?device={device}&connection={connection}");
        self.phone.post(&path, command).await
    }
}

fn updates(code: &str, query: &str) -> String {
    format!("/api/rooms/{code}/updates?{query}")
}

#[tokio::test]
async fn an_evening_by_http_ends_with_the_same_match_as_on_a_socket() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut guest, begun) = Poller::begin(&phones[1], &code, "phone").await;
    assert_eq!(
        begun["state"]["code"],
        code.as_str(),
        "who says nothing of where they are is told everything"
    );
    let mut tablet = phones[1].socket(&code).await;

    phones[0].select(&code, &["c1", "c2"]).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    phones[0].likes(&code, "c1").await;
    let done = guest.says(swipe("c1", "like")).await.ok();
    assert_eq!(done["room"]["matches"][0]["title"]["id"], "c1", "the answer has the match at once");
    assert_eq!(guest.until("match_found").await["title"]["id"], "c1");

    // What is told by HTTP is word for word what a socket tells; the next cards are always those of now.
    let whole = phones[1].get(&updates(&code, &format!("epoch={}&seq=0", guest.epoch))).await.ok();
    let first = tablet.seq();
    for event in whole["events"].as_array().unwrap().iter().filter(|e| e["seq"].as_u64() > Some(first)) {
        let (mut said, mut told) = (tablet.frame("event").await, event.clone());
        said.as_object_mut().unwrap().retain(|field, _| field != "type" && field != "room");
        if told["event"]["type"] == "started" {
            said["event"]["queue"].take();
            told["event"]["queue"].take();
        }
        assert_eq!(said, told);
    }
}

#[tokio::test]
async fn a_question_waits_until_something_happens_and_no_longer() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (mut guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    let nothing = phones[1].get(&guest.path(1)).await;
    assert_eq!((nothing.status, nothing.text.as_str()), (204, ""));
    assert_eq!(nothing.header("cache-control"), "no-store");
    assert_eq!(phones[1].get(&guest.path(0)).await.status, 204, "without a wait the answer is there at once");
    let (heard, _) = tokio::join!(guest.hears(), async {
        phones[0].does(&code, json!({ "type": "ready", "ready": true })).await
    });
    assert_eq!(heard[0]["event"], json!({ "type": "ready", "member": 1, "ready": true }));
}

#[tokio::test]
async fn where_events_cannot_be_told_the_whole_room_is() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let room = phones[0].room(&code).await;
    let (epoch, seq) = (room["epoch"].as_u64().unwrap(), room["seq"].as_u64().unwrap());
    for query in [
        String::new(),
        format!("epoch={epoch}"),
        format!("seq={seq}"),
        format!("epoch={}&seq={seq}&wait=25", epoch ^ 1),
        format!("epoch={}&seq={seq}&wait=25", u64::MAX),
        format!("epoch={epoch}&seq={}&wait=25", seq + 1),
        format!("epoch={epoch}&seq={}&change=3&wait=25", u64::MAX),
    ] {
        let told = phones[0].get(&updates(&code, &query)).await.ok();
        assert!(told.get("events").is_none(), "{query}: events of another history");
        assert_eq!(told["state"]["members"].as_array().unwrap().len(), 2, "{query}");
        assert_eq!((&told["epoch"], &told["seq"]), (&room["epoch"], &room["seq"]), "{query}");
    }
    let all = phones[0].get(&updates(&code, &format!("epoch={epoch}&seq=0"))).await.ok();
    let seqs: Vec<u64> =
        all["events"].as_array().unwrap().iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seq).collect::<Vec<_>>(), "never a gap");
}

#[tokio::test]
async fn somebody_far_behind_is_told_the_room_and_not_thousands_of_events() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    let epoch = phones[0].room(&code).await["epoch"].clone();
    for n in 0..205 {
        phones[0].does(&code, json!({ "type": "ready", "ready": n % 2 == 0 })).await;
    }
    let told = phones[0].get(&updates(&code, &format!("epoch={epoch}&seq=1"))).await.ok();
    assert_eq!(told["state"]["code"], code.as_str());
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 1).await;
    for query in [
        "epoch=x",
        "epoch=-1",
        "epoch=",
        "seq=1.5",
        "seq=-1",
        "change=all",
        "wait=long",
        "wait=1&wait=2",
        "device=",
        "connection=new",
        "device=d&connection=",
        "device=d&connection=old",
        "device=d&connection=00000000000000000000000000000000ff",
        "device=d&connection=+0000000000000000000000000000001",
    ] {
        phones[0].get(&updates(&code, query)).await.refuses(422, "invalid");
    }
    let long = "d".repeat(65);
    phones[0].get(&updates(&code, &format!("device={long}"))).await.refuses(422, "invalid");
    let command = json!({ "type": "ready", "ready": true });
    for query in ["device=", "connection=00", "device=d&connection=new"] {
        let path = format!("/api/rooms/{code}/commands?{query}");
        phones[0].post(&path, command.clone()).await.refuses(422, "invalid");
    }
    // More or less than can be waited for is no error.
    let told = timeout(SOON, phones[0].get(&updates(&code, "wait=9999999"))).await.unwrap();
    assert_eq!(told.status, 200);
    let (epoch, seq) = (told.body["epoch"].clone(), told.body["seq"].clone());
    let at_once = updates(&code, &format!("epoch={epoch}&seq={seq}&wait=-5"));
    assert_eq!(timeout(SOON, phones[0].get(&at_once)).await.unwrap().status, 204);
}

#[tokio::test]
async fn only_members_are_told_anything() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let stranger = app.phone(3).await;
    stranger.get(&updates(&code, "wait=25")).await.refuses(403, "not_a_member");
    stranger.get(&updates("00000000", "")).await.refuses(404, "room_not_found");
    app.get(&updates(&code, "")).await.refuses(401, "unauthenticated");

    let (guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    let path = guest.path(25);
    let (waited, _) = tokio::join!(timeout(SOON, phones[1].get(&path)), async {
        phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await
    });
    waited.expect("who is removed goes on waiting").refuses(403, "not_a_member");
}

#[tokio::test]
async fn the_limit_of_calls_is_not_in_the_way() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (phones, code) = gathered(&app, 2).await;
    let (guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    while phones[1].get("/api/me").await.status == 200 {}
    phones[1].get("/api/me").await.refuses(429, "too_many");
    for n in 0..10 {
        guest.says(json!({ "type": "ready", "ready": n % 2 == 0 })).await.ok();
        phones[1].get(&updates(&code, "")).await.ok();
    }
}

#[tokio::test]
async fn strangers_and_guesses_are_counted() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (_, code) = gathered(&app, 1).await;
    let stranger = app.phone(3).await;
    let mut refused = 0;
    while stranger.get(&updates(&code, "")).await.status == 403 {
        refused += 1;
        assert!(refused <= 100, "somebody may ask for other people's rooms without end");
    }
    stranger.get(&updates(&code, "")).await.refuses(429, "too_many");
}

#[tokio::test]
async fn commands_by_http_are_counted_as_commands() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (phones, code) = gathered(&app, 1).await;
    let hurry = (0..60).map(|n| phones[0].command(&code, json!({ "type": "ready", "ready": n % 2 == 0 })));
    let answers = futures::future::join_all(hurry).await;
    let late = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(late > 0, "sixty at once are more than anybody can tap");
    assert!(answers.iter().filter(|answer| answer.status == 200).count() >= 20, "{late} were refused");
}

#[tokio::test]
async fn whoever_asks_again_and_again_is_online_without_a_flicker_and_gone_a_while_after_the_last_time() {
    let app = TestApp::with(|config| config.patience.linger = Duration::from_millis(600)).await;
    let (phones, code) = gathered(&app, 2).await;
    let mut host = phones[0].socket(&code).await;
    let (guest, begun) = Poller::begin(&phones[1], &code, "phone").await;
    assert_eq!(begun["presence"]["online"], json!([1, 2]), "whoever asks is online before they are answered");
    host.until_online(&[1, 2]).await;
    for _ in 0..5 {
        assert_eq!(phones[1].get(&guest.path(0)).await.status, 204);
    }
    // The very next thing that is said of presence is that they went.
    let next = host.frame("presence").await;
    assert_eq!((&next["in"], &next["out"]), (&json!([]), &json!([2])), "they flickered");
}

#[tokio::test]
async fn who_is_here_is_told_to_those_who_ask_for_it() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (guest, begun) = Poller::begin(&phones[1], &code, "phone").await;
    let mark = begun["presence"]["mark"].as_str().unwrap();
    assert_eq!(begun["presence"]["online"], json!([2]));
    let asked = format!("{}&presence={mark}", guest.path(25));
    let (told, _socket) = tokio::join!(timeout(SOON, phones[1].get(&asked)), phones[0].socket(&code));
    let told = told.expect("nobody is told who came").ok();
    assert_eq!((&told["presence"]["online"], &told["events"]), (&json!([1, 2]), &json!([])));
    // Level by level: a change that nobody waited for is told to the next question.
    assert_eq!(phones[1].get(&asked).await.status, 200);
}

#[tokio::test]
async fn a_newer_socket_of_the_device_fences_its_connection_by_http() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let (guest, _) = Poller::begin(&phones[1], &code, DEVICE).await;
    guest.says(swipe("c1", "like")).await.ok();
    let mut socket = phones[1].socket_as(&code, DEVICE).await;
    let late = guest.says(json!({ "type": "undo", "title": "c1" })).await;
    late.refuses(409, "fenced");
    assert_eq!(phones[1].room(&code).await["my_swipes"], 1, "what an older connection sent was done");
    socket.does(swipe("c2", "like")).await;
    // Another device of the same person is another matter.
    let (tablet, _) = Poller::begin(&phones[1], &code, "tablet").await;
    tablet.says(json!({ "type": "undo", "title": "c2" })).await.ok();
}

#[tokio::test]
async fn a_newer_connection_by_http_fences_the_older_one_and_the_socket() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2"]).await;
    let mut socket = phones[1].socket_as(&code, DEVICE).await;
    let (older, _) = Poller::begin(&phones[1], &code, DEVICE).await;
    let (newer, _) = Poller::begin(&phones[1], &code, DEVICE).await;
    older.says(swipe("c1", "like")).await.refuses(409, "fenced");
    newer.says(swipe("c1", "skip")).await.ok();
    socket.send(swipe("c2", "like")).await;
    assert_eq!(socket.room_closed().await, "fell_behind", "it may open the room again, and ask again");
    assert_eq!(phones[1].room(&code).await["my_swipes"], 1);
}

#[tokio::test]
async fn a_single_command_of_a_device_takes_nothing_from_its_socket() {
    let app = TestApp::start().await;
    let (phones, code) = swiping(&app, 2, &["c1", "c2", "c3"]).await;
    let commands = format!("/api/rooms/{code}/commands?device={DEVICE}");
    let both = [swipe("c1", "like"), swipe("c2", "like")].map(|swipe| phones[1].post(&commands, swipe));
    for answer in futures::future::join_all(both).await {
        answer.ok();
    }
    let mut socket = phones[1].socket_as(&code, DEVICE).await;
    phones[1].post(&commands, json!({ "type": "ready", "ready": true })).await.refuses(409, "wrong_phase");
    phones[1].post(&commands, swipe("c3", "like")).await.ok();
    socket.does(json!({ "type": "undo", "title": "c3" })).await;
}

#[tokio::test]
async fn the_newest_question_of_a_connection_is_the_one_that_waits() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    let path = guest.path(25);
    let (one, two) = (phones[1].get(&path), phones[1].get(&path));
    let ended = timeout(SOON, futures::future::select(Box::pin(one), Box::pin(two)));
    let (ended, _) = ended.await.expect("both wait").factor_first();
    assert_eq!(ended.status, 204);
}

#[tokio::test]
async fn a_session_waits_for_so_much_at_once_and_no_more() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let mut waiting = Vec::new();
    for _ in 0..17 {
        let code = phone.create().await;
        let room = phone.room(&code).await;
        let path = updates(&code, &format!("epoch={}&seq={}&wait=25", room["epoch"], room["seq"]));
        waiting.push(phone.request(Method::GET, &path));
    }
    let asked: Vec<_> = waiting.into_iter().map(|request| Box::pin(Answer::read(request))).collect();
    let (first, ..) = timeout(SOON, futures::future::select_all(asked)).await.expect("all of them wait");
    first.refuses(429, "too_many");
}

#[tokio::test]
async fn a_server_that_stops_sends_those_who_wait_away_spread_over_time() {
    let mut app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    let path = guest.path(25);
    // Of two questions of one connection one ends the other: then that one waits.
    let (one, two) = (Box::pin(phones[1].get(&path)), Box::pin(phones[1].get(&path)));
    let (ended, waiting) = futures::future::select(one, two).await.factor_first();
    assert_eq!(ended.status, 204);
    app.begin_to_stop();
    let sent_away = timeout(SOON, waiting).await.expect("it goes on waiting");
    sent_away.refuses(503, "unavailable");
    assert_eq!(sent_away.body["detail"], "restarting, come back in 0-300 ms");
    assert_eq!(sent_away.header("retry-after"), "1");
    app.stop().await;
}

#[tokio::test]
async fn a_session_that_ends_takes_its_questions_along() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let (guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    let path = guest.path(25);
    let (answer, _) = tokio::join!(timeout(SOON, phones[1].get(&path)), async {
        phones[1].post("/api/auth/logout", json!(null)).await
    });
    answer.expect("it goes on waiting").refuses(401, "unauthenticated");
}

#[tokio::test]
async fn it_does_not_matter_which_node_is_asked() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = swiping(&one, 2, &["c1", "c2"]).await;
    let (mut guest, _) = Poller::begin(&phones[1], &code, "phone").await;
    guest.phone = phones[1].on(&two);
    let (heard, _) = tokio::join!(guest.hears(), phones[0].likes(&code, "c1"));
    assert_eq!(heard[0]["event"]["type"], "progress");
    guest.says(swipe("c1", "like")).await.ok();
    guest.phone = phones[1].on(&one);
    guest.until("match_found").await;
    guest.says(swipe("c2", "like")).await.ok();
    let mut watching = phones[0].on(&two).socket(&code).await;
    assert_eq!(watching.state()["members"][1]["online"], true);
    drop(one);
    let (again, _) = Poller::begin(&phones[1].on(&two), &code, "phone").await;
    again.says(json!({ "type": "undo", "title": "c2" })).await.ok();
    watching.until("undone").await;
}

#[tokio::test]
async fn a_handshake_whose_upgrade_was_taken_away_is_told_what_is_missing() {
    let app = TestApp::start().await;
    let phone = app.phone(1).await;
    let request = app
        .http
        .get(format!("{}/api/socket?device={DEVICE}", app.url))
        .header("sec-websocket-protocol", format!("sovpalo.v2, token.{}", phone.access));
    let answer = Answer::read(request).await;
    answer.refuses(426, "upgrade_required");
    assert_eq!(answer.header("upgrade"), "websocket", "RFC 9110 wants the protocol named");
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(detail.contains("Upgrade") && detail.contains("Connection"), "{detail}");
}

#[tokio::test]
async fn somebody_who_went_away_is_back_with_their_first_question() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let _host = phones[0].socket(&code).await;
    app.clock.advance(Duration::from_secs(700));
    app.rooms.look_after().await;
    eventually("the guest is away", async || phones[0].room(&code).await["members"][1]["away"] == true).await;
    let (_, begun) = Poller::begin(&phones[1], &code, "phone").await;
    assert_eq!(begun["state"]["members"][1]["away"], false);
}
