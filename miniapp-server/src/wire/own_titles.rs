//! What somebody marked titles as, and lists that they bring along.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Title;

/// What somebody says of a title for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// I want to watch it.
    Wanted,
    /// I have watched it.
    Watched,
    /// I do not want to be shown it.
    Hidden,
}

/// My mark of one title: what it is, or what it shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TitleMark {
    /// `null`: none.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub mark: Option<Mark>,
}

/// The body of `PUT /api/me/titles`: one mark for several titles, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MarkTitles {
    /// Ids of titles of the catalogue, at most 500.
    pub titles: Vec<String>,
    /// `null`: none.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub mark: Option<Mark>,
}

/// A page of what I marked, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnTitlePage {
    /// What has left the catalogue is not among them, so that a page may be shorter than was asked for.
    pub items: Vec<Title>,
    /// What to pass as `cursor` for more; `null`: there is no more.
    #[schema(required)]
    pub next: Option<String>,
}

/// What a list says that somebody brought along. Each title is there once. Nothing is marked by it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedList {
    /// Titles of the catalogue.
    pub recognised: Vec<RecognisedLine>,
    /// What the catalogue does not have, or has several of. It can be picked in a room as it is written.
    pub typed: Vec<TypedLine>,
    /// Lines that are no titles.
    pub rejected: Vec<RejectedLine>,
}

/// A line that names a title of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecognisedLine {
    /// Counted as an editor counts them, from 1.
    pub line: u64,
    /// Its file in an archive; `null`: it was no archive.
    #[schema(required)]
    pub file: Option<String>,
    /// The title.
    pub title: Title,
    /// What the export says of it: what was rated there has been watched. `null`: nothing.
    #[schema(required)]
    pub mark: Option<Mark>,
}

/// A line whose title can be picked as it is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct TypedLine {
    /// Counted as an editor counts them, from 1.
    pub line: u64,
    /// Its file in an archive; `null`: it was no archive.
    #[schema(required)]
    pub file: Option<String>,
    /// Its name, with its year if there is one.
    pub text: String,
}

/// A line that is no title.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedLine {
    /// Counted as an editor counts them, from 1.
    pub line: u64,
    /// Its file in an archive; `null`: it was no archive.
    #[schema(required)]
    pub file: Option<String>,
    /// Why, in English.
    pub reason: String,
    /// The same as a stable word: `no_name`, `too_long`, `not_text`, `no_film`, `repeated` or `too_many`.
    pub code: String,
}
