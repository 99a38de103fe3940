//! What is told over a room's channel, as bytes.

use std::sync::Arc;

use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq},
    room::Entry,
};

use crate::hot::{Change, HeadHash, HotError, Published, codec::Decode};

/// Entries were appended; followed by epoch, seq and head hash, and then by each entry with its length before it.
const APPENDED: u8 = 1;
/// Somebody came or went.
const PRESENCE: u8 = 2;

/// Something was published; followed by it as JSON, so that an older program can read what has got more fields. One that does not know
/// this kind of message reads the end of the room's log once, finds nothing new there, and goes on.
const PUBLISHED: u8 = 3;
/// A node subscribes to the room. A program that does not know this kind does as with the one above.
const SUBSCRIBED: u8 = 4;

/// Entries were appended to a log that ended with `before`, and it stands at `at` now. Without entries: look at the log.
pub(super) fn appended<'a>(
    at: Position,
    before: HeadHash,
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<u8> {
    let mut message = vec![APPENDED];
    message.extend(at.epoch.get().to_be_bytes());
    message.extend(at.seq.get().to_be_bytes());
    message.extend(before.0);
    for entry in entries {
        message.extend(u32::try_from(entry.len()).unwrap_or(u32::MAX).to_be_bytes());
        message.extend(entry);
    }
    message
}

/// Somebody came or went.
pub(super) fn presence() -> Vec<u8> {
    vec![PRESENCE]
}

/// A node subscribes to the room.
pub(super) fn subscribed() -> Vec<u8> {
    vec![SUBSCRIBED]
}

/// Whether that is what a message says.
pub(super) fn is_subscribed(message: &[u8]) -> bool {
    message.first() == Some(&SUBSCRIBED)
}

/// Something was published.
pub(super) fn published(what: &Published) -> Result<Vec<u8>, HotError> {
    let mut message = vec![PUBLISHED];
    serde_json::to_writer(&mut message, what).map_err(HotError::unreadable)?;
    Ok(message)
}

/// What a message says of its room.
pub(super) fn read(room: RoomCode, message: &[u8], decode: Decode) -> Result<Change, HotError> {
    let (kind, rest) = message.split_first().ok_or_else(unreadable)?;
    match *kind {
        PRESENCE => Ok(Change::PresenceChanged { room }),
        PUBLISHED => {
            let what = serde_json::from_slice(rest).map_err(|_| unreadable())?;
            Ok(Change::Published { room, what: Arc::new(what) })
        }
        APPENDED => {
            let (epoch, rest) = number(rest).map(|(epoch, rest)| (u32::from_be_bytes(epoch), rest))?;
            let (seq, rest) = number(rest).map(|(seq, rest)| (u64::from_be_bytes(seq), rest))?;
            let (head_hash, mut rest) = number(rest)?;
            let mut entries: Vec<Entry> = Vec::new();
            while !rest.is_empty() {
                let (length, after) =
                    number(rest).map(|(n, after)| (u32::from_be_bytes(n) as usize, after))?;
                let (entry, after) = after.split_at_checked(length).ok_or_else(unreadable)?;
                entries.push(decode(entry)?);
                rest = after;
            }
            let at = Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) };
            Ok(Change::Appended { room, at, before: HeadHash(head_hash), entries: Arc::from(entries) })
        }
        _ => Err(unreadable()),
    }
}

fn number<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), HotError> {
    bytes.split_first_chunk().map(|(number, rest)| (*number, rest)).ok_or_else(unreadable)
}

fn unreadable() -> HotError {
    HotError::unreadable("a message about a room cannot be read")
}
