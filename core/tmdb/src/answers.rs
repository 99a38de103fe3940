//! The shapes of TMDB's answers, as far as they are read. Anything may be absent; what has the wrong type makes its entry no entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// A page of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Page {
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) results: Vec<Entry>,
}

/// What `find` knows of an id of another site.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ById {
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) movie_results: Vec<Entry>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) tv_results: Vec<Entry>,
}

/// A film or a series in a list. Series have other words for the same.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) id: u32,
    pub(crate) media_type: Option<String>,
    pub(crate) adult: Option<bool>,
    #[serde(alias = "name")]
    pub(crate) title: Option<String>,
    #[serde(alias = "original_name")]
    pub(crate) original_title: Option<String>,
    #[serde(alias = "first_air_date")]
    pub(crate) release_date: Option<String>,
    pub(crate) genre_ids: Option<Vec<u32>>,
    pub(crate) origin_country: Option<Vec<String>>,
    pub(crate) overview: Option<String>,
    pub(crate) poster_path: Option<String>,
    pub(crate) vote_average: Option<f32>,
    pub(crate) vote_count: Option<u32>,
}

/// Everything about a title, with what was appended to the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Whole {
    #[serde(flatten)]
    pub(crate) entry: Entry,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) genres: Vec<Numbered>,
    pub(crate) runtime: Option<u32>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) episode_run_time: Vec<u32>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) production_countries: Vec<Country>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) created_by: Vec<Person>,
    pub(crate) credits: Credits,
    pub(crate) videos: Videos,
    pub(crate) translations: Translations,
    pub(crate) external_ids: ExternalIds,
    #[serde(rename = "watch/providers")]
    pub(crate) providers: Providers,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Numbered {
    pub(crate) id: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Country {
    pub(crate) iso_3166_1: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) job: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Credits {
    /// The leading parts first.
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) cast: Vec<Person>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) crew: Vec<Person>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Videos {
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) results: Vec<Video>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Video {
    pub(crate) key: String,
    pub(crate) site: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) iso_639_1: Option<String>,
    #[serde(default)]
    pub(crate) official: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Translations {
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) translations: Vec<Translation>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Translation {
    pub(crate) iso_639_1: String,
    #[serde(default)]
    pub(crate) data: Translated,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Translated {
    #[serde(alias = "name")]
    pub(crate) title: Option<String>,
    pub(crate) overview: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ExternalIds {
    pub(crate) imdb_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Providers {
    pub(crate) results: serde_json::Map<String, Value>,
}

/// What is offered in one country.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Region {
    pub(crate) link: Option<String>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) flatrate: Vec<Provider>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) free: Vec<Provider>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) ads: Vec<Provider>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) rent: Vec<Provider>,
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) buy: Vec<Provider>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Provider {
    pub(crate) provider_name: String,
}

/// Who offers titles in a country.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProviderPage {
    #[serde(deserialize_with = "those_that_can_be_read")]
    pub(crate) results: Vec<ListedProvider>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ListedProvider {
    pub(crate) provider_id: u32,
    pub(crate) provider_name: String,
    pub(crate) display_priority: Option<u32>,
    /// Its place in each country.
    #[serde(default)]
    pub(crate) display_priorities: BTreeMap<String, u32>,
}

/// The entries of a list that are what they should be. One that is not costs no other; `null` is an empty list.
fn those_that_can_be_read<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let entries: Option<Vec<Value>> = Deserialize::deserialize(deserializer)?;
    let entries = entries.unwrap_or_default().into_iter();
    Ok(entries.filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}
