//! Sharing what matched.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of `POST /api/rooms/{code}/share`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ShareBody {
    /// The match's number in the room.
    #[serde(rename = "match")]
    pub number: u32,
}

/// A message that Telegram keeps for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreparedMessage {
    /// What Telegram's `web_app_send_prepared_message` takes.
    pub id: String,
}
