//! How one entry of a log looks as bytes: a version, then postcard.
//!
//! Postcard writes neither names nor types, so the order of variants and fields in [`sovpalo_domain::room::event`] *is* the
//! format: both are only ever added at the end. A log written by an older program is read by a newer one.

use sovpalo_domain::room::Entry;

use super::HotError;

const VERSION: u8 = 1;

/// An entry as bytes.
pub fn encode(entry: &Entry) -> Vec<u8> {
    // Serialising plain data into memory cannot fail.
    postcard::to_extend(entry, vec![VERSION]).unwrap_or_default()
}

/// An entry from bytes.
pub fn decode(bytes: &[u8]) -> Result<Entry, HotError> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => postcard::from_bytes(rest)
            .map_err(|e| HotError::because(format_args!("an entry of the log: {e}"))),
        Some((version, _)) => {
            Err(HotError::because(format_args!("an entry of the log has version {version}")))
        }
        None => Err(HotError::because("an entry of the log is empty")),
    }
}
