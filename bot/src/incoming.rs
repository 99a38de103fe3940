//! An update as far as this bot reads it.
//!
//! Telegram adds kinds of messages, entities, buttons and chats several times a year, and its servers use them at once. So only what
//! the bot acts upon is read, field by field, and a field that cannot be read counts as absent: nothing that is new elsewhere in
//! an update can keep a command from being answered. Needed are only a message's chat, and the sender of a query.
//!
//! [`read`] never fails for a kind of update that the bot does not ask for; for one that it does ask for and cannot read it says
//! which, without a word of what is in it.

use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;
use serde_with::{DefaultOnError, VecSkipError, serde_as};
use sovpalo_domain::ids::UserId;
use sovpalo_storage::measure::{self, Label};

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

/// A chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chat {
    /// Telegram's id of it.
    pub(crate) id: i64,
    /// What it is.
    pub(crate) kind: ChatKind,
    /// Its title.
    pub(crate) title: Option<String>,
}

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChatKind {
    /// With one person.
    Private,
    /// A basic group, which may become a supergroup.
    Group,
    /// A supergroup, or something like it.
    Supergroup,
    /// Where only its owners write.
    Channel,
}

impl Chat {
    /// Whether it is one person's chat with the bot.
    pub(crate) fn is_private(&self) -> bool {
        self.kind == ChatKind::Private
    }
}

impl<'de> Deserialize<'de> for Chat {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[serde_as]
        #[derive(Deserialize)]
        struct Fields {
            id: i64,
            #[serde(default, rename = "type")]
            #[serde_as(as = "DefaultOnError")]
            kind: String,
            #[serde(default)]
            #[serde_as(as = "DefaultOnError")]
            title: Option<String>,
        }
        let Fields { id, kind, title } = Fields::deserialize(deserializer)?;
        if id == 0 {
            return Err(serde::de::Error::custom("no chat has this id"));
        }
        let kind = match kind.as_str() {
            "private" => ChatKind::Private,
            "group" => ChatKind::Group,
            "channel" => ChatKind::Channel,
            // People's chats with the bot have their positive ids.
            _ if id > 0 => ChatKind::Private,
            _ => ChatKind::Supergroup,
        };
        Ok(Self { id, kind, title })
    }
}

/// A person, or a bot.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct User {
    /// Telegram's id of them.
    pub(crate) id: i64,
    /// Whether it is a bot.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) is_bot: bool,
    /// As they call themselves.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) first_name: String,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) last_name: Option<String>,
    /// Without `@`.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) username: Option<String>,
    /// An IETF tag.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) language_code: Option<String>,
}

impl User {
    /// A person of whom only the number is known.
    pub(crate) fn unknown(id: i64) -> Self {
        Self {
            id,
            is_bot: false,
            first_name: String::new(),
            last_name: None,
            username: None,
            language_code: None,
        }
    }
}

/// A message. What stands in it besides is not looked at.
#[expect(clippy::struct_field_names, reason = "the Bot API's names")]
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    /// Its number in its chat. Telegram gives some kinds of messages none, or 0.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    message_id: Option<i32>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    message_thread_id: Option<i32>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    is_topic_message: bool,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    date: i64,
    /// Where it was written.
    pub(crate) chat: Chat,
    /// Who wrote it.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) from: Option<User>,
    /// Present if somebody writes as a chat.
    #[serde(default)]
    pub(crate) sender_chat: Option<IgnoredAny>,
    /// Present if it was sent with the help of a bot.
    #[serde(default)]
    pub(crate) via_bot: Option<IgnoredAny>,
    #[serde(default)]
    forward_origin: Option<IgnoredAny>,
    // As servers older than Bot API 7.0 have it.
    #[serde(default)]
    forward_date: Option<IgnoredAny>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    text: Option<String>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    caption: Option<String>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError<VecSkipError<_>>")]
    entities: Vec<WithUrl>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError<VecSkipError<_>>")]
    caption_entities: Vec<WithUrl>,
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    reply_markup: Keyboard,
    /// What the pictures of one album have in common.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) media_group_id: Option<String>,
    /// The group is a supergroup now, under this id.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) migrate_to_chat_id: Option<i64>,
    /// The supergroup was a group, under this id.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    pub(crate) migrate_from_chat_id: Option<i64>,
    /// Who was put into the group, or came.
    #[serde(default)]
    #[serde_as(as = "DefaultOnError<VecSkipError<_>>")]
    pub(crate) new_chat_members: Vec<User>,
    /// Whether it only says that something happened.
    #[serde(skip)]
    pub(crate) is_service: bool,
}

/// An entity or a button with an address.
#[derive(Debug, Deserialize)]
struct WithUrl {
    url: String,
}

#[serde_as]
#[derive(Debug, Default, Deserialize)]
struct Keyboard {
    #[serde(default)]
    #[serde_as(as = "DefaultOnError<VecSkipError<VecSkipError<_>>>")]
    inline_keyboard: Vec<Vec<WithUrl>>,
}

impl Message {
    /// Its number in its chat, if it has one.
    pub(crate) fn number(&self) -> Option<i32> {
        self.message_id.filter(|number| *number > 0)
    }

    /// The topic it was written in. Outside of topics Telegram gives threads of replies numbers too, in which nobody can be
    /// written to.
    pub(crate) fn topic(&self) -> Option<i32> {
        self.message_thread_id.filter(|_| self.is_topic_message)
    }

    /// When it was written, in Unix seconds, if Telegram says.
    pub(crate) fn date(&self) -> Option<i64> {
        Some(self.date).filter(|date| *date > 0)
    }

    /// What was written: a text, or what stands below a picture.
    pub(crate) fn words(&self) -> Option<&str> {
        self.text.as_deref().or(self.caption.as_deref())
    }

    /// Whether somebody else wrote it, elsewhere.
    pub(crate) fn is_forwarded(&self) -> bool {
        self.forward_origin.is_some() || self.forward_date.is_some()
    }

    /// The addresses behind its words and its buttons.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let entities = self.entities.iter().chain(&self.caption_entities);
        let buttons = self.reply_markup.inline_keyboard.iter().flatten();
        entities.chain(buttons).map(|it| it.url.as_str())
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
        let message: Message = read_as("message", message)?;
        let text = message.text.or(rich);
        return Ok(Update::Message(Box::new(Message { text, is_service, ..message })));
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
