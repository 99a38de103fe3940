//! "Mute this room": the button below every private notice, and what a tap on it does.
//!
//! A tap is answered whatever it says, so that its spinner stops. What it says may be forged or old: it only ever changes what the
//! person who tapped hears of a room that they are or were in.

use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_storage::{db::Sending, titles::Language};
use teloxide::{
    payloads::AnswerCallbackQuerySetters,
    requests::Requester,
    types::{CallbackQueryId, InlineKeyboardButton, InlineKeyboardMarkup},
};

use super::{Desk, Trouble};
use crate::{failure::Failure, incoming::CallbackQuery, texts::say};

const MUTE: &str = "mute:";
const UNMUTE: &str = "unmute:";

/// What a button says to the bot: to mute a room, or to unmute it.
pub(crate) fn muting(room: RoomCode, muted: bool) -> String {
    format!("{}{room}", if muted { MUTE } else { UNMUTE })
}

fn asked_for(data: &str) -> Option<(RoomCode, bool)> {
    let (code, muted) = match (data.strip_prefix(MUTE), data.strip_prefix(UNMUTE)) {
        (Some(code), _) => (code, true),
        (None, Some(code)) => (code, false),
        (None, None) => return None,
    };
    Some((code.parse().ok()?, muted))
}

impl Desk {
    /// Somebody tapped a button that is no link.
    pub(super) async fn tap(&self, query: &CallbackQuery) -> Result<(), Trouble> {
        let said = match query.data.as_deref().and_then(asked_for) {
            Some((room, muted)) => self.mute(query, room, muted).await,
            // A button of some other bot's making.
            None => Ok(None),
        };
        let answer = self.outgoing.bot().answer_callback_query(CallbackQueryId(query.id.clone()));
        let answer = match said.as_ref().ok().and_then(Option::as_ref) {
            Some(text) => answer.text(text.clone()),
            None => answer,
        };
        answer.await.map_err(Failure::from)?;
        said.map(drop)
    }

    /// Says what has changed, if anything may.
    async fn mute(
        &self,
        query: &CallbackQuery,
        room: RoomCode,
        muted: bool,
    ) -> Result<Option<String>, Trouble> {
        let Some(from) = &query.from else { return Ok(None) };
        let Some(user) = self.see(from).await? else { return Ok(None) };
        let (id, language) = (user.person.id, user.language);
        if !self.db().mute_room(room, id, muted).await? {
            return Ok(None);
        }
        if let Err(failure) = self.turn_button(query, id, room, muted, language).await {
            tracing::debug!(%failure, "a button shows what it showed before");
        }
        Ok(Some(say(language, if muted { "bot-muted" } else { "bot-unmuted" })))
    }

    /// The button offers the opposite from now on.
    async fn turn_button(
        &self,
        query: &CallbackQuery,
        id: UserId,
        room: RoomCode,
        muted: bool,
        language: Language,
    ) -> Result<(), Failure> {
        let Some(number) = query.message_in(id.get()) else { return Ok(()) };
        let permit = self.outgoing.permit(id.get(), Sending::Answer).await?;
        let label = say(language, if muted { "bot-button-unmute" } else { "bot-button-mute" });
        let buttons = InlineKeyboardMarkup::new([
            [InlineKeyboardButton::url(say(language, "bot-button-room"), self.links.room(room))],
            [InlineKeyboardButton::callback(label, muting(room, !muted))],
        ]);
        self.outgoing.edit_buttons(id.get(), number, buttons, permit).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_buttons_say_is_obeyed() {
        let room: RoomCode = "R00M0001".parse().unwrap();
        for muted in [true, false] {
            assert_eq!(asked_for(&muting(room, muted)), Some((room, muted)));
        }
        for forged in [
            "",
            "mute",
            "mute:",
            "mute:R00M000",
            "mute:R00M00010",
            "mute: R00M0001'",
            "muted:R00M0001",
            "leave:R00M0001",
        ] {
            assert_eq!(asked_for(forged), None, "{forged:?}");
        }
    }
}
