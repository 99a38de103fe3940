//! What a spammer can make the bot write to people in private, and what they can do about it.

use std::time::Duration;

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::{RoomCode, Round, TitleId},
    room::{Command, PeopleCommand, Profile, Room, RoomName, Rule, Settings, SwipingCommand, Verdict},
    title::{TitleRef, TitleText},
};
use sovpalo_storage::Kind;

use crate::{
    processes::movable_clock,
    stage::{ANNA, BEN, GROUP, Play, Stage, VERA, is_bots, text_of, user_id},
};

/// The spammer's picks in each round.
const PICKS: usize = 50;
const A_MINUTE: Duration = Duration::from_secs(60);

/// The spammer, and an account that obeys.
const SPAMMER: i64 = ANNA;
const HELPER: i64 = BEN;

fn lure(n: usize) -> TitleText {
    TitleText::new(&format!("Verify your account now https://evil.example/{n} @durov /start #win")).unwrap()
}

/// Somebody whom the bot may write to.
async fn reachable(stage: &Stage, user: i64) {
    stage.patch(&format!("/sim/users/{user}"), json!({"language_code": "en"})).await;
    stage.answer(user, "/start").await;
    stage.user_until(user, |user| user.writes_allowed).await;
}

/// A room of the spammer's under a name with a link.
async fn trap(stage: &Stage, rule: Rule) -> RoomCode {
    let name = RoomName::new("your account: https://evil.example/login").unwrap();
    let settings = Settings { rule, picks_per_member: 50, ..Settings::named(name) };
    let profile = Profile { name: "https://evil.example/me".to_owned(), photo_url: None };
    stage.rooms.create(user_id(SPAMMER), profile, settings).await.unwrap().code()
}

/// The spammer's round: many picks, and likes of these accounts for each.
async fn round(stage: &Stage, room: RoomCode, likers: &[i64]) {
    let titles: Vec<TitleText> = (0..PICKS).map(lure).collect();
    let picks = titles.iter().cloned().map(TitleRef::Text).collect();
    stage.execute(room, SPAMMER, Command::Swiping(SwipingCommand::Select(picks))).await;
    stage.execute(room, SPAMMER, Command::Swiping(SwipingCommand::Start)).await;
    for title in &titles {
        for liker in likers {
            stage.like(room, *liker, &title.id()).await;
        }
    }
}

async fn next_round(stage: &Stage, room: RoomCode, number: u32) {
    let live = stage.rooms.open(room).await.unwrap();
    if live.read(|room| room.results().is_none()) {
        stage.execute(room, SPAMMER, Command::Swiping(SwipingCommand::Finish)).await;
    }
    stage
        .execute(
            room,
            SPAMMER,
            Command::Swiping(SwipingCommand::Restart { round: Round::new(number), final_round: false }),
        )
        .await;
}

/// The bot's messages about matches in somebody's own chat.
async fn news(stage: &Stage, user: i64) -> Vec<Value> {
    let messages = stage.messages(user).await;
    messages.into_iter().filter(|m| is_bots(m) && text_of(m).contains('🎉')).collect()
}

