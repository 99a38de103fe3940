//! Messages appear and change, and how the Bot API and the page show them.

use serde_json::{Map, Value, json};

use super::{
    Event, World,
    ids::{ChatId, MessageId, UserId},
    messages::{Body, Message, Photo},
};

impl World {
    /// Appends a message; `with` fills in what is special about it.
    pub(crate) fn add_message(
        &mut self,
        chat: ChatId,
        from: UserId,
        body: Body,
        with: impl FnOnce(&mut Message),
    ) -> Option<MessageId> {
        let revision = self.touch();
        let found = self.chats.get_mut(&chat)?;
        let id = MessageId(found.next_message);
        found.next_message += 1;
        let mut message = Message {
            id,
            from,
            via_bot: false,
            thread: None,
            date_ms: crate::clock::now_ms(),
            edit_date: None,
            body,
            markup: None,
            reply_to: None,
            inline_message_id: None,
            reaction: None,
            deleted: false,
            revision,
        };
        with(&mut message);
        found.action = None;
        found.messages.insert(id, message);
        self.announce(chat, id);
        Some(id)
    }

    /// Changes a message that exists and tells whoever watches.
    pub(crate) fn change_message(
        &mut self,
        chat: ChatId,
        id: MessageId,
        change: impl FnOnce(&mut Message),
    ) -> bool {
        let revision = self.touch();
        let Some(message) = self.chats.get_mut(&chat).and_then(|chat| chat.message_mut(id)) else {
            return false;
        };
        change(message);
        message.revision = revision;
        self.announce(chat, id);
        true
    }

    fn announce(&mut self, chat: ChatId, id: MessageId) {
        if let Some(message) = self.message_sim(chat, id) {
            self.events.push(Event::Message { chat: chat.0, message });
        }
    }

    /// Anybody as Bot API's `User`, the bot included.
    pub(crate) fn author(&self, id: UserId) -> Value {
        match self.users.get(&id) {
            Some(user) => user.to_api(),
            None => self.bot.to_api(),
        }
    }

    /// The message as Bot API's `Message`.
    pub(crate) fn message_api(&self, chat: ChatId, id: MessageId) -> Option<Value> {
        self.render(chat, id, true)
    }

    fn render(&self, chat_id: ChatId, id: MessageId, with_reply: bool) -> Option<Value> {
        let chat = self.chats.get(&chat_id)?;
        let message = chat.messages.get(&id)?;
        let mut value = Map::new();
        value.insert("message_id".into(), json!(id));
        if let Some(thread) = message.thread {
            value.insert("message_thread_id".into(), json!(thread));
            value.insert("is_topic_message".into(), json!(true));
        }
        value.insert("from".into(), self.author(message.from));
        value.insert("chat".into(), self.chat_api(chat));
        value.insert("date".into(), json!(message.date_ms / 1000));
        if let Some(date) = message.edit_date {
            value.insert("edit_date".into(), json!(date));
        }
        if message.via_bot {
            value.insert("via_bot".into(), self.bot.to_api());
        }
        if let Some(reply) = message.reply_to.filter(|_| with_reply)
            && let Some(reply) = self.render(chat_id, reply, false)
        {
            value.insert("reply_to_message".into(), reply);
        }
        match &message.body {
            Body::Text { text, entities, preview } => {
                value.insert("text".into(), json!(text));
                if !entities.is_empty() {
                    value.insert("entities".into(), json!(entities));
                }
                if let Some(preview) = preview {
                    value.insert("link_preview_options".into(), preview.clone());
                }
            }
            Body::Photo { photo, caption, entities, above } => {
                let id = match photo {
                    Photo::Url(url) => format!("url-{}", hex::encode(url)),
                    Photo::File(id) => id.clone(),
                };
                value.insert(
                    "photo".into(),
                    json!([{"file_id": id, "file_unique_id": id, "width": 500, "height": 750}]),
                );
                if !caption.is_empty() {
                    value.insert("caption".into(), json!(caption));
                }
                if !entities.is_empty() {
                    value.insert("caption_entities".into(), json!(entities));
                }
                if *above {
                    value.insert("show_caption_above_media".into(), json!(true));
                }
            }
            Body::Dice { emoji, value: points } => {
                value.insert("dice".into(), json!({"emoji": emoji, "value": points}));
            }
            Body::Service(what) => {
                if let Some(fields) = what.as_object() {
                    value.extend(fields.clone());
                }
            }
        }
        if let Some(markup) = message.markup.as_ref().filter(|m| m.get("inline_keyboard").is_some()) {
            value.insert("reply_markup".into(), markup.clone());
        }
        Some(Value::Object(value))
    }

    /// The message as the page and tests see it: Bot API's shape and what only Telegram knows.
    pub(crate) fn message_sim(&self, chat: ChatId, id: MessageId) -> Option<Value> {
        let message = self.chats.get(&chat)?.messages.get(&id)?;
        let mut value = self.message_api(chat, id)?;
        value["revision"] = json!(message.revision);
        value["date_ms"] = json!(message.date_ms);
        if message.deleted {
            value["deleted"] = json!(true);
        }
        if let Some(id) = &message.inline_message_id {
            value["inline_message_id"] = json!(id);
        }
        if let Some(reaction) = &message.reaction {
            value["reaction"] = reaction.clone();
        }
        if let Body::Photo { photo, .. } = &message.body {
            value["photo_url"] = json!(match photo {
                Photo::Url(url) => url.clone(),
                Photo::File(id) => format!("/sim/files/{id}"),
            });
        }
        if self.chats.get(&chat)?.pinned.contains(&id) {
            value["pinned"] = json!(true);
        }
        Some(value)
    }
}
