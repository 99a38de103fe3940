//! Titles of TMDB that fit the filter of a room's deck, for the round that is about to start.

use std::{collections::BTreeSet, time::Duration};

use sovpalo_domain::{ids::TitleId, title::Filter};
use sovpalo_tmdb::TmdbId;
use tokio::time::timeout;

use crate::App;

/// A start waits for TMDB for so long; then the round has what is stored here alone.
const DISCOVERED_WITHIN: Duration = Duration::from_millis(800);

impl App {
    /// What TMDB has that fits a filter and is not in the catalogue, kept so that a room may deal it. Nothing where the filter asks for what
    /// TMDB cannot be asked here: words of a name, or a provider by its name.
    pub(crate) async fn discover(&self, filter: &Filter) -> Vec<TitleId> {
        let Some(tmdb) = &self.tmdb else { return Vec::new() };
        if filter.text().is_some() || filter.fields().provider.is_some() {
            return Vec::new();
        }
        let found = match timeout(DISCOVERED_WITHIN, tmdb.discover(&asked(filter))).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::debug!(%error, "a round starts without titles of TMDB");
                return Vec::new();
            }
            Err(_) => return Vec::new(),
        };
        let fitting = found.iter().filter(|title| filter.may_admit(title));
        let ids: BTreeSet<TmdbId> = fitting.filter_map(|title| TmdbId::from_title(&title.id)).collect();
        if let Err(error) = Box::pin(self.keep(ids.clone())).await {
            tracing::debug!(?error, "a round starts without titles of TMDB: they cannot be kept");
            return Vec::new();
        }
        let catalogue = self.titles.current();
        ids.into_iter().filter_map(|id| catalogue.get(&id.title())).map(|title| title.id.clone()).collect()
    }
}

/// The same filter, as TMDB is asked.
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
