//! Two bots over the same stores: what one does the other leaves alone, and what one leaves the other does.

use std::{collections::BTreeMap, time::Instant};

use serde_json::{Value, json};
use sovpalo_bot::BotHealth;
use sovpalo_domain::{ids::RoomCode, room::Command, room::SwipingCommand, title::TitleText};
use tokio::time::{Duration, timeout};

use crate::{
    processes::{House, Process, SECRET, movable_clock, over_both},
    stage::{ANNA, BEN, GROUP, PATIENCE, Play, Stage, code_in, is_bots, text_of, user_id},
};

over_both!(
    an_update_that_comes_to_both_is_handled_once,
    a_chat_is_answered_in_its_order_whichever_bot_hears,
    a_slow_chat_holds_up_no_other,
    what_a_killed_bot_had_in_work_is_done_by_the_other,
    what_a_stopped_bot_had_in_work_is_done_by_the_other_at_once,
    every_match_is_told_once_to_the_chat_and_to_each_member,
    a_429_delays_the_news_and_doubles_none,
    news_under_way_arrive_before_the_end_and_only_once,
    a_hanging_telegram_does_not_hold_up_the_end,
    many_quick_changes_end_with_the_newest_card_and_never_go_back,
    an_edit_that_takes_long_is_never_overtaken_by_a_newer_one,
    a_lively_evening_stays_within_what_telegram_allows,
    a_card_whose_keeper_was_killed_is_kept_by_the_other,
    a_stopped_keeper_hands_its_rooms_over,
    a_card_of_another_chat_and_one_sent_inline_follow_the_same_room,
    a_group_that_moves_gets_one_card,
);

/// The bot's messages in a chat that hold this text.
async fn count(stage: &Stage, chat: i64, text: &str) -> usize {
    stage.messages(chat).await.iter().filter(|m| is_bots(m) && text_of(m).contains(text)).count()
}

async fn cards_of(stage: &Stage, chat: i64, room: RoomCode) -> usize {
    let news = |m: &&Value| !text_of(m).contains("🎉");
    stage.messages(chat).await.iter().filter(|m| is_bots(m) && code_in(m) == Some(room)).filter(news).count()
}

/// Which messages were answered, in the order of the answers.
fn answered(messages: &[Value]) -> Vec<i64> {
    messages.iter().filter_map(|m| m["reply_to_message"]["message_id"].as_i64()).collect()
}

/// The same, when there are so many, and everything that was said is dealt with.
async fn answers(stage: &Stage, chat: i64, count: usize) -> Vec<i64> {
    let all = |messages: &[Value]| (answered(messages).len() >= count).then_some(());
    stage.until(chat, "an answer to each", all).await;
    stage.inbox_is_emptied().await;
    answered(&stage.messages(chat).await)
}

async fn an_update_that_comes_to_both_is_handled_once(play: Play) {
    let (house, one, other) = House::with_two(play).await;
    let stage = &house.stage;
    let mut asked = Vec::new();
    for number in 1..=10 {
        let update = stage.said(number, ANNA, GROUP, "/help@sovpalo_bot").await;
        asked.push(update["message"]["message_id"].as_i64().unwrap());
        let update = update.to_string();
        let both = tokio::join!(
            stage.knock(&one.door, Some(SECRET), update.clone()),
            stage.knock(&other.door, Some(SECRET), update.clone()),
        );
        assert_eq!(both, (200, 200));
    }
    assert_eq!(answers(stage, GROUP, 10).await, asked, "each question once");
}

async fn a_chat_is_answered_in_its_order_whichever_bot_hears(play: Play) {
    let (house, one, other) = House::with_two(play).await;
    let stage = &house.stage;
    let mut asked = Vec::new();
    for number in 1..=10 {
        let update = stage.said(number, ANNA, GROUP, "/help@sovpalo_bot").await;
        asked.push(update["message"]["message_id"].as_i64().unwrap());
        let door = if number % 3 == 0 { &one.door } else { &other.door };
        stage.deliver(door, &update).await;
    }
    assert_eq!(answers(stage, GROUP, 10).await, asked);
}

