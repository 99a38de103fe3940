//! A message, field by field.

use serde::{Deserialize, de::IgnoredAny};
use serde_with::{DefaultOnError, VecSkipError, serde_as};

use super::who::{Chat, User};

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
    pub(super) text: Option<String>,
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
    #[serde(default)]
    #[serde_as(as = "DefaultOnError")]
    reply_to_message: Option<Answered>,
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

/// The message that another one answers.
#[serde_as]
#[derive(Debug, Deserialize)]
struct Answered {
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

    /// The words of the message that it answers, and the addresses behind them.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &str> {
        self.reply_to_message.iter().flat_map(|answered| {
            let words = answered.text.iter().chain(&answered.caption).map(String::as_str);
            let entities = answered.entities.iter().chain(&answered.caption_entities);
            words.chain(entities.map(|it| it.url.as_str()))
        })
    }

    /// The addresses behind its words and its buttons.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let entities = self.entities.iter().chain(&self.caption_entities);
        let buttons = self.reply_markup.inline_keyboard.iter().flatten();
        entities.chain(buttons).map(|it| it.url.as_str())
    }
}
