//! Nobody learns from the server what another swiped before it matches: not by asking for the room, not by polling, not on a socket.
//!
//! Two servers hold the same room: its code and the order of its cards are made of one idempotency key, and the clock stands still. The same
//! is done in both, except that one member likes a title in one of them and skips it in the other. Another member watches all that the
//! server tells, after each command.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Phone, PhoneSocket, TestApp};

/// What the secret is about.
const TITLE: &str = "c2";

/// One of two worlds, and what the last of its people is told of the room.
struct World {
    /// The first is the host, who has the secret; the last is the spy.
    phones: Vec<Phone>,
    code: String,
    socket: PhoneSocket,
    /// How far the spy was told by polling.
    polled: u64,
    _app: TestApp,
}

impl World {
    /// A room of so many people, who begin to swipe.
    async fn of(people: i64) -> Self {
        let app = TestApp::start().await;
        let mut phones = Vec::new();
        for number in 1..=people {
            phones.push(app.phone(number).await);
        }
        let host = &phones[0];
        let making = host.request(Method::POST, "/api/rooms").header("idempotency-key", "the-same-room");
        let made = Answer::read(making.json(&json!({ "picks_per_member": 5 }))).await.ok();
        let code = made["code"].as_str().unwrap().to_owned();
        for guest in &phones[1..] {
            guest.join(&code).await.ok();
        }
        let titles: Vec<String> = (1..=9).map(|n| format!("c{n}")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        for (phone, picks) in phones.iter().zip(titles.chunks(9_usize.div_ceil(phones.len()))) {
            phone.select(&code, picks).await;
        }
        host.does(&code, json!({ "type": "start" })).await;
        let spy = &phones[phones.len() - 1];
        let mut socket = spy.connects().await;
        let opened = socket.opens(&code).await;
        let polled = opened["seq"].as_u64().unwrap();
        Self { phones, code, socket, polled, _app: app }
    }

    fn spy(&self) -> &Phone {
        &self.phones[self.phones.len() - 1]
    }

    /// Somebody does something. What the spy is told then: by asking, by polling and on the socket.
    async fn told_when(&mut self, who: usize, command: &Value) -> [Value; 3] {
        let mut frames = Vec::new();
        if who == self.phones.len() {
            let id = self.socket.asks(&self.code, command.clone()).await;
            self.hears(&mut frames, |_, frame| frame["id"] == id).await;
        } else {
            self.phones[who - 1].does(&self.code, command.clone()).await;
        }
        let mut room = self.spy().room(&self.code).await;
        let (seq, epoch) = (room["seq"].as_u64().unwrap(), room["epoch"].take());
        while self.socket.seqs[&self.code] < seq {
            self.hears(&mut frames, |socket, _| socket.seqs.values().any(|told| *told == seq)).await;
        }
        // What was told beside the events is here before the answer to this.
        let clock = self.socket.send(json!({ "clock": true })).await;
        self.hears(&mut frames, |_, frame| frame["id"] == clock).await;
        frames.pop();
        let path = format!("/api/rooms/{}/updates?epoch={epoch}&seq={}", self.code, self.polled);
        let mut polled = self.spy().get(&path).await.ok();
        self.polled = seq;
        if polled.is_object() {
            // Each room has its own, at random. Who is here is known whenever it is known.
            (polled["epoch"], polled["presence"]) = (Value::Null, Value::Null);
        }
        [room, polled, frames.into()]
    }

    /// Reads frames until one is so, that one included. Left out is what comes whenever it comes.
    async fn hears(&mut self, frames: &mut Vec<Value>, is_last: impl Fn(&PhoneSocket, &Value) -> bool) {
        loop {
            let frame = self.socket.said().await;
            let last = is_last(&self.socket, &frame);
            let is_note = frame["type"] == "message" && frame["message"]["kind"] == "system";
            let whenever = ["presence", "time", "read", "unread"].iter().any(|kind| frame["type"] == *kind);
            if last || !(is_note || whenever) {
                frames.push(frame);
            }
            if last {
                return;
            }
        }
    }
}

fn swipe(title: &str, verdict: &str) -> Value {
    json!({ "type": "swipe", "title": title, "verdict": verdict })
}

/// Who does what once the secret has been swiped: enough for the spy's queue to be laid anew, and a match of another title.
fn evening(people: usize) -> Vec<(usize, Value)> {
    let mut steps = vec![
        (people, swipe("c1", "skip")),
        (1, swipe("c3", "like")),
        (people, swipe("c3", "like")),
        (people, swipe("c4", "like")),
        (people, json!({ "type": "undo", "title": "c4" })),
        (people, swipe("c4", "skip")),
        (1, swipe("c4", "like")),
        (people, swipe("c5", "like")),
        (1, swipe("c5", "skip")),
        (1, swipe("c9", "like")),
        (people, swipe("c6", "skip")),
        (1, swipe("c6", "like")),
        (people, swipe("c7", "like")),
        (1, swipe("c1", "like")),
        (1, swipe("c7", "skip")),
        (1, swipe("c8", "skip")),
    ];
    for other in 2..people {
        for (place, title) in [TITLE, "c3", "c5", "c9", "c8"].into_iter().enumerate() {
            steps.insert(3 * place, (other, swipe(title, "like")));
        }
    }
    steps
}

async fn the_spy_is_told_the_same(people: i64) {
    let (mut ours, mut theirs) = (World::of(people).await, World::of(people).await);
    assert_eq!(ours.code, theirs.code, "it is the same room");
    let spy = ours.phones.len();
    let like = (1, swipe(TITLE, "like"));
    for (who, command) in [like].into_iter().chain(evening(spy)) {
        let is_secret = who == 1 && command["title"] == TITLE;
        let other = if is_secret { swipe(TITLE, "skip") } else { command.clone() };
        let (told, otherwise) = (ours.told_when(who, &command).await, theirs.told_when(who, &other).await);
        assert_eq!(told, otherwise, "{people} people: {who} did {command}, or else {other}");
    }
    // Otherwise all of this would have shown nothing.
    let command = swipe(TITLE, "like");
    let [told, otherwise] = [ours.told_when(spy, &command).await, theirs.told_when(spy, &command).await].map(
        |[room, polled, frames]| {
            let matched = |title: &Value| title["title"]["id"] == TITLE;
            let matches = room["matches"].as_array().unwrap().iter().any(matched);
            [matches, polled.to_string().contains("match_found"), frames.to_string().contains("match_found")]
        },
    );
    assert_eq!(
        (told, otherwise),
        ([true; 3], [false; 3]),
        "{people} people: the title matches in one of them"
    );
}

#[tokio::test]
async fn in_a_room_of_two_nothing_tells_a_like_from_a_skip_until_the_title_matches() {
    the_spy_is_told_the_same(2).await;
}

#[tokio::test]
async fn in_a_room_of_three_nothing_tells_a_like_from_a_skip_until_the_title_matches() {
    the_spy_is_told_the_same(3).await;
}
