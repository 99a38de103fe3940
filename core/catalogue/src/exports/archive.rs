//! The files of a ZIP archive, as far as they may be lists.
//!
//! What an archive says of its own sizes is not believed: what comes out of it is counted as it comes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{
    bounds::{MOST_FILES, MOST_UNPACKED},
    reason::NoList,
};

/// What such a file begins with; the second one is empty.
const SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// Letterboxd keeps there what its owner has deleted, and films that it no longer knows.
const PASSED_OVER: [&str; 3] = ["deleted/", "orphaned/", "__MACOSX/"];

/// A file of an archive.
pub(super) struct Unpacked {
    /// Its path in the archive, at most 200 characters of it.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Whether a file is an archive.
pub(super) fn is_one(file: &[u8]) -> bool {
    SIGNATURES.iter().any(|signature| file.starts_with(signature))
}

/// The files in an archive that may be lists, in its order.
pub(super) fn unpack(file: &[u8]) -> Result<Vec<Unpacked>, NoList> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| NoList::BadArchive)?;
    if archive.len() > MOST_FILES {
        return Err(NoList::TooManyFiles);
    }
    let mut left = MOST_UNPACKED;
    let mut files = Vec::new();
    for place in 0..archive.len() {
        let packed = archive.by_index(place).map_err(|_| NoList::BadArchive)?;
        let name = packed.name().map_err(|_| NoList::BadArchive)?;
        let name: String = name.chars().take(200).collect();
        if !packed.is_file() || !may_be_a_list(&name) {
            continue;
        }
        let most = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        packed.take(most).read_to_end(&mut bytes).map_err(|_| NoList::BadArchive)?;
        left = left.checked_sub(bytes.len()).ok_or(NoList::TooMuchUnpacked)?;
        files.push(Unpacked { name, bytes });
    }
    Ok(files)
}

fn may_be_a_list(name: &str) -> bool {
    let lower = name.to_lowercase();
    let ending = lower.rsplit('.').next().unwrap_or_default();
    matches!(ending, "csv" | "tsv" | "txt")
        && !PASSED_OVER.iter().any(|folder| name.starts_with(folder) || name.contains(&format!("/{folder}")))
}
