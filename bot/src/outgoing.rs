//! What the bot writes: a message as a value, and the calls that send or edit it.
//!
//! Promises: text is HTML with link previews off unless there is a poster; nothing but what is marked so makes a phone ring;
//! nothing is sent or edited without a [`Permit`] of its chat's budget, which all bots share; Telegram's "wait" is obeyed, by all of
//! them; a group that moved is followed, and its cards with it. Never logs a text.
//!
//! Of Telegram's answers only the new message's number is read: they repeat the message that was answered, with all that teloxide may
//! not know yet, and an answer that cannot be read would look like a message that was not sent.

mod budget;

use std::time::Duration;

use serde::{Deserialize, Serialize, de::IgnoredAny};
use sha2::{Digest, Sha256};
use sovpalo_storage::{Db, Sending, clock::Clock};
use teloxide::{
    Bot,
    payloads::{AnswerCallbackQuerySetters, AnswerInlineQuerySetters},
    requests::{JsonRequest, Payload, Requester},
    types::{
        CallbackQueryId, InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryId, InlineQueryResult,
        InlineQueryResultArticle, InputMessageContent, InputMessageContentText, LinkPreviewOptions,
        MessageId, ParseMode, ReplyParameters,
    },
};
use url::Url;

use self::budget::Budget;
pub(crate) use self::budget::Permit;
use crate::failure::Failure;

/// An answer to a person waits at most this long for its chat's budget and for Telegram's leave; one that would come later still is
/// dropped at once, so that it does not hold up what else was said in the chat.
pub(crate) const ANSWER_PATIENCE: Duration = Duration::from_secs(30);

/// A text with what hangs below and above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Telegram's HTML.
    pub(crate) html: String,
    /// Rows of buttons.
    pub(crate) buttons: Vec<Vec<InlineKeyboardButton>>,
    /// A picture's address, shown large above the text.
    pub(crate) poster: Option<String>,
    /// Whether phones ring.
    pub(crate) rings: bool,
}

impl Message {
    /// A text alone.
    pub(crate) fn text(html: impl Into<String>) -> Self {
        Self { html: html.into(), buttons: Vec::new(), poster: None, rings: false }
    }

    /// With one more row of one button that opens a link.
    #[must_use]
    pub(crate) fn link(self, label: impl Into<String>, url: Url) -> Self {
        self.button(InlineKeyboardButton::url(label.into(), url))
    }

    /// With one more row of one button.
    #[must_use]
    pub(crate) fn button(mut self, button: InlineKeyboardButton) -> Self {
        self.buttons.push(vec![button]);
        self
    }

    /// What tells two messages apart that look different. 128 bits of a hash, in hex.
    pub(crate) fn fingerprint(&self) -> String {
        let keyboard = serde_json::to_string(&self.buttons).unwrap_or_default();
        let digest = Sha256::new()
            .chain_update(&self.html)
            .chain_update([0])
            .chain_update(keyboard)
            .chain_update([0])
            .chain_update(self.poster.as_deref().unwrap_or_default())
            .finalize();
        hex::encode(&digest[..16])
    }

    pub(crate) fn keyboard(&self) -> InlineKeyboardMarkup {
        InlineKeyboardMarkup::new(self.buttons.clone())
    }

    /// As something that a person may send themselves, by inline mode or by sharing: under this id, and shown to them with a title and a
    /// line about it.
    pub(crate) fn article(&self, id: &str, title: String, about: String) -> InlineQueryResult {
        let text = InputMessageContentText::new(&self.html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(self.preview());
        let article = InlineQueryResultArticle::new(id, title, InputMessageContent::Text(text))
            .description(about)
            .reply_markup(self.keyboard());
        InlineQueryResult::Article(article)
    }

    pub(crate) fn preview(&self) -> LinkPreviewOptions {
        LinkPreviewOptions {
            is_disabled: self.poster.is_none(),
            url: self.poster.clone(),
            prefer_small_media: false,
            prefer_large_media: self.poster.is_some(),
            show_above_text: self.poster.is_some(),
        }
    }
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    /// The chat.
    pub(crate) chat: i64,
    /// Its topic.
    pub(crate) thread: Option<i32>,
    /// The message that is answered, if it is still there.
    pub(crate) reply_to: Option<i32>,
}

impl Address {
    /// A chat as such.
    pub(crate) fn chat(chat: i64) -> Self {
        Self { chat, thread: None, reply_to: None }
    }
}

/// A message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Where it is: another chat than asked for, if the group has moved.
    pub(crate) chat: i64,
    /// Its number there.
    pub(crate) message: i32,
}

