//! A person says something: the message appears, and the bot hears it if privacy mode lets it.

use serde_json::Value;

use super::{
    World,
    ids::{ChatId, MessageId, UserId},
    messages::Body,
};
use crate::text::autodetect;

/// Why a person cannot do something. Tests get it as a 4xx with this text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Cannot {
    #[error("no such person")]
    NoSuchUser,
    #[error("no such chat")]
    NoSuchChat,
    #[error("no such message")]
    NoSuchMessage,
    #[error("no such button on that message")]
    NoSuchButton,
    #[error("that person is not in this chat")]
    NotAMember,
    #[error("an empty message cannot be sent")]
    Empty,
    #[error("a message has at most 4096 characters")]
    TooLong,
    #[error("the group became a supergroup: write there")]
    Migrated,
    #[error("no such inline query or result")]
    NoSuchResult,
    #[error("the bot did not answer in time")]
    BotSilent,
    #[error("{0}")]
    Other(String),
}

/// What a person says.
#[derive(Debug, Default)]
pub(crate) struct Saying {
    pub(crate) text: String,
    pub(crate) reply_to: Option<MessageId>,
    pub(crate) thread: Option<i64>,
    pub(crate) entities: Vec<Value>,
}

impl World {
    /// A person writes into a chat. Writing to the bot in private lets it write back.
    pub(crate) fn say(&mut self, chat: ChatId, user: UserId, saying: &Saying) -> Result<MessageId, Cannot> {
        self.users.get(&user).ok_or(Cannot::NoSuchUser)?;
        let found = self.chats.get(&chat).ok_or(Cannot::NoSuchChat)?;
        if !found.members.contains(&user) {
            return Err(Cannot::NotAMember);
        }
        if found.migrated_to.is_some() {
            return Err(Cannot::Migrated);
        }
        if let Some(reply) = saying.reply_to {
            found.message(reply).ok_or(Cannot::NoSuchMessage)?;
        }
        let text = saying.text.trim().to_owned();
        if text.is_empty() {
            return Err(Cannot::Empty);
        }
        if text.encode_utf16().count() > 4096 {
            return Err(Cannot::TooLong);
        }
        if !found.is_group() {
            self.set_blocked(user, false);
            if let Some(person) = self.users.get_mut(&user) {
                person.reachable = true;
            }
        }
        let mut entities = autodetect(&text);
        entities.extend(saying.entities.iter().cloned());
        let body = Body::Text { text, entities, preview: None };
        let id = self
            .add_message(chat, user, body, |message| {
                message.reply_to = saying.reply_to;
                message.thread = saying.thread;
            })
            .ok_or(Cannot::NoSuchChat)?;
        if self.bot_receives(chat, id)
            && let Some(message) = self.message_api(chat, id)
        {
            self.push_update("message", message);
        }
        Ok(id)
    }

    /// Privacy mode: in a group the bot hears commands not meant for another bot, replies to it,
    /// mentions of it, messages sent via it.
    pub(crate) fn bot_receives(&self, chat: ChatId, id: MessageId) -> bool {
        let Some(chat) = self.chats.get(&chat) else { return false };
        let Some(message) = chat.messages.get(&id) else { return false };
        if !chat.is_group() {
            return true;
        }
        if !chat.bot.present() {
            return false;
        }
        if !self.bot.privacy || chat.bot == super::chats::Standing::Administrator {
            return true;
        }
        let to_bot = message
            .reply_to
            .and_then(|reply| chat.messages.get(&reply))
            .is_some_and(|reply| reply.from == self.bot.id || reply.via_bot);
        let Body::Text { text, entities, .. } = &message.body else {
            return message.via_bot || to_bot;
        };
        message.via_bot || to_bot || entities.iter().any(|entity| self.is_for_bot(text, entity))
    }

    fn is_for_bot(&self, text: &str, entity: &Value) -> bool {
        let units: Vec<u16> = text.encode_utf16().collect();
        let at = |key: &str| entity.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let (Some(offset), Some(length)) = (at("offset"), at("length")) else { return false };
        let Some(units) = units.get(offset..offset + length) else { return false };
        let word = String::from_utf16_lossy(units);
        match entity.get("type").and_then(Value::as_str) {
            Some("bot_command") => match word.split_once('@') {
                Some((_, name)) => name.eq_ignore_ascii_case(&self.bot.username),
                None => true,
            },
            Some("mention") => word.trim_start_matches('@').eq_ignore_ascii_case(&self.bot.username),
            _ => false,
        }
    }
}
