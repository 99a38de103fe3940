//! Titles that fit a filter, whatever they are called.
//!
//! <https://developer.themoviedb.org/reference/discover-movie> and `discover-tv`.

use std::{collections::HashSet, sync::Arc};

use futures::FutureExt;
use sovpalo_domain::title::Title;

use super::{
    answers::Page,
    client::Client,
    error::TmdbError,
    filter::Filter,
    genres,
    ids::TmdbKind,
    lists::{self, ENGLISH, RUSSIAN},
    question::Question,
    remembered::Answer,
    text::is_country,
};

/// A question names one country only; so many are asked.
pub const MOST_COUNTRIES: usize = 3;
/// With fewer votes a rating does not count for a filter.
const ENOUGH_VOTES: &str = "50";

impl Client {
    /// Titles that fit, the most popular first: at most 20 of a country and a kind, which come in turns. What a list does not say of a title
    /// (a film's country, how long it is) is known to fit by having been asked for; of series for children only that they are for families.
    ///
    /// # Errors
    /// See [`TmdbError`]. The look-up goes on when it is not waited for any more, and is remembered.
    pub fn discover(&self, filter: &Filter) -> Answer<Arc<[Title]>> {
        let filter = filter.clone();
        self.list(Question::Filter(filter.clone()), move |client| {
            async move { client.fitting(&filter).await }.boxed()
        })
    }

    async fn fitting(&self, filter: &Filter) -> Result<Vec<Title>, TmdbError> {
        let kinds = TmdbKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| filter.kind.is_none_or(|wanted| TmdbKind::of(wanted) == Some(*kind)));
        let countries: Vec<Option<&str>> = match filter.countries.as_slice() {
            [] => vec![None],
            some => some.iter().take(MOST_COUNTRIES).map(|country| Some(country.as_str())).collect(),
        };
        let both = kinds.flat_map(|kind| countries.iter().map(move |country| (kind, *country)));
        let asked = both.filter_map(|(kind, country)| Some((kind, params(filter, kind, country)?)));
        let lists = asked.map(|(kind, params)| {
            let client = self.clone();
            async move { client.fitting_of(kind, params).await }.boxed()
        });
        let lists = futures::future::try_join_all(lists).await?;
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        let places = (0..longest).flat_map(|place| lists.iter().filter_map(move |list| list.get(place)));
        let mut known = HashSet::new();
        Ok(places.filter(|title| known.insert(&title.id)).cloned().collect())
    }

    async fn fitting_of(
        &self,
        kind: TmdbKind,
        params: Vec<(&'static str, String)>,
    ) -> Result<Vec<Title>, TmdbError> {
        let ask = |language: &'static str| {
            let (client, params) = (self.clone(), params.clone());
            async move {
                let mut params: Vec<(&str, &str)> =
                    params.iter().map(|(name, value)| (*name, value.as_str())).collect();
                params.push(("language", language));
                client.get::<Page>(&format!("discover/{}", kind.word()), &params).await
            }
            .boxed()
        };
        let (english, russian) = futures::future::try_join(ask(ENGLISH), ask(RUSSIAN)).await?;
        Ok(lists::together(english.results, russian.results, Some(kind)))
    }
}

/// What TMDB is asked. `None`: it has nothing of that kind that could fit.
fn params(filter: &Filter, kind: TmdbKind, country: Option<&str>) -> Option<Vec<(&'static str, String)>> {
    let mut params = vec![
        ("sort_by", "popularity.desc".to_owned()),
        ("include_adult", "false".to_owned()),
        ("page", "1".to_owned()),
    ];
    let known = filter.genres.iter().filter_map(|key| genres::number(kind, key));
    let mut genres = known.map(|number| number.to_string()).collect::<Vec<_>>();
    if genres.is_empty() && !filter.genres.is_empty() {
        return None;
    }
    let (from, to) = match kind {
        TmdbKind::Movie => ("primary_release_date.gte", "primary_release_date.lte"),
        TmdbKind::Tv => ("first_air_date.gte", "first_air_date.lte"),
    };
    params.extend(filter.from_year.map(|year| (from, format!("{year:04}-01-01"))));
    params.extend(filter.to_year.map(|year| (to, format!("{year:04}-12-31"))));
    if let Some(country) = country {
        params.push(("with_origin_country", country_code(country)?));
    }
    if let Some(tenths) = filter.min_rating_tenths {
        params.push(("vote_average.gte", format!("{}.{}", tenths / 10, tenths % 10)));
        params.push(("vote_count.gte", ENOUGH_VOTES.to_owned()));
    }
    params.extend(filter.max_runtime.map(|minutes| ("with_runtime.lte", minutes.to_string())));
    match (filter.family, kind) {
        (false, _) => {}
        // As the country that most films have a rating of says.
        (true, TmdbKind::Movie) => {
            params.push(("certification_country", "US".to_owned()));
            params.push(("certification.lte", "PG".to_owned()));
        }
        // Series cannot be filtered by their ratings.
        (true, TmdbKind::Tv) => genres = vec![genres::number(kind, "family")?.to_string()],
    }
    if let Some((provider, region)) = filter.provider.zip(filter.region.as_ref()) {
        params.push(("with_watch_providers", provider.to_string()));
        params.push(("watch_region", country_code(region)?));
    }
    if !genres.is_empty() {
        // With strokes between them: any of these.
        params.push(("with_genres", genres.join("|")));
    }
    Some(params)
}

fn country_code(code: &str) -> Option<String> {
    is_country(code).then(|| code.to_owned())
}
