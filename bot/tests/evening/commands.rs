//! What people write to the bot, and what they get.

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, VERA, code_in, is_bots, text_of, url_of, user_id};
use serde_json::json;
use sovpalo_domain::room::{Command, PeopleCommand};

#[tokio::test]
async fn new_in_a_group_posts_one_card_with_the_rooms_link() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(ANNA, GROUP, "/new").await;
    assert_eq!(url_of(&card), format!("https://t.me/sovpalo_bot/app?startapp={code}"));
    assert!(text_of(&card).contains("Movie night") && text_of(&card).contains("Anna"), "{}", text_of(&card));
    let room = stage.rooms.open(code).await.unwrap();
    assert_eq!(room.read(sovpalo_domain::room::Room::host), user_id(ANNA), "whoever writes /new is the host");
}

#[tokio::test]
async fn new_takes_a_name_and_works_as_groups_send_it() {
    let stage = Stage::new().await;
    let (_, card) = stage.new_room(BEN, GROUP, "/new@sovpalo_bot Friday <b>night & more").await;
    assert!(text_of(&card).contains("Friday <b>night & more"), "{}", text_of(&card));
}

#[tokio::test]
async fn new_speaks_the_language_of_who_wrote_it() {
    let stage = Stage::with(Play { language: telegram_sim::Language::Ru, ..Play::default() }).await;
    let (_, card) = stage.new_room(ANNA, GROUP, "/new").await;
    assert!(text_of(&card).contains("Киновечер"), "{}", text_of(&card));
    assert_eq!(card["reply_markup"]["inline_keyboard"][0][0]["text"], "Присоединиться");
}

#[tokio::test]
async fn new_in_private_posts_the_card_there() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(ANNA, ANNA, "/new").await;
    assert_eq!(card["chat"]["id"], ANNA);
    assert!(stage.rooms.open(code).await.is_ok());
}

#[tokio::test]
async fn the_same_message_brought_twice_makes_one_room_and_one_card() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    let asked = stage.messages(GROUP).await.into_iter().find(|m| text_of(m) == "/new").unwrap();
    stage.update(json!({"message": asked})).await;
    stage.settled(GROUP).await;
    let messages = stage.messages(GROUP).await;
    let cards: Vec<_> = messages.iter().filter_map(code_in).collect();
    assert_eq!(cards, [code], "one message is one room, however often it comes");
    let said = messages.iter().filter(|m| is_bots(m)).count();
    assert_eq!(said, 2, "the card, and the answer to the question that came after it");
}

#[tokio::test]
async fn the_eleventh_room_of_an_hour_is_refused_kindly() {
    let stage = Stage::new().await;
    for _ in 0..10 {
        stage.new_room(ANNA, GROUP, "/new").await;
    }
    stage.say(ANNA, GROUP, "/new").await;
    let answer = stage.message_with(GROUP, "a lot of rooms").await;
    assert!(text_of(&answer).contains("minute"), "it says when to come back: {}", text_of(&answer));
    // It is a person's limit, not the chat's.
    stage.new_room(BEN, GROUP, "/new").await;
}

#[tokio::test]
async fn start_greets_and_opens_the_app_inside_the_private_chat() {
    let stage = Stage::new().await;
    let answer = stage.answer(ANNA, "/start").await;
    assert!(text_of(&answer).contains("Hi, Anna!"), "{}", text_of(&answer));
    let button = &answer["reply_markup"]["inline_keyboard"][0][0];
    assert_eq!(button["web_app"]["url"], "https://sovpalo.example/");
    stage.user_until(ANNA, |user| user.writes_allowed).await;
}

#[tokio::test]
async fn without_https_start_opens_the_app_by_its_link() {
    let stage = Stage::with(Play { public_url: "http://127.0.0.1:8080", ..Play::default() }).await;
    let answer = stage.answer(ANNA, "/start").await;
    assert_eq!(url_of(&answer), "https://t.me/sovpalo_bot/app");
}

#[tokio::test]
async fn start_with_a_code_shows_the_invitation() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(BEN, GROUP, "/new Friday").await;
    let answer = stage.answer(ANNA, &format!("/start {code}")).await;
    let text = text_of(&answer);
    assert!(text.contains("Ben") && text.contains("Friday") && text.contains("1 person is in"), "{text}");
    assert_eq!(code_in(&answer), Some(code));
}

