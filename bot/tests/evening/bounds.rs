//! What nobody can make the bot do: write to people because of strangers, and more into a chat than Telegram takes.

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::RoomCode,
    room::{Command, Rule, SettingsChange, Verdict},
    title::{TitleRef, TitleText},
};
use sovpalo_storage::db::{PER_WINDOW, PrivateTurn};

use crate::stage::{ANNA, BEN, GROUP, Play, Stage, VERA, is_bots, text_of, user_id};

/// Titles that would be links, mentions and more.
fn bait(count: usize) -> Vec<String> {
    let words = ["https://evil.example/", "@durov", "/start", "#tag", "evil.example", "$TON", "+12125550123"];
    (0..count).map(|n| format!("Look {} {n}", words[n % words.len()])).collect()
}

fn typed(title: &str) -> TitleRef {
    TitleRef::Text(TitleText::new(title).unwrap())
}

/// One person alone makes every title of a room a match.
async fn spam(stage: &Stage, room: RoomCode, spammer: i64) {
    let rule = SettingsChange {
        rule: Some(Rule::AtLeast(1)),
        picks_per_member: Some(50),
        ..SettingsChange::default()
    };
    stage.execute(room, spammer, Command::Configure(rule)).await;
    let titles = bait(20);
    stage.execute(room, spammer, Command::Select(titles.iter().map(|title| typed(title)).collect())).await;
    stage.execute(room, spammer, Command::Start).await;
    for title in &titles {
        let title = TitleText::new(title).unwrap().id();
        stage.execute(room, spammer, Command::Swipe { title, verdict: Verdict::Like }).await;
    }
}

async fn private_calls(stage: &Stage, person: i64) -> Vec<Value> {
    let calls = stage.calls("sendMessage").await;
    calls.into_iter().filter(|call| call["parameters"]["chat_id"] == person).collect()
}

#[tokio::test]
async fn one_person_alone_makes_the_bot_write_to_nobody() {
    let stage = Stage::new().await;
    stage.answer(BEN, "/start").await;
    stage.user_until(BEN, |user| user.writes_allowed).await;
    let before = private_calls(&stage, BEN).await.len();
    for name in ["/new https://evil.example/login", "/new @durov"] {
        let (room, _) = stage.new_room(VERA, GROUP, name).await;
        stage.join(room, BEN, "Ben").await;
        spam(&stage, room, VERA).await;
        stage.cards_until(room, |cards| cards.iter().all(|card| card.text_hash.is_some())).await;
    }
    // Whatever was to be told would have been told before this one.
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.told(GROUP, "Solaris").await;
    stage.told(BEN, "Solaris").await;
    let to_ben = private_calls(&stage, BEN).await.len() - before;
    assert_eq!(to_ben, 1, "only of the match that is Ben's own");
    let rings =
        stage.messages(GROUP).await.iter().filter(|message| text_of(message).contains("Look")).count();
    assert!(rings <= 2, "only cards name what one person likes: {rings}");
}

#[tokio::test]
async fn words_of_people_are_never_entities_of_the_bots_messages() {
    let stage = Stage::new().await;
    stage.patch(&format!("/sim/users/{BEN}"), json!({"first_name": "@durov evil.example"})).await;
    let (room, _) = stage.new_room(BEN, GROUP, "/new https://evil.example/login #tag /start").await;
    stage.match_in(room, BEN, ANNA, "tg://resolve?domain=durov +1 212 555 0123").await;
    stage.told(GROUP, "🎉").await;
    let ours = ["bold", "italic", "text_link", "custom_emoji", "underline"];
    for message in stage.messages(GROUP).await.iter().filter(|message| is_bots(message)) {
        let entities = message["entities"].as_array().cloned().unwrap_or_default();
        let foreign: Vec<_> =
            entities.iter().filter(|e| !ours.contains(&e["type"].as_str().unwrap())).collect();
        assert!(foreign.is_empty(), "{foreign:?} in {}", text_of(message));
    }
}

