//! What people do in the simulated Telegram, and waiting for what the bot does there.

use serde_json::{Value, json};
use sovpalo_domain::ids::RoomCode;
use tokio::time::timeout;

use super::{ANNA, PATIENCE, Stage, TOKEN};

impl Stage {
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.api_url)).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}{path}", self.api_url)).json(&body).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        let answer = self.http.patch(format!("{}{path}", self.api_url)).json(&body).send().await.unwrap();
        read(path, answer).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        let answer = self.http.delete(format!("{}{path}", self.api_url)).send().await.unwrap();
        read(path, answer).await
    }

    /// Calls a method of the Bot API with the bot's token, as another program could.
    pub(crate) async fn bots_call(&self, method: &str, parameters: Value) -> Value {
        self.post(&format!("/bot{TOKEN}/{method}"), parameters).await
    }

    /// Somebody writes.
    pub(crate) async fn say(&self, user: i64, chat: i64, text: &str) -> Value {
        self.post(&format!("/sim/chats/{chat}/messages"), json!({"user": user, "text": text})).await
    }

    /// Waits until the chat's messages are what is looked for.
    pub(crate) async fn until<T>(
        &self,
        chat: i64,
        what: &str,
        mut look: impl FnMut(&[Value]) -> Option<T>,
    ) -> T {
        let mut last = Vec::new();
        let waiting = async {
            let mut revision = 0;
            loop {
                let news = self.get(&format!("/sim/chats/{chat}/messages?since={revision}&wait=20")).await;
                revision = news["revision"].as_u64().unwrap();
                last = self.messages(chat).await;
                if let Some(found) = look(&last) {
                    return found;
                }
            }
        };
        let found = timeout(PATIENCE, waiting).await.ok();
        found.unwrap_or_else(|| panic!("waited in vain for {what}; chat {chat} has {}", shown(&last)))
    }

    /// What is in a chat now.
    pub(crate) async fn messages(&self, chat: i64) -> Vec<Value> {
        self.get(&format!("/sim/chats/{chat}/messages")).await["messages"].as_array().unwrap().clone()
    }

    /// Waits for a message of the bot's that holds this text.
    pub(crate) async fn message_with(&self, chat: i64, text: &str) -> Value {
        let found =
            |messages: &[Value]| messages.iter().find(|m| is_bots(m) && text_of(m).contains(text)).cloned();
        self.until(chat, &format!("a message with {text:?}"), found).await
    }

    /// Waits for the bot's answer to somebody's words in private.
    pub(crate) async fn answer(&self, user: i64, words: &str) -> Value {
        let asked = self.say(user, user, words).await["message_id"].as_i64().unwrap();
        let newer = |messages: &[Value]| {
            messages.iter().find(|m| is_bots(m) && m["message_id"].as_i64() > Some(asked)).cloned()
        };
        self.until(user, &format!("an answer to {words:?}"), newer).await
    }

    /// Makes sure that everything said in a chat so far is dealt with: a later question is answered.
    pub(crate) async fn settled(&self, chat: i64) {
        let asked = self.say(ANNA, chat, "/help@sovpalo_bot").await["message_id"].as_i64().unwrap();
        let newer = |messages: &[Value]| {
            let help = |m: &&Value| is_bots(m) && m["message_id"].as_i64() > Some(asked);
            messages.iter().find(help).map(drop)
        };
        self.until(chat, "an answer to /help", newer).await;
    }

    /// The bot's calls of a method.
    pub(crate) async fn calls(&self, method: &str) -> Vec<Value> {
        self.get(&format!("/sim/requests?method={method}")).await.as_array().unwrap().clone()
    }

    /// Waits until a call is what is looked for.
    pub(crate) async fn call<T>(&self, method: &str, mut look: impl FnMut(&Value) -> Option<T>) -> T {
        let waiting = async {
            let mut after = 0;
            loop {
                let calls = self.get(&format!("/sim/requests?method={method}&after={after}&wait=20")).await;
                for call in calls.as_array().unwrap() {
                    if let Some(found) = look(call) {
                        return found;
                    }
                    after = call["number"].as_u64().unwrap();
                }
            }
        };
        let found = timeout(PATIENCE, waiting).await.ok();
        found.unwrap_or_else(|| panic!("waited in vain for a call of {method}"))
    }

    /// The next calls of a method fail.
    pub(crate) async fn fault(&self, fault: Value) {
        self.post("/sim/faults", fault).await;
    }

    /// Waits until every fault has met its call.
    pub(crate) async fn faults_are_met(&self) {
        let waiting = async {
            while self.get("/sim/faults").await != json!([]) {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.expect("the bot makes the call that is to fail");
    }

    /// An update as Telegram might send it.
    pub(crate) async fn update(&self, update: Value) -> i64 {
        self.post("/sim/updates", update).await["update_id"].as_i64().unwrap()
    }
}

async fn read(path: &str, answer: reqwest::Response) -> Value {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path} answered {status}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path} answered {text}"))
}

pub(crate) fn is_bots(message: &Value) -> bool {
    message["from"]["is_bot"] == true && message["via_bot"].is_null()
}

pub(crate) fn text_of(message: &Value) -> &str {
    message["text"].as_str().unwrap_or_default()
}

/// The address of a message's first button.
pub(crate) fn url_of(message: &Value) -> &str {
    message["reply_markup"]["inline_keyboard"][0][0]["url"].as_str().unwrap_or_default()
}

/// The room that a message's button opens.
pub(crate) fn code_in(message: &Value) -> Option<RoomCode> {
    url_of(message).split_once("startapp=")?.1.parse().ok()
}

fn shown(messages: &[Value]) -> String {
    let lines = messages.iter().map(|m| format!("{}: {:?}", m["message_id"], text_of(m)));
    lines.collect::<Vec<_>>().join("; ")
}
