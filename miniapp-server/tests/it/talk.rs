//! What people write to each other in a room, over HTTP.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use sovpalo_live::hot::{Quota, Spent};
use tokio::time::timeout;

use crate::{
    harness::{Launch, Phone, SOON, TestApp, eventually},
    socket::gathered,
};

pub(crate) fn say(key: &str, text: &str) -> Value {
    json!({ "type": "say", "key": key, "text": text })
}

/// A message that must be taken.
async fn says(phone: &Phone, code: &str, key: &str, text: &str) -> Value {
    phone.does(code, say(key, text)).await["message"].clone()
}

async fn page(phone: &Phone, code: &str, query: &str) -> Value {
    phone.get(&format!("/api/rooms/{code}/messages?{query}")).await.ok()
}

/// What people wrote, without the room's own notes, which come when the projector gets to them.
fn written(page: &Value) -> Vec<Value> {
    let items = page["items"].as_array().expect("a page without items");
    items.iter().filter(|message| message["kind"] != "system").cloned().collect()
}

fn numbers(page: &Value) -> Vec<u64> {
    page["items"].as_array().unwrap().iter().map(|message| message["number"].as_u64().unwrap()).collect()
}

/// Two people in a room whose joining has been noted.
async fn settled(app: &TestApp) -> (Vec<Phone>, String) {
    let (phones, code) = gathered(app, 2).await;
    eventually("both are noted", async || phones[0].room(&code).await["messages"]["last"] == 2).await;
    (phones, code)
}

#[tokio::test]
async fn what_somebody_says_is_there_for_everybody_who_belongs_and_looks_as_the_contract_says() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    let said = phones[0].does(&code, say("k-1", "  Solaris?\r\nOr 🔥? ")).await;
    let room = phones[0].room(&code).await;
    assert_eq!(
        (&said["seq"], &said["room"]["code"]),
        (&room["seq"], &json!(code)),
        "the log stands where it stood"
    );
    let message = &said["message"];
    assert_eq!(
        (&message["number"], &message["change"], &message["author"]),
        (&json!(3), &json!(3), &json!(1))
    );
    assert_eq!((&message["text"], &message["kind"]), (&json!("Solaris?\nOr 🔥?"), &json!("text")));
    assert_eq!((&message["key"], &message["deleted"]), (&json!("k-1"), &json!(false)));
    for absent in ["system", "reply_to", "edited_at"] {
        assert!(message.as_object().unwrap()[absent].is_null(), "{absent} is there");
    }
    assert_eq!((&message["reactions"], &message["at"]), (&json!({}), &json!("2026-09-21T14:13:20.000Z")));
    let reply = json!({ "type": "say", "key": "k-1", "text": "🔥❤️", "kind": "emoji", "reply_to": 3 });
    let reply = phones[1].does(&code, reply).await["message"].clone();
    assert_eq!(
        (&reply["kind"], &reply["reply_to"], &reply["number"]),
        (&json!("emoji"), &json!(3), &json!(4))
    );

    let seen = written(&page(&phones[1], &code, "").await);
    let theirs = json!({ "key": null });
    let expected: Value =
        message.as_object().unwrap().clone().into_iter().chain(theirs.as_object().unwrap().clone()).collect();
    assert_eq!(seen, [expected, reply], "the other sees the same, without the author's key");
}

