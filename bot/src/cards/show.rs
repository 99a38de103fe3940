//! One card and Telegram: posting it, editing it, and what becomes of it when Telegram says no.

use std::time::Duration;

use sovpalo_catalogue::SharedCatalogue;
use sovpalo_domain::{
    ids::{RoomCode, Timestamp, UserId},
    language::Language,
};
use sovpalo_live::rooms::{LiveRoom, RoomError, Rooms};
use sovpalo_storage::{Card, Db, DbError, Place, Sending};
use tokio::time::Instant;

use super::{
    line::{Line, name_of},
    pace::PAUSE,
    reader::{language_of, maker},
};
use crate::{
    captions::Captions,
    card,
    failure::Failure,
    links::Links,
    outgoing::{Address, Message, Outgoing},
};

/// How long a card waits when Telegram cannot be reached.
pub(super) const UNREACHABLE_PAUSE: Duration = Duration::from_secs(5);
/// How soon to look again at a card that somebody else is about to show.
const CLAIMED_PAUSE: Duration = Duration::from_secs(1);

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// It looks as it did, or is let go.
    AsItWas,
    /// It was posted or edited.
    Changed,
    /// Not now; again after so long.
    NotYet(Duration),
}

/// Shows cards, one at a time and of any room.
pub(super) struct Show {
    rooms: Rooms,
    titles: SharedCatalogue,
    links: Links,
    outgoing: Outgoing,
    line: Line,
}

impl Show {
    pub(super) fn new(rooms: Rooms, titles: SharedCatalogue, links: Links, outgoing: Outgoing) -> Self {
        Self { rooms, titles, links, outgoing, line: Line::default() }
    }

    pub(super) fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    pub(super) fn db(&self) -> &Db {
        self.rooms.db()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.rooms.clock().now()
    }

    /// What a card should look like.
    pub(super) async fn draw(&self, live: &LiveRoom, place: &Place) -> Result<Message, DbError> {
        let language = self.language(live, place).await?;
        let catalogue = self.titles.current();
        Ok(live.read(|room| {
            let captions = Captions { room: Some(room), catalogue: &catalogue, language };
            card::draw(room, captions, &self.links)
        }))
    }

    /// Shows a card that nobody has shown: posts it, or writes it into the message that was sent inline. Of all bots that try,
    /// one does.
    pub(super) async fn show(&self, live: &LiveRoom, card: &Card) -> Result<Shown, RoomError> {
        let (room, place) = (live.code(), &card.place);
        if !self.db().claim_card(room, place, self.now()).await? {
            return Ok(Shown::NotYet(CLAIMED_PAUSE));
        }
        // What has changed by now is drawn; what changes from now on reaches the holder of the lease, which sees that a card is coming.
        self.rooms.catch_up(live).await?;
        let message = self.draw(live, place).await?;
        let fingerprint = message.fingerprint();
        let failure = match place {
            Place::Chat { chat, thread, .. } => {
                let to = Address { chat: *chat, thread: *thread, reply_to: None };
                let sent = match self.outgoing.permit(*chat, Sending::Card).await {
                    Ok(permit) => self.outgoing.send(to, &message, permit).await,
                    Err(failure) => Err(failure),
                };
                match sent {
                    Ok(sent) => {
                        let posted =
                            self.db().card_posted(room, sent.chat, sent.message, &fingerprint, self.now());
                        posted.await?;
                        return Ok(Shown::Changed);
                    }
                    Err(failure) => failure,
                }
            }
            Place::Inline { message: inline } => {
                let edited = match self.outgoing.permit_inline(inline, Sending::Card).await {
                    Ok(permit) => self.outgoing.edit_inline(inline, &message, permit).await,
                    Err(failure) => Err(failure),
                };
                match edited {
                    Ok(()) => {
                        self.note_edit(room, card, &fingerprint).await?;
                        return Ok(Shown::Changed);
                    }
                    Err(failure) => failure,
                }
            }
        };
        let shown = self.failed(room, card, &failure).await?;
        if let Shown::NotYet(_) = shown {
            self.db().release_card(room, place).await?;
        }
        Ok(shown)
    }

    /// Makes a card that stands say something else. Only for the holder of the room's lease.
    pub(super) async fn edit(
        &self,
        room: RoomCode,
        card: &Card,
        message: &Message,
        what: Sending,
    ) -> Result<Shown, DbError> {
        let Self { outgoing, line, .. } = self;
        let chat = name_of(&card.place);
        if let Err(wait) = line.ask(&chat, what, room, Instant::now()) {
            return Ok(Shown::NotYet(wait));
        }
        let permit = match &card.place {
            Place::Chat { chat, .. } => outgoing.permit(*chat, what).await,
            Place::Inline { message: inline } => outgoing.permit_inline(inline, what).await,
        };
        let permit = match permit {
            Ok(permit) => permit,
            Err(failure) => {
                let wait = failure.retry_after().unwrap_or(PAUSE);
                line.wait(&chat, what, room, Instant::now() + wait);
                return Ok(Shown::NotYet(wait));
            }
        };
        line.leave(&chat, what, room);
        let edited = match &card.place {
            Place::Chat { chat, message: Some(number), .. } => {
                outgoing.edit(*chat, *number, message, permit).await
            }
            Place::Inline { message: inline } => outgoing.edit_inline(inline, message, permit).await,
            // Nobody knows where it stands, so that nobody can change it.
            Place::Chat { message: None, .. } => Err(Failure::Gone),
        };
        match edited {
            Ok(()) => {
                self.note_edit(room, card, &message.fingerprint()).await?;
                Ok(Shown::Changed)
            }
            // The message stayed in the old group; the card waits in the new one to be posted.
            Err(Failure::Moved(_)) => Ok(Shown::NotYet(PAUSE)),
            Err(failure) => self.failed(room, card, &failure).await,
        }
    }

    async fn note_edit(&self, room: RoomCode, card: &Card, says: &str) -> Result<(), DbError> {
        if !self.db().card_edited(room, &card.place, card.text_hash.as_deref(), says).await? {
            // The hot layer has lost our lease, and another bot was at it as well.
            tracing::debug!(%room, "two bots have edited the same card");
            self.db().cards_are_stale(room, self.now()).await?;
        }
        Ok(())
    }

    /// What becomes of a card that Telegram did not take.
    async fn failed(&self, room: RoomCode, card: &Card, failure: &Failure) -> Result<Shown, DbError> {
        match failure {
            Failure::TooMany(wait) | Failure::Held(wait) => Ok(Shown::NotYet((*wait).max(PAUSE))),
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

    /// A private chat reads its owner's language, every other place that of whoever made the room.
    async fn language(&self, live: &LiveRoom, place: &Place) -> Result<Language, DbError> {
        let reader = match place {
            Place::Chat { chat, .. } if *chat > 0 => UserId::new(*chat).ok(),
            _ => live.read(maker),
        };
        language_of(self.db(), reader).await
    }
}
