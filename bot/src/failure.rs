//! What a failed call to Telegram means for us.
//!
//! teloxide's errors know the address, which holds the token, and the raw answer, which may hold people's words. Neither
//! leaves this module: what is logged is a [`Failure`].

use std::time::Duration;

use serde::Deserialize;
use teloxide::{ApiError, RequestError};

/// Why Telegram did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Too many calls; the next one after this long.
    #[error("too many requests, again in {0:?}")]
    TooMany(Duration),
    /// The chat's budget is used up, and Telegram was not asked; the next one after this long.
    #[error("its chat's budget is used up, again in {0:?}")]
    Held(Duration),
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
            Self::TooMany(wait) | Self::Held(wait) => Some(*wait),
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
            RequestError::InvalidJson { raw, .. } => {
                refusal_in(&raw).unwrap_or(Self::Unreachable("an answer that cannot be read"))
            }
            RequestError::Io(_) => Self::Unreachable("an input or output error"),
        }
    }
}

/// A refusal that teloxide cannot read, since it says more than it used to.
fn refusal_in(raw: &str) -> Option<Failure> {
    #[derive(Deserialize)]
    struct Refusal {
        ok: bool,
        description: String,
        #[serde(default)]
        parameters: Parameters,
    }
    #[derive(Default, Deserialize)]
    struct Parameters {
        migrate_to_chat_id: Option<i64>,
        retry_after: Option<u64>,
    }
    let refusal: Refusal = serde_json::from_str(raw).ok()?;
    match refusal.parameters {
        _ if refusal.ok => None,
        Parameters { migrate_to_chat_id: Some(chat), .. } => Some(Failure::Moved(chat)),
        Parameters { retry_after: Some(seconds), .. } => Some(Failure::TooMany(Duration::from_secs(seconds))),
        _ => Some(classify(&refusal.description)),
    }
}

fn api(error: ApiError) -> Failure {
    match error {
        ApiError::InvalidToken => Failure::BadToken,
        ApiError::CantGetUpdates => Failure::Conflict,
        // Its name for an error is the text that it expects, which may differ from Telegram's in capitals.
        ApiError::Unknown(said) => classify(&said),
        known => classify(&known.to_string()),
    }
}

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Unchanged,
    Topic,
    Rights,
    Gone,
    Conflict,
    Token,
    Flood,
    Mistake,
}

/// What Telegram writes, in lower case, and what it is about; the first that a description holds counts. Most are prose, those with
/// underscores come from deeper inside, and both are found with and without `Bad Request: ` before them. Collected from
/// the sources of Telegram's Bot API server and from what other bots have met.
const TEXTS: &[(&str, About)] = &[
    ("message is not modified", About::Unchanged),
    ("message_not_modified", About::Unchanged),
    // Topics.
    ("thread not found", About::Topic),
    ("topic_closed", About::Topic),
    ("topic_deleted", About::Topic),
    ("topic_id_invalid", About::Topic),
    ("topic closed", About::Topic),
    // We may not write there, or they do not want it.
    ("bot was blocked", About::Rights),
    ("bot was kicked", About::Rights),
    ("bot is not a member", About::Rights),
    ("bot can't initiate conversation", About::Rights),
    ("bot can't send messages to", About::Rights),
    ("user is deactivated", About::Rights),
    ("user_is_blocked", About::Rights),
    ("you_blocked_user", About::Rights),
    ("input_user_deactivated", About::Rights),
    ("not enough rights", About::Rights),
    ("no rights to send", About::Rights),
    ("need administrator rights", About::Rights),
    ("chat_write_forbidden", About::Rights),
    ("chat_guest_send_forbidden", About::Rights),
    ("chat_restricted", About::Rights),
    ("chat_admin_required", About::Rights),
    ("user_banned_in_channel", About::Rights),
    ("user_restricted", About::Rights),
    ("channel_private", About::Rights),
    ("_plain_forbidden", About::Rights),
    ("chat_send_", About::Rights),
    ("allow_payment_required", About::Rights),
    ("privacy_premium_required", About::Rights),
    // What is not there any more, or takes no changes.
    ("chat not found", About::Gone),
    ("chat_id_invalid", About::Gone),
    ("peer_id_invalid", About::Gone),
    ("user not found", About::Gone),
    ("user_id_invalid", About::Gone),
    ("group is deactivated", About::Gone),
    ("message to edit not found", About::Gone),
    ("message can't be edited", About::Gone),
    ("message_edit_time_expired", About::Gone),
    ("message_author_required", About::Gone),
    ("message_id_invalid", About::Gone),
    ("message not found", About::Gone),
    ("message to be replied not found", About::Gone),
    ("replied message not found", About::Gone),
    ("reply_message_id_invalid", About::Gone),
    ("reply_to_invalid", About::Gone),
    ("query is too old", About::Gone),
    ("query id is invalid", About::Gone),
    ("query_id_invalid", About::Gone),
    // Who takes the updates.
    ("terminated by other getupdates", About::Conflict),
    ("webhook is active", About::Conflict),
    ("conflict:", About::Conflict),
    ("unauthorized", About::Token),
    ("too many requests", About::Flood),
    ("flood_wait", About::Flood),
    ("slowmode_wait", About::Flood),
    // The rest of what Telegram forbids is nobody's fault, and the rest of what it does not understand is ours.
    ("forbidden:", About::Rights),
    ("bad request", About::Mistake),
    ("not found", About::Mistake),
    ("request entity too large", About::Mistake),
];

