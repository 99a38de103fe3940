//! What is asked of TMDB while nobody waits: posters for titles that have none, and anew what is about to become too old.
//!
//! Slowly, one title after the other, and not at all while TMDB is away. Every node does it; what another one has found is at hand here a
//! second later and not asked for again.

use std::{collections::HashSet, sync::Arc, time::Duration};

use sovpalo_domain::{ids::TitleId, title::Title};
use sovpalo_tmdb::TmdbError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::details::remember;
use crate::App;

/// So long it waits between two titles.
const PAUSE: Duration = Duration::from_millis(500);
/// So long it waits when TMDB is away, and when there is nothing to do.
const REST: Duration = Duration::from_secs(600);
/// What is kept is asked for anew after this, well before it has to be deleted.
const RENEWED_AFTER: Duration = Duration::from_secs(150 * 24 * 3_600);
/// So many titles that are old are looked at in one round.
const RENEWED_AT_ONCE: usize = 100;

impl App {
    /// Goes on until `stop`; at once at its end where there is no token.
    pub(crate) async fn keep_up(self: Arc<Self>, stop: CancellationToken) {
        if self.tmdb.is_none() {
            return;
        }
        let mut unknown = HashSet::new();
        let going = async {
            loop {
                for (id, is_old) in self.to_ask(&unknown).await {
                    // Another node may have been quicker.
                    if !is_old && self.titles.current().kept().get(&id).is_some() {
                        continue;
                    }
                    match Box::pin(self.renew(&id)).await {
                        Ok(true) => {}
                        Ok(false) => drop(unknown.insert(id)),
                        Err(error) => {
                            tracing::debug!(%error, "titles are completed later");
                            break;
                        }
                    }
                    sleep(PAUSE).await;
                }
                sleep(REST).await;
            }
        };
        let _ = stop.run_until_cancelled(going).await;
    }

    /// The titles that are kept and old, `true`, and those that lack a poster, `false`, the best known first.
    async fn to_ask(&self, unknown: &HashSet<TitleId>) -> Vec<(TitleId, bool)> {
        let catalogue = self.titles.current();
        let bare = catalogue.titles().filter(|title| catalogue.poster_of(title).is_none());
        let bare: Vec<TitleId> = bare.map(|title| title.id.clone()).collect();
        let old = self.db().kept_titles_older_than(RENEWED_AFTER, RENEWED_AT_ONCE, self.now());
        let old = self.database.ask(old).await.unwrap_or_default();
        let all = old.into_iter().map(|id| (id, true)).chain(bare.into_iter().map(|id| (id, false)));
        all.filter(|(id, _)| !unknown.contains(id)).collect()
    }

    /// Keeps what TMDB says of a title now. `false`: it says nothing.
    async fn renew(&self, id: &TitleId) -> Result<bool, TmdbError> {
        let catalogue = self.titles.current();
        let Some((tmdb, title)) = self.tmdb.as_ref().zip(catalogue.get(id)) else { return Ok(false) };
        let Some(at_tmdb) = self.at_tmdb(tmdb, &title).await? else { return Ok(false) };
        let whole = match tmdb.whole(at_tmdb).await {
            Ok(whole) => whole,
            Err(TmdbError::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        let (fresh, details) = &*whole;
        let fresh = Title { id: id.clone(), ..fresh.clone() };
        let has_poster = fresh.poster.is_some();
        let kept = self.database.ask(self.db().keep_titles(std::slice::from_ref(&fresh), self.now())).await;
        let written = self.database.ask(remember(self.db(), id, details, self.now())).await;
        if let Err(error) = kept.and(written) {
            tracing::debug!(%error, "what TMDB says of a title is not kept");
            return Err(TmdbError::Unavailable);
        }
        catalogue.kept().put([fresh]);
        Ok(has_poster)
    }
}
