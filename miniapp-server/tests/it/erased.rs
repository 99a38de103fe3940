//! Erased is erased: whatever happened before, and whatever happens at the same time.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use sovpalo_storage::{Depth, Kind, Lease, Worker};
use tokio::time::{sleep, timeout};

use crate::harness::{Frame, Launch, Lines, Phone, SOON, TestApp};

/// What is only ever said by or of the one who erases themselves.
const MARKER: &str = "zebedee7f3a";
/// What both of them typed.
const SHARED: &str = "sharedmarker9b1";
/// What only they typed, and both liked.
const MATCHED: &str = "matchedmarker4c2";
/// What they called a room of theirs that others are in.
const ROOM: &str = "roommarker5d8";

/// What stays, where, and why.
const ALLOWED: [(&str, &str); 3] = [
    (SHARED, "somebody else picked that title as well"),
    (MATCHED, "a match is the room's, and a title without a name"),
    (ROOM, "a room's name is the room's, and the others go on in it"),
];

fn marked() -> Launch {
    Launch::of(1)
        .saying("first_name", format!("{MARKER} first"))
        .saying("last_name", format!("{MARKER} last"))
        .saying("username", format!("{MARKER}_username"))
        .saying("photo_url", format!("https://t.me/i/userpic/320/{MARKER}.svg"))
}

async fn types(phone: &Phone, code: &str, titles: &[&str]) {
    let titles: Vec<Value> = titles.iter().map(|text| json!({ "text": text })).collect();
    phone.post(&format!("/api/rooms/{code}/selections"), json!({ "titles": titles })).await.ok();
}

/// Where a word is stored.
async fn places_of(app: &TestApp, word: &str) -> Vec<String> {
    let stored = app.stores.all_stored().await;
    stored.into_iter().filter(|stored| stored.has(word)).map(|stored| stored.place).collect()
}

