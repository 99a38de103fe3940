//! Curated decks: a handful of titles for an evening when nobody has an idea.

use serde::Deserialize;
use sovpalo_domain::ids::{DeckId, TitleId};

use super::Language;

/// Titles that go together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deck {
    /// Its id, the same for ever.
    pub id: DeckId,
    name: Translated,
    description: Translated,
    /// All of them are in the catalogue.
    pub titles: Vec<TitleId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Translated {
    en: String,
    ru: String,
}

impl Deck {
    /// What it is called.
    pub fn name(&self, language: Language) -> &str {
        self.name.to(language)
    }

    /// What is in it, in a sentence.
    pub fn description(&self, language: Language) -> &str {
        self.description.to(language)
    }
}

impl Translated {
    fn to(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ru => &self.ru,
        }
    }
}

pub(super) fn parse(file: &str) -> serde_json::Result<Vec<Deck>> {
    serde_json::from_str(file)
}
