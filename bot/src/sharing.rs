//! What a member shares from the Mini App: Telegram keeps a message for them, and they choose the chat it goes to.
//!
//! Needs no running bot beside it, only the bot's token: a server that is a process of its own prepares messages, too.
//! <https://core.telegram.org/bots/api#savepreparedinlinemessage>, Bot API 8.0.

use std::time::Duration;

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::{
    ids::{TitleId, UserId},
    language::Language,
};
use sovpalo_live::rooms::LiveRoom;
use teloxide::{
    Bot, payloads::SavePreparedInlineMessageSetters as _, requests::Requester as _,
    types::UserId as TelegramId,
};
use tokio::{sync::watch, time::timeout};

use crate::{
    captions::Captions,
    failure::Failure,
    html::{TITLE, line},
    links::Links,
    notices::news::News,
    texts::say,
};

/// Somebody is looking at a button that turns; after so long the plain link serves them better.
const WITHIN: Duration = Duration::from_secs(4);
/// The one thing that is offered.
const MATCH: &str = "match";

/// Prepares messages. Cheap to clone.
#[derive(Clone)]
pub struct Sharing {
    bot: Bot,
    /// The bot's name, as soon as Telegram has said it: links need it.
    username: watch::Receiver<Option<String>>,
    /// The Mini App's short name in them.
    app: String,
    titles: SharedCatalogue,
}

impl Sharing {
    /// For a bot whose name is known in time, and its Mini App.
    pub fn new(
        bot: Bot,
        username: watch::Receiver<Option<String>>,
        mini_app_name: String,
        titles: SharedCatalogue,
    ) -> Self {
        Self { bot, username, app: mini_app_name, titles }
    }

    /// Has Telegram keep a message about a match of the room, which only this member can share, into any chat of theirs and for some minutes.
    /// Its id, or `None` where Telegram does not take it in time.
    pub async fn prepare_match(
        &self,
        room: &LiveRoom,
        title: &TitleId,
        member: UserId,
        language: Language,
    ) -> Option<String> {
        let username = self.username.borrow().clone()?;
        let links = Links::new(&username, &self.app, None);
        let catalogue = self.titles.current();
        let result = room.read(|room| {
            let news = News { catalogue: &catalogue, links: &links, language };
            let captions = Captions { room: Some(room), catalogue: &catalogue, language };
            let message = news.message(&say(language, "bot-match"), &[news.item(room, title)]);
            let about = line(room.settings().name.as_str(), TITLE);
            message.article(MATCH, captions.plain(title).to_string(), about)
        });
        let member = TelegramId(u64::try_from(member.get()).ok()?);
        let keeping = self
            .bot
            .save_prepared_inline_message(member, result)
            .allow_user_chats(true)
            .allow_bot_chats(false)
            .allow_group_chats(true)
            .allow_channel_chats(true);
        match timeout(WITHIN, keeping.into_future()).await {
            Ok(Ok(kept)) => Some(kept.id),
            Ok(Err(error)) => {
                tracing::debug!(error = %Failure::from(error), "a match could not be prepared for sharing");
                None
            }
            Err(_) => {
                tracing::debug!("Telegram was too slow to prepare a match for sharing");
                None
            }
        }
    }
}
