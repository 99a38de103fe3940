//! An upgrade from an older version loses nothing: this version migrates the older one's data when it starts.
//!
//! The stores are laid out with the migrations of then, and filled with what that version wrote, embedded and in production. Then this
//! program is started on them, between people and the simulated Telegram. An older and a newer process side by side would need the older
//! program itself; what is shown here instead is that the newer one appends what the older one reads.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod group;
mod logs;
mod people;
mod program;
mod stores;

use serde_json::{Value, json};

use self::{
    group::{ANNA, BORIS, Group, Left},
    logs::{FRIDAY, LAST_WEEK, THE_END},
    people::{Person, Socket},
    program::Program,
    stores::{Embedded, Production, Stores},
};

#[tokio::test]
async fn a_folder_of_an_older_version_is_carried_over_and_its_evening_goes_on() {
    carried_over::<Embedded>().await;
}

#[tokio::test]
async fn a_database_and_a_redis_of_an_older_version_are_carried_over_and_their_evening_goes_on() {
    carried_over::<Production>().await;
}

async fn carried_over<S: Stores>() {
    let group = Group::gathers().await;
    let left = group.left_by_an_older_bot().await;
    let stores = S::of_an_older_version(&left).await;
    let program = Program::start(&group.telegram(), stores.settings()).await;

    let (anna, boris) = people_are_still_signed_in(&program).await;
    the_finished_room_is_as_it_was(&anna).await;
    who_was_erased_is_in_the_room_no_more(&anna).await;
    the_room_goes_on_to_its_match(&program, &anna, &boris).await;
    what_waited_is_done_once(&group, &left).await;

    let log = stores.raw_log(&FRIDAY).await;
    let appended: Vec<String> = log[log.len() - THE_END.len()..].iter().map(hex::encode).collect();
    for (entry, read) in appended.iter().zip(THE_END) {
        // A version, a moment, and what the older program knows.
        assert!(entry.starts_with("01") && entry.ends_with(read), "{appended:?}");
        assert_eq!(entry.len(), 2 * 7 + read.len(), "{appended:?}");
    }
    drop(program);
    stores.go().await;
}

async fn people_are_still_signed_in(program: &Program) -> (Person, Person) {
    let mut anna = Person::known(program, &people::ANNA);
    let mut boris = Person::known(program, &people::BORIS);
    for person in [&mut anna, &mut boris] {
        let (status, me) = person.get("/api/me").await;
        assert_eq!((status, &me["id"]), (200, &json!(person.id)), "an access token is good no more: {me}");
        assert_eq!(person.refreshes().await, 200, "a refresh token is good no more");
    }
    let mut clara = Person::known(program, &people::CLARA);
    assert_eq!(clara.get("/api/me").await.0, 401, "who was erased is signed in again");
    assert_eq!(clara.refreshes().await, 401, "who was erased is signed in again");
    (anna, boris)
}

async fn the_finished_room_is_as_it_was(anna: &Person) {
    let room = anna.room(LAST_WEEK.room).await;
    assert_eq!(room["phase"], "finished");
    let ranked = |place: usize| {
        (room["results"][place]["title"]["id"].clone(), room["results"][place]["likes"].clone())
    };
    assert_eq!((ranked(0), ranked(1)), ((json!("c3"), json!(2)), (json!("c4"), json!(0))), "{room}");
    assert_eq!(
        (&room["matches"][0]["number"], &room["matches"][0]["title"]["id"]),
        (&json!(1), &json!("c3"))
    );
}

async fn who_was_erased_is_in_the_room_no_more(anna: &Person) {
    let gone = async || {
        let room = anna.room(FRIDAY.room).await;
        let members = room["members"].as_array().unwrap().iter().map(|member| member["id"].as_i64().unwrap());
        (members.collect::<Vec<_>>() == [ANNA, BORIS]).then_some(room)
    };
    let room = program::eventually("Clara is taken out of the log", gone).await;
    assert_eq!((&room["phase"], &room["my_swipes"]), (&json!("swiping"), &json!(2)), "{room}");
    for word in ["Clara", "Volga"] {
        assert!(!room.to_string().contains(word), "{word} is still there: {room}");
    }
}

async fn the_room_goes_on_to_its_match(program: &Program, anna: &Person, boris: &Person) {
    let mut annas = Socket::opens(program, anna, FRIDAY.room).await;
    let mut boriss = Socket::opens(program, boris, FRIDAY.room).await;
    let ack = boriss.does(FRIDAY.room, json!({ "type": "swipe", "title": "c2", "verdict": "like" })).await;
    assert_eq!(ack["event"]["type"], "swiped", "{ack}");
    for socket in [&mut annas, &mut boriss] {
        let is_match = |frame: &Value| frame["event"]["type"] == "match_found";
        assert_eq!(socket.until(is_match).await["event"]["title"]["id"], "c2");
    }
    let ack = annas.does(FRIDAY.room, json!({ "type": "say", "key": "k1", "text": "At last!" })).await;
    assert_eq!(ack["message"]["text"], "At last!", "nobody can talk in a room that was carried over: {ack}");
    boriss.until(|frame| frame["message"]["text"] == "At last!").await;
}

async fn what_waited_is_done_once(group: &Group, left: &Left) {
    let once = [
        (group::CHAT, "The Martian", "a notice that waited for the chat"),
        (group::CHAT, "The Lion King", "the match of the room that went on"),
        (group::CHAT, "Saturday", "an update that waited"),
        (BORIS, "Марсианин", "a notice that waited for Boris"),
    ];
    for (chat, words, _) in once {
        group.bot_tells(left, chat, words).await;
    }
    group.friday_card_is_drawn_anew().await;
    // Whatever was to be handled before this has been.
    group.settles(group::CHAT).await;
    group.settles(BORIS).await;
    for (chat, words, what) in once {
        let said = group.words_of_bot(chat).await;
        assert_eq!(group.told(left, chat, words).await, 1, "{what} is not done once: {said:?}");
    }
    let said = group.words_of_bot(group::CHAT).await;
    assert_eq!(
        group.told(left, group::CHAT, "Sunday").await,
        0,
        "an update that was handled before is handled again: {said:?}"
    );
}
