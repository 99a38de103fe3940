//! Launches of the Mini App, for tests that meet the program as an operator does.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

/// The bot's token in these tests.
pub(crate) const TOKEN: &str = "12345:a-token-that-nobody-ever-gave-out";

/// What Telegram would tell the Mini App of this person now, signed with the bot's token.
pub(crate) fn launch(id: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let user = json!({ "id": id, "first_name": format!("Person {id}"), "language_code": "en" }).to_string();
    let fields = [("auth_date", now.to_string()), ("user", user)];
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let mac = |key: &[u8], message: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let hash = hex::encode(mac(&mac(b"WebAppData", TOKEN), &lines.join("\n")));
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .append_pair("hash", &hash)
        .finish()
}
