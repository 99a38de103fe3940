//! A page of version 1 that was loaded before this version came: its sockets are refused, so it asks by HTTP, and goes on like that until it
//! is opened again.
//!
//! Its questions stand here as its `polling.ts`, `api.ts` and `intents.ts` made them (commit 9c5e497); what it read of the answers must be
//! there, and what it has no word for must not put it out of step.

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    harness::{Phone, SOON, START, TestApp},
    socket::gathered,
};

const DEVICE: &str = "a-page-of-version-1";
/// What it did not have done by then, in ms, it gave up.
const DONE_WITHIN: i64 = 8_000;

struct OldPage {
    phone: Phone,
    code: String,
    connection: String,
    mark: String,
    epoch: u64,
    seq: u64,
}

impl OldPage {
    /// It shows the room, no socket opens, and HTTP works.
    async fn begins(phone: &Phone, code: &str) -> Self {
        phone.get(&format!("/api/rooms/{code}/socket?epoch=1&seq=1")).await.refuses(410, "reload");
        let room = phone.room(code).await;
        is_understood(&room);
        let (epoch, seq) = (room["epoch"].as_u64().unwrap(), room["seq"].as_u64().unwrap());
        let path =
            format!("/api/rooms/{code}/updates?device={DEVICE}&connection=new&epoch={epoch}&seq={seq}");
        let begun = phone.get(&path).await.ok();
        assert_eq!(
            (&begun["epoch"], &begun["seq"], &begun["events"]),
            (&room["epoch"], &room["seq"], &json!([]))
        );
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            phone: phone.clone(),
            code: code.to_owned(),
            connection: text(&begun["connection"]),
            mark: text(&begun["presence"]["mark"]),
            epoch,
            seq,
        }
    }

    /// What it is told, if anything.
    async fn asks(&mut self) -> Vec<Value> {
        let Self { code, connection, mark, epoch, seq, .. } = self;
        let path = format!(
            "/api/rooms/{code}/updates?device={DEVICE}&connection={connection}&epoch={epoch}&seq={seq}&wait=25&presence={mark}"
        );
        let told = timeout(SOON, self.phone.get(&path)).await.expect("nothing was told").ok();
        told["presence"]["mark"].as_str().unwrap().clone_into(&mut self.mark);
        assert!(told["presence"]["online"].is_array(), "{told}");
        assert!(
            told.get("messages").is_none() && told.get("state").is_none(),
            "it never asked for it: {told}"
        );
        let events = told["events"].as_array().unwrap().clone();
        for event in &events {
            self.seq += 1;
            assert_eq!(event["seq"], self.seq, "a gap has it connect anew: {told}");
        }
        events.into_iter().map(|mut event| event["event"].take()).collect()
    }

    async fn until(&mut self, kind: &str) -> Value {
        loop {
            if let Some(event) = self.asks().await.into_iter().find(|event| event["type"] == kind) {
                return event;
            }
        }
    }

    /// A command, and the room after it.
    async fn does(&self, command: Value) -> Value {
        let Self { code, connection, .. } = self;
        let until = START + DONE_WITHIN;
        let path =
            format!("/api/rooms/{code}/commands?device={DEVICE}&connection={connection}&until={until}");
        let done = self.phone.post(&path, command).await.ok();
        is_understood(&done["room"]);
        done["room"].clone()
    }
}

/// Everything of a room that it drew is there.
#[track_caller]
fn is_understood(room: &Value) {
    has(
        room,
        &[
            "code",
            "name",
            "phase",
            "round",
            "epoch",
            "seq",
            "host",
            "rule",
            "goal",
            "picks_per_member",
            "deck",
        ],
    );
    has(room, &["members", "my_picks", "deck_size", "queue", "my_swipes", "matches", "results", "finalists"]);
    has(room, &["invite_url"]);
    for member in room["members"].as_array().unwrap() {
        has(member, &["id", "name", "photo_url", "ready", "picks", "swiped", "online", "away"]);
    }
}

#[track_caller]
fn has(object: &Value, fields: &[&str]) {
    for field in fields {
        assert!(object.get(field).is_some(), "{field} is missing: {object}");
    }
}

#[tokio::test]
async fn a_page_of_version_1_goes_on_by_http() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let host = &phones[0];
    let mut page = OldPage::begins(&phones[1], &code).await;
    host.does(&code, json!({ "type": "configure", "name": "Friday", "goal": { "kind": "whole_deck" } }))
        .await;
    let configured = page.until("configured").await;
    has(&configured, &["name", "rule", "goal", "picks_per_member", "deck"]);
    host.select(&code, &["c1", "c2"]).await;
    assert_eq!(page.until("picked").await["picks"], 2);

    // What it has no word for: it fetches the room. Of what is said it is told nothing.
    let film = json!({ "kind": "file", "url": "https://example.com/film.mp4" });
    host.does(&code, json!({ "type": "show", "media": film })).await;
    page.until("screen_changed").await;
    is_understood(&page.phone.room(&code).await);
    host.does(&code, json!({ "type": "say", "key": "k1", "text": "Here we go" })).await;
    page.does(json!({ "type": "ready", "ready": true, "round": 1 })).await;
    assert_eq!(page.until("ready").await, json!({ "type": "ready", "member": 2, "ready": true }));

    host.does(&code, json!({ "type": "start" })).await;
    let started = page.until("started").await;
    assert_eq!((&started["round"], &started["deck_size"]), (&json!(1), &json!(2)));
    assert_eq!(started["queue"].as_array().unwrap().len(), 2);
    let swipe = |title: &str, verdict: &str| json!({ "type": "swipe", "title": title, "verdict": verdict, "round": 1 });
    assert_eq!(page.does(swipe("c2", "like")).await["my_swipes"], 1);
    assert_eq!(page.does(json!({ "type": "undo", "title": "c2", "round": 1 })).await["my_swipes"], 0);
    page.does(swipe("c1", "like")).await;
    host.likes(&code, "c1").await;
    let found = page.until("match_found").await;
    assert_eq!((&found["number"], &found["title"]["id"]), (&json!(1), &json!("c1")));
    has(&found, &["round", "at"]);
    page.does(swipe("c2", "skip")).await;
    host.skips(&code, "c2").await;
    has(&page.until("finished").await, &["results", "finalists"]);
}
