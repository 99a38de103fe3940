//! How many messages are unread in rooms that are not open.

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::UserId,
    room::{Command, PeopleCommand, Profile, RoomName, Settings},
};

use super::{gathered, talk::say};
use crate::harness::{PhoneSocket, TestApp};

/// The next word about a room that is not open.
async fn unread(socket: &mut PhoneSocket, code: &str) -> Value {
    socket.frame(code, "unread").await
}

async fn says(app: &crate::harness::Phone, code: &str, key: &str) -> u64 {
    app.does(code, say(key, key)).await["message"]["number"].as_u64().unwrap()
}

#[tokio::test]
async fn what_is_unread_is_told_after_hello_and_whenever_it_changes() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (phones, code) = gathered(&one, 2).await;
    let quiet = phones[1].create().await;
    says(&phones[0], &code, "k1").await;
    let last = says(&phones[0], &code, "k2").await;
    let mut guest = phones[1].on(&two).connects().await;
    let told = unread(&mut guest, &code).await;
    assert_eq!((&told["messages"]["last"], &told["messages"]["unread"]), (&json!(last), &json!(2)));
    assert!(told["message"].is_null(), "{told}");

    let last = says(&phones[0], &code, "k3").await;
    let told = unread(&mut guest, &code).await;
    assert_eq!((&told["messages"]["last"], &told["messages"]["unread"]), (&json!(last), &json!(3)));
    assert_eq!((&told["message"]["text"], &told["message"]["key"]), (&json!("k3"), &json!(null)));

    // Read on another of one's devices.
    phones[1].does(&code, json!({ "type": "read", "number": last })).await;
    let told = unread(&mut guest, &code).await;
    assert_eq!((&told["messages"]["read"], &told["messages"]["unread"]), (&json!(last), &json!(0)));

    // Taken back.
    let last = says(&phones[0], &code, "k4").await;
    assert_eq!(unread(&mut guest, &code).await["messages"]["unread"], 1);
    phones[0].does(&code, json!({ "type": "unsay", "number": last })).await;
    assert_eq!(unread(&mut guest, &code).await["messages"]["unread"], 0);
    drop(quiet);
}

#[tokio::test]
async fn of_an_open_room_messages_are_told_and_once_it_is_closed_what_is_unread() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let mut guest = phones[1].connects().await;
    guest.opens(&code).await;
    says(&phones[0], &code, "k1").await;
    let is_about_it = |frame: &Value| frame["type"] == "unread" || frame["message"]["author"] == 1;
    assert_eq!(guest.until(is_about_it).await["type"], "message");
    guest.closes(&code).await;
    let last = says(&phones[0], &code, "k2").await;
    let is_all = |frame: &Value| frame["type"] == "unread" && frame["messages"]["unread"] == 2;
    assert_eq!(guest.until(is_all).await["messages"]["last"], last);
}

#[tokio::test]
async fn a_phone_that_comes_back_is_told_what_is_unread_where_it_does_not_look_now() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let other = phones[0].create().await;
    phones[1].join(&other).await.ok();
    for (open, elsewhere, unread) in [(&code, &other, 1), (&other, &code, 2)] {
        let mut guest = phones[1].connects().await;
        guest.opens(open).await;
        says(&phones[0], open, &format!("open-{unread}")).await;
        let last = says(&phones[0], elsewhere, &format!("elsewhere-{unread}")).await;
        let is_all = |frame: &Value| {
            frame["type"] == "unread"
                && frame["room"] == elsewhere.as_str()
                && frame["messages"]["unread"] == unread
        };
        assert_eq!(guest.until(is_all).await["messages"]["last"], last);
    }
}

#[tokio::test]
async fn a_room_that_could_not_be_opened_is_counted_again_once_its_person_is_in_it() {
    let app = TestApp::start().await;
    let (host, guest) = (app.phone(1).await, app.phone(2).await);
    let code = host.create().await;
    let mut socket = guest.connects().await;
    assert_eq!(socket.refuses(json!({ "open": code })).await, "not_a_member");
    guest.join(&code).await.ok();
    says(&host, &code, "k1").await;
    let told = socket.until(|frame| frame["type"] == "unread" && frame["messages"]["unread"] == 1).await;
    assert_eq!(told["room"], code.as_str());
}

#[tokio::test]
async fn a_room_that_is_joined_while_the_socket_is_open_is_counted_too() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let host = one.phone(1).await;
    let guest = one.phone(2).await;
    let code = host.create().await;
    let mut socket = guest.on(&two).connects().await;
    guest.join(&code).await.ok();
    says(&host, &code, "k1").await;
    let told = socket.until(|frame| frame["type"] == "unread" && frame["messages"]["unread"] == 1).await;
    assert_eq!(told["room"], code.as_str());
}

#[tokio::test]
async fn a_room_that_the_bot_makes_for_somebody_is_counted_on_their_socket_too() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (host, guest) = (one.phone(1).await, one.phone(2).await);
    let mut socket = host.on(&two).connects().await;
    // The bot has the rooms only, and nothing of this server.
    let (profile, settings) = (named("Person 1"), Settings::named(RoomName::new("Movie night").unwrap()));
    let made = one.rooms.create(UserId::new(1).unwrap(), profile, settings).await.unwrap();
    let code = made.code().to_string();
    guest.join(&code).await.ok();
    says(&guest, &code, "k1").await;
    let told = socket.until(|frame| frame["type"] == "unread" && frame["messages"]["unread"] == 1).await;
    assert_eq!(told["room"], code.as_str());
}

#[tokio::test]
async fn whoever_comes_into_a_room_without_this_server_has_it_counted_on_their_socket_too() {
    let one = TestApp::start().await;
    let two = one.another_node().await;
    let (host, guest) = (one.phone(1).await, one.phone(2).await);
    let code = host.create().await;
    let mut socket = guest.on(&two).connects().await;
    let live = one.rooms.open(code.parse().unwrap()).await.unwrap();
    let join = Command::People(PeopleCommand::Join(named("Person 2")));
    one.rooms.execute(&live, UserId::new(2).unwrap(), &join).await.unwrap();
    says(&host, &code, "k1").await;
    let told = socket.until(|frame| frame["type"] == "unread" && frame["messages"]["unread"] == 1).await;
    assert_eq!(told["room"], code.as_str());
}

fn named(name: &str) -> Profile {
    Profile { name: name.into(), photo_url: None }
}

#[tokio::test]
async fn whoever_was_taken_out_of_a_room_is_told_of_none_of_its_messages() {
    let app = TestApp::start().await;
    let (phones, code) = gathered(&app, 2).await;
    let other = phones[0].create().await;
    phones[1].join(&other).await.ok();
    says(&phones[0], &code, "k1").await;
    let mut guest = phones[1].connects().await;
    unread(&mut guest, &code).await;
    phones[0].does(&code, json!({ "type": "remove", "member": 2 })).await;
    says(&phones[0], &code, "secret").await;
    says(&phones[0], &other, "public").await;
    let told = guest.until(|frame| frame["type"] == "unread" && frame["messages"]["unread"] != 0).await;
    assert_eq!((&told["room"], &told["message"]["text"]), (&json!(other), &json!("public")));
}