/// The calls. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Outgoing {
    bot: Bot,
    db: Db,
    budget: Budget,
}

impl Outgoing {
    /// Calls of one bot, which counts its chats' budgets so many times as fast as Telegram.
    pub(crate) fn new(bot: Bot, db: Db, clock: Clock, haste: u32) -> Self {
        let budget = Budget::new(db.clone(), clock, haste);
        Self { bot, db, budget }
    }

    /// Takes the turn of a chat, or says how long to wait.
    pub(crate) async fn permit(&self, chat: i64, what: Sending) -> Result<Permit, Failure> {
        self.budget.permit(chat.to_string(), what).await
    }

    /// Takes the turn of a message that was sent inline: nobody knows its chat.
    pub(crate) async fn permit_inline(&self, inline_message: &str, what: Sending) -> Result<Permit, Failure> {
        self.budget.permit(format!("inline:{inline_message}"), what).await
    }

    /// Answers a tap on a button, with words that only the person sees who tapped. No budget counts that.
    pub(crate) async fn answer_tap(&self, query: &str, words: Option<String>) -> Result<(), Failure> {
        let mut answer = self.bot.answer_callback_query(CallbackQueryId(query.to_owned()));
        if let Some(words) = words {
            answer = answer.text(words);
        }
        answer.await?;
        Ok(())
    }

    /// Offers something to somebody who types the bot's name, for them alone. No budget counts that.
    pub(crate) async fn offer(&self, query: &str, offers: Vec<InlineQueryResult>) -> Result<(), Failure> {
        let answer = self.bot.answer_inline_query(InlineQueryId(query.to_owned()), offers);
        answer.is_personal(true).cache_time(1).await?;
        Ok(())
    }

