//! What the bot offers in inline mode, and for the Mini App to share.

use std::time::Instant;

use serde_json::Value;

use super::{
    ids::{ChatId, UserId},
    messages::Body,
};

/// What the bot offers, already checked.
#[derive(Debug, Clone)]
pub(crate) struct Offered {
    pub(crate) id: String,
    /// As the page shows it in the list: title, description, thumbnail.
    pub(crate) shown: Value,
    pub(crate) body: Body,
    pub(crate) markup: Option<Value>,
}

/// A query and, when the bot has answered, its results.
#[derive(Debug)]
pub(crate) struct InlineQuery {
    pub(crate) user: UserId,
    pub(crate) chat: ChatId,
    pub(crate) query: String,
    pub(crate) asked: Instant,
    pub(crate) answer: Option<Answer>,
}

/// The bot's answer to a query.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) results: Vec<Offered>,
    pub(crate) button: Option<Value>,
    pub(crate) next_offset: String,
    pub(crate) cache_time: i64,
    pub(crate) is_personal: bool,
}

/// A message that the Mini App may share, prepared by the bot for one person.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) user: UserId,
    pub(crate) offered: Offered,
    /// In Unix seconds; from then on nobody can send it.
    pub(crate) until: i64,
    /// Whether it may go to chats with bots. Every private chat here is one with the bot.
    pub(crate) to_bots: bool,
    /// Whether it may go to groups and supergroups.
    pub(crate) to_groups: bool,
}
