//! Messages: what was written, and by whom.

use serde_json::Value;

use super::ids::{MessageId, UserId};

/// Where a photo's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Photo {
    /// At an address that Telegram would have fetched.
    Url(String),
    /// Uploaded; the id names it in the world's files.
    File(String),
}

/// What a message consists of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Text {
        text: String,
        entities: Vec<Value>,
        preview: Option<Value>,
    },
    Photo {
        photo: Photo,
        caption: String,
        entities: Vec<Value>,
        above: bool,
    },
    Dice {
        emoji: String,
        value: i64,
    },
    /// A service message: the Bot API fields that say what happened.
    Service(Value),
}

/// One message of a chat.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) from: UserId,
    pub(crate) via_bot: bool,
    pub(crate) thread: Option<i64>,
    /// When it was written, in Unix milliseconds; bots are told whole seconds.
    pub(crate) date_ms: i64,
    pub(crate) edit_date: Option<i64>,
    pub(crate) body: Body,
    pub(crate) markup: Option<Value>,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) inline_message_id: Option<String>,
    pub(crate) reaction: Option<Value>,
    pub(crate) deleted: bool,
    pub(crate) revision: u64,
}
