//! What a phone is told that asks by HTTP, because it can open no socket.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Happened, Message, Room};

/// What happened in a room since a phone asked last: the events, or, where they cannot be told, the whole room.
#[derive(Debug, Serialize, ToSchema)]
pub struct Updates {
    /// Which history `seq` counts in.
    pub epoch: u32,
    /// Where the phone stands with this answer.
    pub seq: u64,
    /// What happened, in order and without a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub events: Option<Vec<Happened>>,
    /// The room, for a phone that says nothing of where it is, stands in another history, or is too far behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<Box<Room>>,
    /// The messages that are new or have changed, in the order of their changes and at most 100, for a phone that says which change it
    /// knows. Where there may be more, it asks again with the last one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub messages: Option<Vec<Message>>,
    /// The name of the connection that was begun with `connection=new`, for every later request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub connection: Option<String>,
    /// Who is here.
    pub presence: Presence,
}

/// Who has a phone connected.
#[derive(Debug, Serialize, ToSchema)]
pub struct Presence {
    pub online: Vec<i64>,
    /// Stands for them: a phone that says it when it asks again hears at once of any change.
    pub mark: String,
}
