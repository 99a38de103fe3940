//! All that is known of the talk in one room: what its phones asked for and were sent, and what SQL holds at the end.
//!
//! The words are those of histories elsewhere: an operation is *invoked* and ends as acknowledged, refused, or unknown.

use std::collections::BTreeMap;

use sovpalo_domain::{ids::UserId, talk::TalkCommand};

use super::{super::moment::Moment, message::Message};

/// What one phone did in the talk of its room, and saw of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PhoneTalk {
    /// What it asked for, in the order in which it first did.
    pub(crate) operations: Vec<Operation>,
    /// What it was sent, in the order in which it came.
    pub(crate) received: Vec<Received>,
    /// Whether it had the room open when the trial stopped, after everybody had come to rest: then it must know all.
    pub(crate) stayed: bool,
    /// When the server had said that this person is erased (`DELETE /api/me` answered 204). Nothing is invoked afterwards.
    pub(crate) erased_at: Option<Moment>,
}

/// One command of one phone: however often it was sent (a `say` with the same key each time), it is one.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) command: TalkCommand,
    /// How often it was sent, over a socket or by HTTP.
    pub(crate) sends: u32,
    /// When it was first.
    pub(crate) invoked_at: Moment,
    pub(crate) outcome: Outcome,
}

impl Operation {
    /// The number of the message that it concerns, as far as that is known.
    pub(crate) fn number(&self) -> Option<u64> {
        match (&self.command, &self.outcome) {
            (TalkCommand::Say { .. }, Outcome::Acknowledged { message, .. }) => {
                message.as_ref().map(|message| message.number)
            }
            (TalkCommand::Say { .. }, _) => None,
            (
                TalkCommand::Edit { number, .. }
                | TalkCommand::Unsay { number }
                | TalkCommand::React { number, .. }
                | TalkCommand::Read { number },
                _,
            ) => Some(*number),
        }
    }
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nobody can tell: it was never answered.
    Unknown,
    /// It is done, or was so already. `message` as the ack had it (no message: a `read`, or an answer by HTTP).
    Acknowledged { message: Option<Box<Message>>, at: Moment },
    /// It is not done, for this reason (the code of the contract).
    Refused { code: String },
}

/// Something about the talk that a phone was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Received {
    /// The room was opened (again), and the stream of messages goes on after this change: what the phone said that it
    /// has, or `messages.change` of the state if it said nothing.
    Opened { after: u64 },
    /// A message that came on the socket, as the frame `message`: live, or to catch up after `Opened`.
    Frame(Box<Message>),
    /// A message that came as the ack of this phone's own command. It takes its place in the stream; where the command had
    /// been done before, it may be older.
    Ack(Box<Message>),
    /// `messages_gap`: too much was missed; the stream goes on anywhere above, and the phone fetches pages.
    Gap { from: u64 },
    /// Messages that were fetched: `GET …/messages`, or `GET …/updates`.
    Page(Vec<Message>),
    /// `read`: how far somebody has read.
    Read { member: UserId, number: u64 },
}

/// What SQL holds of the talk in the end.
#[derive(Debug, Clone, Default)]
pub(crate) struct TalkRows {
    /// `messages` with their reactions, by number.
    pub(crate) messages: Vec<Message>,
    /// `last_number` and `last_change` of `message_counters`; 0 and 0 if there is no row.
    pub(crate) counters: (u64, u64),
    /// `read_marks`.
    pub(crate) marks: BTreeMap<UserId, u64>,
}
