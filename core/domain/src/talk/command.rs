//! What somebody may want of the timeline.

use super::{Emoji, MessageKey, MessageText};

/// What a member asks for. Each says what shall be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TalkCommand {
    /// A new message. The same author and key again is the same message.
    Say {
        /// The author's own name for it.
        key: MessageKey,
        /// What it says.
        text: MessageText,
        /// The number of the message that it answers.
        reply_to: Option<u64>,
    },
    /// Another text for a message of one's own.
    Edit {
        /// Which message.
        number: u64,
        /// What it says from now on; the message keeps its kind.
        text: MessageText,
    },
    /// Takes back a message of one's own.
    Unsay {
        /// Which message.
        number: u64,
    },
    /// One's reaction to a message: one per person, the last one counts.
    React {
        /// Which message.
        number: u64,
        /// The reaction, or none.
        emoji: Option<Emoji>,
    },
    /// One has read all up to this message. Never goes back.
    Read {
        /// The last one that was read; 0 before the first.
        number: u64,
    },
}
