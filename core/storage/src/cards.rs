//! Where the bot's message about a room stands: at most one in each chat, and each one sent inline.
//!
//! A card is first wanted, by however many; then one of them claims it and shows it: posts it in its chat, or writes it into
//! the message that was sent inline. A claim lasts no longer than one showing may take, so that a card whose claimant died is
//! shown by the next who looks.

use std::{borrow::Cow, time::Duration};

use futures::TryFutureExt;
use sovpalo_domain::ids::{RoomCode, Timestamp};

use super::{
    Db, DbError,
    column::{ago, limit as rows, moment, plain, room_code},
    run, within,
};

/// A claim is free again after this long: whoever made it is gone. Telegram is given up long before.
const CLAIM: Duration = Duration::from_secs(60);

/// The bot's message about a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The room.
    pub room: RoomCode,
    /// Where it stands.
    pub place: Place,
    /// A digest of what it says, as the bot computed it; `None`: it was never shown. [`UNSURE`]: nobody knows.
    pub text_hash: Option<String>,
}

impl Card {
    /// Whether people see it, as opposed to waiting for it.
    pub fn is_shown(&self) -> bool {
        self.text_hash.is_some()
    }
}

/// The digest of a card that may say anything.
const UNSURE: &str = "";

/// Where a card stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a chat the bot is in.
    Chat {
        /// Telegram's id of the chat.
        chat: i64,
        /// The topic, in a forum.
        thread: Option<i32>,
        /// The message; `None`: claimed, and not posted yet.
        message: Option<i32>,
    },
    /// In any chat, sent inline.
    Inline {
        /// Telegram's `inline_message_id`.
        message: String,
    },
}

impl Place {
    fn chat(&self) -> Option<i64> {
        match self {
            Self::Chat { chat, .. } => Some(*chat),
            Self::Inline { .. } => None,
        }
    }

    fn inline(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Chat { .. } => None,
            Self::Inline { message } => Some(plain(message)),
        }
    }
}

#[derive(sqlx::FromRow)]
struct CardRow {
    room: String,
    chat: Option<i64>,
    thread: Option<i32>,
    message: Option<i32>,
    inline_message: Option<String>,
    text_hash: Option<String>,
}

impl CardRow {
    fn card(self) -> Result<Card, DbError> {
        let place = match (self.chat, self.inline_message) {
            (Some(chat), None) => Place::Chat { chat, thread: self.thread, message: self.message },
            (None, Some(message)) => Place::Inline { message },
            _ => return Err(DbError::corrupt("room_cards.chat", "it is neither in a chat nor inline")),
        };
        Ok(Card { room: room_code(&self.room, "room_cards.room")?, place, text_hash: self.text_hash })
    }
}

impl Db {
    /// There shall be a card there. Says how it stands: it may have been there before.
    pub async fn want_card(&self, room: RoomCode, place: &Place) -> Result<Card, DbError> {
        let (chat, inline) = (place.chat(), place.inline());
        let thread = match place {
            Place::Chat { thread, .. } => *thread,
            Place::Inline { .. } => None,
        };
        loop {
            run!(self, |pool| {
                sqlx::query(
                "INSERT INTO room_cards (room, chat, thread, inline_message, claimed_at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING",
            )
            .bind(room.as_str())
            .bind(chat)
            .bind(thread)
            .bind(inline.as_deref())
            .bind(moment(Timestamp::default()))
            .execute(pool)
            .map_ok(drop)
            })?;
            let card: Option<CardRow> = run!(self, |pool| sqlx::query_as(
                "SELECT room, chat, thread, message, inline_message, text_hash FROM room_cards
                 WHERE room = $1 AND (chat = $2 OR inline_message = $3)",
            )
            .bind(room.as_str())
            .bind(chat)
            .bind(inline.as_deref())
            .fetch_optional(pool))?;
            // Absent: dropped between the two statements, but wanted all the same.
            if let Some(card) = card {
                return card.card();
            }
        }
    }

