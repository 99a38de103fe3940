//! Making a room, once per wish.
//!
//! Telegram may bring the same message twice, and so may our own inbox after a crash. What a wish is known by is remembered for a
//! day with the room that came of it, so that the second time finds the first room.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{ids::RoomCode, room::Settings};
use sovpalo_live::{
    hot::Spent,
    rooms::{LiveRoom, RoomError, Rooms, spend_room},
};
use sovpalo_storage::User;

use super::sender;

/// Telegram keeps undelivered updates this long: <https://core.telegram.org/bots/api#getting-updates>
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// What a wish is known by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Once<'a> {
    /// A message that asked for it.
    Message {
        /// In this chat.
        chat: i64,
        /// Its number.
        number: i32,
    },
    /// A message without a number, by that of its update.
    Update(i64),
    /// A message that was sent through inline mode, by Telegram's id.
    Inline(&'a str),
}

impl Once<'_> {
    fn key(self) -> String {
        match self {
            Self::Message { chat, number } => format!("made:{chat}:{number}"),
            Self::Update(id) => format!("made:update:{id}"),
            Self::Inline(message) => format!("made:inline:{message}"),
        }
    }
}

/// What came of it.
pub(super) enum Made {
    /// This room.
    Room(Arc<LiveRoom>),
    /// None: there were too many; the next one after so long.
    TooMany(Duration),
}

/// Makes a room, or finds the one that was made for this wish.
pub(super) async fn make(
    rooms: &Rooms,
    limits: bool,
    host: &User,
    settings: Settings,
    once: Once<'_>,
) -> Result<Made, RoomError> {
    let hot = rooms.hot();
    let key = once.key();
    if let Some(room) = made(rooms, &key).await? {
        return Ok(Made::Room(room));
    }
    if limits && let Spent::Exhausted { retry_after } = spend_room(&**hot, host.person.id).await? {
        return Ok(Made::TooMany(retry_after));
    }
    let room = rooms.create(host.person.id, sender::profile(host), settings).await?;
    if hot.swap(&key, None, room.code().as_str().as_bytes(), REMEMBERED).await? {
        return Ok(Made::Room(room));
    }
    // Somebody else did the same work at the same time; theirs counts.
    Ok(Made::Room(made(rooms, &key).await?.unwrap_or(room)))
}

async fn made(rooms: &Rooms, key: &str) -> Result<Option<Arc<LiveRoom>>, RoomError> {
    let value = rooms.hot().get(key).await?;
    let code = value.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse::<RoomCode>().ok());
    match code {
        Some(code) => rooms.open(code).await.map(Some),
        None => Ok(None),
    }
}
