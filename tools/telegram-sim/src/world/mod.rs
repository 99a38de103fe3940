//! Everything that exists in the simulated Telegram: people, one bot, chats, messages, updates.
//!
//! The world is plain data behind one lock. It promises that whatever somebody sees (the bot
//! through the Bot API, a test through `/sim`, the page through events) is the same world.
//! It never does I/O: network, timers and files live outside.

pub(crate) mod callbacks;
pub(crate) mod chats;
pub(crate) mod ids;
pub(crate) mod inline;
pub(crate) mod limits;
pub(crate) mod links;
mod membership;
pub(crate) mod messages;
pub(crate) mod offered;
pub(crate) mod people;
pub(crate) mod requests;
pub(crate) mod saying;
pub(crate) mod tapping;
pub(crate) mod updates;
mod writing;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::Value;

use self::{
    callbacks::Callback,
    chats::Chat,
    ids::{ChatId, MessageId, UserId},
    limits::Limits,
    offered::{InlineQuery, Prepared},
    people::{Bot, NewUser, User},
    requests::Requests,
    updates::Updates,
};
use crate::language::Language;

/// A file that the bot uploaded.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) mime: String,
    pub(crate) bytes: bytes::Bytes,
}

/// Something that the page wants to hear about at once.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Event {
    /// A message appeared or changed (the message as `/sim` shows it).
    Message { chat: i64, message: Value },
    /// A chat, a person or a phone changed: read `/sim/world` again.
    World,
}

/// The whole simulated Telegram.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) bot: Bot,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) chats: BTreeMap<ChatId, Chat>,
    pub(crate) updates: Updates,
    pub(crate) callbacks: HashMap<String, Callback>,
    pub(crate) inline_queries: HashMap<String, InlineQuery>,
    pub(crate) prepared: HashMap<String, Prepared>,
    /// Who launched the Mini App under which `query_id`, until it is answered.
    pub(crate) web_app_queries: HashMap<String, (UserId, ChatId)>,
    pub(crate) inline_messages: HashMap<String, (ChatId, MessageId)>,
    pub(crate) files: HashMap<String, StoredFile>,
    pub(crate) requests: Requests,
    pub(crate) limits: Limits,
    /// Grows with every visible change; what a client of `/sim` waits on.
    pub(crate) revision: u64,
    pub(crate) events: Vec<Event>,
    serial: u64,
    next_user: i64,
    next_chat: i64,
    next_group: i64,
}

impl World {
    /// A world with the bot and nobody else.
    pub(crate) fn new(bot: Bot, limits: Limits) -> Self {
        Self {
            bot,
            users: BTreeMap::new(),
            chats: BTreeMap::new(),
            updates: Updates::default(),
            callbacks: HashMap::new(),
            inline_queries: HashMap::new(),
            prepared: HashMap::new(),
            web_app_queries: HashMap::new(),
            inline_messages: HashMap::new(),
            files: HashMap::new(),
            requests: Requests::default(),
            limits,
            revision: 0,
            events: Vec::new(),
            serial: 0,
            next_user: people::FIRST_USER,
            next_chat: chats::FIRST_SUPERGROUP,
            next_group: chats::FIRST_GROUP,
        }
    }

    /// The world that a newcomer meets: three friends, one group, the bot in it.
    pub(crate) fn populate(&mut self, language: Language) {
        let friends = people::friends(language);
        let ids: Vec<UserId> = friends.into_iter().map(|friend| self.add_user(friend)).collect();
        let title = match language {
            Language::Ru => "Киновечер",
            Language::En => "Movie night",
        };
        self.add_group(chats::Kind::Supergroup, title, &ids, true);
    }

    /// A fresh opaque id, as Telegram gives queries, callbacks and inline messages.
    pub(crate) fn token(&mut self, prefix: &str) -> String {
        self.serial += 1;
        format!("{prefix}{:016x}", self.serial.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A fresh decimal id, for queries that Telegram numbers.
    pub(crate) fn number(&mut self) -> String {
        self.serial += 1;
        (self.serial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1).to_string()
    }

    /// Somebody new, and their private chat with the bot.
    pub(crate) fn add_user(&mut self, new: NewUser) -> UserId {
        let id = UserId(new.id.unwrap_or_else(|| {
            let id = self.next_user;
            self.next_user += 1;
            id
        }));
        self.users.insert(
            id,
            User {
                id,
                first_name: new.first_name,
                last_name: new.last_name,
                username: new.username,
                language_code: new.language_code,
                photo_url: new.photo_url,
                is_premium: new.is_premium,
                reachable: false,
                blocked_bot: false,
            },
        );
        self.chats.insert(id.private_chat(), Chat::private(id));
        self.touch_world();
        id
    }

    /// Queues an update for the bot, if it asked for this kind.
    pub(crate) fn push_update(&mut self, kind: &str, value: Value) {
        if self.updates.push(kind, value) {
            self.touch();
        }
    }

    /// Queues an update as a test wrote it.
    pub(crate) fn push_raw_update(&mut self, value: Value) -> i64 {
        let id = self.updates.push_raw(value);
        self.touch();
        id
    }

    /// Marks a visible change and returns its revision.
    pub(crate) fn touch(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    /// Marks a change that is not a message.
    pub(crate) fn touch_world(&mut self) {
        self.touch();
        self.events.push(Event::World);
    }

    pub(crate) fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    pub(crate) fn chat(&self, id: ChatId) -> Option<&Chat> {
        self.chats.get(&id)
    }

    pub(crate) fn chat_mut(&mut self, id: ChatId) -> Option<&mut Chat> {
        self.chats.get_mut(&id)
    }
}