#[tokio::test]
async fn a_member_who_follows_the_link_again_is_let_in() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    let answer = stage.answer(ANNA, &format!("/start {code}")).await;
    assert!(text_of(&answer).contains("You are in Movie night"), "{}", text_of(&answer));
    assert_eq!(answer["reply_markup"]["inline_keyboard"][0][0]["text"], "Open the room");
}

#[tokio::test]
async fn a_code_alone_in_private_is_as_good_as_its_link() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(BEN, GROUP, "/new").await;
    let answer = stage.answer(ANNA, &code.as_str().to_lowercase()).await;
    assert_eq!(code_in(&answer), Some(code));
}

#[tokio::test]
async fn a_link_or_a_decorated_code_in_private_is_an_invitation_however_it_was_pasted() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(BEN, GROUP, "/new").await;
    let (first, second) = code.as_str().split_at(4);
    for words in [
        format!("{first}-{second}"),
        format!("{first} {second}"),
        format!("“{code}”"),
        format!("Room code: {code}"),
        format!("Код комнаты: {code}."),
        format!("https://t.me/sovpalo_bot/app?startapp={code}"),
        format!("https://t.me/sovpalo_bot?start={code}"),
        format!("Come! t.me/sovpalo_bot/app?startapp={code}&mode=compact\nAt nine"),
        format!("00000000 or {code}"),
        format!("/start {code} extra"),
        format!("/start {first}-{second}"),
        format!("/start {code}_utm"),
        format!("/start ref_{code}"),
    ] {
        let answer = stage.answer(ANNA, &words).await;
        assert_eq!(code_in(&answer), Some(code), "{words:?} got {}", text_of(&answer));
    }
}

#[tokio::test]
async fn a_forwarded_card_is_an_invitation_and_a_forwarded_command_is_nobodys() {
    let stage = Stage::new().await;
    let (code, card) = stage.new_room(BEN, GROUP, "/new").await;
    stage.answer(ANNA, "/start").await;
    let forward = |number: i32, of: &serde_json::Value| {
        json!({"message": {
            "message_id": 95_000 + number, "date": 1_893_456_000,
            "chat": {"id": ANNA, "type": "private", "first_name": "Anna"},
            "from": {"id": ANNA, "is_bot": false, "first_name": "Anna", "language_code": "en"},
            "forward_origin": {"type": "user", "date": 1, "sender_user": {"id": BEN, "is_bot": false, "first_name": "Ben"}},
            "text": of["text"], "entities": of["entities"], "reply_markup": of["reply_markup"],
        }})
    };
    stage.update(forward(1, &card)).await;
    let invitation = stage.message_with(ANNA, "invites you").await;
    assert_eq!(code_in(&invitation), Some(code), "the card's button has the code");
    let link = json!({"text": "our room", "entities": [
        {"type": "text_link", "offset": 0, "length": 8, "url": format!("https://t.me/sovpalo_bot/app?startapp={code}")},
    ]});
    stage.update(forward(2, &link)).await;
    stage.update(forward(3, &json!({"text": "/new Not mine"}))).await;
    stage.message_with(ANNA, "How it works").await;
    let messages = stage.messages(ANNA).await;
    assert_eq!(messages.iter().filter(|m| text_of(m).contains("invites you")).count(), 2);
    assert!(!messages.iter().any(|m| text_of(m).contains("Not mine")), "somebody else's command was obeyed");
}

#[tokio::test]
async fn words_and_numbers_that_could_be_codes_are_not_taken_for_them() {
    let stage = Stage::new().await;
    for words in [
        "tomorrow",
        "come here",
        "is everyone here",
        "+7 911 123-45-67",
        "my wifi is a1b2c3d4",
        "12345678 is mine",
    ] {
        let answer = stage.answer(ANNA, words).await;
        assert!(text_of(&answer).contains("How it works"), "{words} got {}", text_of(&answer));
    }
    let answer = stage.answer(ANNA, "Room code: 7KQ2M0X1").await;
    assert!(text_of(&answer).contains("no room with this code"), "{}", text_of(&answer));
}

