//! Launch data, signed as Telegram signs it (<https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app>).

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sovpalo_domain::ids::UserId;

/// The token of a bot that exists only here.
pub(crate) const BOT_TOKEN: &str = "7000000002:token-of-a-bot-that-exists-only-in-trials";

/// What Telegram would tell the Mini App of this person now.
pub(crate) fn init_data(user: UserId) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let profile =
        serde_json::json!({ "id": user, "first_name": format!("Person {user}"), "language_code": "en" });
    let fields = [
        ("auth_date", now.to_string()),
        ("chat_instance", "-3788475317572404878".to_owned()),
        ("chat_type", "group".to_owned()),
        ("signature", "of-ed25519-which-a-server-with-the-token-does-not-need".to_owned()),
        ("user", profile.to_string()),
    ];
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let hash = hex::encode(mac(&mac(b"WebAppData", BOT_TOKEN), &lines.join("\n")));
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .append_pair("hash", &hash)
        .finish()
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