#[tokio::test]
async fn what_happens_in_a_room_is_noted_as_data() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    phones[0].select(&code, &["c1"]).await;
    phones[0].does(&code, json!({ "type": "start" })).await;
    phones[0].likes(&code, "c1").await;
    phones[1].likes(&code, "c1").await;
    phones[1].does(&code, json!({ "type": "leave" })).await;
    eventually("all is noted", async || phones[0].room(&code).await["messages"]["last"] == 6).await;
    let noted = page(&phones[0], &code, "").await;
    let systems: Vec<Value> =
        noted["items"].as_array().unwrap().iter().map(|m| m["system"].clone()).collect();
    let whats: Vec<&str> = systems.iter().map(|system| system["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["joined", "joined", "started", "matched", "finished", "left"]);
    assert_eq!((&systems[1]["member"], &systems[5]["member"]), (&json!(2), &json!(2)));
    assert_eq!((&systems[3]["title"]["id"], &systems[3]["title"]["kind"]), (&json!("c1"), &json!("film")));
    assert_eq!(phones[0].room(&code).await["messages"]["unread"], 0, "notes are not unread");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_the_message_is_there_once() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (phones, code) = settled(&app).await;
    let there = phones[0].on(&two);
    let all = join_all((0..6).map(|n| {
        let phone = if n % 2 == 0 { &phones[0] } else { &there };
        phone.command(&code, say("k", "once"))
    }))
    .await;
    for answer in all {
        assert_eq!(answer.ok()["message"]["number"], 3);
    }
    assert_eq!(written(&page(&there, &code, "").await).len(), 1);
    assert_eq!(phones[0].room(&code).await["messages"]["change"], 3);
}

#[tokio::test]
async fn only_its_author_changes_a_message_and_only_for_48_hours() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    says(&phones[0], &code, "k", "Solaris?").await;
    let edit = |text: &str| json!({ "type": "edit", "number": 3, "text": text });
    let unsay = json!({ "type": "unsay", "number": 3 });
    for command in [edit("mine"), unsay.clone()] {
        phones[1].command(&code, command).await.refuses(403, "not_allowed");
    }
    for other in
        [json!({ "type": "edit", "number": 1, "text": "x" }), json!({ "type": "unsay", "number": 1 })]
    {
        phones[0].command(&code, other).await.refuses(403, "not_allowed");
    }
    let edited = phones[0].does(&code, edit("Stalker?")).await["message"].clone();
    assert_eq!((&edited["text"], &edited["change"]), (&json!("Stalker?"), &json!(4)));
    assert_eq!(edited["edited_at"], edited["at"]);
    app.clock.advance(Duration::from_secs(48 * 3600 + 1));
    let now = 48 * 3600;
    let (host, guest) = (app.open(Launch::of(1).at(now)).await, app.open(Launch::of(2).at(now)).await);
    host.command(&code, edit("too late")).await.refuses(403, "not_allowed");
    assert_eq!(host.does(&code, edit("Stalker?")).await["message"], edited, "it says so already");
    let gone = host.does(&code, unsay.clone()).await["message"].clone();
    assert_eq!((&gone["text"], &gone["deleted"], &gone["number"]), (&json!(""), &json!(true), &json!(3)));
    assert_eq!(host.does(&code, unsay).await["message"], gone);
    host.command(&code, edit("back")).await.refuses(404, "message_not_found");
    let react = json!({ "type": "react", "number": 3, "emoji": "🔥" });
    guest.command(&code, react).await.refuses(404, "message_not_found");
}

#[tokio::test]
async fn everybody_has_one_reaction_per_message() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    says(&phones[0], &code, "k", "Solaris?").await;
    let react = async |phone: &Phone, emoji: Value| {
        let command = json!({ "type": "react", "number": 3, "emoji": emoji });
        phone.does(&code, command).await["message"]["reactions"].clone()
    };
    assert_eq!(react(&phones[1], json!("🔥")).await, json!({ "🔥": [2] }));
    assert_eq!(react(&phones[0], json!("🔥")).await, json!({ "🔥": [2, 1] }));
    assert_eq!(react(&phones[1], json!("❤️")).await, json!({ "🔥": [1], "❤️": [2] }));
    assert_eq!(react(&phones[1], json!("❤️")).await, json!({ "🔥": [1], "❤️": [2] }));
    assert_eq!(react(&phones[1], Value::Null).await, json!({ "🔥": [1] }));
    for bad in [json!("x"), json!(""), json!("🔥🔥"), json!("<b>")] {
        let command = json!({ "type": "react", "number": 3, "emoji": bad });
        phones[1].command(&code, command).await.refuses(422, "invalid");
    }
    let nowhere = json!({ "type": "react", "number": 99, "emoji": "🔥" });
    phones[1].command(&code, nowhere).await.refuses(404, "message_not_found");
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_the_field() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    assert_eq!(says(&phones[0], &code, "k", &"ы".repeat(2_000)).await["number"], 3);
    for (field, command) in [
        ("text", say("k2", &"ы".repeat(2_001))),
        ("text", say("k2", " \u{200B}\n\u{2800} ")),
        ("text", json!({ "type": "say", "key": "k2", "text": "no", "kind": "emoji" })),
        ("text", json!({ "type": "say", "key": "k2", "text": "🔥🔥🔥🔥", "kind": "emoji" })),
        ("key", say("", "x")),
        ("key", say(&"k".repeat(65), "x")),
        ("text", json!({ "type": "edit", "number": 3, "text": "" })),
    ] {
        let answer = phones[0].command(&code, command.clone()).await;
        answer.refuses(422, "invalid");
        assert_eq!(answer.body["errors"][0]["field"], field, "{command}");
    }
    for command in [
        json!({ "type": "say", "text": "x" }),
        json!({ "type": "say", "key": "k2" }),
        json!({ "type": "say", "key": "k2", "text": "x", "kind": "system" }),
        json!({ "type": "say", "key": "k2", "text": 7 }),
        json!({ "type": "edit", "number": -1, "text": "x" }),
        json!({ "type": "unsay" }),
        json!({ "type": "read", "number": "3" }),
    ] {
        phones[0].command(&code, command).await.refuses(422, "invalid");
    }
    let reply = json!({ "type": "say", "key": "k2", "text": "x", "reply_to": 99 });
    phones[0].command(&code, reply).await.refuses(404, "message_not_found");
    assert_eq!(says(&phones[0], &code, "k2", "x").await["number"], 4, "what was refused took no number");
}

