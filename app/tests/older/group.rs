//! The simulated Telegram: a group with the older bot's cards, and with wishes that it has stored.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{TOKEN, eventually};

pub(crate) const ANNA: i64 = 5_000_000_101;
pub(crate) const BORIS: i64 = 5_000_000_102;
/// The group of the default world.
pub(crate) const CHAT: i64 = -1_002_400_000_001;

pub(crate) struct Group {
    http: reqwest::Client,
    sim: telegram_sim::Handle,
}

/// What Telegram has of the older bot.
pub(crate) struct Left {
    /// The numbers of its cards.
    pub(crate) friday: i64,
    pub(crate) last_week: i64,
    /// An update that waits.
    pub(crate) saturday: Value,
    /// The number of one that was handled.
    pub(crate) sunday: i64,
}

impl Group {
    pub(crate) async fn gathers() -> Self {
        let config = telegram_sim::Config { token: TOKEN.into(), rate_limits: false, ..Default::default() };
        let sim = telegram_sim::start(config).await.expect("the simulator starts");
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, sim }
    }

    pub(crate) fn telegram(&self) -> String {
        self.sim.url.clone()
    }

    /// The older bot posted two cards, was asked for two rooms, and did not come to say to Telegram that it has these updates: they come again.
    pub(crate) async fn left_by_an_older_bot(&self) -> Left {
        let card = async |text: &str| {
            let sent = self.bot_calls("sendMessage", json!({ "chat_id": CHAT, "text": text })).await;
            sent["result"]["message_id"].as_i64().unwrap()
        };
        let (friday, last_week) = (card("Friday").await, card("Last week").await);
        self.says(BORIS, BORIS, "/start").await;
        self.says(ANNA, CHAT, "/new@sovpalo_bot Saturday").await;
        self.says(ANNA, CHAT, "/new@sovpalo_bot Sunday").await;
        let updates = self.bot_calls("getUpdates", json!({})).await;
        let asking = |words: &str| {
            let mut all = updates["result"].as_array().unwrap().iter();
            all.find(|update| update["message"]["text"].as_str().is_some_and(|text| text.contains(words)))
                .unwrap_or_else(|| panic!("{words} is not among {updates}"))
        };
        let (saturday, sunday) =
            (asking("Saturday").clone(), asking("Sunday")["update_id"].as_i64().unwrap());
        Left { friday, last_week, saturday, sunday }
    }

    async fn says(&self, user: i64, chat: i64, text: &str) -> i64 {
        let said =
            self.post(&format!("/sim/chats/{chat}/messages"), json!({ "user": user, "text": text })).await;
        said["message_id"].as_i64().unwrap()
    }

    async fn bot_calls(&self, method: &str, parameters: Value) -> Value {
        self.post(&format!("/bot{TOKEN}/{method}"), parameters).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.sim.url)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.sim.url)).timeout(Duration::from_secs(30));
        answer.send().await.unwrap().json().await.unwrap()
    }

    async fn messages(&self, chat: i64) -> Vec<Value> {
        self.get(&format!("/sim/chats/{chat}/messages")).await["messages"].as_array().unwrap().clone()
    }

    /// What the bot's messages say, as they are now.
    pub(crate) async fn words_of_bot(&self, chat: i64) -> Vec<String> {
        self.messages(chat).await.iter().filter(|message| is_bots(message)).map(words).collect()
    }

    /// How many messages that the older bot had not posted itself have these words.
    pub(crate) async fn told(&self, left: &Left, chat: i64, wanted: &str) -> usize {
        let messages = self.messages(chat).await;
        let cards = [left.friday, left.last_week].map(|card| (CHAT, Some(card)));
        let is_told = |message: &&Value| {
            let is_card = cards.contains(&(chat, message["message_id"].as_i64()));
            is_bots(message) && !is_card && words(message).contains(wanted)
        };
        messages.iter().filter(is_told).count()
    }

    /// Waits for such a message.
    pub(crate) async fn bot_tells(&self, left: &Left, chat: i64, wanted: &str) {
        let told = async || (self.told(left, chat, wanted).await > 0).then_some(());
        eventually(&format!("the bot tells {wanted:?} in {chat}"), told).await;
    }

    /// Waits until the older card shows what the room is now.
    pub(crate) async fn friday_card_is_drawn_anew(&self) {
        let shows = async || {
            let all = self.words_of_bot(CHAT).await;
            all.iter().any(|text| text.contains("Friday") && text.contains("The Lion King")).then_some(())
        };
        eventually("the card of Friday shows the match", shows).await;
    }

    /// Waits until all that was said in a chat before is dealt with: a later question is answered.
    pub(crate) async fn settles(&self, chat: i64) {
        let user = if chat > 0 { chat } else { ANNA };
        let asked = self.says(user, chat, "/help@sovpalo_bot").await;
        let answered = async || {
            let messages = self.messages(chat).await;
            let newer = |message: &Value| is_bots(message) && message["message_id"].as_i64() > Some(asked);
            messages.iter().any(newer).then_some(())
        };
        eventually(&format!("the bot answers in {chat}"), answered).await;
    }
}

fn is_bots(message: &Value) -> bool {
    message["from"]["is_bot"] == true
}

fn words(message: &Value) -> String {
    ["text", "caption"].iter().filter_map(|field| message[field].as_str()).collect()
}
