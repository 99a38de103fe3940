//! Chats begin, people and the bot come and go, and how a chat is shown.

use serde_json::{Value, json};

use super::{
    World,
    chats::{Chat, Kind, Standing},
    ids::{ChatId, MessageId, UserId},
    messages::Body,
    people::User,
};

impl World {
    /// A new group; `with_bot` puts the bot in it (without a `my_chat_member` update).
    pub(crate) fn add_group(
        &mut self,
        kind: Kind,
        title: &str,
        members: &[UserId],
        with_bot: bool,
    ) -> ChatId {
        let id = if kind == Kind::Group {
            // Basic groups are negative numbers without supergroups' -100.
            let id = ChatId(self.next_group);
            self.next_group -= 1;
            id
        } else {
            let id = ChatId(self.next_chat);
            self.next_chat -= 1;
            id
        };
        let standing = if with_bot { Standing::Member } else { Standing::Left };
        let chat = Chat::new(id, kind, title.to_owned(), members.to_vec(), standing);
        self.chats.insert(id, chat);
        self.touch_world();
        id
    }

    /// The chat as Bot API's `Chat`.
    pub(crate) fn chat_api(&self, chat: &Chat) -> Value {
        if chat.kind == Kind::Private {
            let mut value = json!({"id": chat.id, "type": "private"});
            if let Some(user) = self.users.get(&UserId(chat.id.0)) {
                let user = user.to_api();
                for key in ["first_name", "last_name", "username"] {
                    if let Some(name) = user.get(key) {
                        value[key] = name.clone();
                    }
                }
            }
            return value;
        }
        let mut value = json!({"id": chat.id, "type": chat.kind.name(), "title": chat.title});
        if chat.kind == Kind::Forum {
            value["is_forum"] = json!(true);
        }
        value
    }

    /// The chat as the page and tests see it.
    pub(crate) fn chat_sim(&self, chat: &Chat) -> Value {
        let mut value = self.chat_api(chat);
        value["members"] = json!(chat.members);
        value["bot"] = json!(chat.bot);
        value["topics"] =
            json!(chat.topics.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>());
        value["pinned"] = json!(chat.pinned);
        value["migrated_to"] = json!(chat.migrated_to);
        value["action"] = json!(chat.action);
        value
    }

    /// Puts the bot in, out or above; the bot hears `my_chat_member`, except that a bot which is
    /// added also hears `new_chat_members`.
    pub(crate) fn set_standing(&mut self, chat: ChatId, by: UserId, standing: Standing) -> bool {
        let bot = self.bot.to_api();
        let Some(found) = self.chats.get_mut(&chat) else { return false };
        let before = found.bot;
        if before == standing {
            return true;
        }
        found.bot = standing;
        let value = self.my_chat_member(chat, by, before, standing);
        self.push_update("my_chat_member", value);
        if !before.present() && standing.present() {
            self.service(chat, by, json!({"new_chat_members": [bot]}));
        }
        self.touch_world();
        true
    }

    fn my_chat_member(&self, chat: ChatId, by: UserId, from: Standing, to: Standing) -> Value {
        let member = |standing: Standing| {
            let mut value = json!({"status": standing.name(), "user": self.bot.to_api()});
            match standing {
                Standing::Kicked => value["until_date"] = json!(0),
                Standing::Administrator => {
                    for right in [
                        "can_be_edited",
                        "is_anonymous",
                        "can_manage_chat",
                        "can_delete_messages",
                        "can_manage_video_chats",
                        "can_restrict_members",
                        "can_promote_members",
                        "can_change_info",
                        "can_invite_users",
                        "can_post_stories",
                        "can_edit_stories",
                        "can_delete_stories",
                        "can_pin_messages",
                    ] {
                        value[right] = json!(!matches!(right, "can_be_edited" | "is_anonymous"));
                    }
                }
                Standing::Member | Standing::Left => {}
            }
            value
        };
        let by = self.users.get(&by).map_or_else(|| self.bot.to_api(), User::to_api);
        json!({
            "chat": self.chats.get(&chat).map(|chat| self.chat_api(chat)),
            "from": by,
            "date": crate::clock::now(),
            "old_chat_member": member(from),
            "new_chat_member": member(to),
        })
    }

