//! Whether a launch was made by Telegram, and for whom.
//!
//! Telegram signs what it tells the Mini App with the bot's token
//! (<https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app>). The check here takes the string as it came:
//! nothing is re-serialised, every field but `hash` is signed (`signature` too), keys may not repeat, the comparison takes
//! constant time, and the user's JSON is looked at only after the signature holds.
//!
//! The string is a bearer secret without a nonce, and clients hand over the same one for hours. It is exchanged for the one session of
//! its launch ([`crate::sessions`]), and must never be logged or put into an address.

use std::{collections::BTreeMap, time::Duration};

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use sha2::Sha256;
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_storage::Person;
use subtle::ConstantTimeEq;

/// Longer strings are refused unread.
const MAX_LENGTH: usize = 4096;
/// Telegram's clock may be this much ahead of ours.
pub(crate) const SKEW: Duration = Duration::from_secs(5 * 60);
/// A picture's address is dropped if it is longer.
const MAX_PHOTO_URL: usize = 512;

/// What launch data of one bot is signed with; made from its token, which it does not reveal.
#[derive(Clone)]
pub struct InitDataKey([u8; 32]);

impl InitDataKey {
    /// The key for the bot with this token.
    pub fn from_bot_token(token: &str) -> Self {
        Self(hmac(b"WebAppData", token.as_bytes()))
    }
}

impl std::fmt::Debug for InitDataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InitDataKey(…)")
    }
}

/// What Telegram signed a launch with, which tells it from every other.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LaunchHash([u8; 32]);

impl LaunchHash {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 32]> for LaunchHash {
    fn from(hash: [u8; 32]) -> Self {
        Self(hash)
    }
}

impl std::fmt::Debug for LaunchHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LaunchHash(…)")
    }
}

/// What a genuine launch says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) hash: LaunchHash,
    /// When Telegram signed it, by its clock.
    pub(crate) signed_at: Timestamp,
    pub(crate) person: Person,
    /// An IETF tag.
    pub(crate) language: Option<String>,
    /// What the link carried. Anybody can make a link: it proves nothing.
    pub(crate) start_param: Option<String>,
    /// They let the bot write to them.
    pub(crate) writes_allowed: bool,
}

/// The launch data is not Telegram's, not for this bot, or without a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotGenuine;

/// Why a genuine launch is not taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Untimely {
    /// It is older than allowed.
    Expired,
    /// It was signed so far in the future that one of the clocks is wrong: ours, as a rule.
    ClockDiffers,
}

/// Checks that Telegram made a launch, whenever that was.
pub(crate) fn check(raw: &str, key: &InitDataKey) -> Result<Launch, NotGenuine> {
    if raw.len() > MAX_LENGTH {
        return Err(NotGenuine);
    }
    let mut fields = decode(raw).ok_or(NotGenuine)?;
    let hash = fields.remove("hash").and_then(|hash| hex::decode(hash).ok()).ok_or(NotGenuine)?;
    let lines: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let expected = hmac(&key.0, lines.join("\n").as_bytes());
    if !bool::from(expected.as_slice().ct_eq(&hash)) {
        return Err(NotGenuine);
    }

    let signed_at: i64 = fields.get("auth_date").and_then(|s| s.parse().ok()).ok_or(NotGenuine)?;
    let signed_at = Timestamp::from_millis(signed_at.saturating_mul(1000));
    let user = fields.get("user").ok_or(NotGenuine)?;
    let user: TelegramUser = serde_json::from_str(user).map_err(|_| NotGenuine)?;
    let start_param = fields.remove("start_param");
    user.launch(LaunchHash(expected), signed_at, start_param).ok_or(NotGenuine)
}

impl Launch {
    /// Whether it is neither too old nor from the future.
    pub(crate) fn is_timely(&self, now: Timestamp, max_age: Duration) -> Result<(), Untimely> {
        if self.signed_at > now.plus(SKEW) {
            return Err(Untimely::ClockDiffers);
        }
        if now.since(self.signed_at) > max_age {
            return Err(Untimely::Expired);
        }
        Ok(())
    }
}

/// The form's fields, sorted by key; `None` if it is no form, or says something twice.
fn decode(raw: &str) -> Option<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for pair in raw.split('&') {
        let (key, value) = pair.split_once('=')?;
        if fields.insert(decode_part(key)?, decode_part(value)?).is_some() {
            return None;
        }
    }
    Some(fields)
}

fn decode_part(part: &str) -> Option<String> {
    let spaced = part.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("any length is a key"));
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// <https://core.telegram.org/bots/webapps#webappuser>
#[derive(Deserialize)]
struct TelegramUser {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    language_code: Option<String>,
    photo_url: Option<String>,
    #[serde(default)]
    allows_write_to_pm: bool,
}

impl TelegramUser {
    fn launch(self, hash: LaunchHash, signed_at: Timestamp, start_param: Option<String>) -> Option<Launch> {
        if self.is_bot {
            return None;
        }
        let filled = |text: &String| !text.is_empty();
        let shown = |url: &String| url.starts_with("https://") && url.len() <= MAX_PHOTO_URL;
        Some(Launch {
            hash,
            signed_at,
            person: Person {
                id: UserId::new(self.id).ok()?,
                first_name: self.first_name,
                last_name: self.last_name.filter(filled),
                username: self.username.filter(filled),
                photo_url: self.photo_url.filter(shown),
            },
            language: self.language_code.filter(filled),
            start_param: start_param.filter(filled),
            writes_allowed: self.allows_write_to_pm,
        })
    }
}

#[cfg(test)]
mod tests;