#[tokio::test]
async fn only_who_belongs_to_a_room_reads_and_writes_in_it_and_who_joins_sees_everything() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (phones, code) = settled(&app).await;
    let path = format!("/api/rooms/{code}/messages");
    says(&phones[0], &code, "k", "before you came").await;
    let late = two.phone(3).await;
    late.get(&path).await.refuses(403, "not_a_member");
    late.command(&code, say("k", "let me in")).await.refuses(403, "not_a_member");
    app.get(&path).await.refuses(401, "unauthenticated");
    late.get("/api/rooms/00000000/messages").await.refuses(404, "room_not_found");
    late.join(&code).await.ok();
    assert_eq!(written(&page(&late, &code, "").await)[0]["text"], "before you came");
    assert_eq!(late.room(&code).await["messages"]["unread"], 1);

    phones[0].does(&code, json!({ "type": "remove", "member": 3 })).await;
    for phone in [late.clone(), late.on(&app)] {
        phone.get(&path).await.refuses(403, "not_a_member");
        phone.command(&code, say("k2", "still here")).await.refuses(403, "not_a_member");
        phone.command(&code, json!({ "type": "read", "number": 1 })).await.refuses(403, "not_a_member");
    }
    phones[1].does(&code, json!({ "type": "leave" })).await;
    phones[1].get(&path).await.refuses(403, "not_a_member");
}

#[tokio::test]
async fn pages_lead_back_to_the_first_message_and_forward_to_the_last() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    for n in 3..=120 {
        assert_eq!(says(&phones[0], &code, &format!("k{n}"), "x").await["number"], n);
    }
    let newest = page(&phones[1], &code, "").await;
    assert_eq!((numbers(&newest), &newest["more"]), ((21..=120).collect(), &json!(true)));
    let older = page(&phones[1], &code, "before=21").await;
    assert_eq!((numbers(&older), &older["more"]), ((1..=20).collect(), &json!(false)));
    let newer = page(&phones[1], &code, "after=115&limit=3").await;
    assert_eq!((numbers(&newer), &newer["more"]), (vec![116, 117, 118], &json!(true)));
    assert_eq!(numbers(&page(&phones[1], &code, "limit=1000").await).len(), 100);
    phones[0].does(&code, json!({ "type": "unsay", "number": 5 })).await;
    let changed = page(&phones[1], &code, "changed_since=120").await;
    assert_eq!((numbers(&changed), &changed["items"][0]["change"]), (vec![5], &json!(121)));
    for bad in
        ["before=x", "before=-1", "limit=0", "limit=ten", "before=3&after=1", "after=", "changed_since=1.5"]
    {
        phones[1].get(&format!("/api/rooms/{code}/messages?{bad}")).await.refuses(422, "invalid");
    }
}

#[tokio::test]
async fn marks_say_how_far_everybody_has_read_and_never_go_back() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    for n in 0..3 {
        says(&phones[0], &code, &format!("k{n}"), "x").await;
    }
    let standing = async |phone: &Phone| phone.room(&code).await["messages"].clone();
    let before = json!({ "last": 5, "change": 5, "read": 0, "unread": 3, "marks": { "1": 5 } });
    assert_eq!(standing(&phones[1]).await, before);
    assert_eq!(standing(&phones[0]).await["unread"], 0, "nobody's own messages are unread");
    let listed = phones[1].get("/api/rooms").await.ok();
    assert_eq!(listed[0]["messages"], json!({ "last": 5, "read": 0, "unread": 3 }));
    for (number, read, unread) in [(4, 4, 1), (2, 4, 1), (5, 5, 0)] {
        let done = phones[1].does(&code, json!({ "type": "read", "number": number })).await;
        let messages = &done["room"]["messages"];
        assert_eq!(
            (&messages["read"], &messages["unread"]),
            (&json!(read), &json!(unread)),
            "after {number}"
        );
        assert!(done["message"].is_null());
    }
    phones[1].command(&code, json!({ "type": "read", "number": 6 })).await.refuses(422, "invalid");
    assert_eq!(standing(&phones[0]).await["marks"], json!({ "1": 5, "2": 5 }));
}