    /// A person blocks the bot or takes that back.
    pub(crate) fn set_blocked(&mut self, user: UserId, blocked: bool) -> bool {
        let Some(found) = self.users.get_mut(&user) else { return false };
        if found.blocked_bot != blocked {
            found.blocked_bot = blocked;
            let (from, to) = if blocked {
                (Standing::Member, Standing::Kicked)
            } else {
                (Standing::Kicked, Standing::Member)
            };
            let value = self.my_chat_member(user.private_chat(), user, from, to);
            self.push_update("my_chat_member", value);
            self.touch_world();
        }
        true
    }

    /// Somebody joins a group; everybody, the bot included, sees the service message.
    pub(crate) fn join_chat(&mut self, chat: ChatId, user: UserId) -> bool {
        let Some(person) = self.users.get(&user).map(User::to_api) else {
            return false;
        };
        let Some(found) = self.chats.get_mut(&chat) else { return false };
        if !found.members.contains(&user) {
            found.members.push(user);
            self.service(chat, user, json!({"new_chat_members": [person]}));
            self.touch_world();
        }
        true
    }

    /// Somebody leaves a group.
    pub(crate) fn leave_chat(&mut self, chat: ChatId, user: UserId) -> bool {
        let Some(person) = self.users.get(&user).map(User::to_api) else {
            return false;
        };
        let Some(found) = self.chats.get_mut(&chat) else { return false };
        if found.members.contains(&user) {
            found.members.retain(|member| *member != user);
            self.service(chat, user, json!({"left_chat_member": person}));
            self.touch_world();
        }
        true
    }

    /// Turns a basic group into a supergroup: a new id; the old one answers 400 from now on.
    pub(crate) fn migrate(&mut self, chat: ChatId) -> Option<ChatId> {
        let old = self.chats.get(&chat).filter(|chat| chat.kind == Kind::Group)?;
        let (title, members) = (old.title.clone(), old.members.clone());
        let by = members.first().copied()?;
        let standing = old.bot;
        let new = self.add_group(Kind::Supergroup, &title, &members, true);
        if let Some(chat) = self.chats.get_mut(&new) {
            chat.bot = standing;
        }
        if standing.present() {
            // As if the bot had been added to another chat.
            let value = self.my_chat_member(new, by, Standing::Left, standing);
            self.push_update("my_chat_member", value);
        }
        self.service(chat, by, json!({"migrate_to_chat_id": new}));
        self.service(new, by, json!({"migrate_from_chat_id": chat}));
        if let Some(old) = self.chats.get_mut(&chat) {
            old.migrated_to = Some(new);
        }
        self.touch_world();
        Some(new)
    }

    /// A topic in a forum, numbered by its service message as Telegram does.
    pub(crate) fn add_topic(&mut self, chat: ChatId, by: UserId, name: &str) -> Option<i64> {
        self.chats.get(&chat).filter(|chat| chat.kind == Kind::Forum)?;
        let message =
            self.service(chat, by, json!({"forum_topic_created": {"name": name, "icon_color": 7_322_096}}))?;
        let chat = self.chats.get_mut(&chat)?;
        chat.topics.insert(message.0, name.to_owned());
        if let Some(message) = chat.messages.get_mut(&message) {
            message.thread = Some(message.id.0);
        }
        self.touch_world();
        Some(message.0)
    }

    /// A service message; bots hear all of them, whatever their privacy mode.
    pub(crate) fn service(&mut self, chat: ChatId, by: UserId, what: Value) -> Option<MessageId> {
        let id = self.add_message(chat, by, Body::Service(what), |_| {})?;
        if self.chats.get(&chat).is_some_and(|chat| chat.bot.present()) {
            let message = self.message_api(chat, id)?;
            self.push_update("message", message);
        }
        Some(id)
    }
}
