//! All that TMDB knows of one title: who made it, who plays in it, its trailer, and where it can be watched.
//!
//! Where it can be watched comes from JustWatch, by way of TMDB:
//! <https://developer.themoviedb.org/reference/movie-watch-providers>. TMDB's terms ask for both to be named where it is shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sovpalo_domain::language::Language;

/// So many of the cast are named.
pub const MOST_CAST: usize = 10;

/// What is known of a title beside what its card says. It can be stored as JSON, and read again by later versions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Who directed the film, or created the series.
    pub directors: Vec<String>,
    /// Who plays in it, the leading parts first; at most [`MOST_CAST`].
    pub cast: Vec<String>,
    /// Where it was made: ISO 3166 alpha-2.
    pub countries: Vec<String>,
    /// Its id at IMDb.
    pub imdb: Option<String>,
    /// YouTube's keys of its trailers, by language (`en`, `ru`).
    pub(crate) trailers: BTreeMap<String, String>,
    /// Where it can be watched, by country.
    pub(crate) offers: BTreeMap<String, Offers>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Offers {
    pub(crate) link: Option<String>,
    pub(crate) offers: Vec<(String, OfferKind)>,
}

/// What somebody pays for watching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// A subscription.
    Stream,
    /// Nothing, perhaps with advertisements.
    Free,
    /// Once, for a while.
    Rent,
    /// Once, for ever.
    Buy,
}

/// One provider that has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// TMDB's page with the links to all providers of that country.
    pub url: &'a str,
    /// What it costs.
    pub kind: OfferKind,
}

impl Details {
    /// A page with its trailer, in that language if there is one, else in the other.
    pub fn trailer(&self, language: Language) -> Option<String> {
        let key = self.trailers.get(language.tag()).or_else(|| self.trailers.values().next())?;
        Some(format!("https://www.youtube.com/watch?v={key}"))
    }

    /// Where it can be watched in a country, by its code.
    pub fn watch(&self, region: &str) -> Vec<Offer<'_>> {
        let Some(Offers { link: Some(url), offers }) = self.offers.get(region) else { return Vec::new() };
        offers.iter().map(|(provider, kind)| Offer { provider, url, kind: *kind }).collect()
    }
}