    /// Sends, and waits while the chat's budget and Telegram say so, but no longer than [`ANSWER_PATIENCE`].
    pub(crate) async fn answer(&self, to: Address, message: &Message) -> Result<Sent, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let sent = match self.permit(to.chat, Sending::Answer).await {
                Ok(permit) => self.send(to, message, permit).await,
                Err(failure) => Err(failure),
            };
            match sent {
                Err(Failure::TooMany(wait) | Failure::Held(wait)) if waited + wait <= ANSWER_PATIENCE => {
                    waited += wait;
                    tokio::time::sleep(wait).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Sends once; follows a group that moved, and a topic that closed to the chat around it.
    pub(crate) async fn send(&self, to: Address, message: &Message, permit: Permit) -> Result<Sent, Failure> {
        let what = permit.what();
        let outcome = match self.try_send(to, message).await {
            // A refusal like this one was no message: the permit still holds.
            Err(Failure::NoTopic) => self.try_send(Address { thread: None, ..to }, message).await,
            outcome => outcome,
        };
        let Err(Failure::Moved(chat)) = outcome else { return self.budget.spent(permit, outcome).await };
        self.follow_move(to.chat, chat).await;
        // In another chat than the permit is for. The message that was answered stayed behind.
        let permit = self.permit(chat, what).await?;
        let outcome = self.try_send(Address { chat, thread: None, reply_to: None }, message).await;
        self.budget.spent(permit, outcome).await
    }

    async fn try_send(&self, to: Address, message: &Message) -> Result<Sent, Failure> {
        let reply_parameters = to
            .reply_to
            .map(|answered| ReplyParameters::new(MessageId(answered)).allow_sending_without_reply());
        let request = SendMessage {
            chat_id: to.chat,
            message_thread_id: to.thread,
            text: message.html.clone(),
            parse_mode: ParseMode::Html,
            link_preview_options: message.preview(),
            disable_notification: !message.rings,
            reply_parameters,
            reply_markup: (!message.buttons.is_empty()).then(|| message.keyboard()),
        };
        let sent = JsonRequest::new(self.bot.clone(), request).await?;
        Ok(Sent { chat: to.chat, message: sent.message_id })
    }

    /// Edits once. `Moved` when the group has; its cards are known under the new id then, and its messages stayed behind.
    pub(crate) async fn edit(
        &self,
        chat: i64,
        number: i32,
        message: &Message,
        permit: Permit,
    ) -> Result<(), Failure> {
        let which = Edited { chat_id: Some(chat), message_id: Some(number), inline_message_id: None };
        match self.write_over(which, message, permit).await {
            Ok(()) | Err(Failure::NotModified) => Ok(()),
            Err(Failure::Moved(to)) => {
                self.follow_move(chat, to).await;
                Err(Failure::Moved(to))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Edits a message that was sent through inline mode, once.
    pub(crate) async fn edit_inline(
        &self,
        inline_message: &str,
        message: &Message,
        permit: Permit,
    ) -> Result<(), Failure> {
        let which =
            Edited { chat_id: None, message_id: None, inline_message_id: Some(inline_message.to_owned()) };
        match self.write_over(which, message, permit).await {
            Ok(()) | Err(Failure::NotModified) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    async fn write_over(&self, which: Edited, message: &Message, permit: Permit) -> Result<(), Failure> {
        let edit = EditMessage {
            which,
            text: message.html.clone(),
            parse_mode: ParseMode::Html,
            link_preview_options: message.preview(),
            reply_markup: message.keyboard(),
        };
        let edited = JsonRequest::new(self.bot.clone(), edit).await;
        self.budget.spent(permit, edited.map(drop).map_err(Failure::from)).await
    }

    /// Puts other buttons under a message of a private chat.
    pub(crate) async fn edit_buttons(
        &self,
        chat: i64,
        number: i32,
        buttons: InlineKeyboardMarkup,
        permit: Permit,
    ) -> Result<(), Failure> {
        let edit = EditButtons { chat_id: chat, message_id: number, reply_markup: buttons };
        let edited = JsonRequest::new(self.bot.clone(), edit).await;
        match self.budget.spent(permit, edited.map(drop).map_err(Failure::from)).await {
            Err(Failure::NotModified) => Ok(()),
            outcome => outcome,
        }
    }

    /// A group became a supergroup: its cards are there now.
    pub(crate) async fn follow_move(&self, from: i64, to: i64) {
        match self.db.migrate_chat(from, to).await {
            Ok(()) => tracing::info!(from, to, "a group became a supergroup"),
            Err(error) => tracing::warn!(%error, from, to, "a group that moved could not be followed"),
        }
    }
}

/// `sendMessage` with the answer read as little as can be.
#[derive(Clone, Serialize)]
struct SendMessage {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<i32>,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    disable_notification: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_parameters: Option<ReplyParameters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<InlineKeyboardMarkup>,
}

#[derive(Deserialize)]
struct SentMessage {
    message_id: i32,
}

impl Payload for SendMessage {
    type Output = SentMessage;
    const NAME: &'static str = "sendMessage";
}

/// `editMessageText`, also of an inline message with the link preview options that teloxide's own payload lacks.
#[derive(Clone, Serialize)]
struct EditMessage {
    #[serde(flatten)]
    which: Edited,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    reply_markup: InlineKeyboardMarkup,
}

#[expect(clippy::struct_field_names, reason = "the Bot API's names")]
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize)]
struct Edited {
    chat_id: Option<i64>,
    message_id: Option<i32>,
    inline_message_id: Option<String>,
}

impl Payload for EditMessage {
    type Output = IgnoredAny;
    const NAME: &'static str = "editMessageText";
}

/// `editMessageReplyMarkup` of a message in a chat.
#[derive(Clone, Serialize)]
struct EditButtons {
    chat_id: i64,
    message_id: i32,
    reply_markup: InlineKeyboardMarkup,
}

impl Payload for EditButtons {
    type Output = IgnoredAny;
    const NAME: &'static str = "editMessageReplyMarkup";
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// Files that may know the calls that send and edit.
    const DOOR: &str = "outgoing.rs";

    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }

    #[test]
    fn nothing_is_sent_or_edited_around_the_budget() {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        assert!(files.len() > 30, "only {} sources were found", files.len());
        // Telegram's methods that write into chats, as their names and as teloxide's functions begin.
        let verbs = ["send", "edit", "forward", "copy", "pin", "unpin", "delete", "stop", "post", "repost"];
        let nouns = ["Message", "Photo", "Poll", "Dice", "Media", "Document", "Animation", "Chat", "Story"];
        for (path, text) in files.iter().filter(|(path, _)| !path.ends_with(DOOR)) {
            for verb in verbs {
                for noun in nouns {
                    let name = format!("\"{verb}{noun}");
                    assert!(!text.contains(&name), "{path} calls {name} of its own");
                    let function = format!(".{verb}_{}", noun.to_lowercase());
                    assert!(!text.contains(&function), "{path} calls {function} of its own");
                }
            }
        }
    }
}
