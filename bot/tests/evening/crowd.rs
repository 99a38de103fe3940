//! Many rooms in one chat: all of them share what Telegram takes there, and what matters comes first.
//!
//! These count some times as fast as Telegram, both the bots and the simulator, so that a minute takes some seconds.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, TitleId},
    room::{Command, PeopleCommand, SettingsChange, SwipingCommand, Verdict},
    title::TitleText,
};
use sovpalo_storage::{BETWEEN_MATCHES, DbTarget, PER_WINDOW, Sending, Turn};
use sqlx::Connection;
use tokio::time::{Instant, sleep_until};

use crate::{
    processes::{House, over_both},
    stage::{ANNA, BEN, GROUP, Play, Stage, is_bots, text_of},
};

over_both!(twenty_rooms_share_what_one_chat_takes_and_each_match_is_told_soon_also_when_a_bot_ends,);

/// How many times as fast as Telegram a fast evening counts.
const HASTE: u32 = 10;
/// The same where it is measured how soon a match is announced.
const MEASURED_HASTE: u32 = 6;
/// Every so manieth title is liked by both.
const LIKED: usize = 4;
/// How long a match may take to be told.
const TOLD_WITHIN: Duration = Duration::from_secs(15);
/// Between two titles that people swipe.
const BETWEEN_SWIPES: Duration = Duration::from_secs(5);

fn fast(play: Play) -> Play {
    Play { haste: HASTE, rate_limits: true, ..play }
}

/// A room and what is picked in it.
struct Night {
    room: RoomCode,
    titles: Vec<String>,
}

impl Night {
    fn matches(&self) -> impl Iterator<Item = &String> {
        self.titles.iter().step_by(LIKED)
    }
}

/// Rooms that all have a card in the group, or will have one.
async fn nights(stage: &Stage, rooms: usize, titles: usize) -> Vec<Night> {
    let mut nights = Vec::new();
    for night in 0..rooms {
        let room = stage.room_of(ANNA, &format!("Night {night:02}")).await.code();
        stage.has_card(room, GROUP).await;
        let titles = (0..titles).map(|n| format!("Film {night:02}-{n:02}")).collect();
        nights.push(Night { room, titles });
    }
    nights
}

