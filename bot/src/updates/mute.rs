//! Taps on the button that mutes a room, and on any other: each is answered, so that it stops spinning.

use sovpalo_domain::{ids::UserId, language::Language};
use sovpalo_storage::{Sending, User};

use super::{Trouble, UpdateHandler};
use crate::{
    failure::Failure,
    incoming::CallbackQuery,
    mute::{self, Asked},
    outgoing::Message,
    texts::say,
};

impl UpdateHandler {
    /// A tap on a button. Our other buttons are links, and what is on none of ours does nothing.
    pub(super) async fn callback(&self, query: &CallbackQuery) -> Result<(), Trouble> {
        let asked = query.data.as_deref().and_then(mute::read);
        let outcome = match asked {
            Some(asked) => self.mute(query, asked).await,
            None => Ok(None),
        };
        let language = self.language_of_tap(query).await;
        let text = match &outcome {
            Ok(text) => text.map(|key| say(language, key)),
            Err(_) => Some(say(language, "bot-unavailable")),
        };
        self.outgoing.answer_tap(&query.id, text).await?;
        if let (Ok(Some(MUTED | UNMUTED)), Some(asked)) = (&outcome, asked) {
            self.show_muted(query, asked, language).await?;
        }
        outcome.map(drop)
    }

    /// Does what was asked; comes back with what to say.
    async fn mute(&self, query: &CallbackQuery, asked: Asked) -> Result<Option<&'static str>, Trouble> {
        let Some(member) = query.from.as_ref().and_then(|user| UserId::new(user.id).ok()) else {
            return Ok(Some("bot-mute-stranger"));
        };
        if !self.db().mute_room(asked.room, member, asked.mute, self.now()).await? {
            return Ok(Some("bot-mute-stranger"));
        }
        Ok(Some(if asked.mute { MUTED } else { UNMUTED }))
    }

    async fn language_of_tap(&self, query: &CallbackQuery) -> Language {
        let Some(from) = &query.from else { return Language::En };
        let known: Option<User> = match UserId::new(from.id) {
            Ok(id) => self.db().user(id).await.ok().flatten(),
            Err(_) => None,
        };
        let from_telegram = || Language::from_tag(from.language_code.as_deref().unwrap_or("en"));
        known.map_or_else(from_telegram, |user| user.language)
    }

    /// The button below the message offers the opposite from now on. A message that cannot be changed any more is none of our trouble.
    async fn show_muted(
        &self,
        query: &CallbackQuery,
        asked: Asked,
        language: Language,
    ) -> Result<(), Trouble> {
        let Some((chat, number)) = query.private_message() else { return Ok(()) };
        let buttons = Message::text("")
            .link(say(language, "bot-button-room"), self.links.room(asked.room))
            .button(mute::button(asked.room, asked.mute, language));
        // The tap is answered already: a button that cannot turn now stays as it is.
        let Ok(permit) = self.outgoing.permit(chat, Sending::Answer).await else { return Ok(()) };
        match self.outgoing.edit_buttons(chat, number, buttons.keyboard(), permit).await {
            Ok(()) | Err(Failure::Gone | Failure::Forbidden | Failure::Refused(_)) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }
}

const MUTED: &str = "bot-muted";
const UNMUTED: &str = "bot-unmuted";
