//! One card and Telegram: posting it, editing it, and what becomes of it when Telegram says no.

use std::{collections::HashSet, time::Duration};

use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_storage::{
    db::{Card, Claimed, DbError, Place},
    rooms::LiveRoom,
    titles::Language,
};

use super::{Cards, language_of, maker, pace::PAUSE};
use crate::{
    captions::Captions,
    card,
    failure::Failure,
    outgoing::{Address, Message},
};

/// How long a card waits when Telegram cannot be reached.
pub(super) const UNREACHABLE_PAUSE: Duration = Duration::from_secs(5);
/// How soon to look again at a card that somebody else is about to post.
const CLAIMED_PAUSE: Duration = Duration::from_secs(5);

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It looks as it did, or is let go.
    AsItWas,
    /// It was posted or edited.
    Changed,
    /// Telegram does not take it now; again after so long.
    NotYet(Duration),
}

impl Cards {
    /// Posts or edits one card, if it looks different.
    pub(super) async fn bring_up_to_date(
        &self,
        live: &LiveRoom,
        card: &Card,
        claimed: &mut HashSet<i64>,
    ) -> Result<Shown, DbError> {
        let room = live.code();
        let language = self.language(live, &card.place).await?;
        let message = self.draw(live, language);
        let fingerprint = message.fingerprint();
        let outgoing = &self.shared.outgoing;
        let edited = match &card.place {
            Place::Chat { chat, thread, message: None } => {
                let to = Address { chat: *chat, thread: *thread, reply_to: None };
                if !claimed.contains(chat) && !self.claim(room, to).await? {
                    return Ok(Shown::NotYet(CLAIMED_PAUSE));
                }
                let shown = self.post(room, card, to, &message).await?;
                if let Shown::NotYet(_) = shown {
                    claimed.insert(*chat);
                } else {
                    claimed.remove(chat);
                }
                return Ok(shown);
            }
            _ if card.text_hash.as_ref() == Some(&fingerprint) => return Ok(Shown::AsItWas),
            Place::Chat { chat, message: Some(number), .. } => outgoing.edit(*chat, *number, &message).await,
            Place::Inline { message: inline } => outgoing.edit_inline(inline, &message).await,
        };
        match edited {
            Ok(()) => {
                self.db().card_edited(room, &card.place, &fingerprint).await?;
                Ok(Shown::Changed)
            }
            // The message stayed in the old group; the card waits in the new one to be posted.
            Err(Failure::Moved(_)) => Ok(Shown::NotYet(PAUSE)),
            Err(failure) => self.failed(room, card, &failure).await,
        }
    }

    /// Whether a card that nobody has posted is ours to post.
    async fn claim(&self, room: RoomCode, to: Address) -> Result<bool, DbError> {
        Ok(self.db().claim_card(room, to.chat, to.thread, self.now()).await? == Claimed::New)
    }

    async fn post(
        &self,
        room: RoomCode,
        card: &Card,
        to: Address,
        message: &Message,
    ) -> Result<Shown, DbError> {
        match self.shared.outgoing.send(to, message).await {
            Ok(sent) => {
                let fingerprint = message.fingerprint();
                self.db().card_posted(room, sent.chat, sent.message, &fingerprint, self.now()).await?;
                Ok(Shown::Changed)
            }
            Err(failure) => self.failed(room, card, &failure).await,
        }
    }

    /// What becomes of a card that Telegram did not take.
    async fn failed(&self, room: RoomCode, card: &Card, failure: &Failure) -> Result<Shown, DbError> {
        match failure {
            Failure::TooMany(wait) => Ok(Shown::NotYet((*wait).max(PAUSE))),
            Failure::Unreachable(_) | Failure::BadToken => Ok(Shown::NotYet(UNREACHABLE_PAUSE)),
            Failure::Gone | Failure::Forbidden => {
                tracing::debug!(%room, %failure, "a card is let go");
                self.db().drop_card(room, &card.place).await?;
                Ok(Shown::AsItWas)
            }
            failure => {
                tracing::warn!(%failure, %room, "a card could not be shown");
                Ok(Shown::AsItWas)
            }
        }
    }

    fn draw(&self, live: &LiveRoom, language: Language) -> Message {
        let catalogue = self.shared.titles.current();
        live.read(|room| {
            let captions = Captions { room: Some(room), catalogue: &catalogue, language };
            card::draw(room, captions, &self.shared.links)
        })
    }

    /// A private chat reads its owner's language, every other place that of whoever made the room.
    async fn language(&self, live: &LiveRoom, place: &Place) -> Result<Language, DbError> {
        let reader = match place {
            Place::Chat { chat, .. } if *chat > 0 => UserId::new(*chat).ok(),
            _ => live.read(maker),
        };
        language_of(self.db(), reader).await
    }
}
