//! What a failed call to Telegram means for us.
//!
//! teloxide's errors know the address, which holds the token, and the raw answer, which may hold people's words. Neither
//! leaves this module: what is logged is a [`Failure`].

use std::time::Duration;

use teloxide::{ApiError, RequestError};

/// Why Telegram did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Too many calls; the next one after this long.
    #[error("too many requests, again in {0:?}")]
    TooMany(Duration),
    /// The group is a supergroup now, under this id.
    #[error("the group is now {0}")]
    Moved(i64),
    /// We may not write there (any more): blocked, kicked, never started. That is normal.
    #[error("Telegram forbids it")]
    Forbidden,
    /// The chat, the message or the query is not there (any more), or takes no changes.
    #[error("it is gone")]
    Gone,
    /// The topic is not there, or closed.
    #[error("the topic is gone")]
    NoTopic,
    /// The message is like that already.
    #[error("nothing to change")]
    NotModified,
    /// Telegram does not know the token.
    #[error("Telegram refuses the token")]
    BadToken,
    /// Somebody else takes the bot's updates.
    #[error("another process, or a webhook, takes the updates of this bot")]
    Conflict,
    /// Telegram cannot post updates to the webhook, as it says.
    #[error("Telegram cannot deliver updates: {0}")]
    Undelivered(String),
    /// Telegram cannot be reached or is out of order; it may or may not have done it.
    #[error("Telegram cannot be reached: {0}")]
    Unreachable(&'static str),
    /// A request that Telegram does not take: our mistake.
    #[error("Telegram refuses it: {0}")]
    Refused(String),
}

impl Failure {
    /// Of the webhook; `said` by Telegram.
    pub(crate) fn undelivered(said: &str) -> Self {
        Self::Undelivered(short(said))
    }

    /// Whether asking again, later, may help; after how long at the soonest.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany(wait) => Some(*wait),
            Self::Unreachable(_) | Self::BadToken => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Api(error) => api(error),
            RequestError::MigrateToChatId(chat) => Self::Moved(chat.0),
            RequestError::RetryAfter(wait) => Self::TooMany(wait.duration()),
            RequestError::Network(error) => Self::Unreachable(if error.is_timeout() {
                "no answer in time"
            } else if error.is_connect() {
                "no connection"
            } else {
                "the connection broke"
            }),
            RequestError::InvalidJson { .. } => Self::Unreachable("an answer that cannot be read"),
            RequestError::Io(_) => Self::Unreachable("an input or output error"),
        }
    }
}

fn api(error: ApiError) -> Failure {
    match error {
        ApiError::MessageNotModified => Failure::NotModified,
        ApiError::BotBlocked
        | ApiError::BotKicked
        | ApiError::BotKickedFromSupergroup
        | ApiError::BotKickedFromChannel
        | ApiError::UserDeactivated
        | ApiError::CantInitiateConversation
        | ApiError::CantTalkWithBots
        | ApiError::NotEnoughRightsToPostMessages => Failure::Forbidden,
        ApiError::ChatNotFound
        | ApiError::GroupDeactivated
        | ApiError::MessageIdInvalid
        | ApiError::MessageToEditNotFound
        | ApiError::MessageCantBeEdited
        | ApiError::InvalidQueryId => Failure::Gone,
        ApiError::InvalidToken => Failure::BadToken,
        ApiError::TerminatedByOtherGetUpdates | ApiError::CantGetUpdates => Failure::Conflict,
        ApiError::Unknown(description) => unknown(&description),
        other => Failure::Refused(short(&other.to_string())),
    }
}

/// Descriptions that teloxide has no name for.
fn unknown(description: &str) -> Failure {
    let lower = description.to_lowercase();
    let has = |part: &str| lower.contains(part);
    if has("message is not modified") {
        Failure::NotModified
    } else if has("thread not found") || has("topic_closed") || has("topic_deleted") {
        Failure::NoTopic
    } else if lower.starts_with("forbidden")
        || has("not enough rights to send")
        || has("chat_write_forbidden")
        || has("chat_restricted")
        || has("have no rights to send")
    {
        Failure::Forbidden
    } else if has("chat not found") || has("message_id_invalid") || has("message to edit not found") {
        Failure::Gone
    } else if lower.starts_with("conflict") || has("webhook is active") {
        Failure::Conflict
    } else if lower.starts_with("unauthorized") {
        Failure::BadToken
    } else if lower.starts_with("bad request") || lower.starts_with("not found") {
        Failure::Refused(short(description))
    } else {
        // Internal Server Error, Bad Gateway and their kind.
        Failure::Unreachable("an error on its side")
    }
}

fn short(description: &str) -> String {
    crate::html::line(description, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(description: &str) -> Failure {
        let error: ApiError = serde_json::from_value(description.into()).unwrap();
        RequestError::Api(error).into()
    }

    #[test]
    fn a_forbidden_chat_is_told_apart_from_a_mistake_of_ours() {
        for description in [
            "Forbidden: bot was blocked by the user",
            "Forbidden: bot was kicked from the supergroup chat",
            "Forbidden: bot is not a member of the supergroup chat",
            "Forbidden: bot can't initiate conversation with a user",
            "Bad Request: not enough rights to send text messages to the chat",
            "Bad Request: CHAT_WRITE_FORBIDDEN",
        ] {
            assert_eq!(failure(description), Failure::Forbidden, "{description}");
        }
        assert!(matches!(failure("Bad Request: BUTTON_TYPE_INVALID"), Failure::Refused(_)));
    }

    #[test]
    fn an_unchanged_message_is_known_by_both_of_its_texts() {
        let long = "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
                    same as a current content and reply markup of the message";
        assert_eq!(failure(long), Failure::NotModified);
        assert_eq!(failure("Bad Request: message is not modified"), Failure::NotModified);
    }

    #[test]
    fn telegrams_own_trouble_is_a_reason_to_try_again() {
        for description in ["Internal Server Error", "Bad Gateway", "Unauthorized"] {
            assert!(failure(description).retry_after().is_some(), "{description}");
        }
    }

    #[test]
    fn what_goes_to_the_log_holds_neither_token_nor_raw_answer() {
        let source = serde_json::from_str::<u8>("x").unwrap_err();
        let raw = "bot123:SECRET said hello to Anna".into();
        let failure = Failure::from(RequestError::InvalidJson { source: source.into(), raw });
        let logged = format!("{failure} {failure:?}");
        assert!(!logged.contains("SECRET") && !logged.contains("Anna"), "{logged}");
    }
}
