//! Where the bot is and is not: added to a group, taken out of it, blocked, let in again, moved along with a group.
//!
//! A chat is greeted once. A group that becomes a supergroup looks like being added to another chat: Telegram tells of the new standing
//! there, and by two service messages, one in each chat, that it is the old group; in any order, and the old chat's and the new
//! one's updates are handled side by side. So what may be either waits [`SETTLES`] outside of its chat's turn, and is looked at then.
//! Being added shows at once: a service message names the bot. A process that ends meanwhile says no hello; whoever
//! added the bot writes `/new` anyway.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::language::Language;
use tokio::time::sleep;

use super::{Trouble, UpdateHandler, sender};
use crate::{
    incoming::{Chat, ChatKind, ChatMemberUpdated, User},
    outgoing::{Address, Message},
    texts::say,
};

/// All that Telegram has to say about a group that moves has come after so long.
const SETTLES: Duration = Duration::from_secs(3);
/// How long a greeting is remembered: longer than Telegram keeps an update that could come again.
const GREETED: Duration = Duration::from_secs(2 * 24 * 3600);

impl UpdateHandler {
    pub(super) async fn membership(self: &Arc<Self>, change: &ChatMemberUpdated) -> Result<(), Trouble> {
        let chat = &change.chat;
        let (before, now) = (change.old_chat_member.is_present(), change.new_chat_member.is_present());
        match (before, now, chat.kind) {
            (_, Some(present), ChatKind::Private) => self.blocked(change, !present).await,
            (Some(true), Some(false), _) => self.out_of(chat).await,
            (Some(false), Some(true), ChatKind::Group) => self.hello(chat, change.from.as_ref()).await,
            (Some(false), Some(true), ChatKind::Supergroup) => {
                let (handler, chat, by) = (Arc::clone(self), chat.clone(), change.from.clone());
                self.after_it_settles(async move { handler.hello(&chat, by.as_ref()).await });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn blocked(&self, change: &ChatMemberUpdated, blocked: bool) -> Result<(), Trouble> {
        if let Some(person) = change.from.as_ref().and_then(sender::person) {
            self.db().allow_writes(person.id, !blocked, self.now()).await?;
        }
        Ok(())
    }

    /// The bot is not in a chat any more. If it is a group that has moved, its cards have moved as well by the time that the old
    /// chat's are dropped.
    async fn out_of(self: &Arc<Self>, chat: &Chat) -> Result<(), Trouble> {
        self.rooms.hot().delete(&greeted(chat.id)).await?;
        if chat.kind != ChatKind::Group {
            return Ok(self.db().drop_cards_in(chat.id).await?);
        }
        let (handler, chat) = (Arc::clone(self), chat.id);
        self.after_it_settles(async move { Ok(handler.db().drop_cards_in(chat).await?) });
        Ok(())
    }

    /// A group became a supergroup. What is bound to the chat goes along, and nobody there has to be greeted.
    pub(super) async fn moved(&self, from: i64, to: i64) -> Result<(), Trouble> {
        self.rooms.hot().put(&greeted(to), b"moved", GREETED).await?;
        self.outgoing.follow_move(from, to).await;
        Ok(())
    }

    /// In the language of whoever added us: nobody else has said a word yet.
    pub(super) async fn hello(&self, chat: &Chat, by: Option<&User>) -> Result<(), Trouble> {
        if chat.kind == ChatKind::Channel || !self.first_time(&greeted(chat.id), GREETED).await? {
            return Ok(());
        }
        let tag = by.and_then(|user| user.language_code.as_deref()).unwrap_or("en");
        let mut language = Language::from_tag(tag);
        if let Some(person) = by.filter(|user| !user.is_bot)
            && let Some(user) = self.see(person).await?
        {
            language = user.language;
        }
        self.say(Address::chat(chat.id), &Message::text(say(language, "bot-hello-group"))).await
    }

    fn after_it_settles(&self, work: impl Future<Output = Result<(), Trouble>> + Send + 'static) {
        let stop = self.stop.clone();
        let later = async move {
            sleep(SETTLES).await;
            if let Err(trouble) = work.await {
                tracing::debug!(%trouble, "a chat that the bot came to or left is as it was");
            }
        };
        self.later.spawn(async move { stop.run_until_cancelled(later).await });
    }
}

fn greeted(chat: i64) -> String {
    format!("greeted:{chat}")
}
