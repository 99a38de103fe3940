//! What the bot does about an update, one file per kind.
//!
//! [`UpdateHandler::handle`] takes any update, from wherever it came, and never fails: whoever wrote gets an answer, or silence where an
//! answer would be noise. It bears repetition: an update that is handled twice makes one room and one card.
//!
//! It must never log what people write.

mod chat;
mod command;
mod greeting;
mod inline;
mod membership;
mod mute;
mod new_room;
mod recent;
mod sender;
mod watch;

use std::{sync::Arc, time::Duration};

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp},
    language::Language,
    pasted::Pasted,
    room::{RoomName, Settings, settings::MAX_NAME},
    visible::visible_line,
};
use sovpalo_live::{
    rates::Rates,
    rooms::{LiveRoom, RoomError, Rooms, usual_name},
};
use sovpalo_storage::{Db, DbError, User};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::new_room::{Made, Once};
use crate::{
    cards::Cards,
    failure::Failure,
    incoming::{self, Update},
    links::Links,
    outgoing::{Address, Message, Outgoing},
    texts::{number, say_with},
};

/// Everything that answering takes.
pub(crate) struct UpdateHandler {
    pub(crate) outgoing: Outgoing,
    pub(crate) rooms: Rooms,
    pub(crate) titles: SharedCatalogue,
    pub(crate) links: Links,
    pub(crate) cards: Cards,
    /// The bot's own number.
    pub(crate) id: i64,
    /// The bot's own username, without `@`.
    pub(crate) username: String,
    /// How many rooms a person may make.
    pub(crate) limits: Option<Rates>,
    /// What waits for a moment outside of its chat's turn; it ends with the process.
    pub(crate) later: TaskTracker,
    /// The end of the process.
    pub(crate) stop: CancellationToken,
}

/// Why somebody does not get what they asked for. They are told so in a few words; the log has the rest.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Telegram does not take the answer.
    #[error(transparent)]
    Telegram(#[from] Failure),
    /// The process ends before it is done.
    #[error("the bot stops")]
    Stopping,
    /// The room or the stores below say no.
    #[error(transparent)]
    Room(#[from] RoomError),
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Self {
        Self::Room(error.into())
    }
}

impl From<sovpalo_live::hot::HotError> for Trouble {
    fn from(error: sovpalo_live::hot::HotError) -> Self {
        Self::Room(error.into())
    }
}

impl Trouble {
    /// Whether trying again, later, may help; after how long at the soonest. Other trouble is a mistake of ours that would only be
    /// repeated for ever.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Telegram(failure) => failure.retry_after(),
            Self::Room(RoomError::NotFound | RoomError::Refused(_)) => None,
            Self::Room(_) | Self::Stopping => Some(Duration::ZERO),
        }
    }
}

impl UpdateHandler {
    /// Does whatever an update asks for. `false`: the process ends first, and the next one has to do it.
    pub(crate) async fn handle(self: &Arc<Self>, id: i64, update: Update) -> bool {
        let outcome = match update {
            Update::Message(message) => self.message(id, &message).await,
            Update::InlineQuery(query) => self.inline_query(&query).await,
            Update::ChosenInlineResult(chosen) => self.inline_result(&chosen).await,
            Update::CallbackQuery(query) => self.callback(&query).await,
            Update::MyChatMember(change) => self.membership(&change).await,
            // An edited command is not said again, and nothing else was asked for.
            Update::Other => Ok(()),
        };
        match outcome {
            Ok(()) => {}
            Err(Trouble::Stopping) => return false,
            Err(Trouble::Telegram(Failure::Forbidden | Failure::Gone)) => {
                tracing::debug!(update = id, "there is nobody to answer any more");
            }
            // Whoever writes too much makes no lines in the log.
            Err(Trouble::Telegram(failure @ (Failure::Held(_) | Failure::TooMany(_)))) => {
                tracing::debug!(%failure, update = id, "an answer is dropped");
            }
            Err(trouble) => tracing::warn!(%trouble, update = id, "an update could not be answered"),
        }
        true
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.rooms.clock().now()
    }

    fn db(&self) -> &Db {
        self.rooms.db()
    }

    /// Remembers somebody who does something here.
    async fn see(&self, user: &incoming::User) -> Result<Option<User>, DbError> {
        let Some(person) = sender::person(user) else { return Ok(None) };
        self.db().see_user(&person, user.language_code.as_deref(), self.now()).await.map(Some)
    }

    /// Says something in a chat.
    async fn say(&self, to: Address, message: &Message) -> Result<(), Trouble> {
        self.outgoing.answer(to, message).await?;
        Ok(())
    }

    /// Makes a room for somebody, once however often this is asked for with the same `once`.
    async fn make_room(&self, host: &User, typed_name: &str, once: Once<'_>) -> Result<Made, Trouble> {
        let name = room_name(typed_name, host.language);
        Ok(new_room::make(&self.rooms, self.limits, host, Settings::named(name), once).await?)
    }

    /// A room by its code; `None` if there is none.
    async fn find_room(&self, code: RoomCode) -> Result<Option<Arc<LiveRoom>>, Trouble> {
        match self.rooms.open(code).await {
            Ok(live) => Ok(Some(live)),
            Err(RoomError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The first room that there is, of those that somebody's words may name.
    async fn first_room(&self, pasted: &[Pasted]) -> Result<Option<Arc<LiveRoom>>, Trouble> {
        for Pasted { code, .. } in pasted {
            if let Some(room) = self.find_room(*code).await? {
                return Ok(Some(room));
            }
        }
        Ok(None)
    }

    /// Whether this is the first time within a while, for all bots.
    async fn first_time(&self, what: &str, within: Duration) -> Result<bool, Trouble> {
        Ok(self.rooms.hot().swap(what, None, b"1", within).await?)
    }
}

/// A name from what was typed: cut to what a room takes, or the language's own if nothing was.
fn room_name(typed: &str, language: Language) -> RoomName {
    let typed = visible_line(typed, MAX_NAME).and_then(|line| RoomName::new(&line).ok());
    typed.unwrap_or_else(|| usual_name(language))
}

/// "Too many rooms", with how long to wait.
fn too_many(language: Language, retry_after: Duration) -> String {
    let minutes = retry_after.as_secs().div_ceil(60).max(1);
    say_with(language, "bot-too-many-rooms", [("minutes", number(usize::try_from(minutes).unwrap_or(60)))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_gets_the_name_that_was_typed_or_the_usual_one() {
        assert_eq!(room_name("  Friday\nnight ", Language::En).as_str(), "Friday night");
        for nothing in ["", " ", "\u{200B}", "\0"] {
            assert_eq!(room_name(nothing, Language::Ru).as_str(), "Киновечер", "from {nothing:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_and_not_refused() {
        let name = room_name(&"кино ".repeat(2_000), Language::Ru);
        assert_eq!(name.as_str().chars().count(), MAX_NAME);
        assert!(name.as_str().ends_with('…'));
    }
}
