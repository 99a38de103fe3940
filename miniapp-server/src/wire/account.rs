//! Who somebody is, and how they come in.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Room;

/// What a phone needs to speak to us.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer …` and for the socket.
    pub access_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
    /// For `POST /api/auth/refresh`, once.
    pub refresh_token: String,
    /// Who this is.
    pub user: User,
    /// The room that the launch pointed at, joined; `null` if it pointed at none.
    #[schema(required)]
    pub room: Option<Room>,
}

/// Somebody, as Telegram describes them, with their settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// Telegram's own number.
    pub id: i64,
    /// Their first name.
    pub first_name: String,
    /// Their last name.
    #[schema(required)]
    pub last_name: Option<String>,
    /// Their `@name`, without the `@`.
    #[schema(required)]
    pub username: Option<String>,
    /// Their picture.
    #[schema(required)]
    pub photo_url: Option<String>,
    /// `en` or `ru`.
    pub language: String,
    /// Whether the bot may write to them about matches.
    pub notifications: bool,
    /// The country whose offers they are shown, if they chose one: ISO 3166 alpha-2; `null`: the operator's.
    pub region: Option<String>,
}

/// What somebody has done with others, and what they have earned by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonalStats {
    /// For how many seconds they watched what was shown, on however many phones.
    pub seconds_watched: u64,
    /// Films that they saw to the end with somebody, once for each room.
    pub films_finished: u32,
    /// Rooms that they made.
    pub rooms_created: u32,
    /// Rooms of others that they came into.
    pub rooms_joined: u32,
    /// Messages that they wrote.
    pub messages: u32,
    /// Cards that they swiped in rounds that are over.
    pub swipes: u32,
    /// Matches of titles that they liked.
    pub matches: u32,
    /// What they have earned, in the order in which they earned it.
    pub achievements: Vec<EarnedAchievement>,
}

/// Something that was earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EarnedAchievement {
    /// Which achievement. There may be new ones.
    pub id: String,
    /// When it was earned.
    pub at: String,
}

/// A session of mine: a phone, or a page on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignedIn {
    /// For `DELETE /api/me/sessions/{id}`. Good for nothing else.
    pub id: String,
    /// Since when.
    pub created_at: String,
    /// When it last said that it is still there, which it does every few minutes while it is open.
    pub last_used_at: String,
    /// What the browser called itself; may be empty.
    pub user_agent: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// So long a client of ours waits for an answer, in milliseconds, before it asks again. The server remembers for longer what it has
/// answered to what can be asked once only.
pub const CLIENT_PATIENCE_MS: u64 = 12_000;
/// So many times a client of ours asks for something whose answer it did not get, before it says so.
pub const CLIENT_ATTEMPTS: u32 = 3;

/// The body of `POST /api/auth/telegram`.
#[derive(Deserialize, ToSchema)]
pub struct InitDataBody {
    /// The raw string from Telegram, untouched.
    pub init_data: String,
    /// `false`: the room that the launch points at is not joined. A page that has been there already comes back so.
    pub join: Option<bool>,
}

/// The body of `POST /api/auth/refresh`.
#[derive(Deserialize, ToSchema)]
pub struct RefreshBody {
    /// The refresh token of the last `Session`.
    pub refresh_token: String,
}

/// The body of `PATCH /api/me`. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MePatch {
    /// `en` or `ru`.
    pub language: Option<String>,
    /// Whether the bot may write to them about matches.
    pub notifications: Option<bool>,
    /// The country whose offers they are shown: ISO 3166 alpha-2, in capitals; `null`: the operator's.
    #[serde(default, deserialize_with = "also_null")]
    #[schema(value_type = Option<String>)]
    pub region: Option<Option<String>>,
}

/// Tells `null` from absent.
#[expect(clippy::option_option, reason = "no country and no change of the country are two things")]
fn also_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
