//! Chats: private, groups, supergroups with or without topics; who is in them and how the bot stands.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ids::{ChatId, MessageId, UserId},
    messages::Message,
};

/// Supergroups look like this in the Bot API: -100 and the channel's own id.
pub(crate) const FIRST_SUPERGROUP: i64 = -1_002_400_000_001;

/// Basic groups look like this; below -2^31 as well.
pub(crate) const FIRST_GROUP: i64 = -4_000_000_001;

/// What a chat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Private,
    Group,
    Supergroup,
    /// A supergroup with topics.
    Forum,
}

impl Kind {
    /// As the Bot API and launch data name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup | Self::Forum => "supergroup",
        }
    }
}

/// How the bot stands in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    Member,
    Administrator,
    Left,
    Kicked,
}

impl Standing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Administrator => "administrator",
            Self::Left => "left",
            Self::Kicked => "kicked",
        }
    }

    pub(crate) fn present(self) -> bool {
        matches!(self, Self::Member | Self::Administrator)
    }
}

/// A chat and what was said in it.
#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) id: ChatId,
    pub(crate) kind: Kind,
    pub(crate) title: String,
    /// In the order in which they joined; the first one created the group.
    pub(crate) members: Vec<UserId>,
    pub(crate) bot: Standing,
    pub(crate) migrated_to: Option<ChatId>,
    pub(crate) topics: BTreeMap<i64, String>,
    pub(crate) messages: BTreeMap<MessageId, Message>,
    pub(crate) pinned: BTreeSet<MessageId>,
    pub(crate) next_message: i64,
    /// What the bot is doing right now ("typing"), for the page.
    pub(crate) action: Option<String>,
}

impl Chat {
    pub(crate) fn private(user: UserId) -> Self {
        Self::new(user.private_chat(), Kind::Private, String::new(), vec![user], Standing::Member)
    }

    pub(super) fn new(id: ChatId, kind: Kind, title: String, members: Vec<UserId>, bot: Standing) -> Self {
        Self {
            id,
            kind,
            title,
            members,
            bot,
            migrated_to: None,
            topics: BTreeMap::new(),
            messages: BTreeMap::new(),
            pinned: BTreeSet::new(),
            next_message: 1,
            action: None,
        }
    }

    pub(crate) fn is_group(&self) -> bool {
        self.kind != Kind::Private
    }

    /// The message, unless it was deleted.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(&id).filter(|message| !message.deleted)
    }

    pub(crate) fn message_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.messages.get_mut(&id).filter(|message| !message.deleted)
    }
}
