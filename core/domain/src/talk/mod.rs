//! The timeline of a room: messages that people write, and notes of what happened in it.
//!
//! A message has a `number`, by which people speak of it, and a `change`, by which readers notice what they missed: every new
//! or changed message takes the room's next one. Neither has gaps. Both are given by the store, in the transaction that writes the
//! message; this module only judges ([`Message::edit`] and its like) and says what may be written ([`MessageText`], [`MessageKey`],
//! [`Emoji`]).
//!
//! A command says what shall be so. Where it already is so, nothing changes, and the command is not refused either: sending it twice
//! is sending it once.

mod command;
mod emoji;
mod message;
mod note;
mod refusal;
mod text;

use std::time::Duration;

pub use self::{
    command::TalkCommand,
    emoji::Emoji,
    message::{Message, Reactions},
    note::{SystemNote, SystemWhat},
    refusal::TalkRefusal,
    text::{MessageKey, MessageKind, MessageText},
};

/// A message has at most this many characters; a longer one is refused as `invalid`.
pub const MESSAGE_CHARS: usize = 2_000;
/// A message of the kind `emoji` has at most this many; one more is refused as `invalid`.
pub const EMOJI_PER_MESSAGE: usize = 3;
/// A message's key has at most this many characters; a longer one is refused as `invalid`.
pub const KEY_CHARS: usize = 64;
/// One emoji is written in at most this many characters (the longest of Unicode's has ten); a longer one is `invalid`.
pub const EMOJI_CHARS: usize = 16;
/// A message has at most this many different emoji under it; another one is refused as `invalid`.
pub const EMOJI_UNDER_MESSAGE: usize = 20;
/// A text may be edited for this long; later it is refused as `not_allowed`.
pub const EDITABLE_FOR: Duration = Duration::from_secs(48 * 60 * 60);
/// So many blank lines stay between two lines of a text; further ones are cut.
pub const BLANK_LINES: usize = 2;
