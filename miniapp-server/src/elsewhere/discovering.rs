//! Titles of TMDB that fit the filter of a deck: how many there are before it is taken, and those for the round that is about to start.

use std::{collections::BTreeSet, time::Duration};

use sovpalo_domain::{
    ids::{TitleId, UserId},
    title::{Filter, Title},
};
use sovpalo_tmdb::{TmdbError, TmdbId, WatchProvider};
use tokio::time::timeout;

use crate::{App, deck, problem::Refused, wire};

/// A start waits for TMDB for so long; then the round has what is stored here alone.
const DISCOVERED_WITHIN: Duration = Duration::from_millis(800);
/// A request that only counts, or lists providers, waits for TMDB for at most this long.
pub(crate) const COUNTED_WITHIN: Duration = Duration::from_millis(2_500);
/// So many providers of a country are offered to choose from.
pub(crate) const MOST_OFFERED: usize = 24;

impl App {
    /// Whether TMDB may have titles that fit a filter: where its token is, and the filter has no words of a name.
    pub(crate) fn may_discover(&self, filter: &Filter) -> bool {
        self.tmdb.is_some() && filter.text().is_none()
    }

    /// What TMDB has that fits a filter and is not in the catalogue, kept so that a room may deal it. `who` starts the round: a provider is
    /// that of their country.
    pub(crate) async fn discover(&self, filter: &Filter, who: UserId) -> Vec<TitleId> {
        let found = match timeout(DISCOVERED_WITHIN, self.fitting_elsewhere(filter, who)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a round starts without titles of TMDB");
                return Vec::new();
            }
            Err(_) => return Vec::new(),
        };
        let ids: BTreeSet<TmdbId> = found.iter().filter_map(|title| TmdbId::from_title(&title.id)).collect();
        if let Err(error) = Box::pin(self.keep(ids.clone())).await {
            tracing::debug!(?error, "a round starts without titles of TMDB: they cannot be kept");
            return Vec::new();
        }
        let catalogue = self.titles.current();
        ids.into_iter().filter_map(|id| catalogue.get(&id.title())).map(|title| title.id.clone()).collect()
    }

    /// How many titles a round by this filter would have from TMDB, beside those that are stored here and fit. `None`: TMDB does not say.
    pub(crate) async fn count_elsewhere(&self, filter: &Filter, who: UserId) -> Option<usize> {
        let found = timeout(COUNTED_WITHIN, self.fitting_elsewhere(filter, who)).await.ok()?.ok()?;
        let catalogue = self.titles.current();
        let is_counted = |title: &&Title| {
            let same = TmdbId::from_title(&title.id).and_then(|id| catalogue.same_as(title, &id.to_string()));
            same.is_some_and(|same| filter.admits(&same))
        };
        Some(found.iter().filter(|title| !is_counted(title)).count())
    }

    /// Refuses a deck that no title fits, neither here nor at TMDB: it could only disappoint. What is invalid in its filter is found when it is parsed.
    ///
    /// # Errors
    /// `invalid`; or `unavailable`, where none fits that is stored here and TMDB does not say what it has.
    pub(crate) async fn refuse_an_empty_deck(
        &self,
        deck: Option<&wire::DeckChoice>,
        who: UserId,
    ) -> Result<(), Refused> {
        let Some(wire::DeckChoice::Filter { filter }) = deck else { return Ok(()) };
        let Ok(filter) = Filter::new(&deck::fields(filter.clone())) else { return Ok(()) };
        if self.titles.current().has_any(&filter) {
            return Ok(());
        }
        match Box::pin(self.count_elsewhere(&filter, who)).await {
            Some(0) => Err(Refused::invalid("deck", "filter: no title fits")),
            Some(_) => Ok(()),
            None => Err(Refused::Unavailable),
        }
    }

    /// Who offers titles in somebody's country, those that TMDB puts first there first; and which country that is. Nobody where there is no
    /// token, where no country is known, and while TMDB is away.
    pub(crate) async fn providers_for(&self, who: UserId) -> (Vec<WatchProvider>, Option<String>) {
        let Some(tmdb) = &self.tmdb else { return (Vec::new(), None) };
        let Some(region) = self.region_of(who).await else { return (Vec::new(), None) };
        let providers = timeout(COUNTED_WITHIN, tmdb.watch_providers(&region)).await;
        let mut providers = providers.map_or_else(|_| Vec::new(), |known| known.unwrap_or_default().to_vec());
        providers.retain(|provider| provider.name.chars().count() <= sovpalo_domain::title::MAX_PROVIDER);
        providers.truncate(MOST_OFFERED);
        (providers, Some(region))
    }

    /// What TMDB has that fits; nothing where it [cannot have any](Self::may_discover).
    async fn fitting_elsewhere(&self, filter: &Filter, who: UserId) -> Result<Vec<Title>, TmdbError> {
        let Some(tmdb) = self.tmdb.as_ref().filter(|_| self.may_discover(filter)) else {
            return Ok(Vec::new());
        };
        let mut asked = asked(filter);
        if let Some(name) = filter.fields().provider {
            // Where nobody knows the country, nobody knows who offers what there.
            let Some(region) = self.region_of(who).await else { return Ok(Vec::new()) };
            let providers = tmdb.watch_providers(&region).await?;
            let called = |provider: &&WatchProvider| provider.name.to_lowercase() == name.to_lowercase();
            let Some(provider) = providers.iter().find(called) else { return Ok(Vec::new()) };
            asked.provider = Some(provider.number);
            asked.region = Some(region);
        }
        let found = tmdb.discover(&asked).await?;
        Ok(found.iter().filter(|title| filter.may_admit(title)).cloned().collect())
    }

    /// The country that somebody watches in: the one they chose, else the operator's.
    async fn region_of(&self, who: UserId) -> Option<String> {
        let known = self.database.ask(self.db().user(who)).await.ok().flatten();
        known.and_then(|user| user.region).or_else(|| self.config.region.clone())
    }
}

/// The same filter, as TMDB is asked; the provider aside, which it knows by a number.
fn asked(filter: &Filter) -> sovpalo_tmdb::Filter {
    let fields = filter.fields();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 100")]
    let tenths = |rating: f64| (rating * 10.0).round() as u8;
    sovpalo_tmdb::Filter {
        kind: filter.kind(),
        genres: filter.genres().iter().map(|genre| (*genre).to_owned()).collect(),
        countries: filter.countries().to_vec(),
        from_year: fields.from_year,
        to_year: fields.to_year,
        min_rating_tenths: fields.min_rating.map(tenths),
        max_runtime: fields.max_runtime,
        family: fields.family,
        ..sovpalo_tmdb::Filter::default()
    }
}