/// How long to wait where Telegram does not say how long.
const A_WHILE: Duration = Duration::from_secs(5);

fn classify(said: &str) -> Failure {
    let lower = said.to_lowercase();
    let about = TEXTS.iter().find(|(text, _)| lower.contains(text)).map(|(_, about)| *about);
    match about {
        Some(About::Unchanged) => Failure::NotModified,
        Some(About::Topic) => Failure::NoTopic,
        Some(About::Rights) => Failure::Forbidden,
        Some(About::Gone) => Failure::Gone,
        Some(About::Conflict) => Failure::Conflict,
        Some(About::Token) => Failure::BadToken,
        Some(About::Flood) => Failure::TooMany(wait_in(&lower).unwrap_or(A_WHILE)),
        Some(About::Mistake) => Failure::Refused(short(said)),
        // Internal Server Error, Bad Gateway and their kind.
        None => Failure::Unreachable("an error on its side"),
    }
}

/// The seconds at the end of "retry after 7" or `FLOOD_WAIT_7`.
fn wait_in(said: &str) -> Option<Duration> {
    let before = said.trim_end_matches(|c: char| c.is_ascii_digit());
    said[before.len()..].parse().ok().map(Duration::from_secs)
}

fn short(description: &str) -> String {
    sovpalo_domain::visible::visible_line(description, 120).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(description: &str) -> Failure {
        let error: ApiError = serde_json::from_value(description.into()).unwrap();
        RequestError::Api(error).into()
    }

    /// As Telegram has been seen to write them, by what they are about.
    const SEEN: &[(&str, About)] = &[
        ("Bad Request: message is not modified", About::Unchanged),
        (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a \
             current content and reply markup of the message",
            About::Unchanged,
        ),
        ("Bad Request: MESSAGE_NOT_MODIFIED", About::Unchanged),
        ("Bad Request: message thread not found", About::Topic),
        ("Bad Request: TOPIC_CLOSED", About::Topic),
        ("Bad Request: TOPIC_DELETED", About::Topic),
        ("Forbidden: bot was blocked by the user", About::Rights),
        ("Forbidden: bot was kicked from the group chat", About::Rights),
        ("Forbidden: bot was kicked from the supergroup chat", About::Rights),
        ("Forbidden: bot was kicked from the channel chat", About::Rights),
        ("Forbidden: bot is not a member of the supergroup chat", About::Rights),
        ("Forbidden: bot is not a member of the channel chat", About::Rights),
        ("Forbidden: bot can't initiate conversation with a user", About::Rights),
        ("Forbidden: bot can't send messages to bots", About::Rights),
        ("Forbidden: bot can't send messages to the user", About::Rights),
        ("Forbidden: user is deactivated", About::Rights),
        ("Forbidden: the group chat was deleted", About::Rights),
        ("Forbidden: CHAT_WRITE_FORBIDDEN", About::Rights),
        ("Unauthorized: bot was kicked from a chat", About::Rights),
        ("Bad Request: USER_IS_BLOCKED", About::Rights),
        ("Bad Request: not enough rights to send text messages to the chat", About::Rights),
        ("Bad Request: have no rights to send a message", About::Rights),
        ("Bad Request: need administrator rights in the channel chat", About::Rights),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", About::Rights),
        ("Bad Request: CHAT_RESTRICTED", About::Rights),
        ("Bad Request: CHAT_ADMIN_REQUIRED", About::Rights),
        ("Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", About::Rights),
        ("Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", About::Rights),
        ("Bad Request: CHAT_SEND_MEDIA_FORBIDDEN", About::Rights),
        ("Bad Request: CHAT_SEND_WEBPAGE_FORBIDDEN", About::Rights),
        ("Bad Request: USER_BANNED_IN_CHANNEL", About::Rights),
        ("Bad Request: CHANNEL_PRIVATE", About::Rights),
        ("Bad Request: chat not found", About::Gone),
        ("Bad Request: PEER_ID_INVALID", About::Gone),
        ("Bad Request: user not found", About::Gone),
        ("Bad Request: group is deactivated", About::Gone),
        ("Bad Request: message to edit not found", About::Gone),
        ("Bad Request: message can't be edited", About::Gone),
        ("Bad Request: MESSAGE_ID_INVALID", About::Gone),
        ("Bad Request: message to be replied not found", About::Gone),
        ("Bad Request: REPLY_MESSAGE_ID_INVALID", About::Gone),
        ("Bad Request: query ID is invalid", About::Gone),
        ("Bad Request: QUERY_ID_INVALID", About::Gone),
        ("Bad Request: query is too old and response timeout expired or query ID is invalid", About::Gone),
        (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            About::Conflict,
        ),
        (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            About::Conflict,
        ),
        ("Unauthorized", About::Token),
        ("Bad Request: BUTTON_TYPE_INVALID", About::Mistake),
        ("Bad Request: can't parse entities: Unsupported start tag", About::Mistake),
        ("Not Found: method not found", About::Mistake),
    ];

    fn about(failure: &Failure) -> About {
        match failure {
            Failure::NotModified => About::Unchanged,
            Failure::NoTopic => About::Topic,
            Failure::Forbidden => About::Rights,
            Failure::Gone => About::Gone,
            Failure::Conflict => About::Conflict,
            Failure::BadToken => About::Token,
            Failure::TooMany(_) => About::Flood,
            other => {
                assert!(matches!(other, Failure::Refused(_)), "{other:?}");
                About::Mistake
            }
        }
    }

    #[test]
    fn every_text_that_telegram_writes_is_known_in_any_case() {
        for (said, meant) in SEEN {
            for said in [(*said).to_owned(), said.to_lowercase(), said.to_uppercase()] {
                assert_eq!(about(&failure(&said)), *meant, "{said}");
            }
        }
    }

    #[test]
    fn what_comes_without_its_prefix_is_known_all_the_same() {
        for (said, meant) in
            SEEN.iter().filter(|(_, meant)| !matches!(meant, About::Mistake | About::Conflict))
        {
            let bare = said.trim_start_matches("Bad Request: ");
            assert_eq!(about(&failure(bare)), *meant, "{bare}");
        }
    }

    #[test]
    fn a_wait_is_read_out_of_the_text_where_it_stands_nowhere_else() {
        let seconds = |said: &str| failure(said).retry_after().map(|wait| wait.as_secs());
        assert_eq!(seconds("Too Many Requests: retry after 37"), Some(37));
        assert_eq!(seconds("Bad Request: FLOOD_WAIT_12"), Some(12));
        assert_eq!(seconds("Too Many Requests"), Some(A_WHILE.as_secs()));
    }

    #[test]
    fn a_refusal_that_says_more_than_it_used_to_is_read_as_far_as_it_goes() {
        let read = |raw: &str| {
            let source = serde_json::from_str::<u8>("x").unwrap_err();
            Failure::from(RequestError::InvalidJson { source: source.into(), raw: raw.into() })
        };
        let moved =
            r#"{"ok":false,"description":"x","parameters":{"migrate_to_chat_id":-1005,"hologram":1}}"#;
        assert_eq!(read(moved), Failure::Moved(-1005));
        let many =
            r#"{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":7,"hologram":1}}"#;
        assert_eq!(read(many), Failure::TooMany(Duration::from_secs(7)));
        let gone = r#"{"ok":false,"description":"Bad Request: chat not found","parameters":{"hologram":1}}"#;
        assert_eq!(read(gone), Failure::Gone);
        assert!(matches!(read("<html>502</html>"), Failure::Unreachable(_)));
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
