//! Lists of films that people bring along: exports of Letterboxd, IMDb and Kinorium, and plain lists.
//!
//! [`read`] takes a file as it is: CSV with commas, semicolons or tabs, in UTF-8 or UTF-16, by itself or in a ZIP archive with others, as
//! Letterboxd sends it. What a column means its header says, whichever site wrote it. A text without such a header is a plain list, one
//! film in each line. What comes out is, for each line, the catalogue's title, or a text to pick by hand, or why it is neither.
//!
//! The file is a stranger's. Nothing in it makes this panic, and everything has a bound: lines, the archive's files, and what they
//! become when they are unpacked.
//!
//! ```text
//! file ─ archive ─┬─ header known? ── sheet ──┬─ meant ─ recognised, typed
//!                 └─ no ───────────── plain ──┘        └ rejected
//! ```

mod archive;
mod bounds;
mod collected;
mod header;
mod meant;
mod plain;
mod reason;
mod sheet;
mod understood;

use self::{archive::Unpacked, collected::Collected};
pub use self::{
    bounds::{MOST_FILES, MOST_LINES, MOST_UNPACKED},
    reason::{NoList, Reason},
    understood::{Place, Recognised, Rejected, Typed, Understood},
};
use super::Catalogue;
use crate::cells::{NotUtf16, decode};

/// Reads a list. `name` is what its file is called, if that is known: Letterboxd's `watched.csv` and `watchlist.csv` differ in nothing
/// else. An error: it is no list at all.
pub fn read(catalogue: &Catalogue, file: &[u8], name: Option<&str>) -> Result<Understood, NoList> {
    let mut collected = Collected::of(catalogue);
    if archive::is_one(file) {
        let mut known = false;
        for Unpacked { name, bytes } in archive::unpack(file)? {
            // What else an archive holds (a profile, comments) is no list, and nobody's mistake.
            let Ok(text) = decode(&bytes) else { continue };
            known |=
                sheet::read(&text, Some(name.as_str()), &mut collected.of_file(Some(name.as_str().into())));
        }
        if !known {
            return Err(NoList::NothingInArchive);
        }
        return Ok(collected.done());
    }
    let text = decode(file).map_err(|NotUtf16| NoList::NotText)?;
    let mut lines = collected.of_file(None);
    if !sheet::read(&text, name, &mut lines) {
        plain::read(&text, &mut lines)?;
    }
    Ok(collected.done())
}
