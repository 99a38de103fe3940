//! How one entry of a log looks as bytes: a version, then postcard.
//!
//! Postcard writes neither names nor types, so the order of variants and fields in [`version1`] and [`version2`] *is* the format. What the
//! first version can say is still written in it; the second is for the rest. A log
//! written by an older program is read by a newer one. One written by a newer program may hold what this one does not know:
//! then it is [`HotError::Unreadable`] as a whole, and never half understood.

pub(super) mod version1;
pub(super) mod version2;

use serde::de::DeserializeOwned;
use sovpalo_domain::room::Entry;

use super::HotError;

const VERSION_1: u8 = 1;
const VERSION_2: u8 = 2;

/// Reads an entry from bytes.
pub(super) type Decode = fn(&[u8]) -> Result<Entry, HotError>;

/// An entry as bytes.
pub fn encode(entry: &Entry) -> Vec<u8> {
    let bytes = match version1::Entry::try_from(entry.clone()) {
        Ok(entry) => postcard::to_extend(&entry, vec![VERSION_1]),
        Err(entry) => postcard::to_extend(&entry, vec![VERSION_2]),
    };
    // Serialising plain data into memory cannot fail.
    bytes.unwrap_or_default()
}

/// An entry from bytes.
pub fn decode(bytes: &[u8]) -> Result<Entry, HotError> {
    match bytes.split_first() {
        Some((&VERSION_1, rest)) => whole::<version1::Entry>(rest),
        Some((&VERSION_2, rest)) => whole::<version2::Entry>(rest),
        Some((version, _)) => {
            Err(HotError::unreadable(format_args!("an entry of the log has version {version}")))
        }
        None => Err(HotError::unreadable("an entry of the log is empty")),
    }
}

fn whole<E: DeserializeOwned + Into<Entry>>(bytes: &[u8]) -> Result<Entry, HotError> {
    match postcard::take_from_bytes::<E>(bytes) {
        Ok((entry, [])) => Ok(entry.into()),
        // Some program wrote more than is known here; what is known is not all that it means.
        Ok((_, more)) => {
            Err(HotError::unreadable(format_args!("{} bytes after an entry of the log", more.len())))
        }
        Err(error) => Err(HotError::unreadable(format_args!("an entry of the log: {error}"))),
    }
}
