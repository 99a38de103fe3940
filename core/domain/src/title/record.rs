//! A title of the catalogue, with its names and descriptions in every language.

use serde::{Deserialize, Serialize};

use crate::{ids::TitleId, language::Language};

/// What a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TitleKind {
    /// One film.
    Film,
    /// A series; its runtime is that of an episode.
    Series,
    /// Typed by somebody: a name and nothing else.
    Text,
}

/// Every genre there is, by its stable key.
pub const GENRES: [&str; 23] = [
    "action",
    "adventure",
    "animation",
    "biography",
    "comedy",
    "crime",
    "documentary",
    "drama",
    "family",
    "fantasy",
    "history",
    "horror",
    "music",
    "musical",
    "mystery",
    "noir",
    "romance",
    "sci-fi",
    "short",
    "sport",
    "thriller",
    "war",
    "western",
];

/// A title as the catalogue knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Title {
    /// Its id, the same for ever.
    pub id: TitleId,
    /// What it is.
    pub kind: TitleKind,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Russian.
    pub name_ru: String,
    /// Its name where it was made.
    pub original_name: Option<String>,
    /// The year it came out.
    pub year: Option<u16>,
    /// Minutes; of an episode, for a series.
    pub runtime_min: Option<u16>,
    /// Stable keys out of [`GENRES`], the most telling first.
    pub genres: Vec<String>,
    /// ISO 3166 alpha-2 codes; SU is the USSR.
    pub countries: Vec<String>,
    /// From 0 to 10, roughly.
    pub rating: Option<f32>,
    /// One sentence in English.
    pub overview_en: Option<String>,
    /// One sentence in Russian.
    pub overview_ru: Option<String>,
    /// An https address of its poster.
    pub poster: Option<String>,
}

impl Title {
    /// Its name for somebody who reads this language.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::En => &self.name_en,
            Language::Ru => &self.name_ru,
        }
    }

    /// Every name that it has; one may be there more than once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name_en, &self.name_ru].into_iter().chain(&self.original_name).map(String::as_str)
    }

    /// What it is about, for somebody who reads this language, or in the other one if that is all there is.
    pub fn overview(&self, language: Language) -> Option<&str> {
        let (first, second) = match language {
            Language::En => (&self.overview_en, &self.overview_ru),
            Language::Ru => (&self.overview_ru, &self.overview_en),
        };
        first.as_deref().or(second.as_deref())
    }
}