#[tokio::test]
async fn who_takes_no_part_or_has_left_is_not_written_to() {
    let stage = Stage::new().await;
    for person in [BEN, VERA] {
        stage.answer(person, "/start").await;
        stage.user_until(person, |user| user.writes_allowed).await;
    }
    let (room, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    for (person, name) in [(BEN, "Ben"), (VERA, "Vera")] {
        stage.join(room, person, name).await;
    }
    let majority = SettingsChange { rule: Some(Rule::AtLeast(2)), ..SettingsChange::default() };
    stage.execute(room, ANNA, Command::Configure(majority)).await;
    stage.pick_texts(room, ANNA, &["Solaris", "Stalker", "Mirror"]).await;
    stage.execute(room, ANNA, Command::Start).await;
    let [solaris, stalker] = ["Solaris", "Stalker"].map(|title| TitleText::new(title).unwrap().id());
    // Vera only looks on; Ben leaves after the first match.
    for person in [ANNA, BEN] {
        stage.like(room, person, &solaris).await;
    }
    stage.told(BEN, "Solaris").await;
    stage.like(room, BEN, &stalker).await;
    stage.execute(room, BEN, Command::Leave).await;
    stage.join(room, VERA, "Vera").await;
    stage.like(room, VERA, &stalker).await;
    stage.like(room, ANNA, &stalker).await;
    stage.told(VERA, "Stalker").await;
    let texts = |calls: Vec<Value>| -> String {
        calls.iter().map(|call| call["parameters"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert!(!texts(private_calls(&stage, VERA).await).contains("Solaris"), "Vera had not swiped then");
    assert!(!texts(private_calls(&stage, BEN).await).contains("Stalker"), "Ben had left");
}

#[tokio::test]
async fn a_muted_room_is_silent_until_it_is_unmuted() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    stage.user_until(ANNA, |user| user.writes_allowed).await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new Friday").await;
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    let told = stage.told(ANNA, "Solaris").await;
    let tap = |button: &'static str| {
        let path = format!("/sim/chats/{ANNA}/messages/{}/tap", told["message_id"]);
        let stage = &stage;
        async move { stage.post(&path, json!({"user": ANNA, "button": button})).await }
    };
    let answer = tap("Mute").await;
    assert!(answer["answer"]["text"].as_str().unwrap_or_default().contains("muted"), "{answer}");
    let number = told["message_id"].clone();
    let says = |wanted: &'static str| {
        let number = number.clone();
        move |messages: &[Value]| {
            let message = messages.iter().find(|message| message["message_id"] == number)?;
            message["reply_markup"].to_string().contains(wanted).then_some(())
        }
    };
    stage.until(ANNA, "a button to unmute", says("Unmute")).await;
    assert_eq!(
        stage.db().private_turn(room, user_id(ANNA), stage.rooms.clock().now()).await.unwrap(),
        PrivateTurn::Unwanted,
    );
    let answer = tap("Unmute").await;
    assert!(answer["answer"]["text"].as_str().unwrap_or_default().contains("again"), "{answer}");
}

#[tokio::test]
async fn twenty_rooms_in_one_group_stay_within_its_budget_and_every_match_is_told() {
    let stage = Stage::with(Play { rate_limits: true, ..Play::default() }).await;
    let mut rooms = Vec::new();
    for number in 0..20 {
        let room = stage.room_of(ANNA, &format!("Room {number}")).await.code();
        stage.has_card(room, GROUP).await;
        rooms.push((room, format!("Film {number}.")));
    }
    for (room, title) in &rooms {
        stage.match_in(*room, ANNA, BEN, title).await;
    }
    let happened = stage.rooms.clock().now();
    // Cards name matches, too; these are the messages that tell of them.
    let told = |messages: &[Value], title: &str| {
        messages.iter().any(|message| text_of(message).starts_with("🎉") && text_of(message).contains(title))
    };
    stage
        .until(GROUP, "every match", |messages| {
            rooms.iter().all(|(_, title)| told(messages, title.trim_end_matches('.'))).then_some(())
        })
        .await;
    let took = stage.rooms.clock().now().since(happened);
    let calls = [stage.calls("sendMessage").await, stage.calls("editMessageText").await].concat();
    let here: Vec<&Value> = calls.iter().filter(|call| call["parameters"]["chat_id"] == GROUP).collect();
    let refused = here.iter().filter(|call| call["status"] == 429).count();
    println!("20 rooms: {} sends and edits, {refused} refused, matches told after {took:?}", here.len());
    assert_eq!(refused, 0, "refused by Telegram");
    assert!(here.len() <= PER_WINDOW, "{} sends and edits in less than a minute", here.len());
    assert!(took.as_secs() <= 15, "the last match was told after {took:?}");
}
