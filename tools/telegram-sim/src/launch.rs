//! Launch data, made and signed as Telegram makes it.
//!
//! The hash is over every field but itself (`signature` included); the Ed25519 signature is over
//! every field but those two and uses a key of the simulator's own. Slashes in the user's JSON are
//! escaped, values are percent-encoded, and the whole string goes into the URL's fragment.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::world::ids::ChatId;

/// What JavaScript's `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The version of the Mini App platform that the phones claim.
pub(crate) const VERSION: &str = "9.1";

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// The fields of one launch; which are there depends on how the app was opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Launch {
    pub(crate) query_id: Option<String>,
    /// The person, as in Bot API's `User` plus `allows_write_to_pm` and `photo_url`.
    pub(crate) user: Option<Value>,
    pub(crate) chat_instance: Option<String>,
    pub(crate) chat_type: Option<String>,
    pub(crate) start_param: Option<String>,
    pub(crate) auth_date: i64,
}

/// Signs launches of one bot.
pub(crate) struct Signer {
    bot_id: String,
    secret: [u8; 32],
    key: SigningKey,
}

impl Signer {
    pub(crate) fn new(token: &str) -> Self {
        let bot_id = token.split(':').next().unwrap_or_default().to_owned();
        Self {
            bot_id,
            secret: hmac(b"WebAppData", token.as_bytes()),
            key: SigningKey::from_bytes(&Sha256::digest("telegram-sim signs like this").into()),
        }
    }

    /// The public half of the Ed25519 key, in hex.
    pub(crate) fn public_key(&self) -> String {
        hex::encode(self.key.verifying_key().to_bytes())
    }

    /// The raw `initData` string of a launch.
    pub(crate) fn init_data(&self, launch: &Launch) -> String {
        let mut fields: Vec<(&str, String)> = Vec::new();
        let mut put = |key, value: &Option<String>| {
            if let Some(value) = value {
                fields.push((key, value.clone()));
            }
        };
        put("query_id", &launch.query_id);
        // PHP, which makes these strings, escapes slashes in JSON.
        put("user", &launch.user.as_ref().map(|user| user.to_string().replace('/', "\\/")));
        put("chat_instance", &launch.chat_instance);
        put("chat_type", &launch.chat_type);
        put("start_param", &launch.start_param);
        put("auth_date", &Some(launch.auth_date.to_string()));

        let message = format!("{}:WebAppData\n{}", self.bot_id, check_string(&fields));
        let signature = self.key.sign(message.as_bytes());
        fields.push(("signature", URL_SAFE_NO_PAD.encode(signature.to_bytes())));
        let hash = hmac(&self.secret, check_string(&fields).as_bytes());
        fields.push(("hash", hex::encode(hash)));
        let pairs: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        pairs.join("&")
    }

    /// A number for a chat as the app sees it: always the same, says nothing about the chat.
    pub(crate) fn chat_instance(&self, chat: ChatId) -> String {
        let digest = hmac(&self.secret, format!("chat_instance {chat}").as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        i64::from_be_bytes(bytes).to_string()
    }
}

/// How a launched page looks to the app.
pub(crate) struct Frame<'a> {
    pub(crate) theme: &'a str,
    pub(crate) platform: &'a str,
}

/// The address that a phone opens: the app's own, with launch data in the fragment.
pub(crate) fn url(base: &str, init_data: &str, start_param: Option<&str>, frame: &Frame<'_>) -> String {
    use std::fmt::Write as _;

    let mut url = base.to_owned();
    if let Some(param) = start_param {
        url.push(if base.contains('?') { '&' } else { '?' });
        // Writing to a string cannot fail.
        let _ = write!(url, "tgWebAppStartParam={}", encode(param));
    }
    let _ = write!(
        url,
        "#tgWebAppData={}&tgWebAppVersion={VERSION}&tgWebAppPlatform={}&tgWebAppThemeParams={}",
        encode(init_data),
        encode(frame.platform),
        encode(frame.theme),
    );
    if let Some(param) = start_param {
        let _ = write!(url, "&tgWebAppStartParam={}", encode(param));
    }
    url
}

fn check_string(fields: &[(&str, String)]) -> String {
    let mut lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}
