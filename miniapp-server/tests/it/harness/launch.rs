//! Launch data, signed as Telegram signs it.

use std::sync::atomic::{AtomicUsize, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::START;

static LAUNCHES: AtomicUsize = AtomicUsize::new(0);

/// The bot's token in every test.
pub(crate) const TOKEN: &str = "7000000001:TEST-token-of-nobody";

/// What Telegram would tell the Mini App. Each is another launch; a clone is the same one, presented again.
#[derive(Clone)]
pub(crate) struct Launch {
    query: usize,
    profile: Value,
    start_param: Option<String>,
    auth_date: i64,
}

impl Launch {
    /// Person 7 is called "Person 7" and speaks English.
    pub(crate) fn of(user: i64) -> Self {
        let profile = json!({ "id": user, "first_name": format!("Person {user}"), "language_code": "en" });
        let query = LAUNCHES.fetch_add(1, Ordering::Relaxed);
        Self { query, profile, start_param: None, auth_date: START / 1000 }
    }

    /// The same with another field of the user's.
    pub(crate) fn saying(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.profile[key] = value.into();
        self
    }

    /// By a link that carries this.
    pub(crate) fn through(mut self, start_param: &str) -> Self {
        self.start_param = Some(start_param.into());
        self
    }

    /// Made so many seconds after the test's start.
    pub(crate) fn at(mut self, seconds: i64) -> Self {
        self.auth_date = START / 1000 + seconds;
        self
    }

    /// The string that the page would find.
    pub(crate) fn signed(&self) -> String {
        // Telegram escapes slashes in its JSON.
        let user = self.profile.to_string().replace('/', "\\/");
        let (auth_date, query) = (self.auth_date.to_string(), self.query.to_string());
        let mut fields = vec![
            ("query_id", query.as_str()),
            ("auth_date", auth_date.as_str()),
            ("chat_instance", "-3788475317572404878"),
            ("chat_type", "group"),
            ("signature", "of-ed25519-which-is-not-checked-here"),
            ("user", user.as_str()),
        ];
        if let Some(param) = &self.start_param {
            fields.push(("start_param", param));
        }
        fields.sort_unstable();
        let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let hash = hex::encode(mac(&mac(b"WebAppData", TOKEN), &lines.join("\n")));
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&fields).append_pair("hash", &hash).finish()
    }
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