#[tokio::test]
async fn an_unknown_code_gets_a_friendly_answer() {
    let stage = Stage::new().await;
    for start in
        ["/start 00000000", "/start %20", "/start -_-", "/start nonsense", "/start ' OR 1=1 --", "/start <b>"]
    {
        let answer = stage.answer(ANNA, start).await;
        assert!(text_of(&answer).contains("no room with this code"), "{start} got {}", text_of(&answer));
    }
}

#[tokio::test]
async fn help_and_whatever_is_not_understood_in_private_explain_the_bot() {
    let stage = Stage::new().await;
    for words in ["/help", "/frobnicate", "hello", "/", "привет", "/new@another_bot"] {
        let answer = stage.answer(BEN, words).await;
        assert!(text_of(&answer).contains("How it works"), "{words} got {}", text_of(&answer));
    }
}

#[tokio::test]
async fn in_a_group_the_bot_speaks_only_when_it_is_spoken_to() {
    let stage = Stage::new().await;
    for words in ["hello", "/roll", "/new@another_bot", "what about /new?"] {
        stage.say(ANNA, GROUP, words).await;
    }
    stage.settled(GROUP).await;
    let bots = stage.messages(GROUP).await.iter().filter(|m| is_bots(m)).count();
    assert_eq!(bots, 1, "it answered nothing but the question that was put to it");
}

#[tokio::test]
async fn start_with_a_code_in_a_group_brings_a_members_room_there_once() {
    let stage = Stage::new().await;
    let room = stage.room_of(ANNA, "From the app").await.code();
    let start = format!("/start@sovpalo_bot {room}");
    stage.say(ANNA, GROUP, &start).await;
    let card = stage.message_with(GROUP, "From the app").await;
    stage.cards_until(room, |cards| cards.len() == 1).await;
    stage.say(ANNA, GROUP, &start).await;
    let hint = stage.message_with(GROUP, "up there").await;
    assert_eq!(hint["reply_to_message"]["message_id"], card["message_id"]);
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m) == Some(room)).count();
    assert_eq!(cards, 1, "one card per room and chat");
}

#[tokio::test]
async fn a_stranger_cannot_bring_somebody_elses_room_into_a_group() {
    let stage = Stage::new().await;
    let room = stage.room_of(ANNA, "Ours").await.code();
    stage.join(room, VERA, "Secret Vera").await;
    stage.say(BEN, GROUP, &format!("/start@sovpalo_bot {room}")).await;
    let invitation = stage.message_with(GROUP, "invites you").await;
    assert!(!text_of(&invitation).contains("Secret Vera"), "an invitation names the host and nobody else");
    assert!(stage.db().cards(room).await.unwrap().is_empty(), "only a member's wish makes a live card");
}

#[tokio::test]
async fn a_message_in_a_topic_is_answered_there() {
    let stage = Stage::new().await;
    let members = [ANNA, BEN];
    let forum =
        stage.post("/sim/chats", json!({"title": "Forum", "members": members, "kind": "forum"})).await;
    let forum = forum["id"].as_i64().unwrap();
    let topic = stage.post(&format!("/sim/chats/{forum}/topics"), json!({"name": "Films", "by": ANNA})).await;
    let thread = &topic["id"];
    let say = json!({"user": ANNA, "text": "/new", "thread": thread});
    stage.post(&format!("/sim/chats/{forum}/messages"), say).await;
    let card = stage.message_with(forum, "Movie night").await;
    assert_eq!(&card["message_thread_id"], thread);
}

#[tokio::test]
async fn a_topic_that_is_closed_or_gone_gets_its_card_beside_it() {
    for description in ["TOPIC_CLOSED", "message thread not found", "TOPIC_DELETED"] {
        let stage = Stage::new().await;
        let forum =
            stage.post("/sim/chats", json!({"title": "Forum", "members": [ANNA], "kind": "forum"})).await;
        let forum = forum["id"].as_i64().unwrap();
        let topic = json!({"name": "Films", "by": ANNA});
        let topic = stage.post(&format!("/sim/chats/{forum}/topics"), topic).await;
        let description = format!("Bad Request: {description}");
        stage.fault(json!({"method": "sendMessage", "status": 400, "description": description})).await;
        let say = json!({"user": ANNA, "text": "/new", "thread": topic["id"]});
        stage.post(&format!("/sim/chats/{forum}/messages"), say).await;
        let card = stage.message_with(forum, "Movie night").await;
        assert!(card["message_thread_id"].is_null(), "{description}: {card}");
    }
}

