//! What a list of TMDB answers: by this a list is remembered.

use super::{filter::Filter, ids::TmdbKind};

/// What a list answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Question {
    /// What is called so.
    Named { name: String, kind: Option<TmdbKind> },
    /// What IMDb knows under this id.
    Imdb(String),
    /// What fits a filter.
    Filter(Filter),
}
