//! A refused call: Telegram's code, its text, and sometimes what to do about it.

use serde_json::{Value, json};

use crate::world::ids::ChatId;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) description: String,
    retry_after: Option<u32>,
    migrate_to: Option<ChatId>,
}

impl Refusal {
    pub(crate) fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None, migrate_to: None }
    }

    /// 400 with Telegram's prefix.
    pub(crate) fn bad(what: impl std::fmt::Display) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }

    /// 403 with Telegram's prefix.
    pub(crate) fn forbidden(what: &str) -> Self {
        Self::new(403, format!("Forbidden: {what}"))
    }

    /// 409 with Telegram's prefix.
    pub(crate) fn conflict(what: &str) -> Self {
        Self::new(409, format!("Conflict: {what}"))
    }

    /// 429: come back after so many seconds.
    pub(crate) fn too_many(seconds: u32) -> Self {
        let text = format!("Too Many Requests: retry after {seconds}");
        Self { retry_after: Some(seconds), ..Self::new(429, text) }
    }

    /// 400: the group has become a supergroup.
    pub(crate) fn migrated(to: ChatId) -> Self {
        let text = "group chat was upgraded to a supergroup chat";
        Self { migrate_to: Some(to), ..Self::bad(text) }
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut value = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            value["parameters"] = json!({"retry_after": seconds});
        }
        if let Some(chat) = self.migrate_to {
            value["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        value
    }
}
