//! Chats, and the people in them.

use serde::Deserialize;
use serde_with::{DefaultOnError, serde_as};

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
