//! What a room keeps of its evenings.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Title;

/// How somebody liked what was watched together: 😍 🙂 😐 🙁 😴.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// 😍
    Love,
    /// 🙂
    Good,
    /// 😐
    Fine,
    /// 🙁
    Bad,
    /// 😴
    Asleep,
}

/// The face that a member gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MembersFace {
    pub member: i64,
    pub face: Face,
}

/// What the people of a room say of a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomMark {
    /// When they said that they had watched it together; `null`: they have not.
    #[schema(required)]
    pub watched_at: Option<String>,
    /// Whether it is dealt in no deck of this room.
    pub never: bool,
    /// How those who are in the room liked it: one for each, in the order in which they said so.
    pub faces: Vec<MembersFace>,
}

/// A match of a room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PastMatch {
    /// From 1, over all rounds of the room.
    pub number: u32,
    /// The round it was found in.
    pub round: u32,
    pub title: Title,
    pub at: String,
    pub mark: RoomMark,
}

/// A round that is over, and in which nothing matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnmatchedRound {
    pub round: u32,
    /// When it ended.
    pub at: String,
    /// How many cards somebody swiped who swiped most.
    pub cards: u32,
    /// Who swiped in it and is in the room now.
    pub members: Vec<i64>,
}

/// A page of a room's history.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HistoryPage {
    /// The newest first, at most 50.
    pub items: Vec<PastMatch>,
    /// The rounds in which nothing matched, from the round of the last of the items on (from the first round, where there is no more), the
    /// newest first, at most 50.
    pub unmatched: Vec<UnmatchedRound>,
    /// Whether there is more before the last of them.
    pub more: bool,
}

/// The titles that are dealt in no deck of a room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NeverDealt {
    /// At most 200.
    pub items: Vec<Title>,
}

/// What somebody says of a title; what is absent stays. Saying it twice is saying it once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct RoomMarkChange {
    /// The title's id: one that matched in the room, or, to be dealt never again, any of the catalogue.
    pub title: String,
    /// Whether it was watched together.
    #[schema(nullable = false)]
    pub watched: Option<bool>,
    /// Whether it is dealt in no deck of this room.
    #[schema(nullable = false)]
    pub never: Option<bool>,
    /// How I liked it, which says that it was watched; `null`: I do not say any more.
    #[serde(default, deserialize_with = "also_null")]
    #[schema(value_type = Option<Face>)]
    pub face: Option<Option<Face>>,
}

/// Tells `null` from absent.
#[expect(clippy::option_option, reason = "no face and no change of the face are two things")]
fn also_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Face>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
