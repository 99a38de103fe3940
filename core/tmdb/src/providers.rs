//! Who offers titles in a country: the providers that a filter can name.
//!
//! <https://developer.themoviedb.org/reference/watch-providers-movie-list> and `watch-provider-tv-list`. The data is JustWatch's, who is to
//! be named where it is shown.

use std::{collections::BTreeMap, sync::Arc};

use futures::FutureExt;

use super::{
    answers::{ListedProvider, ProviderPage},
    client::Client,
    error::TmdbError,
    filter::WatchProvider,
    ids::TmdbKind,
    lists::ENGLISH,
    remembered::Answer,
    text,
};

/// So many providers of one country are known, those that TMDB puts first.
pub const MOST_PROVIDERS: usize = 300;

impl Client {
    /// Who offers films or series in a country (ISO 3166 alpha-2), each once, those that TMDB puts first in that country first. Nobody in
    /// what is no country.
    ///
    /// # Errors
    /// See [`TmdbError`]. The look-up goes on when it is not waited for any more, and is remembered.
    pub fn watch_providers(&self, region: &str) -> Answer<Arc<[WatchProvider]>> {
        if !text::is_country(region) {
            return futures::future::ready(Ok(Arc::default())).boxed();
        }
        let region = region.to_owned();
        self.remembered_providers(region.clone(), move |client| {
            async move { client.offering_in(&region).await }.boxed()
        })
    }

    async fn offering_in(&self, region: &str) -> Result<Vec<WatchProvider>, TmdbError> {
        let of = |kind: TmdbKind| async move {
            let params = [("language", ENGLISH), ("watch_region", region)];
            self.get::<ProviderPage>(&format!("watch/providers/{}", kind.word()), &params).await
        };
        let (films, series) = futures::future::try_join(of(TmdbKind::Movie), of(TmdbKind::Tv)).await?;
        Ok(in_order(films.results.into_iter().chain(series.results), region))
    }
}

fn in_order(listed: impl Iterator<Item = ListedProvider>, region: &str) -> Vec<WatchProvider> {
    let mut first: BTreeMap<u32, (u32, String)> = BTreeMap::new();
    for provider in listed {
        let Some(name) = text::name(&provider.provider_name) else { continue };
        let place = provider.display_priorities.get(region).copied().or(provider.display_priority);
        let place = place.unwrap_or(u32::MAX);
        let known = first.entry(provider.provider_id).or_insert((place, name));
        known.0 = known.0.min(place);
    }
    let mut all: Vec<(u32, WatchProvider)> =
        first.into_iter().map(|(number, (place, name))| (place, WatchProvider { number, name })).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, provider)| provider).take(MOST_PROVIDERS).collect()
}