/// People come, look and go; two stay, and pick.
async fn gather(stage: &Stage, nights: &[Night]) {
    for night in nights {
        for guest in 0..3 {
            stage.join(night.room, 6_000_000_000 + guest, &format!("Guest {guest}")).await;
            stage.execute(night.room, 6_000_000_000 + guest, Command::People(PeopleCommand::Leave)).await;
        }
        stage.join(night.room, BEN, "Ben").await;
        let picks = SettingsChange { picks_per_member: Some(50), ..SettingsChange::default() };
        stage.execute(night.room, ANNA, Command::Swiping(SwipingCommand::Configure(picks))).await;
        let titles: Vec<&str> = night.titles.iter().map(String::as_str).collect();
        stage.pick_texts(night.room, ANNA, &titles).await;
        stage.execute(night.room, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    }
}

/// Both swipe one title in every room. Says when they matched, in Unix milliseconds: not later than they did.
async fn swipe(stage: &Stage, nights: &[Night], number: usize) -> BTreeMap<String, i64> {
    let verdict = if number.is_multiple_of(LIKED) { Verdict::Like } else { Verdict::Skip };
    let mut happened = BTreeMap::new();
    for night in nights {
        let typed = &night.titles[number];
        let title: TitleId = TitleText::new(typed).unwrap().id();
        let mut before = 0;
        for person in [ANNA, BEN] {
            before = stage.rooms.clock().now().millis();
            let swipe = Command::Swiping(SwipingCommand::Swipe { title: title.clone(), verdict });
            stage.execute(night.room, person, swipe).await;
        }
        if verdict == Verdict::Like {
            happened.insert(typed.clone(), before);
        }
    }
    happened
}

fn tells(message: &Value, title: &str) -> bool {
    is_bots(message) && text_of(message).starts_with("🎉") && text_of(message).contains(title)
}

/// Waits until every match is announced and every card shows how the night ended. Returns when each match was announced, in Unix milliseconds.
async fn calms_down(stage: &Stage, nights: &[Night]) -> BTreeMap<String, i64> {
    for night in nights {
        for title in night.matches() {
            let announced = |messages: &[Value]| messages.iter().any(|m| tells(m, title)).then_some(());
            stage.until(GROUP, &format!("the news of {title}"), announced).await;
        }
    }
    for night in nights {
        let name = night.titles[0].replace("Film", "Night");
        let name = name.split('-').next().unwrap();
        let over = |messages: &[Value]| {
            let card = |m: &&Value| is_bots(m) && text_of(m).starts_with(&format!("🍿 {name}"));
            messages.iter().find(card).filter(|m| text_of(m).contains("The round is over")).map(drop)
        };
        stage.until(GROUP, &format!("the end of {name} on its card"), over).await;
    }
    let messages = stage.messages(GROUP).await;
    let mut announced = BTreeMap::new();
    for title in nights.iter().flat_map(Night::matches) {
        let news: Vec<&Value> = messages.iter().filter(|m| tells(m, title)).collect();
        assert_eq!(news.len(), 1, "{title} is told once");
        announced.insert(title.clone(), news[0]["date_ms"].as_i64().unwrap());
    }
    announced
}

/// What Telegram counted in the group.
async fn counted(stage: &Stage) -> (usize, usize, usize) {
    let counted = stage.get("/sim/limits").await["chats"][GROUP.to_string()].clone();
    let number = |name: &str| usize::try_from(counted[name].as_u64().unwrap()).unwrap();
    (number("sent"), number("worst_minute"), number("refused"))
}

async fn stayed_within_what_telegram_takes(stage: &Stage) {
    let (sent, worst, refused) = counted(stage).await;
    println!("{sent} sends and edits, {worst} in the worst minute, {refused} refused");
    assert_eq!(refused, 0, "refused by Telegram");
    assert!(worst <= PER_WINDOW, "{worst} sends and edits in one minute");
}

/// How long it would have taken at Telegram's own pace. What a busy chat has matches wait passes faster here; beyond it the machine is at
/// work, and that is no faster than there.
fn at_real_pace(stage: &Stage, took: Duration) -> Duration {
    let haste = stage.play.haste;
    (took * haste).min(BETWEEN_MATCHES) + took.saturating_sub(BETWEEN_MATCHES / haste)
}

/// Each match is announced soon after it happened.
fn each_match_was_told_soon(
    stage: &Stage,
    happened: &BTreeMap<String, i64>,
    announced: &BTreeMap<String, i64>,
) {
    let took = |(title, at): (&String, &i64)| {
        let told_after = u64::try_from(announced[title] - at).expect("it was told before it happened");
        (at_real_pace(stage, Duration::from_millis(told_after)), title.clone())
    };
    let mut took: Vec<(Duration, String)> = happened.iter().map(took).collect();
    took.sort();
    let slowest = took.last().expect("there were matches").0;
    println!("{} matches, the slowest told after {slowest:?}", took.len());
    assert!(slowest <= TOLD_WITHIN, "told after more than {TOLD_WITHIN:?}: {took:?}");
}

async fn twenty_rooms_share_what_one_chat_takes_and_each_match_is_told_soon_also_when_a_bot_ends(play: Play) {
    let play = Play { haste: MEASURED_HASTE, rate_limits: true, ..play };
    let (house, one, other) = House::with_two(play).await;
    let (stage, mut at_work) = (&house.stage, vec![one, other]);
    let nights = nights(stage, 20, 8).await;
    gather(stage, &nights).await;
    let (mut happened, began) = (BTreeMap::new(), Instant::now());
    for number in 0..8_u32 {
        sleep_until(began + BETWEEN_SWIPES / MEASURED_HASTE * number).await;
        happened.extend(swipe(stage, &nights, usize::try_from(number).unwrap()).await);
        if number == 4 {
            // While matches wait to be told.
            at_work.remove(0).stop().await;
            at_work.push(house.bot().await);
        }
    }
    let announced = calms_down(stage, &nights).await;
    stayed_within_what_telegram_takes(stage).await;
    each_match_was_told_soon(stage, &happened, &announced);
}

/// As if the bot had written so much into the group lately, with a pause between each two, the last one just now.
async fn wrote_lately(stage: &Stage, what: Sending, times: usize) {
    let now = stage.rooms.clock().now().millis() * i64::from(stage.play.haste);
    for ago in (0..times).rev() {
        let at = Timestamp::from_millis(now - 1_400 * i64::try_from(ago).unwrap());
        let turn = stage.db().chat_turn(&GROUP.to_string(), what, at).await.unwrap();
        assert_eq!(turn, Turn::Granted, "the last but {ago}");
    }
}

#[tokio::test]
async fn a_match_is_told_at_once_in_a_chat_that_is_full_of_other_things() {
    let stage = Stage::new().await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    wrote_lately(&stage, Sending::Answer, 14).await;
    let full = stage.db().chat_turn(&GROUP.to_string(), Sending::Answer, stage.rooms.clock().now()).await;
    assert!(matches!(full.unwrap(), Turn::NotYet(_)), "the chat is full");
    let began = Instant::now();
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.message_with(GROUP, "🎉").await;
    assert!(began.elapsed() < Duration::from_secs(15), "it took {:?}", began.elapsed());
}

#[tokio::test]
async fn matches_of_all_rooms_that_wait_are_one_message_with_a_link_to_each() {
    let stage = Stage::with(fast(Play::default())).await;
    wrote_lately(&stage, Sending::Match, 3).await;
    let mut rooms = Vec::new();
    for night in 0..5 {
        let room = stage.room_of(ANNA, &format!("Night {night}")).await.code();
        stage.has_card(room, GROUP).await;
        rooms.push(room);
    }
    for (number, room) in rooms.iter().enumerate() {
        stage.match_in(*room, ANNA, BEN, &format!("Film {number}")).await;
    }
    let all = |messages: &[Value]| {
        (0..5).all(|n| messages.iter().any(|m| tells(m, &format!("Film {n}")))).then_some(())
    };
    stage.until(GROUP, "every match", all).await;
    let messages = stage.messages(GROUP).await;
    let news: Vec<&Value> = messages.iter().filter(|m| text_of(m).starts_with("🎉")).collect();
    assert!(news.len() <= 3, "{} messages told of five matches", news.len());
    for message in news.iter().filter(|message| text_of(message).matches("💚").count() > 1) {
        for (number, room) in
            rooms.iter().enumerate().filter(|(n, _)| text_of(message).contains(&format!("Film {n}")))
        {
            let links = message["entities"].to_string();
            assert!(links.contains(room.as_str()), "no link to the room of Film {number}: {links}");
        }
    }
}

#[tokio::test]
async fn a_chat_that_threw_the_bot_out_is_told_nothing_more() {
    let stage = Stage::with(fast(Play::default())).await;
    let mut rooms = Vec::new();
    for night in 0..2 {
        let (room, _) = stage.new_room(ANNA, GROUP, &format!("/new Night {night}")).await;
        stage.cards_until(room, |cards| cards.iter().any(sovpalo_storage::Card::is_shown)).await;
        rooms.push(room);
    }
    let kicked = "Forbidden: bot was kicked from the supergroup chat";
    for method in ["sendMessage", "editMessageText"] {
        stage.fault(json!({"method": method, "status": 403, "description": kicked, "times": 100})).await;
    }
    for room in &rooms {
        stage.match_in(*room, ANNA, BEN, "Solaris").await;
    }
    for room in &rooms {
        stage.cards_until(*room, <[_]>::is_empty).await;
    }
    let tries = stage.calls("sendMessage").await.iter().filter(|call| call["status"] == 403).count();
    assert!(tries <= 2, "it was said no {tries} times");
}

#[tokio::test]
async fn an_answer_that_would_come_too_late_is_dropped_and_holds_up_nobody() {
    let stage = Stage::with(Play { haste: 1, ..Play::default() }).await;
    wrote_lately(&stage, Sending::Answer, 15).await;
    let began = Instant::now();
    for _ in 0..5 {
        stage.say(ANNA, GROUP, "/help@sovpalo_bot").await;
    }
    // In private there is room.
    stage.answer(BEN, "/help").await;
    stage.inbox_is_emptied().await;
    assert!(began.elapsed() < Duration::from_secs(20), "it took {:?}", began.elapsed());
    let answers = stage.messages(GROUP).await.iter().filter(|m| is_bots(m)).count();
    assert_eq!(answers, 0, "in half a minute nobody knows what was asked");
}

#[tokio::test]
async fn people_are_answered_within_bounds_also_when_the_budget_cannot_be_read() {
    let stage = Stage::new().await;
    stage.answer(ANNA, "/start").await;
    let DbTarget::Sqlite { path } = &stage.database.target else { panic!("a file") };
    let mut file = sqlx::SqliteConnection::connect(&path.display().to_string()).await.unwrap();
    sqlx::query("DROP TABLE chat_budgets").execute(&mut file).await.unwrap();
    for _ in 0..8 {
        stage.say(ANNA, GROUP, "/help@sovpalo_bot").await;
    }
    stage.answer(BEN, "/help").await;
    let four = |messages: &[Value]| (messages.iter().filter(|m| is_bots(m)).count() >= 4).then_some(());
    stage.until(GROUP, "answers", four).await;
    let (_, worst, _) = counted(&stage).await;
    assert!(worst <= PER_WINDOW, "{worst} in one minute");
}
