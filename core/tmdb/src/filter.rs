//! What titles are wanted, whatever they are called.

use sovpalo_domain::title::TitleKind;

/// What is looked for. What is left at its default does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Films or series only.
    pub kind: Option<TitleKind>,
    /// Stable keys of genres: any of these.
    pub genres: Vec<String>,
    /// Made in any of these: ISO 3166 alpha-2. Only the first [`MOST_COUNTRIES`](super::MOST_COUNTRIES) are asked for, one after the other.
    pub countries: Vec<String>,
    /// Not older than this.
    pub from_year: Option<u16>,
    /// Not newer than this.
    pub to_year: Option<u16>,
    /// Rated not worse than this, in tenths from 0 to 100.
    pub min_rating_tenths: Option<u8>,
    /// Not longer than so many minutes; of an episode, for a series.
    pub max_runtime: Option<u16>,
    /// For children too.
    pub family: bool,
    /// Offered by this provider, by TMDB's number, in `region`.
    pub provider: Option<u32>,
    /// The country that `provider` is about: ISO 3166 alpha-2.
    pub region: Option<String>,
}

/// Somebody who offers titles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchProvider {
    /// TMDB's number, for [`Filter::provider`].
    pub number: u32,
    /// As TMDB calls it.
    pub name: String,
}