#[tokio::test]
async fn an_anonymous_administrator_is_told_why_there_is_no_room() {
    let stage = Stage::new().await;
    let asked = stage.say(ANNA, GROUP, "hm").await;
    let chat = asked["chat"].clone();
    let anonymous =
        json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"});
    let message = json!({
        "message_id": asked["message_id"], "date": asked["date"], "chat": chat, "sender_chat": chat,
        "from": anonymous, "text": "/new",
    });
    stage.update(json!({"message": message})).await;
    let answer = stage.message_with(GROUP, "anonymously").await;
    assert_eq!(url_of(&answer), "https://t.me/sovpalo_bot/app?startapp=new");
}

#[tokio::test]
async fn forwarded_commands_edited_ones_and_those_of_bots_are_not_obeyed() {
    let stage = Stage::new().await;
    let asked = stage.say(ANNA, GROUP, "hm").await;
    let changed = |more: serde_json::Value| {
        let mut message = asked.clone();
        message["text"] = json!("/new");
        for (key, value) in more.as_object().unwrap() {
            message[key] = value.clone();
        }
        message
    };
    let forwarded = json!({"type": "hidden_user", "date": asked["date"], "sender_user_name": "Somebody"});
    stage.update(json!({"message": changed(json!({"forward_origin": forwarded}))})).await;
    stage.update(json!({"edited_message": changed(json!({"edit_date": asked["date"]}))})).await;
    let bot = json!({"id": 77_000_000, "is_bot": true, "first_name": "Robot", "username": "robot_bot"});
    stage.update(json!({"message": changed(json!({"from": bot}))})).await;
    stage.update(json!({"message": changed(json!({"via_bot": bot}))})).await;
    stage.settled(GROUP).await;
    let cards = stage.messages(GROUP).await.iter().filter(|m| code_in(m).is_some()).count();
    assert_eq!(cards, 0, "a room was made that nobody asked for");
}

#[tokio::test]
async fn matches_tells_ones_own_latest_in_private_and_the_chats_in_a_group() {
    let stage = Stage::new().await;
    assert!(text_of(&stage.answer(ANNA, "/matches").await).contains("No matches yet"));
    let (code, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    stage.match_in(code, ANNA, BEN, "Солярис <3").await;
    stage.message_with(GROUP, "It's a match").await;
    let own = stage.answer(ANNA, "/matches").await;
    assert!(text_of(&own).contains("Солярис <3") && text_of(&own).contains("Friday"), "{}", text_of(&own));
    stage.say(BEN, GROUP, "/matches").await;
    stage.message_with(GROUP, "latest matches of this chat").await;
}

#[tokio::test]
async fn being_added_to_a_group_is_worth_a_short_hello() {
    let stage = Stage::new().await;
    let chat = stage.post("/sim/chats", json!({"title": "Quiet", "members": [BEN], "bot": false})).await;
    let chat = chat["id"].as_i64().unwrap();
    stage.post(&format!("/sim/chats/{chat}/bot"), json!({"standing": "member", "by": BEN})).await;
    stage.message_with(chat, "/new").await;
}

#[tokio::test]
async fn who_blocks_the_bot_is_written_to_no_more_and_who_returns_is() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
    stage.patch(&format!("/sim/users/{ANNA}"), json!({"blocked_bot": true})).await;
    stage.user_until(ANNA, |user| !user.writes_allowed).await;
    stage.patch(&format!("/sim/users/{ANNA}"), json!({"blocked_bot": false})).await;
    stage.answer(ANNA, "/start").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
}

#[tokio::test]
async fn being_taken_out_of_a_group_ends_its_cards() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.cards_until(code, |cards| cards.len() == 1).await;
    stage.post(&format!("/sim/chats/{GROUP}/bot"), json!({"standing": "kicked", "by": ANNA})).await;
    stage.cards_until(code, <[_]>::is_empty).await;
}

#[tokio::test]
async fn a_room_that_one_has_left_is_still_found_by_its_code() {
    let stage = Stage::new().await;
    let (code, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.execute(code, ANNA, Command::People(PeopleCommand::Leave)).await;
    assert_eq!(code_in(&stage.answer(ANNA, &format!("/start {code}")).await), Some(code));
}