    /// The rooms that have a card in a chat and have changed since, the one whose card is newest first. One that is not stored yet is new.
    pub async fn rooms_in_chat(
        &self,
        chat: i64,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<RoomCode>, DbError> {
        let rooms: Vec<String> = run!(self, |pool| sqlx::query_scalar(
            "SELECT c.room FROM room_cards c LEFT JOIN rooms r ON r.code = c.room
             WHERE c.chat = $1 AND (r.code IS NULL OR r.updated_at >= $2)
             ORDER BY c.id DESC LIMIT $3"
        )
        .bind(chat)
        .bind(moment(since))
        .bind(rows(limit))
        .fetch_all(pool))?;
        rooms.iter().map(|room| room_code(room, "room_cards.room")).collect()
    }

    /// Takes the right to show a card that nobody has shown. Of many who ask, one is told `true`; it then says
    /// [`Db::card_posted`], or [`Db::release_card`].
    pub async fn claim_card(&self, room: RoomCode, place: &Place, now: Timestamp) -> Result<bool, DbError> {
        let claimed: Option<String> = run!(self, |pool| sqlx::query_scalar(
            "UPDATE room_cards SET claimed_at = $4
             WHERE room = $1 AND (chat = $2 OR inline_message = $3) AND text_hash IS NULL AND claimed_at <= $5
             RETURNING room",
        )
        .bind(room.as_str())
        .bind(place.chat())
        .bind(place.inline())
        .bind(moment(now))
        .bind(ago(CLAIM, now))
        .fetch_optional(pool))?;
        Ok(claimed.is_some())
    }

    /// The claimed card could not be shown: whoever looks next may try.
    pub async fn release_card(&self, room: RoomCode, place: &Place) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE room_cards SET claimed_at = $4
             WHERE room = $1 AND (chat = $2 OR inline_message = $3) AND text_hash IS NULL"
        )
        .bind(room.as_str())
        .bind(place.chat())
        .bind(place.inline())
        .bind(moment(Timestamp::default()))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// The claimed card was posted in its chat as this message, and says this.
    pub async fn card_posted(
        &self,
        room: RoomCode,
        chat: i64,
        message: i32,
        text_hash: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        // It may have been dropped meanwhile; but there it is.
        run!(self, |pool| {
            sqlx::query(
            "INSERT INTO room_cards (room, chat, message, text_hash, claimed_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (room, chat) DO UPDATE SET
                 message = excluded.message, text_hash = excluded.text_hash",
        )
        .bind(room.as_str())
        .bind(chat)
        .bind(message)
        .bind(plain(text_hash))
        .bind(moment(now))
        .execute(pool).map_ok(drop)
        })?;
        Ok(())
    }

    /// All cards of a room, also those that are only wanted.
    pub async fn cards(&self, room: RoomCode) -> Result<Vec<Card>, DbError> {
        let cards: Vec<CardRow> = run!(self, |pool| sqlx::query_as(
            "SELECT room, chat, thread, message, inline_message, text_hash FROM room_cards
             WHERE room = $1 ORDER BY id",
        )
        .bind(room.as_str())
        .fetch_all(pool))?;
        cards.into_iter().map(CardRow::card).collect()
    }

    /// A card that said `before` was made to say `after`. `false`: somebody else has edited it meanwhile, so that what it says
    /// is not sure. That is remembered, and nobody takes the card for up to date.
    pub async fn card_edited(
        &self,
        room: RoomCode,
        place: &Place,
        before: Option<&str>,
        after: &str,
    ) -> Result<bool, DbError> {
        let says: Option<String> = run!(self, |pool| {
            sqlx::query_scalar(
            "UPDATE room_cards SET text_hash = CASE WHEN text_hash IS NOT DISTINCT FROM $4 THEN $5 ELSE $6 END
             WHERE room = $1 AND (chat = $2 OR inline_message = $3)
             RETURNING text_hash",
        )
        .bind(room.as_str())
        .bind(place.chat())
        .bind(place.inline())
        .bind(before)
        .bind(plain(after))
        .bind(UNSURE)
        .fetch_optional(pool)
        })?;
        // A card that was let go needs nobody any more.
        Ok(says.as_deref() != Some(UNSURE))
    }

    /// A card is gone: somebody deleted it, or the bot may not write there.
    pub async fn drop_card(&self, room: RoomCode, place: &Place) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "DELETE FROM room_cards WHERE room = $1 AND (chat = $2 OR inline_message = $3)"
        )
        .bind(room.as_str())
        .bind(place.chat())
        .bind(place.inline())
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// All cards of a chat are gone: the bot was taken out of it.
    pub async fn drop_cards_in(&self, chat: i64) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query("DELETE FROM room_cards WHERE chat = $1")
            .bind(chat)
            .execute(pool)
            .map_ok(drop))?;
        Ok(())
    }

    /// A group became a supergroup. Its cards move along, but their messages have other ids there that
    /// nobody tells, so that each is wanted anew; one that is being posted stays claimed. A card that the new chat
    /// already has stays.
    pub async fn migrate_chat(&self, old: i64, new: i64) -> Result<(), DbError> {
        if old == new {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        within!(&mut tx, |conn| sqlx::query(
            "DELETE FROM room_cards WHERE chat = $1
                 AND room IN (SELECT room FROM room_cards WHERE chat = $2)"
        )
        .bind(old)
        .bind(new)
        .execute(conn)
        .map_ok(drop))?;
        within!(&mut tx, |conn| {
            sqlx::query(
                "UPDATE room_cards SET chat = $2, thread = NULL, message = NULL, text_hash = NULL,
                 claimed_at = CASE WHEN text_hash IS NULL THEN claimed_at ELSE $3 END
             WHERE chat = $1",
            )
            .bind(old)
            .bind(new)
            .bind(moment(Timestamp::default()))
            .execute(conn)
            .map_ok(drop)
        })?;
        tx.move_budget(&old.to_string(), &new.to_string()).await?;
        tx.commit().await
    }
}
