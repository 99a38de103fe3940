//! Decks, and filters of titles.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use utoipa::ToSchema;

use super::{Kind, Title};

/// A curated deck.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Deck {
    /// Its id.
    pub id: String,
    /// What it is called, in the reader's language.
    pub name: String,
    /// What is in it, in a sentence.
    pub description: String,
    /// How many titles it has.
    pub size: usize,
    /// The first six in a list of decks, all of them when it is asked for by its id.
    pub titles: Vec<Title>,
}

/// The deck that a room takes: a curated deck's id, or `{"filter": {…}}` with the parameters of `GET /api/titles`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum DeckChoice {
    /// A curated deck, by its id.
    Curated(String),
    /// Of all titles that fit, each round has others.
    Filter {
        /// Which titles.
        filter: TitleFilter,
    },
}

/// Which titles are meant. What is absent does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleFilter {
    /// A name or its beginning; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub q: Option<String>,
    /// Only films, or only series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<Kind>,
    /// Keys of genres, separated by commas: one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub genre: Option<String>,
    /// ISO 3166 alpha-2 codes, at most eight, separated by commas: one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub country: Option<String>,
    /// Not from before this year; 1888 to 2100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from_year: Option<u16>,
    /// Not from after this year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub to_year: Option<u16>,
    /// Rated so well or better; 0 to 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub min_rating: Option<f64>,
    /// Not longer than this, in minutes; 1 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub max_runtime: Option<u16>,
    /// Only what can be watched with children.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub family: Option<bool>,
    /// Only what this provider has in the country of the user who asks, or who starts the round; at most 40 characters. No title that is stored here says
    /// who has it: all that fit are TMDB's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provider: Option<String>,
    /// Parameters of a page, which say nothing of a deck: they are passed over.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub(crate) limit: PassedOver,
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub(crate) cursor: PassedOver,
}

/// Something that is read and not looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PassedOver;

impl<'de> Deserialize<'de> for PassedOver {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// Read by hand, so that what is wrong in a filter is said by its name.
impl<'de> Deserialize<'de> for DeckChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice;

        #[derive(Deserialize)]
        struct ByFilter {
            filter: TitleFilter,
        }

        impl<'de> Visitor<'de> for Choice {
            type Value = DeckChoice;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a curated deck's id, or an object with a filter")
            }

            fn visit_str<E: Error>(self, id: &str) -> Result<DeckChoice, E> {
                Ok(DeckChoice::Curated(id.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DeckChoice, A::Error> {
                let ByFilter { filter } = ByFilter::deserialize(MapAccessDeserializer::new(map))?;
                Ok(DeckChoice::Filter { filter })
            }
        }

        deserializer.deserialize_any(Choice)
    }
}

/// A deck by chance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Surprise {
    /// What a host configures to take it.
    pub deck: DeckChoice,
    /// How many titles fit.
    pub count: usize,
}