/// Waits until nothing is left to tell for now.
async fn all_is_told(stage: &Stage, rooms: &[RoomCode], user: i64) {
    for room in rooms {
        let waiting = async {
            while !stage.db().pending_matches(*room, user_id(user)).await.unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(crate::stage::PATIENCE, waiting).await.expect("what waits is told");
    }
}

/// A room in which everything up to now is projected: the bot's news of it are written down.
async fn is_projected(stage: &Stage, rooms: &[RoomCode]) {
    for room in rooms {
        let live = stage.rooms.open(*room).await.unwrap();
        let seq = live.read(Room::seq);
        let waiting = async {
            while stage.db().projected(*room).await.unwrap().is_none_or(|stored| stored.seq < seq) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(crate::stage::PATIENCE, waiting).await.expect("the room is projected");
    }
}

#[tokio::test]
async fn who_only_tapped_a_spammers_link_hears_nothing_of_many_matches_rounds_and_rooms() {
    let stage = Stage::new().await;
    reachable(&stage, VERA).await;
    let mut rooms = Vec::new();
    for rule in [Rule::AtLeast(1), Rule::AtLeast(2), Rule::AtLeast(1)] {
        let room = trap(&stage, rule).await;
        stage.join(room, HELPER, "Helper").await;
        stage.join(room, VERA, "Vera").await;
        let likers: &[i64] = if rule == Rule::AtLeast(1) { &[SPAMMER] } else { &[SPAMMER, HELPER] };
        round(&stage, room, likers).await;
        is_projected(&stage, &[room]).await;
        next_round(&stage, room, 2).await;
        round(&stage, room, likers).await;
        rooms.push(room);
    }
    is_projected(&stage, &rooms).await;
    stage.execute(rooms[0], VERA, Command::People(PeopleCommand::Leave)).await;
    // Whoever is to hear of it hears of it: a match that she has a part in.
    let (ours, _) = stage.new_room(ANNA, GROUP, "/new Ours").await;
    stage.match_in(ours, ANNA, VERA, "Solaris").await;
    stage.message_with(VERA, "It's a match in Ours").await;
    all_is_told(&stage, &rooms, VERA).await;
    assert_eq!(news(&stage, VERA).await.len(), 1, "300 matches of a spammer's tell her nothing");
}

#[tokio::test]
async fn a_spammer_with_two_accounts_gets_one_message_a_minute_and_nothing_that_can_be_tapped() {
    let stage = Stage::with(Play { clock: movable_clock(), ..Play::default() }).await;
    reachable(&stage, VERA).await;
    let room = trap(&stage, Rule::AtLeast(2)).await;
    stage.join(room, HELPER, "Helper").await;
    stage.join(room, VERA, "Vera").await;
    let titles: Vec<TitleId> = (0..PICKS).map(|n| lure(n).id()).collect();
    let picks = (0..PICKS).map(|n| TitleRef::Text(lure(n))).collect();
    stage.execute(room, SPAMMER, Command::Swiping(SwipingCommand::Select(picks))).await;
    stage.execute(room, SPAMMER, Command::Swiping(SwipingCommand::Start)).await;
    let skip = Command::Swiping(SwipingCommand::Swipe { title: titles[0].clone(), verdict: Verdict::Skip });
    stage.execute(room, VERA, skip).await;
    for title in &titles {
        stage.like(room, SPAMMER, title).await;
        stage.like(room, HELPER, title).await;
    }
    is_projected(&stage, &[room]).await;
    stage.message_with(VERA, "🎉").await;
    assert_eq!(news(&stage, VERA).await.len(), 1, "within a minute");
    stage.rooms.clock().advance(A_MINUTE);
    all_is_told(&stage, &[room], VERA).await;
    let news = news(&stage, VERA).await;
    assert_eq!(news.len(), 2, "all the others became one");
    let counts: Vec<usize> = news.iter().map(told_in).collect();
    assert_eq!(counts.iter().sum::<usize>(), PICKS, "each is told exactly once: {counts:?}");
    for message in &news {
        let kinds: Vec<&str> =
            message["entities"].as_array().unwrap().iter().filter_map(|e| e["type"].as_str()).collect();
        assert!(kinds.iter().all(|kind| *kind == "bold"), "{kinds:?} in {}", text_of(message));
    }
}

/// How many matches a message tells of.
fn told_in(message: &Value) -> usize {
    let text = text_of(message);
    let count = text.split_whitespace().skip(1).find_map(|word| word.parse().ok());
    if text.contains(" matches in ") { count.unwrap() } else { 1 }
}

#[tokio::test]
async fn who_leaves_is_written_to_no_more_also_of_what_was_waiting() {
    let stage = Stage::with(Play { clock: movable_clock(), ..Play::default() }).await;
    reachable(&stage, VERA).await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(room, VERA, "Vera").await;
    stage.pick_texts(room, ANNA, &["One", "Two", "Three"]).await;
    stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    for title in ["One", "Two"] {
        for who in [ANNA, VERA] {
            stage.like(room, who, &TitleText::new(title).unwrap().id()).await;
        }
        stage.message_with(VERA, "One").await;
    }
    stage.execute(room, VERA, Command::People(PeopleCommand::Leave)).await;
    is_projected(&stage, &[room]).await;
    stage.rooms.clock().advance(A_MINUTE);
    stage.answer(VERA, "/help").await;
    all_is_told(&stage, &[room], VERA).await;
    assert_eq!(news(&stage, VERA).await.len(), 1);
}

#[tokio::test]
async fn who_leaves_or_mutes_a_room_while_telegram_hangs_is_not_written_to() {
    // As many as are written to at the same time.
    const OTHERS: i64 = 32;
    let stage = Stage::new().await;
    reachable(&stage, VERA).await;
    let left = stage.room_of(ANNA, "Left").await.code();
    let muted = stage.room_of(BEN, "Muted").await.code();
    let crowd = stage.room_of(ANNA, "Crowd").await.code();
    let others = (1..=OTHERS).map(|n| VERA + n);
    for other in others.clone() {
        stage.meet(other, "en").await;
        stage.db().allow_writes(user_id(other), true, stage.rooms.clock().now()).await.unwrap();
        stage.join(crowd, other, "One of many").await;
    }
    stage.fault(json!({"method": "sendMessage", "times": OTHERS, "delay_ms": 6_000})).await;
    stage.pick_texts(crowd, ANNA, &["Everybody's"]).await;
    stage.execute(crowd, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    for who in [ANNA].into_iter().chain(others) {
        stage.like(crowd, who, &TitleText::new("Everybody's").unwrap().id()).await;
    }
    stage.faults_are_met().await;

    stage.match_in(left, ANNA, VERA, "Solaris").await;
    stage.match_in(muted, BEN, VERA, "Stalker").await;
    is_projected(&stage, &[left, muted]).await;
    let taken = async {
        while stage.db().jobs(Kind::Notice).depth().await.unwrap().in_work < OTHERS.unsigned_abs() + 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::stage::PATIENCE, taken).await.expect("both wait to be sent");
    stage.answer(VERA, "/help").await;
    stage.execute(left, VERA, Command::People(PeopleCommand::Leave)).await;
    let now = stage.rooms.clock().now();
    assert!(stage.db().mute_room(muted, user_id(VERA), true, now).await.unwrap());
    stage.telling_is_noted().await;
    let told: Vec<_> = news(&stage, VERA).await.iter().map(|message| text_of(message).to_owned()).collect();
    assert!(told.is_empty(), "{told:?}");
}

#[tokio::test]
async fn the_button_below_a_message_mutes_its_room_and_lets_it_speak_again() {
    let stage = Stage::with(Play { clock: movable_clock(), ..Play::default() }).await;
    reachable(&stage, VERA).await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.match_in(room, ANNA, VERA, "Solaris").await;
    let message = stage.message_with(VERA, "🎉").await;
    let tap = async |user: i64, button: &str| {
        let number = &message["message_id"];
        let path = format!("/sim/chats/{VERA}/messages/{number}/tap");
        stage.post(&path, json!({ "user": user, "button": button })).await
    };
    let answer = tap(VERA, "Mute this room").await;
    assert!(answer["answer"]["text"].as_str().unwrap().contains("won't"), "{answer}");
    assert!(stage.db().has_muted(room, user_id(VERA)).await.unwrap());
    let offers = |label: &'static str| {
        move |messages: &[Value]| messages.iter().find(|m| m.to_string().contains(label)).cloned()
    };
    stage.until(VERA, "the other button", offers("Unmute")).await;

    // The next round is silent, also after a minute.
    next_round_of(&stage, room).await;
    stage.rooms.clock().advance(A_MINUTE);
    stage.match_in(room, ANNA, VERA, "Stalker").await;
    is_projected(&stage, &[room]).await;
    stage.answer(VERA, "/help").await;
    assert_eq!(news(&stage, VERA).await.len(), 1);

    let answer = tap(VERA, "Unmute this room").await;
    assert!(answer["answer"]["text"].as_str().unwrap().contains("again"), "{answer}");
    assert!(!stage.db().has_muted(room, user_id(VERA)).await.unwrap());
}

async fn next_round_of(stage: &Stage, room: RoomCode) {
    let live = stage.rooms.open(room).await.unwrap();
    let (round, over) = live.read(|room| (room.round().get(), room.results().is_some()));
    if !over {
        stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Finish)).await;
    }
    let round = Round::new(round + 1);
    stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Restart { round, final_round: false })).await;
}

