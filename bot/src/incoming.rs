//! An update as far as this bot reads it.
//!
//! Telegram adds kinds of messages, entities, buttons and chats several times a year, and its servers use them at once. So only what
//! the bot acts upon is read, field by field, and a field that cannot be read counts as absent: nothing that is new elsewhere in
//! an update can keep a command from being answered. Needed are only a message's chat, and the sender of a query.
//!
//! [`read`] never fails for a kind of update that the bot does not ask for; for one that it does ask for and cannot read it says
//! which, without a word of what is in it.

mod message;
mod who;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use serde_with::{DefaultOnError, serde_as};
use sovpalo_domain::ids::UserId;
use sovpalo_storage::measure::{self, Label};

pub(crate) use self::{
    message::Message,
    who::{Chat, ChatKind, User},
};

/// Somebody did something.
#[derive(Debug)]
pub(crate) enum Update {
    /// Somebody wrote, or something happened in a chat.
    Message(Box<Message>),
    /// Somebody types `@bot` and more.
    InlineQuery(InlineQuery),
    /// Somebody sent one of the bot's offers.
    ChosenInlineResult(ChosenInlineResult),
    /// Somebody tapped a button.
    CallbackQuery(CallbackQuery),
    /// The bot was put into a chat or out of it.
    MyChatMember(Box<ChatMemberUpdated>),
    /// A kind that the bot has no use for.
    Other,
}

/// An update that should have been read and cannot be: which kind, as a closed set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unreadable(pub(crate) &'static str);

impl Unreadable {
    /// What is no JSON at all.
    pub(crate) const NO_JSON: Self = Self("not JSON");

    /// Counts it.
    pub(crate) fn count(self) {
        measure::count("sovpalo_updates_unreadable_total", [("kind", Label::word(self.0))]);
    }
}

/// `@bot` and what somebody types after it.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct InlineQuery {
    /// What an answer names.
    pub(crate) id: String,
    /// Who types.
    pub(crate) from: User,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) query: String,
}

/// An offer that was sent.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct ChosenInlineResult {
    /// Which offer.
    pub(crate) result_id: String,
    /// Who sent it.
    pub(crate) from: User,
    /// What they had typed.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) query: String,
    /// What the message can be edited by.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) inline_message_id: Option<String>,
}

/// A tap on a button.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct CallbackQuery {
    /// What an answer names.
    pub(crate) id: String,
    /// Who taps.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) from: Option<User>,
    /// What the button says to the bot, if nobody made it up.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) data: Option<String>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    message: Option<Tapped>,
}

/// The message below which a button is.
#[derive(Debug, Deserialize)]
struct Tapped {
    message_id: i32,
    chat: Chat,
}

impl CallbackQuery {
    /// The message in one's own chat with the bot, by chat and number; `None` elsewhere.
    pub(crate) fn private_message(&self) -> Option<(i64, i32)> {
        let tapped = self.message.as_ref()?;
        tapped.chat.is_private().then_some((tapped.chat.id, tapped.message_id))
    }
}

/// How the bot stands in a chat has changed.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct ChatMemberUpdated {
    /// In this chat.
    pub(crate) chat: Chat,
    /// By whom.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) from: Option<User>,
    /// How it stood.
    pub(crate) old_chat_member: ChatMember,
    /// How it stands now.
    pub(crate) new_chat_member: ChatMember,
}

/// How somebody stands in a chat.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct ChatMember {
    status: String,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    is_member: bool,
}

impl ChatMember {
    /// Whether they are in the chat; `None` for a standing of a new kind.
    pub(crate) fn is_present(&self) -> Option<bool> {
        match self.status.as_str() {
            "creator" | "administrator" | "member" => Some(true),
            "restricted" => Some(self.is_member),
            "left" | "kicked" => Some(false),
            _ => None,
        }
    }
}

/// Reads an update, which should be JSON.
pub(crate) fn read(payload: &str) -> Result<Update, Unreadable> {
    let mut update: Value = serde_json::from_str(payload).map_err(|_| Unreadable::NO_JSON)?;
    if let Some(message) = part(&mut update, "message") {
        let is_service = SERVICE.iter().any(|field| message.get(field).is_some());
        let rich = message.get("rich_message").and_then(|rich| rich.get("blocks")).map(text_of);
        let mut message: Message = read_as("message", message)?;
        message.text = message.text.or(rich);
        message.is_service = is_service;
        return Ok(Update::Message(Box::new(message)));
    }
    if let Some(query) = part(&mut update, "inline_query") {
        return read_as("inline_query", query).map(Update::InlineQuery);
    }
    if let Some(chosen) = part(&mut update, "chosen_inline_result") {
        return read_as("chosen_inline_result", chosen).map(Update::ChosenInlineResult);
    }
    if let Some(query) = part(&mut update, "callback_query") {
        return read_as("callback_query", query).map(Update::CallbackQuery);
    }
    if let Some(change) = part(&mut update, "my_chat_member") {
        return read_as("my_chat_member", change).map(|change| Update::MyChatMember(Box::new(change)));
    }
    Ok(Update::Other)
}

fn part(update: &mut Value, kind: &str) -> Option<Value> {
    update.get_mut(kind).map(Value::take)
}

fn read_as<T: DeserializeOwned>(kind: &'static str, value: Value) -> Result<T, Unreadable> {
    serde_json::from_value(value).map_err(|_| Unreadable(kind))
}

/// The words of rich text: a string, a list of such, or an object with more about its `text`.
fn text_of(rich: &Value) -> String {
    match rich {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text_of).collect(),
        Value::Object(fields) => fields.get("text").map(text_of).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The chat of an update, else whoever sent it, else 0; and whoever sent it.
pub(crate) fn lane_and_sender(payload: &str) -> (i64, Option<UserId>) {
    let (chat, from) = match read(payload) {
        Ok(Update::Message(message)) => (Some(message.chat.id), message.from.map(|user| user.id)),
        Ok(Update::MyChatMember(change)) => (Some(change.chat.id), change.from.map(|user| user.id)),
        Ok(Update::InlineQuery(query)) => (None, Some(query.from.id)),
        Ok(Update::ChosenInlineResult(chosen)) => (None, Some(chosen.from.id)),
        Ok(Update::CallbackQuery(query)) => (None, query.from.map(|user| user.id)),
        Ok(Update::Other) | Err(_) => (None, None),
    };
    (chat.or(from).unwrap_or(0), from.and_then(|id| UserId::new(id).ok()))
}

/// What a message that nobody wrote has: it says that something happened (<https://core.telegram.org/bots/api#message>, as of 10.2).
/// Of a kind that is not here and has no words, an answer in private says what the bot can do.
const SERVICE: &[&str] = &[
    "new_chat_members",
    "left_chat_member",
    "chat_owner_left",
    "chat_owner_changed",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "channel_chat_created",
    "message_auto_delete_timer_changed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "gift",
    "unique_gift",
    "gift_upgrade_sent",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert_triggered",
    "boost_added",
    "chat_background_set",
    "checklist_tasks_done",
    "checklist_tasks_added",
    "community_chat_added",
    "community_chat_removed",
    "direct_message_price_changed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "giveaway_created",
    "giveaway_winners",
    "giveaway_completed",
    "managed_bot_created",
    "poll_option_added",
    "poll_option_deleted",
    "paid_message_price_changed",
    "suggested_post_approved",
    "suggested_post_approval_failed",
    "suggested_post_declined",
    "suggested_post_paid",
    "suggested_post_refunded",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
    "web_app_data",
];

#[cfg(test)]
mod tests;