/// Waits until a word is nowhere any more.
async fn forgotten(app: &TestApp, word: &str) {
    let mut found = Vec::new();
    let looking = async {
        loop {
            found = places_of(app, word).await;
            if found.is_empty() {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let in_time = timeout(SOON, looking).await.is_ok();
    assert!(in_time, "{word} is still in {found:?}");
}

/// They write to the others, who answer.
async fn writes(marked: &Phone, friends: &[Phone; 2], code: &str) {
    let say = |key: &str, text: &str| json!({ "type": "say", "key": key, "text": text });
    let message = marked.does(code, say(&format!("{MARKER}-key"), &format!("{MARKER} wrote"))).await;
    let number = message["message"]["number"].clone();
    let edit = json!({ "type": "edit", "number": number, "text": format!("{MARKER} wrote otherwise") });
    marked.does(code, edit).await;
    marked.does(code, say("taken-back", &format!("{MARKER} took back"))).await;
    let react = json!({ "type": "react", "number": number, "emoji": "🔥" });
    friends[0].does(code, react).await;
    friends[0].does(code, say("answer", "an answer that stays")).await;
}

/// What the others see of what was written.
async fn read(friend: &Phone, code: &str) -> Vec<Value> {
    let page = friend.get(&format!("/api/rooms/{code}/messages")).await.ok();
    page["items"].as_array().unwrap().iter().filter(|message| message["kind"] != "system").cloned().collect()
}

fn title_named(room: &Value, name: &str) -> String {
    let named = room["queue"].as_array().unwrap().iter().find(|title| title["name"] == name);
    named.unwrap_or_else(|| panic!("{name} is not in {}", room["queue"]))["id"].as_str().unwrap().to_owned()
}

/// Three in a room, of whom one will be erased; two cards are swiped by all of them.
async fn played(app: &TestApp) -> (Phone, [Phone; 2], String) {
    let friends = [app.phone(2).await, app.phone(3).await];
    let marked = app.open(marked()).await;
    let code = marked.create_with(json!({ "name": ROOM, "rule": { "kind": "unanimous" } })).await;
    for friend in &friends {
        friend.join(&code).await.ok();
    }
    types(&marked, &code, &[&format!("{MARKER} alone"), MATCHED, SHARED]).await;
    types(&friends[0], &code, &[SHARED, "plain"]).await;
    let room = marked.does(&code, json!({ "type": "start" })).await;
    let room = marked.room(room["room"]["code"].as_str().unwrap()).await;
    let first = title_named(&room, SHARED);
    for phone in [&marked, &friends[0], &friends[1]] {
        let room = phone.room(&code).await;
        assert_eq!(room["queue"][0]["id"], first.as_str(), "what two picked comes first");
        phone.skips(&code, &first).await;
    }
    (marked, friends, code)
}

#[tokio::test]
async fn nothing_that_somebody_said_of_themselves_is_stored_or_logged_anywhere_after_they_were_erased() {
    let lines = Lines::default();
    let _listening = lines.listen();
    let app = TestApp::start().await;
    let (marked, friends, code) = played(&app).await;
    let (left, alone) = (friends[0].create().await, marked.create().await);
    writes(&marked, &friends, &code).await;
    marked.join(&left).await.ok();
    types(&marked, &left, &[&format!("{MARKER} before leaving")]).await;
    marked.does(&left, json!({ "type": "leave" })).await;
    types(&marked, &alone, &[&format!("{MARKER} for nobody else")]).await;
    // Everybody likes what only they had typed.
    loop {
        let room = marked.room(&code).await;
        let Some(card) = room["queue"].as_array().unwrap().first().cloned() else { break };
        let (id, likes) = (card["id"].as_str().unwrap(), card["name"] == MATCHED);
        for phone in [&marked, &friends[0], &friends[1]] {
            if likes {
                phone.likes(&code, id).await
            } else {
                phone.skips(&code, id).await
            };
        }
        if likes {
            break;
        }
    }
    assert!(!places_of(&app, MARKER).await.is_empty(), "a test that looks where nothing is");

    assert_eq!(marked.delete("/api/me").await.status, 204);
    forgotten(&app, MARKER).await;
    assert!(!lines.so_far().has(MARKER), "the log names them");
    let left = read(&friends[0], &code).await;
    for blank in &left[..2] {
        assert_eq!(
            (&blank["author"], &blank["text"], &blank["deleted"]),
            (&Value::Null, &json!(""), &json!(true))
        );
        assert_eq!((&blank["reactions"], &blank["key"]), (&json!({}), &Value::Null));
    }
    assert_eq!(left[2]["text"], "an answer that stays");
    for (word, why) in ALLOWED {
        assert!(!places_of(&app, word).await.is_empty(), "{word} is gone, although {why}");
    }
    let room = friends[0].room(&code).await;
    assert_eq!(room["matches"][0]["title"]["name"], MATCHED, "a match stands");
    assert!(!room.to_string().contains(MARKER), "{room}");
}

#[tokio::test]
async fn the_others_see_them_leave_and_go_on_with_what_they_have_swiped() {
    let app = TestApp::start().await;
    let (marked, friends, code) = played(&app).await;
    let mut socket = friends[1].socket(&code).await;
    let epoch = socket.opened["epoch"].clone();
    assert_eq!(marked.delete("/api/me").await.status, 204);
    let mut left = false;
    let state = loop {
        match socket.next().await {
            Frame::Said(said) if said["type"] == "event" => {
                let event = &said["event"];
                left |= event["type"] == "left" && event["member"] == 1 && event["removed"] == false;
            }
            Frame::Said(said) if said["type"] == "opened" => break said,
            Frame::Said(said) if said["type"] == "closed" => break socket.opens_again().await,
            Frame::Said(_) => {}
            Frame::Closed(code) => panic!("a room's trouble closed the socket with {code}"),
        }
    };
    assert!(left, "nobody was told that they left");
    assert_ne!(state["epoch"], epoch, "phones that hold the old log have to ask for the room");
    let room = friends[1].room(&code).await;
    let ids: Vec<_> = room["members"].as_array().unwrap().iter().map(|member| member["id"].clone()).collect();
    assert_eq!(ids, [json!(2), json!(3)]);
    assert_eq!((&room["phase"], &room["my_swipes"]), (&json!("swiping"), &json!(1)));
    assert_eq!(room["host"], 2, "somebody who is here is the host");
    assert_eq!(room["deck_size"], 2, "what was only theirs is in the deck no more");
}

#[tokio::test]
async fn a_stranger_is_told_of_no_host_who_is_not_there() {
    let app = TestApp::start().await;
    let marked = app.open(marked()).await;
    let code = marked.create().await;
    let stranger = app.phone(9).await;
    assert!(
        stranger.room(&code).await["host_name"].as_str().unwrap().contains(MARKER),
        "who is here is named"
    );
    marked.does(&code, json!({ "type": "leave" })).await;
    assert_eq!(stranger.room(&code).await["host_name"], Value::Null, "who only left is not told of either");
    assert_eq!(marked.delete("/api/me").await.status, 204);
    let preview = stranger.room(&code).await;
    assert_eq!((&preview["host_name"], &preview["members"]), (&Value::Null, &json!(0)));
    app.stores.hot_loses_its_memory().await;
    assert_eq!(stranger.room(&code).await["host_name"], Value::Null, "nor by a server that has begun anew");
}

#[tokio::test]
async fn who_comes_back_is_somebody_new() {
    let app = TestApp::start().await;
    let (marked, _friends, code) = played(&app).await;
    assert_eq!(marked.delete("/api/me").await.status, 204);
    let back = app.open(Launch::of(1).saying("first_name", "Nova").through(&code)).await;
    let room = back.room(&code).await;
    assert_eq!((&room["my_swipes"], &room["my_picks"]), (&json!(0), &json!([])));
    let me = room["members"].as_array().unwrap().iter().find(|member| member["id"] == 1).unwrap().clone();
    assert_eq!(me["name"], "Nova");
    forgotten(&app, MARKER).await;
    assert_eq!(back.room(&code).await["members"].as_array().unwrap().len(), 3, "they are taken out again");
}

#[tokio::test]
async fn erased_from_two_phones_over_two_nodes_at_once_while_others_swipe() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (marked, friends, code) = played(&app).await;
    two.phone(9).await.room(&code).await;
    let other = app.open(self::marked()).await.on(&two);
    let queue = |room: &Value| room["queue"][0]["id"].as_str().map(str::to_owned);
    let card = queue(&friends[0].room(&code).await).unwrap();
    let swipe = json!({ "type": "swipe", "title": card, "verdict": "skip" });
    let there = friends[1].on(&two);
    let (one, another, ..) = tokio::join!(
        marked.delete("/api/me"),
        other.delete("/api/me"),
        friends[0].command(&code, swipe.clone()),
        there.command(&code, swipe.clone()),
    );
    assert_eq!((one.status, another.status), (204, 204));
    forgotten(&app, MARKER).await;
    for friend in [&friends[0], &there] {
        let room = friend.room(&code).await;
        // The card may have been theirs alone, and be gone with them.
        assert!(room["my_swipes"].as_u64().unwrap() >= 1, "a swipe is lost: {room}");
        assert_eq!(room["members"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn who_joins_with_a_request_that_was_under_way_is_taken_out_again() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let friend = app.phone(2).await;
    let code = friend.create().await;
    let marked = app.open(marked()).await;
    let there = marked.on(&two);
    let joins = (0..8).map(|n| {
        let phone = if n % 2 == 0 { &marked } else { &there };
        phone.join(&code)
    });
    let (erased, _) = tokio::join!(marked.delete("/api/me"), join_all(joins));
    assert_eq!(erased.status, 204);
    forgotten(&app, MARKER).await;
    assert_eq!(friend.room(&code).await["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_signs_in_while_they_are_erased_is_either_erased_or_somebody_new() {
    let app = TestApp::start().await;
    let (marked, friends, code) = played(&app).await;
    let launch = Launch::of(1).saying("first_name", "Nova");
    let (erased, _) = tokio::join!(marked.delete("/api/me"), app.sign_in(&launch));
    assert_eq!(erased.status, 204);
    forgotten(&app, MARKER).await;
    assert_eq!(friends[0].room(&code).await["members"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_hot_layer_that_loses_its_logs_just_after_does_not_bring_a_name_back() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (marked, friends, code) = played(&app).await;
    // Both nodes hold the room, and put back what they hold.
    let (_here, _there) = (friends[0].socket(&code).await, friends[1].on(&two).socket(&code).await);
    assert_eq!(marked.delete("/api/me").await.status, 204);
    app.stores.hot_loses_its_logs().await;
    app.stores.hot_comes_back();
    friends[0].room(&code).await;
    friends[1].on(&two).room(&code).await;
    forgotten(&app, MARKER).await;
    let room = friends[0].room(&code).await;
    assert_eq!((&room["my_swipes"], room["members"].as_array().unwrap().len()), (&json!(1), 2), "{room}");
    assert!(!room.to_string().contains(MARKER), "{room}");
}

#[tokio::test]
async fn an_erasure_that_was_ended_halfway_is_done_without_being_asked_for_again() {
    let app = TestApp::start().await;
    let (marked, friends, code) = played(&app).await;
    let member = marked.get("/api/me").await.ok()["id"].as_i64().unwrap();
    // SQL has taken it, and whoever was to do the rest is gone.
    marked.post("/api/auth/logout", json!(null)).await.ok();
    let member = sovpalo_domain::ids::UserId::new(member).unwrap();
    app.stores.hot_goes();
    app.rooms.db().erase_user(member, &[code.parse().unwrap()], app.clock.now()).await.unwrap();
    app.stores.hot_comes_back();
    forgotten(&app, MARKER).await;
    assert_eq!(friends[0].room(&code).await["members"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_they_wrote_to_the_bot_is_forgotten_also_if_it_waits_or_could_not_be_answered() {
    let app = TestApp::start().await;
    let marked = app.open(marked()).await;
    let member = marked.session().user();
    let (db, now) = (app.rooms.db(), app.clock.now());
    let updates = db.jobs(Kind::Update);
    let says = |text: &str| json!({ "message": { "text": text } }).to_string();
    for id in 1..=2 {
        db.store_update(id, id, Some(member), &says(&format!("{MARKER} {id}")), now).await.unwrap();
    }
    let lease = Lease { by: Worker::new(), now, lasts: Duration::from_secs(30) };
    let taken = updates.take(1, lease).await.unwrap();
    updates.give_up(taken[0].id).await.unwrap();
    db.store_update(3, 3, Some(app.phone(2).await.session().user()), &says(SHARED), now).await.unwrap();
    assert!(!places_of(&app, MARKER).await.is_empty(), "a test that looks where nothing is");

    assert_eq!(marked.delete("/api/me").await.status, 204);
    forgotten(&app, MARKER).await;
    assert!(!places_of(&app, SHARED).await.is_empty(), "somebody else's words are gone");
    assert_eq!(updates.depth().await.unwrap(), Depth { waiting: 1, in_work: 0, given_up: 0 });
}
