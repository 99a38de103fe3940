//! A room's timeline of messages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

use super::Title;

/// What somebody may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidKind {
    /// Words.
    Text,
    /// 1 to 3 emoji, which are drawn large.
    Emoji,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody's words.
    Text,
    /// A note of what happened in the room.
    System,
    /// Somebody's emoji, which are drawn large.
    Emoji,
}

/// What can happen in a room that its timeline notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemWhat {
    /// `member` came.
    Joined,
    /// `member` left.
    Left,
    /// `member` was removed.
    Removed,
    /// A round began.
    Started,
    /// `title` matched.
    Matched,
    /// A round is over.
    Finished,
    /// The room is in its lobby again.
    Restarted,
    /// `member` is the host now.
    HostChanged,
}

/// What happened in the room, to be said in the reader's language.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SystemNote {
    /// What. There may be more kinds than are known.
    pub what: SystemWhat,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub member: Option<i64>,
    /// Which title it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
}

/// One message, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Message {
    /// From 1, without gaps in the room.
    pub number: u64,
    /// When it changed last: every new or changed message takes the room's next one.
    pub change: u64,
    /// Who wrote it; `null`: the room itself, or somebody who is erased.
    #[schema(required)]
    pub author: Option<i64>,
    /// What it is.
    pub kind: MessageKind,
    /// What it says.
    pub text: String,
    /// What it notes, if it is a note of the room itself.
    #[schema(required)]
    pub system: Option<SystemNote>,
    /// The number of the message that it answers.
    #[schema(required)]
    pub reply_to: Option<u64>,
    /// Who reacted, by emoji; the emoji in the order in which they came.
    #[serde(serialize_with = "as_map")]
    #[schema(value_type = BTreeMap<String, Vec<i64>>)]
    pub reactions: Vec<(String, Vec<i64>)>,
    /// When it was written.
    pub at: String,
    /// When it was edited last.
    #[schema(required)]
    pub edited_at: Option<String>,
    /// Whether it was taken back.
    pub deleted: bool,
    /// How its author calls it; `null` for everybody else.
    #[schema(required)]
    pub key: Option<String>,
}

fn as_map<S: Serializer>(reactions: &[(String, Vec<i64>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(reactions.iter().map(|(emoji, who)| (emoji, who)))
}

/// Some messages of a room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MessagePage {
    /// Oldest first; with `changed_since` in the order of their changes.
    pub items: Vec<Message>,
    /// Whether there are more in the same direction.
    pub more: bool,
}

/// Where a room's timeline stands, and where the reader stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Messages {
    /// The last message's number; 0: there is none.
    pub last: u64,
    /// The last change.
    pub change: u64,
    /// Up to which number the reader has read.
    pub read: u64,
    /// How many of the others' messages they have not read, up to 1,000.
    pub unread: u64,
    /// Up to which number everybody has read, by user id.
    pub marks: BTreeMap<String, u64>,
}

/// The same in a list of rooms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessagesInBrief {
    /// The last message's number; 0: there is none.
    pub last: u64,
    /// Up to which number the reader has read.
    pub read: u64,
    /// How many of the others' messages they have not read, up to 1,000.
    pub unread: u64,
}
