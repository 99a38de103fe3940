//! Where the bot is and is not: added to a group, taken out of it, blocked, let in again.

use teloxide::types::{ChatMemberStatus, ChatMemberUpdated};

use super::{Desk, Trouble, sender};
use crate::{
    outgoing::{Address, Message},
    texts::say,
};

impl Desk {
    pub(super) async fn membership(&self, change: &ChatMemberUpdated) -> Result<(), Trouble> {
        let (before, now) = (&change.old_chat_member.kind, &change.new_chat_member.kind);
        if change.chat.is_private() {
            return self.blocked(change, now.status() == ChatMemberStatus::Banned).await;
        }
        if before.is_present() && !now.is_present() {
            self.db().drop_cards_in(change.chat.id.0).await?;
        } else if !before.is_present() && now.is_present() && !change.chat.is_channel() {
            self.hello(change).await?;
        }
        Ok(())
    }

    async fn blocked(&self, change: &ChatMemberUpdated, blocked: bool) -> Result<(), Trouble> {
        if let Some(person) = sender::person(&change.from) {
            self.db().allow_writes(person.id, !blocked, self.now()).await?;
        }
        Ok(())
    }

    /// In the language of whoever added us: nobody else has said a word yet.
    async fn hello(&self, change: &ChatMemberUpdated) -> Result<(), Trouble> {
        let tag = change.from.language_code.as_deref().unwrap_or("en");
        let mut language = sovpalo_storage::titles::Language::from_tag(tag);
        if !change.from.is_bot
            && let Some(user) = self.see(&change.from).await?
        {
            language = user.language;
        }
        self.say(Address::chat(change.chat.id.0), &Message::text(say(language, "bot-hello-group"))).await
    }
}
