//! Ids as types, so that a chat is never taken for a person.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(pub(crate) i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A person (or the bot).
    UserId
);
id!(
    /// A chat. A private chat has the id of its person.
    ChatId
);
id!(
    /// A message within its chat.
    MessageId
);

impl UserId {
    /// The private chat of this person with the bot.
    pub(crate) fn private_chat(self) -> ChatId {
        ChatId(self.0)
    }
}
