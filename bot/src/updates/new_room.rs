//! Making a room, or putting something on in one, once per wish.
//!
//! Telegram may bring the same message twice, and so may our own inbox after a crash. What a wish is known by is remembered for a
//! day with the room that came of it, so that the second time finds the first room.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{ids::RoomCode, room::Settings};
use sovpalo_live::{
    hot::Spent,
    rates::Rates,
    rooms::{LiveRoom, RoomError, Rooms},
};
use sovpalo_storage::User;

use super::sender;

/// Telegram keeps undelivered updates this long: <https://core.telegram.org/bots/api#getting-updates>
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Under which a room is remembered that was made, and one in which something was put on.
const MADE: &str = "made";
const WATCHED: &str = "watched";

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
    /// Under which something that came of it is remembered.
    pub(super) fn key(self, what: &str) -> String {
        match self {
            Self::Message { chat, number } => format!("{what}:{chat}:{number}"),
            Self::Update(id) => format!("{what}:update:{id}"),
            Self::Inline(message) => format!("{what}:inline:{message}"),
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
    limits: Option<Rates>,
    host: &User,
    settings: Settings,
    once: Once<'_>,
) -> Result<Made, RoomError> {
    let hot = rooms.hot();
    let key = once.key(MADE);
    if let Some(room) = found(rooms, &key).await? {
        return Ok(Made::Room(room));
    }
    if let Some(rates) = limits
        && let Spent::Exhausted { retry_after } = rates.spend_room(&**hot, host.person.id).await?
    {
        return Ok(Made::TooMany(retry_after));
    }
    let room = rooms.create(host.person.id, sender::profile(host), settings).await?;
    if hot.swap(&key, None, room.code().as_str().as_bytes(), REMEMBERED).await? {
        return Ok(Made::Room(room));
    }
    // Somebody else did the same work at the same time; theirs counts.
    Ok(Made::Room(found(rooms, &key).await?.unwrap_or(room)))
}

/// The room in which a wish to watch came true, if it did.
pub(super) async fn watched(rooms: &Rooms, once: Once<'_>) -> Result<Option<Arc<LiveRoom>>, RoomError> {
    found(rooms, &once.key(WATCHED)).await
}

/// Remembers in which room a wish to watch came true.
pub(super) async fn note_watched(rooms: &Rooms, once: Once<'_>, room: RoomCode) -> Result<(), RoomError> {
    rooms.hot().swap(&once.key(WATCHED), None, room.as_str().as_bytes(), REMEMBERED).await?;
    Ok(())
}

async fn found(rooms: &Rooms, key: &str) -> Result<Option<Arc<LiveRoom>>, RoomError> {
    let value = rooms.hot().get(key).await?;
    let code = value.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse::<RoomCode>().ok());
    match code {
        Some(code) => rooms.open(code).await.map(Some),
        None => Ok(None),
    }
}
