//! The frames of a phone's socket: what the server says, and what a client may say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Command, Event, Happened, Message, Messages, MessagesInBrief, PlaybackState, Room, Title};

/// One text frame from the server.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a frame is encoded where it is made, and never kept")]
pub enum SocketServerFrame {
    /// Always the first.
    Hello {
        /// The server's clock, in Unix milliseconds.
        now: i64,
    },
    /// A room is open on this socket; or, without an id, goes on under a new epoch.
    Opened(Opened),
    /// Something happened in an open room.
    Event(RoomEvent),
    /// What was asked for is so, and cannot be lost.
    Ack(SocketAck),
    /// What was asked for is not done, and will not be.
    Refused(SocketRefused),
    /// Who has a phone connected: everybody when a room was opened, and who came and went afterwards.
    Presence(PresenceFrame),
    /// A new or changed message of an open room.
    Message {
        room: String,
        /// As it is now.
        message: Message,
    },
    /// Too many messages were missed to send them all: fetch the others with `changed_since`.
    MessagesGap {
        room: String,
        /// After which change.
        from: u64,
    },
    /// How far somebody has read.
    Read {
        room: String,
        member: i64,
        /// Up to which message.
        number: u64,
    },
    /// What somebody's phone says to the others; kept nowhere, told at most once.
    Signal {
        room: String,
        /// Whose phone.
        from: i64,
        signal: Signal,
    },
    /// Where the messages stand of a room of the reader's that is not open: after `hello` where some are unread, and when that changes.
    Unread {
        room: String,
        /// How many, and of how many.
        messages: MessagesInBrief,
        /// The message that changed it, if one did.
        #[schema(required)]
        message: Option<Message>,
    },
    /// A room that was open is not any more.
    Closed {
        room: String,
        /// `not_a_member`, `room_not_found`, or `fell_behind`: open it again.
        code: String,
    },
    /// The answer to a clock frame.
    Clock {
        /// The frame's own.
        id: u64,
        /// The server's clock, in Unix milliseconds.
        now: i64,
    },
    /// Where the open rooms stand, every 25 s.
    Time {
        /// The server's clock, in Unix milliseconds.
        now: i64,
        /// By room.
        rooms: BTreeMap<String, Stand>,
    },
}

/// A room is open on this socket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// The `open` frame's own. Absent: the room goes on under a new epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<u64>,
    /// Which room.
    pub room: String,
    /// Which history `seq` counts in.
    pub epoch: u32,
    /// Where the room stands with this frame.
    pub seq: u64,
    /// The room, for a client that said nothing of where it is, or cannot be brought up to date by events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<Box<Room>>,
    /// Otherwise what the client missed, in order and without a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub events: Option<Vec<Happened>>,
    /// With events: where its messages stand, if that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub messages: Option<Messages>,
}

/// Something that happened in an open room, in its place.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoomEvent {
    pub room: String,
    /// What, and when.
    #[serde(flatten)]
    pub happened: Happened,
}

/// What was asked for is so.
#[derive(Debug, Serialize, ToSchema)]
pub struct SocketAck {
    /// The frame's own.
    pub id: u64,
    /// In which room.
    pub room: String,
    /// Of the event that the command became; where the room stands, if it already was so.
    pub seq: u64,
    /// The event that the command became, which is not sent otherwise; `null` if it already was so.
    #[schema(required)]
    pub event: Option<Event>,
    /// The reader's next cards, where they may have changed.
    #[schema(required)]
    pub queue: Option<Vec<Title>>,
    /// Of a command about a message: the message, as it is now.
    #[schema(required)]
    pub message: Option<Message>,
}

/// What was asked for is not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct SocketRefused {
    /// The frame's own; `null` if it had none.
    #[schema(required)]
    pub id: Option<u64>,
    /// In which room, if in any.
    #[schema(required)]
    pub room: Option<String>,
    /// Stable, as for HTTP.
    pub code: String,
    /// For a developer to read.
    pub message: String,
    /// With `too_many` and `unavailable`: when to ask again, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub retry_after: Option<u64>,
}

/// Who has a phone connected to a room: either all of them, or who came and who went.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PresenceFrame {
    pub room: String,
    /// Everybody, when the room was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub online: Option<Vec<i64>>,
    /// Who came since the last such frame.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub came: Option<Vec<i64>>,
    /// Who went since.
    #[serde(default, rename = "out", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub went: Option<Vec<i64>>,
}

/// Where an open room stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stand {
    /// The last event's.
    pub seq: u64,
    /// The last changed message's.
    pub change: u64,
}

/// One text frame from a client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SocketClientFrame {
    /// This room is open on this socket.
    Open(OpenFrame),
    /// It is not.
    Close(CloseFrame),
    /// What shall be so in an open room.
    Command(RoomCommandFrame),
    /// Something for the others who look at an open room.
    Signal(SignalFrame),
    /// What time is it?
    Clock(ClockFrame),
}

/// This room is open on this socket.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpenFrame {
    /// Unique for the connection.
    pub id: u64,
    /// The room's code.
    pub open: String,
    /// Which history the client has.
    #[schema(nullable = false)]
    pub epoch: Option<u32>,
    /// How much of it.
    #[schema(nullable = false)]
    pub seq: Option<u64>,
    /// How far it has the messages.
    #[schema(nullable = false)]
    pub change: Option<u64>,
}

/// This room is not open on this socket.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CloseFrame {
    /// Unique for the connection.
    pub id: u64,
    /// The room's code.
    pub close: String,
}

/// A command for an open room.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RoomCommandFrame {
    /// Unique for the connection.
    pub id: u64,
    /// The room's code.
    pub room: String,
    /// What shall be so.
    #[serde(flatten)]
    pub command: Command,
}

/// What time is it?
#[derive(Debug, Deserialize, ToSchema)]
pub struct ClockFrame {
    /// Unique for the connection.
    pub id: u64,
    /// Always true.
    pub clock: bool,
    /// How long the last such question took, in milliseconds. What all phones of a room begin together waits for the slowest of them.
    #[schema(nullable = false)]
    pub rtt_ms: Option<f64>,
}

/// Something for the others who look at an open room now.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SignalFrame {
    /// The room's code.
    pub room: String,
    pub signal: Signal,
    /// Who is to have it; absent: everybody in the room.
    #[schema(nullable = false)]
    pub to: Option<i64>,
}

/// What phones say to each other and nobody keeps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Signal {
    /// Somebody is typing.
    Typing,
    /// How what is shown goes on somebody's phone.
    Playback {
        /// Of which screen.
        rev: u64,
        /// How it goes.
        state: PlaybackState,
        /// Where it is, in seconds.
        position_s: f64,
        /// How long it is, in seconds, if the phone knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        duration_s: Option<f64>,
    },
    /// Their phone is in the room's voice chat, instead of another one of theirs, or is not.
    Voice {
        /// Whether it is.
        on: bool,
    },
    /// About the connection between two phones in the voice chat; with `to`, whose phone gets it that said `on`.
    Rtc {
        /// Understood by phones only.
        data: serde_json::Value,
    },
}