#[tokio::test]
async fn a_tap_that_nobody_was_offered_changes_nothing_and_is_answered() {
    let stage = Stage::new().await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    is_projected(&stage, &[room]).await;
    let of_stranger = format!("mute:{room}");
    for (number, data) in
        [&of_stranger, "mute:", "unmute:XXXXXXXX", "mute:🎉", "rm -rf", ""].into_iter().enumerate()
    {
        let id = (9_000_000 + number).to_string();
        let from = json!({"id": VERA, "is_bot": false, "first_name": "Vera", "language_code": "en"});
        stage
            .update(json!({"callback_query": {"id": id, "from": from, "chat_instance": "1", "data": data}}))
            .await;
        let text = stage
            .call("answerCallbackQuery", |call| {
                let parameters = &call["parameters"];
                (parameters["callback_query_id"] == json!(id)).then(|| parameters["text"].clone())
            })
            .await;
        let refused = text.as_str().is_some_and(|text| text.contains("not for you"));
        assert_eq!(refused, number == 0 || number == 2, "to {data:?}: {text}");
    }
    assert!(!stage.db().has_muted(room, user_id(VERA)).await.unwrap());
}

#[tokio::test]
async fn an_invitation_names_nobody_who_is_not_in_the_room_any_more() {
    let stage = Stage::new().await;
    stage.patch(&format!("/sim/users/{VERA}"), json!({"language_code": "en"})).await;
    let room = trap(&stage, Rule::Unanimous).await;
    let named = stage.answer(VERA, room.as_str()).await;
    assert!(text_of(&named).contains("invites you"), "{}", text_of(&named));
    stage.execute(room, SPAMMER, Command::People(PeopleCommand::Leave)).await;
    let empty = stage.answer(VERA, room.as_str()).await;
    assert!(text_of(&empty).contains("You are invited to"), "{}", text_of(&empty));
    assert!(!text_of(&empty).contains("invites you"), "{}", text_of(&empty));
}
