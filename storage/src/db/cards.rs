//! Where the bot's message about a room stands: at most one in each chat, and each one sent inline.

use std::time::Duration;

use futures::TryFutureExt;
use sovpalo_domain::ids::{RoomCode, Timestamp};

use super::{
    Db, DbError,
    column::{moment, plain, room_code},
    run, within,
};

/// A claim whose message was never reported is free again after this long: whoever made it is gone.
const CLAIM: Duration = Duration::from_secs(60);

/// The bot's message about a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The room.
    pub room: RoomCode,
    /// Where it stands.
    pub place: Place,
    /// A digest of what it says, as the bot computed it; `None`: unknown.
    pub text_hash: Option<String>,
}

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

    fn inline(&self) -> Option<&str> {
        match self {
            Self::Chat { .. } => None,
            Self::Inline { message } => Some(message),
        }
    }
}

/// Whether the card is the caller's to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is: post it, then say so with [`Db::card_posted`].
    New,
    /// There is one, or somebody is about to post it.
    Existing(Card),
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
    /// Takes the right to post a room's card in a chat. Of many who ask, one is told [`Claimed::New`].
    pub async fn claim_card(
        &self,
        room: RoomCode,
        chat: i64,
        thread: Option<i32>,
        now: Timestamp,
    ) -> Result<Claimed, DbError> {
        loop {
            let claimed: Option<String> = run!(self, |pool| sqlx::query_scalar(
                "INSERT INTO room_cards (room, chat, thread, claimed_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (room, chat) DO UPDATE SET
                     thread = excluded.thread, claimed_at = excluded.claimed_at, text_hash = NULL
                 WHERE room_cards.message IS NULL AND room_cards.claimed_at <= $5
                 RETURNING room",
            )
            .bind(room.as_str())
            .bind(chat)
            .bind(thread)
            .bind(moment(now))
            .bind(moment(Timestamp::from_millis(now.millis().saturating_sub(millis(CLAIM)))))
            .fetch_optional(pool))?;
            if claimed.is_some() {
                return Ok(Claimed::New);
            }
            let standing: Option<CardRow> = run!(self, |pool| sqlx::query_as(
                "SELECT room, chat, thread, message, inline_message, text_hash FROM room_cards
                 WHERE room = $1 AND chat = $2",
            )
            .bind(room.as_str())
            .bind(chat)
            .fetch_optional(pool))?;
            // Absent: dropped between the two statements, so that it can be claimed now.
            if let Some(card) = standing {
                return card.card().map(Claimed::Existing);
            }
        }
    }

    /// The claimed card stands in its chat as this message.
    pub async fn card_posted(
        &self,
        room: RoomCode,
        chat: i64,
        message: i32,
        text_hash: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
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

    /// A card was sent inline. Saying it again changes nothing.
    pub async fn add_inline_card(
        &self,
        room: RoomCode,
        inline_message: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "INSERT INTO room_cards (room, inline_message, claimed_at) VALUES ($1, $2, $3)
             ON CONFLICT (room, inline_message) DO NOTHING",
        )
        .bind(room.as_str())
        .bind(plain(inline_message))
        .bind(moment(now))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
    }

    /// All cards of a room, also those that are only claimed.
    pub async fn cards(&self, room: RoomCode) -> Result<Vec<Card>, DbError> {
        let cards: Vec<CardRow> = run!(self, |pool| sqlx::query_as(
            "SELECT room, chat, thread, message, inline_message, text_hash FROM room_cards
             WHERE room = $1 ORDER BY claimed_at, id",
        )
        .bind(room.as_str())
        .fetch_all(pool))?;
        cards.into_iter().map(CardRow::card).collect()
    }

    /// A card now says something else.
    pub async fn card_edited(&self, room: RoomCode, place: &Place, text_hash: &str) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE room_cards SET text_hash = $4 WHERE room = $1 AND (chat = $2 OR inline_message = $3)"
        )
        .bind(room.as_str())
        .bind(place.chat())
        .bind(place.inline())
        .bind(plain(text_hash))
        .execute(pool)
        .map_ok(drop))?;
        Ok(())
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
    /// nobody tells, so that each may be claimed and posted anew. A card that the new chat already has
    /// stays.
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
            "UPDATE room_cards SET chat = $2, thread = NULL, message = NULL, text_hash = NULL, claimed_at = $3
             WHERE chat = $1"
        )
        .bind(old)
        .bind(new)
        .bind(moment(Timestamp::default()))
        .execute(conn).map_ok(drop)
        })?;
        tx.commit().await
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
