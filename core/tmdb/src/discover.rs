//! Titles that fit a filter, whatever they are called.
//!
//! <https://developer.themoviedb.org/reference/discover-movie> and `discover-tv`.

use std::sync::Arc;

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

/// With fewer votes a rating does not count for a filter.
const ENOUGH_VOTES: &str = "50";

impl Client {
    /// Titles that fit, the most popular first: at most 20, or 40 where films and series are wanted, which come in turns.
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
        let asked = kinds.filter_map(|kind| Some((kind, params(filter, kind)?)));
        let lists = asked.map(|(kind, params)| {
            let client = self.clone();
            async move { client.fitting_of(kind, params).await }.boxed()
        });
        let lists = futures::future::try_join_all(lists).await?;
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        let places = (0..longest).flat_map(|place| lists.iter().filter_map(move |list| list.get(place)));
        Ok(places.cloned().collect())
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
fn params(filter: &Filter, kind: TmdbKind) -> Option<Vec<(&'static str, String)>> {
    let mut params = vec![
        ("sort_by", "popularity.desc".to_owned()),
        ("include_adult", "false".to_owned()),
        ("page", "1".to_owned()),
    ];
    let mut genres = Vec::new();
    if let Some(key) = &filter.genre {
        genres.push(genres::number(kind, key)?.to_string());
    }
    let (from, to) = match kind {
        TmdbKind::Movie => ("primary_release_date.gte", "primary_release_date.lte"),
        TmdbKind::Tv => ("first_air_date.gte", "first_air_date.lte"),
    };
    params.extend(filter.from_year.map(|year| (from, format!("{year:04}-01-01"))));
    params.extend(filter.to_year.map(|year| (to, format!("{year:04}-12-31"))));
    if let Some(country) = &filter.country {
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
        (true, TmdbKind::Tv) => genres.push(genres::number(kind, "family")?.to_string()),
    }
    if let Some((provider, region)) = filter.provider.zip(filter.region.as_ref()) {
        params.push(("with_watch_providers", provider.to_string()));
        params.push(("watch_region", country_code(region)?));
    }
    if !genres.is_empty() {
        // With commas: all of them.
        params.push(("with_genres", genres.join(",")));
    }
    Some(params)
}

fn country_code(code: &str) -> Option<String> {
    is_country(code).then(|| code.to_owned())
}
