//! One running simulation and the calls that every test makes.

#![expect(dead_code, reason = "each test file uses its own part")]

use serde_json::{Value, json};
use telegram_sim::{Config, Handle};

pub(crate) const TOKEN: &str = "4242424242:test-token";
pub(crate) const ANNA: i64 = 5_000_000_101;
pub(crate) const BEN: i64 = 5_000_000_102;
pub(crate) const VERA: i64 = 5_000_000_103;
pub(crate) const GROUP: i64 = -1_002_400_000_001;

pub(crate) struct Sim {
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    handle: Handle,
}

impl Sim {
    /// A simulation without rate limits.
    pub(crate) async fn start() -> Self {
        Self::with(Config { rate_limits: false, ..Config::default() }).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let handle = telegram_sim::start(Config { token: TOKEN.to_owned(), ..config })
            .await
            .expect("the simulation starts on a free port");
        Self { url: handle.url.clone(), http: reqwest::Client::new(), handle }
    }

    pub(crate) async fn shutdown(self) {
        self.handle.shutdown().await;
    }

    /// A call of the bot: the whole envelope.
    pub(crate) async fn bot(&self, method: &str, params: Value) -> Value {
        let url = format!("{}/bot{TOKEN}/{method}", self.url);
        let response = self.http.post(url).json(&params).send().await.expect("it answers");
        response.json().await.expect("it answers JSON")
    }

    /// A call of the bot that must work: its result.
    pub(crate) async fn ok(&self, method: &str, params: Value) -> Value {
        let answer = self.bot(method, params).await;
        assert_eq!(answer["ok"], json!(true), "{method} was refused: {answer}");
        answer["result"].clone()
    }

    /// A call of the bot that must be refused: its code and text.
    pub(crate) async fn refused(&self, method: &str, params: Value) -> (i64, String) {
        let answer = self.bot(method, params.clone()).await;
        assert_eq!(answer["ok"], json!(false), "{method} {params} should be refused: {answer}");
        let code = answer["error_code"].as_i64().expect("a refusal has a code");
        (code, answer["description"].as_str().expect("a refusal has a text").to_owned())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/sim{path}", self.url);
        let response = self.http.post(url).json(&body).send().await.expect("it answers");
        response.json().await.expect("it answers JSON")
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let url = format!("{}/sim{path}", self.url);
        self.http.get(url).send().await.expect("it answers").json().await.expect("JSON")
    }

    pub(crate) async fn leave(&self, chat: i64, user: i64) {
        let url = format!("{}/sim/chats/{chat}/members/{user}", self.url);
        let response = self.http.delete(url).send().await.expect("it answers");
        assert_eq!(response.status(), 200, "{user} leaves {chat}");
    }

    pub(crate) async fn say(&self, chat: i64, user: i64, text: &str) -> Value {
        self.post(&format!("/chats/{chat}/messages"), json!({"user": user, "text": text})).await
    }

    /// Updates that wait for the bot, all confirmed by the next call.
    pub(crate) async fn updates(&self) -> Vec<Value> {
        let found = self.ok("getUpdates", json!({})).await;
        let found = found.as_array().expect("a list").clone();
        if let Some(last) = found.last() {
            let next = last["update_id"].as_i64().expect("an id") + 1;
            self.ok("getUpdates", json!({"offset": next})).await;
        }
        found
    }
}