async fn a_slow_chat_holds_up_no_other(play: Play) {
    let (house, one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    stage.patch(&format!("/sim/users/{BEN}"), json!({"reachable": true})).await;
    stage.fault(json!({"method": "sendMessage", "delay_ms": 15_000})).await;
    for number in 1..=3 {
        let update = stage.said(number, ANNA, GROUP, "/help@sovpalo_bot").await;
        stage.deliver(&one.door, &update).await;
    }
    stage.faults_are_met().await;
    let asked = Instant::now();
    stage.answer(BEN, "/help").await;
    assert!(asked.elapsed() < Duration::from_secs(10), "it took {:?}", asked.elapsed());
    assert_eq!(answered(&stage.messages(GROUP).await), [0; 0]);
}

async fn what_a_killed_bot_had_in_work_is_done_by_the_other(play: Play) {
    let clock = movable_clock();
    let house = House::new(Play { clock: clock.clone(), ..play }).await;
    let stage = &house.stage;
    let one = house.bot().await;
    stage.fault(json!({"method": "sendMessage", "delay_ms": 20_000})).await;
    for number in 1..=2 {
        let update = stage.said(number, ANNA, GROUP, "/help@sovpalo_bot").await;
        stage.deliver(&one.door, &update).await;
    }
    stage.faults_are_met().await;
    let other = house.bot().await;
    one.kill().await;
    let update = stage.said(3, ANNA, GROUP, "/help@sovpalo_bot").await;
    stage.deliver(&other.door, &update).await;
    clock.advance(Duration::from_secs(31));
    let answers = answers(stage, GROUP, 3).await;
    assert!(answers.len() == 3 && answers.is_sorted(), "{answers:?}");
}

async fn what_a_stopped_bot_had_in_work_is_done_by_the_other_at_once(play: Play) {
    let (house, one, other) = House::with_two(play).await;
    let stage = &house.stage;
    // Whichever bot handles it waits for Telegram's leave, longer than the ends of two may take.
    stage.fault(json!({"method": "sendMessage", "status": 429, "retry_after": 20, "times": 1})).await;
    let update = stage.said(1, ANNA, GROUP, "/help@sovpalo_bot").await;
    stage.deliver(&one.door, &update).await;
    stage.faults_are_met().await;
    let began = Instant::now();
    one.stop().await;
    assert!(began.elapsed() < Duration::from_secs(8), "it ended after {:?}", began.elapsed());
    // If it was the other, nothing was left behind; it goes on waiting. Else the answer comes now.
    let third = house.bot().await;
    other.stop().await;
    stage.message_with(GROUP, "How it works").await;
    third.stop().await;
    assert_eq!(count(stage, GROUP, "How it works").await, 1);
}

/// People whom the bot may write to.
async fn reachable(stage: &Stage, users: &[i64]) {
    for user in users {
        stage.answer(*user, "/start").await;
        stage.user_until(*user, |user| user.writes_allowed).await;
    }
}

/// Everybody likes everything.
async fn swipe_all(stage: &Stage, room: RoomCode, titles: &[String]) {
    stage.join(room, BEN, "Ben").await;
    let texts: Vec<&str> = titles.iter().map(String::as_str).collect();
    stage.pick_texts(room, ANNA, &texts).await;
    stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    for title in titles {
        let id = TitleText::new(title).unwrap().id();
        stage.like(room, ANNA, &id).await;
        stage.like(room, BEN, &id).await;
    }
}

/// How often each title is in the news of a chat, and in which order they came first.
async fn news(stage: &Stage, chat: i64, titles: &[String]) -> (BTreeMap<String, usize>, Vec<String>) {
    let mut times = BTreeMap::new();
    let mut order = Vec::new();
    for message in stage.messages(chat).await.iter().filter(|m| text_of(m).contains("🎉")) {
        let text = text_of(message);
        let mut named: Vec<(usize, &String)> =
            titles.iter().filter_map(|title| Some((text.find(title.as_str())?, title))).collect();
        named.sort_unstable();
        for (_, title) in named {
            order.push(title.clone());
            *times.entry(title.clone()).or_default() += 1;
        }
    }
    (times, order)
}

async fn every_match_is_told_once_to_the_chat_and_to_each_member(play: Play) {
    let clock = movable_clock();
    let (house, _one, _other) = House::with_two(Play { clock: clock.clone(), ..play }).await;
    let stage = &house.stage;
    reachable(stage, &[ANNA, BEN]).await;
    let mut rooms = Vec::new();
    for night in 0..4 {
        let (room, _) = stage.new_room(ANNA, GROUP, &format!("/new Night {night}")).await;
        rooms.push((room, (0..4).map(|n| format!("Film {night}-{n}")).collect::<Vec<_>>()));
    }
    futures::future::join_all(rooms.iter().map(|(room, titles)| swipe_all(stage, *room, titles))).await;
    let titles: Vec<String> = rooms.iter().flat_map(|(_, titles)| titles.clone()).collect();
    // In private what follows the first match of a room waits for a minute.
    let firsts: Vec<String> = rooms.iter().map(|(_, titles)| titles[0].clone()).collect();
    for (chat, titles) in [(GROUP, &titles), (ANNA, &firsts), (BEN, &firsts)] {
        let all = |messages: &[Value]| {
            let announced = |title: &&String| {
                messages.iter().any(|m| text_of(m).contains("🎉") && text_of(m).contains(title.as_str()))
            };
            (titles.iter().filter(announced).count() == titles.len()).then_some(())
        };
        stage.until(chat, "the news of every match", all).await;
        if chat == GROUP {
            stage.telling_is_noted().await;
            // People are written to about a room once a minute.
            clock.advance(Duration::from_secs(60));
        }
    }
    stage.settled(GROUP).await;
    for chat in [GROUP, ANNA, BEN] {
        let (times, order) = news(stage, chat, &titles).await;
        assert!(times.values().all(|times| *times == 1), "told more than once in {chat}: {times:?}");
        for (_, titles) in &rooms {
            let of_room: Vec<&String> = order.iter().filter(|title| titles.contains(title)).collect();
            let known: Vec<&String> = titles.iter().take(of_room.len()).collect();
            assert_eq!(of_room, known, "the order of one room's news in {chat}");
        }
    }
}

async fn a_429_delays_the_news_and_doubles_none(play: Play) {
    let (house, _one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.fault(json!({"method": "sendMessage", "status": 429, "retry_after": 2, "times": 2})).await;
    let began = Instant::now();
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.message_with(GROUP, "🎉").await;
    assert!(began.elapsed() >= Duration::from_secs(4), "two refusals, each of two seconds");
    stage.settled(GROUP).await;
    assert_eq!(count(stage, GROUP, "🎉").await, 1);
}

async fn news_under_way_arrive_before_the_end_and_only_once(play: Play) {
    let house = House::new(play).await;
    let stage = &house.stage;
    let one = house.bot().await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.fault(json!({"method": "sendMessage", "delay_ms": 3_000})).await;
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.faults_are_met().await;
    one.stop().await;
    assert_eq!(count(stage, GROUP, "🎉").await, 1, "it was under way, and was waited for");
    let _other = house.bot().await;
    stage.settled(GROUP).await;
    assert_eq!(count(stage, GROUP, "🎉").await, 1, "and it was noted");
}

async fn a_hanging_telegram_does_not_hold_up_the_end(play: Play) {
    let house = House::new(play).await;
    let stage = &house.stage;
    let one = house.bot().await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.fault(json!({"method": "sendMessage", "delay_ms": 60_000})).await;
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.faults_are_met().await;
    let began = Instant::now();
    one.stop().await;
    assert!(began.elapsed() < Duration::from_secs(8), "it ended after {:?}", began.elapsed());
    let _other = house.bot().await;
    stage.message_with(GROUP, "🎉").await;
}

/// How many people a card tells of.
fn people_on(text: &str) -> usize {
    let named =
        text.split("👥").nth(1).unwrap_or_default().lines().next().unwrap_or_default().split(", ").count();
    let more = text.split("and ").find_map(|rest| rest.split_once(" more")?.0.parse::<usize>().ok());
    more.map_or(named, |more| 12 + more)
}

async fn many_quick_changes_end_with_the_newest_card_and_never_go_back(play: Play) {
    let (house, _one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    let live = stage.rooms.open(room).await.unwrap();
    for guest in 0..60 {
        stage.join(room, 6_000_000_000 + guest, &format!("Guest {guest}")).await;
        // Now and then both bots have had the time to show something.
        if guest % 20 == 19 {
            let people = live.read(|room| room.present_members().count());
            stage.message_with(GROUP, &format!("and {} more", people - 12)).await;
        }
    }
    stage.message_with(GROUP, "and 49 more").await;
    stage.settled(GROUP).await;
    assert_eq!(cards_of(stage, GROUP, room).await, 1);
    let edits = stage.calls("editMessageText").await;
    let shown: Vec<usize> =
        edits.iter().map(|call| people_on(call["parameters"]["text"].as_str().unwrap())).collect();
    assert!(shown.is_sorted(), "the card went back: {shown:?}");
    assert!(edits.len() <= 10, "{} edits: {shown:?}", edits.len());
    assert!(edits.iter().all(|call| call["status"] == 200), "an edit that changed nothing");
}

async fn an_edit_that_takes_long_is_never_overtaken_by_a_newer_one(play: Play) {
    let (house, _one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    let mut rooms = Vec::new();
    for night in 0..3 {
        rooms.push(stage.new_room(ANNA, GROUP, &format!("/new Night {night}")).await);
    }
    // Telegram edits only when the wait is over, whatever comes meanwhile.
    stage.fault(json!({"method": "editMessageText", "delay_ms": 3_000, "times": rooms.len()})).await;
    for (room, _) in &rooms {
        stage.join(*room, BEN, "Ben").await;
    }
    stage.faults_are_met().await;
    for (room, _) in &rooms {
        for guest in 0..20 {
            stage.join(*room, 6_000_000_000 + guest, &format!("Guest {guest}")).await;
        }
    }
    let newest = |card: &Value, messages: &[Value]| {
        messages.iter().any(|m| m["message_id"] == card["message_id"] && text_of(m).contains("and 10 more"))
    };
    for (_, card) in &rooms {
        stage.until(GROUP, "the newest card", |messages| newest(card, messages).then_some(())).await;
    }
    stage.settled(GROUP).await;
    let messages = stage.messages(GROUP).await;
    let edits = stage.calls("editMessageText").await;
    for (room, card) in &rooms {
        assert!(newest(card, &messages), "the card of {room} went back");
        let of_card = edits.iter().filter(|call| call["parameters"]["message_id"] == card["message_id"]);
        let shown: Vec<usize> =
            of_card.map(|call| people_on(call["parameters"]["text"].as_str().unwrap())).collect();
        assert!(shown.is_sorted(), "the card of {room} went back: {shown:?}");
    }
}

async fn a_lively_evening_stays_within_what_telegram_allows(play: Play) {
    let (house, _one, _other) = House::with_two(Play { rate_limits: true, haste: 1, ..play }).await;
    let stage = &house.stage;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    let titles: Vec<String> = (0..5).map(|n| format!("Film {n}")).collect();
    swipe_all(stage, room, &titles).await;
    stage.message_with(GROUP, "The round is over").await;
    for title in &titles {
        let announced = |messages: &[Value]| {
            messages
                .iter()
                .find(|m| text_of(m).contains("🎉") && text_of(m).contains(title.as_str()))
                .map(drop)
        };
        stage.until(GROUP, "the news of each match", announced).await;
    }
    for method in ["sendMessage", "editMessageText"] {
        let refused = stage.calls(method).await.iter().filter(|call| call["status"] == 429).count();
        assert!(refused <= 2, "{refused} calls of {method} came too fast");
    }
    let (times, _) = news(stage, GROUP, &titles).await;
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

async fn a_card_whose_keeper_was_killed_is_kept_by_the_other(play: Play) {
    let clock = movable_clock();
    let house = House::new(Play { clock: clock.clone(), ..play }).await;
    let stage = &house.stage;
    let one = house.bot().await;
    let (room, card) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(room, BEN, "Ben").await;
    stage.message_with(GROUP, "Anna, Ben").await;
    let _other = house.bot().await;
    one.kill().await;
    stage.join(room, 6_000_000_001, "Vera").await;
    clock.advance(Duration::from_secs(60));
    let shown = stage.message_with(GROUP, "Anna, Ben, Vera").await;
    assert_eq!(shown["message_id"], card["message_id"]);
    // The other follows the room from now on: also what no notice tells of.
    stage.execute(room, BEN, Command::Swiping(SwipingCommand::Ready(true))).await;
    stage.message_with(GROUP, "Ben ✓").await;
}

async fn a_stopped_keeper_hands_its_rooms_over(play: Play) {
    let house = House::new(play).await;
    let stage = &house.stage;
    let one = house.bot().await;
    let (room, _) = stage.new_room(ANNA, GROUP, "/new").await;
    stage.join(room, BEN, "Ben").await;
    stage.pick_texts(room, ANNA, &["Solaris", "Stalker"]).await;
    stage.execute(room, ANNA, Command::Swiping(SwipingCommand::Start)).await;
    stage.message_with(GROUP, "Swiping").await;
    let _other = house.bot().await;
    one.stop().await;
    // Only the bot that holds the lease receives swipes.
    stage.like(room, ANNA, &TitleText::new("Solaris").unwrap().id()).await;
    stage.message_with(GROUP, "Anna: 1 of 2").await;
}

async fn a_card_of_another_chat_and_one_sent_inline_follow_the_same_room(play: Play) {
    let (house, _one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    let members = json!({"title": "Second", "members": [ANNA, BEN], "kind": "supergroup"});
    let second = stage.post("/sim/chats", members).await["id"].as_i64().unwrap();
    let private =
        stage.post("/sim/chats", json!({"title": "Two", "members": [ANNA, BEN], "bot": false})).await;
    let private = private["id"].as_i64().unwrap();
    let (room, _) = stage.new_room(ANNA, GROUP, "/new Everywhere").await;
    stage.say(ANNA, second, &format!("/start@sovpalo_bot {room}")).await;
    let projected = async {
        while stage.db().room_row(room).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, projected).await.expect("the room reaches SQL");
    let asked = stage.post("/sim/inline", json!({"user": ANNA, "chat": private, "query": "Every"})).await;
    let query = asked["query_id"].as_str().unwrap();
    stage.post(&format!("/sim/inline/{query}/choose"), json!({"result": room.as_str()})).await;
    stage.cards_until(room, |cards| cards.len() == 3).await;
    stage.join(room, BEN, "Ben").await;
    for chat in [GROUP, second] {
        stage.message_with(chat, "Anna, Ben").await;
        assert_eq!(cards_of(stage, chat, room).await, 1);
    }
    let inline = |messages: &[Value]| messages.iter().any(|m| text_of(m).contains("Anna, Ben")).then_some(());
    stage.until(private, "the card that was sent inline", inline).await;
}

async fn a_group_that_moves_gets_one_card(play: Play) {
    let (house, _one, _other) = House::with_two(play).await;
    let stage = &house.stage;
    let group =
        stage.post("/sim/chats", json!({"title": "Small", "members": [ANNA, BEN], "kind": "group"})).await;
    let group = group["id"].as_i64().unwrap();
    let (room, _) = stage.new_room(ANNA, group, "/new").await;
    stage.cards_until(room, |cards| cards.len() == 1 && cards[0].is_shown()).await;
    let moved = stage.post(&format!("/sim/chats/{group}/migrate"), json!({})).await;
    let moved = moved["id"].as_i64().unwrap();
    stage.match_in(room, ANNA, BEN, "Solaris").await;
    stage.message_with(moved, "🎉").await;
    stage.message_with(moved, "The round is over").await;
    stage.settled(moved).await;
    assert_eq!(cards_of(stage, moved, room).await, 1);
    assert_eq!(count(stage, moved, "🎉").await, 1);
}

#[tokio::test]
async fn two_bots_that_poll_say_that_they_are_in_each_others_way_and_lose_nothing() {
    let stage = Stage::without_bot(Play::default()).await;
    let (mut one, mut other) = (Process::start(&stage).await, Process::start(&stage).await);
    for bot in [&mut one, &mut other] {
        let ended = |health: &BotHealth| health.to_string().contains("another process");
        bot.health_until("a bot that says why it hears nothing", ended).await;
        bot.health.mark_unchanged();
    }
    for number in 0..3 {
        stage.new_room(ANNA, GROUP, &format!("/new Night {number}")).await;
    }
    let mut conflicts = 0;
    stage
        .call("getUpdates", |call| {
            conflicts += usize::from(call["status"] == 409);
            (conflicts >= 4).then_some(())
        })
        .await;
    for bot in [&one, &other] {
        assert!(
            !bot.health.has_changed().unwrap(),
            "it is said once, and stays so: {}",
            *bot.health.borrow()
        );
    }
    let rooms = stage.db().rooms_of(user_id(ANNA), 9).await.unwrap();
    assert_eq!(rooms.len(), 3, "each wish is one room");
}
