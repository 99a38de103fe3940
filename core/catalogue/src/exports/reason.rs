//! Why a file is no list, and why a line of one is no title.

use sovpalo_domain::title::MAX_TEXT;

use super::bounds::{MOST_FILES, MOST_LINES, MOST_UNPACKED};

/// A file that cannot be read as a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoList {
    /// Not a character can be seen in it.
    #[error("there is nothing in it")]
    Empty,
    /// A picture, a document, an encoding that is not read.
    #[error("is no text: export a CSV file, or save the list as UTF-8")]
    NotText,
    /// Damaged, encrypted, or packed in a way that is not read.
    #[error("is an archive that cannot be unpacked")]
    BadArchive,
    /// More files than are looked at.
    #[error("is an archive of more than {MOST_FILES} files")]
    TooManyFiles,
    /// More bytes than are unpacked.
    #[error("is an archive that unpacks to more than {} MB", MOST_UNPACKED / 1024 / 1024)]
    TooMuchUnpacked,
    /// No file in it has a header that is known.
    #[error("is an archive without a list of Letterboxd, IMDb or Kinorium in it")]
    NothingInArchive,
}

/// Why a line is no title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing in it is a name.
    #[error("it has no name")]
    NoName,
    /// More than a title may have.
    #[error("its name has more than {MAX_TEXT} characters")]
    TooLong,
    /// Another encoding, or damage.
    #[error("it is not UTF-8 text")]
    NotText,
    /// A game, an episode, a podcast.
    #[error("it is neither a film nor a series")]
    NoFilm,
    /// An earlier line of the same file names it.
    #[error("it is the same as line {0}")]
    Repeated(u64),
    /// The file is longer than is read.
    #[error("from here on nothing was read: a list has at most {MOST_LINES} lines")]
    TooMany,
}

impl Reason {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoName => "no_name",
            Self::TooLong => "too_long",
            Self::NotText => "not_text",
            Self::NoFilm => "no_film",
            Self::Repeated(_) => "repeated",
            Self::TooMany => "too_many",
        }
    }
}
