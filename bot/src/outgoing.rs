//! What the bot writes: a message as a value, and the calls that send or edit it.
//!
//! Promises: text is HTML with link previews off unless there is a poster; Telegram's "wait" is obeyed; a group that moved is
//! followed, and its cards with it. Never logs a text.

use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};
use sovpalo_storage::db::Db;
use teloxide::{
    Bot,
    payloads::{EditMessageTextSetters, SendMessageSetters},
    requests::{JsonRequest, Payload, Requester},
    types::{
        ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode,
        ReplyParameters, ThreadId, True,
    },
};
use url::Url;

use crate::failure::Failure;

/// An answer to a person waits at most this long for Telegram's leave; longer, and it is not worth saying any more.
const PATIENCE: Duration = Duration::from_secs(90);

/// A text with what hangs below and above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Telegram's HTML.
    pub(crate) html: String,
    /// Rows of buttons.
    pub(crate) buttons: Vec<Vec<InlineKeyboardButton>>,
    /// A picture's address, shown large above the text.
    pub(crate) poster: Option<String>,
}

impl Message {
    /// A text alone.
    pub(crate) fn text(html: impl Into<String>) -> Self {
        Self { html: html.into(), buttons: Vec::new(), poster: None }
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
}

impl Outgoing {
    /// Calls of one bot.
    pub(crate) fn new(bot: Bot, db: Db) -> Self {
        Self { bot, db }
    }

    /// The client below.
    pub(crate) fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Sends, and waits while Telegram says so, but not for ever.
    pub(crate) async fn answer(&self, to: Address, message: &Message) -> Result<Sent, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            match self.send(to, message).await {
                Err(Failure::TooMany(wait)) if waited + wait <= PATIENCE => {
                    waited += wait;
                    tokio::time::sleep(wait).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Sends once; follows a group that moved, and a topic that closed to the chat around it.
    pub(crate) async fn send(&self, to: Address, message: &Message) -> Result<Sent, Failure> {
        match self.try_send(to, message).await {
            Err(Failure::Moved(chat)) => {
                self.follow_move(to.chat, chat).await;
                // The message that was answered stayed behind.
                self.try_send(Address { chat, thread: None, reply_to: None }, message).await
            }
            Err(Failure::NoTopic) => self.try_send(Address { thread: None, ..to }, message).await,
            outcome => outcome,
        }
    }

    async fn try_send(&self, to: Address, message: &Message) -> Result<Sent, Failure> {
        let mut request = self
            .bot
            .send_message(ChatId(to.chat), &message.html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(message.preview());
        if !message.buttons.is_empty() {
            request = request.reply_markup(message.keyboard());
        }
        if let Some(thread) = to.thread {
            request = request.message_thread_id(ThreadId(MessageId(thread)));
        }
        if let Some(answered) = to.reply_to {
            let reply = ReplyParameters::new(MessageId(answered)).allow_sending_without_reply();
            request = request.reply_parameters(reply);
        }
        let sent = request.await?;
        Ok(Sent { chat: to.chat, message: sent.id.0 })
    }

    /// Edits once. `Moved` when the group has; its cards are known under the new id then, and its messages stayed behind.
    pub(crate) async fn edit(&self, chat: i64, number: i32, message: &Message) -> Result<(), Failure> {
        let outcome = self
            .bot
            .edit_message_text(ChatId(chat), MessageId(number), &message.html)
            .parse_mode(ParseMode::Html)
            .link_preview_options(message.preview())
            .reply_markup(message.keyboard())
            .await
            .map_err(Failure::from);
        match outcome {
            Ok(_) | Err(Failure::NotModified) => Ok(()),
            Err(Failure::Moved(to)) => {
                self.follow_move(chat, to).await;
                Err(Failure::Moved(to))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Edits a message that was sent through inline mode, once.
    pub(crate) async fn edit_inline(&self, inline_message: &str, message: &Message) -> Result<(), Failure> {
        let edit = EditInlineMessage {
            inline_message_id: inline_message.to_owned(),
            text: message.html.clone(),
            parse_mode: ParseMode::Html,
            link_preview_options: message.preview(),
            reply_markup: message.keyboard(),
        };
        match JsonRequest::new(self.bot.clone(), edit).await.map_err(Failure::from) {
            Ok(True) | Err(Failure::NotModified) => Ok(()),
            Err(failure) => Err(failure),
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

/// `editMessageText` of an inline message, with the link preview options that teloxide's own payload lacks.
#[derive(Clone, Serialize)]
struct EditInlineMessage {
    inline_message_id: String,
    text: String,
    parse_mode: ParseMode,
    link_preview_options: LinkPreviewOptions,
    reply_markup: InlineKeyboardMarkup,
}

impl Payload for EditInlineMessage {
    type Output = True;
    const NAME: &'static str = "editMessageText";
}
