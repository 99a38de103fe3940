//! Telegram's answers to questions, as far as the bot reads them.
//!
//! teloxide's own types refuse an answer with a value that is newer than they are, or that an older Bot API server leaves out; an answer
//! that cannot be read would look like a Telegram that cannot be reached.

use serde::{Deserialize, Serialize};
use serde_with::{DefaultOnError, serde_as};
use teloxide::requests::Payload;

/// `getMe`.
#[derive(Clone, Serialize)]
pub(crate) struct GetMe {}

/// Who the bot is.
#[serde_as]
#[derive(Deserialize)]
pub(crate) struct Me {
    /// Telegram's number of it.
    pub(crate) id: i64,
    /// Without `@`. Bots have one.
    pub(crate) username: String,
    /// Its name.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) first_name: String,
    /// Whether it is asked while people type its name.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) supports_inline_queries: bool,
}

impl Payload for GetMe {
    type Output = Me;
    const NAME: &'static str = "getMe";
}

/// `getWebhookInfo`.
#[derive(Clone, Serialize)]
pub(crate) struct GetWebhookInfo {}

/// How the webhook fares.
#[serde_as]
#[derive(Deserialize)]
pub(crate) struct WebhookInfo {
    /// Where updates go; empty: nowhere.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) url: String,
    /// How many wait.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) pending_update_count: u64,
    /// When delivering failed last, in Unix seconds.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) last_error_date: Option<i64>,
    /// Why.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) last_error_message: Option<String>,
}

impl Payload for GetWebhookInfo {
    type Output = WebhookInfo;
    const NAME: &'static str = "getWebhookInfo";
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn an_answer_of_a_newer_or_an_older_server_is_read_all_the_same() {
        let me: Me =
            from_value(json!({"id": 7, "is_bot": true, "username": "sovpalo_bot", "supports_holograms": {}}))
                .unwrap();
        assert!(me.username == "sovpalo_bot" && !me.supports_inline_queries);
        let info: WebhookInfo = from_value(json!({
            "url": "https://a.example/x", "pending_update_count": 2, "allowed_updates": ["message", "hologram"],
            "ip_address": "not one", "last_error_date": "yesterday",
        }))
        .unwrap();
        assert!(
            info.url == "https://a.example/x"
                && info.pending_update_count == 2
                && info.last_error_date.is_none()
        );
    }
}