#[tokio::test]
async fn a_person_says_thirty_messages_a_minute() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (phones, code) = gathered(&app, 2).await;
    // Not one by one: so many commands in a moment are too many by themselves.
    let quota = Quota { uses: 30, per: Duration::from_secs(60) };
    for _ in 0..29 {
        assert_eq!(app.rooms.hot().spend("messages:u1", quota).await.unwrap(), Spent::Granted);
    }
    says(&phones[0], &code, "k", "the thirtieth").await;
    let refused = phones[0].command(&code, say("k2", "and one more")).await;
    refused.refuses(429, "too_many");
    assert_eq!(refused.header("retry-after"), "2");
    for command in
        [json!({ "type": "react", "number": 1, "emoji": "🔥" }), json!({ "type": "read", "number": 1 })]
    {
        phones[0].does(&code, command).await;
    }
    says(&phones[1], &code, "k", "others are not in its way").await;
    app.clock.advance(Duration::from_secs(2));
    eventually("the next one is taken", async || {
        phones[0].command(&code, say("late", "x")).await.status == 200
    })
    .await;
}

#[tokio::test]
async fn reactions_have_a_slower_pace_than_commands_and_hold_up_nothing_else() {
    let app = TestApp::with(|config| config.limits = crate::harness::LIMITED).await;
    let (phones, code) = gathered(&app, 2).await;
    let number = says(&phones[0], &code, "k", "something to react to").await["number"].clone();
    let react = |n: u64| json!({ "type": "react", "number": number, "emoji": if n.is_multiple_of(2) { "🔥" } else { "👍" } });
    let mut socket = phones[1].socket(&code).await;
    let began = Instant::now();
    for n in 0..65 {
        socket.does(react(n)).await;
    }
    // As commands they would be done in 2.3 s; and no machine is so slow that it takes less.
    assert!(began.elapsed() > Duration::from_millis(4_500), "65 reactions took {:?}", began.elapsed());
    let mut refused = 0;
    for n in 0..4 {
        refused += u32::from(phones[1].command(&code, react(n)).await.status == 429);
    }
    assert!(refused > 0, "by HTTP there is no pace");
    phones[1].does(&code, json!({ "type": "read", "number": number })).await;
    says(&phones[1], &code, "k", "said at once").await;
    phones[0].does(&code, react(0)).await;
}

#[tokio::test]
async fn a_phone_without_sockets_is_told_of_messages_while_it_waits() {
    let app = TestApp::start().await;
    let two = app.another_node().await;
    let (phones, code) = settled(&app).await;
    let room = phones[1].room(&code).await;
    let asked = |change: u64| {
        let (epoch, seq) = (&room["epoch"], &room["seq"]);
        format!("/api/rooms/{code}/updates?epoch={epoch}&seq={seq}&change={change}&wait=25")
    };
    let there = phones[0].on(&two);
    let question = asked(2);
    let (told, said) = tokio::join!(timeout(SOON, phones[1].get(&question)), async {
        says(&there, &code, "k", "Solaris?").await
    });
    let told = told.expect("nobody is told of a message").ok();
    assert_eq!((&told["events"], &told["messages"][0]["text"]), (&json!([]), &json!("Solaris?")));
    assert_eq!((&told["messages"][0]["change"], &said["change"]), (&json!(3), &json!(3)));
    let missed = timeout(SOON, phones[1].get(&question)).await.expect("what was missed is told at once").ok();
    assert_eq!(missed["messages"], told["messages"]);
    let question = asked(3);
    let (told, _) = tokio::join!(timeout(SOON, phones[1].get(&question)), async {
        there.does(&code, json!({ "type": "react", "number": 3, "emoji": "🔥" })).await
    });
    let told = told.expect("nobody is told of a change").ok();
    assert_eq!(told["messages"][0]["reactions"], json!({ "🔥": [1] }));
    let state = phones[1].get(&format!("/api/rooms/{code}/updates?change=3")).await.ok();
    assert_eq!(
        (&state["state"]["messages"]["change"], state["messages"].as_array().unwrap().len()),
        (&json!(4), 1)
    );
}

#[tokio::test]
async fn what_a_phone_gave_up_is_not_said_later() {
    let app = TestApp::start().await;
    let (phones, code) = settled(&app).await;
    let past = app.clock.now().millis() - 1;
    let late = phones[0].post(&format!("/api/rooms/{code}/commands?until={past}"), say("k", "late")).await;
    late.refuses(503, "unavailable");
    assert_eq!(written(&page(&phones[0], &code, "").await), [] as [Value; 0]);
}
