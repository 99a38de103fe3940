//! What a list says.

use std::sync::Arc;

use sovpalo_domain::title::{Title, TitleMark, TitleText};

use super::reason::Reason;

/// Where something stands in what was brought along.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file in the archive; `None`: it was no archive.
    pub file: Option<Arc<str>>,
    /// Counted as an editor counts them, from 1; the header is one of them.
    pub line: u64,
}

/// What a list says, in the order of its lines. Each title is there once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Understood {
    /// Titles of the catalogue.
    pub recognised: Vec<Recognised>,
    /// What the catalogue does not have, or has several of.
    pub typed: Vec<Typed>,
    /// Lines that say nothing, or the same as one before them in their file.
    pub rejected: Vec<Rejected>,
}

/// A line that names a title of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    pub at: Place,
    pub title: Arc<Title>,
    /// What the export says of it; `None`: nothing.
    pub mark: Option<TitleMark>,
}

/// A line whose title can be picked as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub at: Place,
    /// Its name, with its year if there is one.
    pub text: TitleText,
}

/// A line that is no title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub at: Place,
    pub reason: Reason,
}
