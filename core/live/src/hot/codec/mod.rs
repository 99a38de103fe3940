//! How one entry of a log looks as bytes: a version, then postcard.
//!
//! Postcard writes neither names nor types, so the order of variants and fields in [`version1`] *is* the format. A log
//! written by an older program is read by a newer one. One written by a newer program may hold what this one does not know:
//! then it is [`HotError::Unreadable`] as a whole, and never half understood.

pub(super) mod version1;

use sovpalo_domain::room::Entry;

use super::HotError;

const VERSION: u8 = 1;

/// Reads an entry from bytes.
pub(super) type Decode = fn(&[u8]) -> Result<Entry, HotError>;

/// An entry as bytes.
pub fn encode(entry: &Entry) -> Vec<u8> {
    // Serialising plain data into memory cannot fail.
    postcard::to_extend(&version1::Entry::from(entry.clone()), vec![VERSION]).unwrap_or_default()
}

/// An entry from bytes.
pub fn decode(bytes: &[u8]) -> Result<Entry, HotError> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => match postcard::take_from_bytes::<version1::Entry>(rest) {
            Ok((entry, [])) => Ok(entry.into()),
            // Some program wrote more than is known here; what is known is not all that it means.
            Ok((_, more)) => {
                Err(HotError::unreadable(format_args!("{} bytes after an entry of the log", more.len())))
            }
            Err(error) => Err(HotError::unreadable(format_args!("an entry of the log: {error}"))),
        },
        Some((version, _)) => {
            Err(HotError::unreadable(format_args!("an entry of the log has version {version}")))
        }
        None => Err(HotError::unreadable("an entry of the log is empty")),
    }
}
