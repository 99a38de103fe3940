//! All that is known of a title: its card, and what TMDB knows beside it.
//!
//! What TMDB said is kept in SQL and is good for [`FRESH_FOR`]. After that it is asked for anew, and what is kept serves while TMDB is away.

use std::{sync::Arc, time::Duration};

use sovpalo_domain::{
    ids::{Timestamp, TitleId},
    title::Title,
};
use sovpalo_storage::{Db, DbError};
use sovpalo_tmdb::{Details, TmdbError, TmdbId, TmdbKind};
use tokio::time::timeout;

use super::known::Known;
use crate::{App, problem::Refused};

/// What is known of a title is not asked for again for so long.
pub(crate) const FRESH_FOR: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A request for details waits for TMDB for at most this long; then it is answered with what is stored here.
pub(crate) const KNOWN_WITHIN: Duration = Duration::from_millis(2_500);

impl App {
    /// What is known of a title.
    ///
    /// # Errors
    /// There is no such title, or nobody can say now whether there is.
    pub(crate) async fn know(&self, id: &TitleId) -> Result<Known, Refused> {
        let at_hand = match self.titles.current().get(id) {
            None if TmdbId::from_title(id).is_some() => {
                self.database.ask(self.db().kept_title(id)).await.ok().flatten().map(Arc::new)
            }
            known => known,
        };
        let Some(title) = at_hand else { return self.know_stranger(id).await };
        let stored = self.database.ask(self.db().title_details(&title.id)).await.ok().flatten();
        let stored: Option<(Details, Timestamp)> =
            stored.and_then(|(details, at)| Some((serde_json::from_str(&details).ok()?, at)));
        let is_titles = TmdbId::from_title(&title.id).is_some();
        match stored {
            Some((details, at)) if age(at, self.now()) < FRESH_FOR => {
                Ok(Known { title, details, is_of_tmdb: true, incomplete: false })
            }
            stored => match self.ask_whole(&title).await {
                Ok(Some(details)) => Ok(Known { title, details, is_of_tmdb: true, incomplete: false }),
                answer => {
                    let is_of_tmdb = is_titles || stored.is_some();
                    let details = stored.map(|(details, _)| details).unwrap_or_default();
                    Ok(Known { title, details, is_of_tmdb, incomplete: answer.is_err() })
                }
            },
        }
    }

    /// A title that nobody here knows.
    async fn know_stranger(&self, id: &TitleId) -> Result<Known, Refused> {
        let Some((tmdb, id)) = self.tmdb.as_ref().zip(TmdbId::from_title(id)) else {
            return Err(Refused::NotFound);
        };
        match timeout(KNOWN_WITHIN, tmdb.whole(id)).await {
            Ok(Ok(whole)) => {
                let (title, details) = &*whole;
                let (title, details) = (Arc::new(title.clone()), details.clone());
                Ok(Known { title, details, is_of_tmdb: true, incomplete: false })
            }
            Ok(Err(TmdbError::NotFound)) => Err(Refused::NotFound),
            Ok(Err(_)) | Err(_) => match tmdb.seen(&id.title()) {
                Some(title) => Ok(Known {
                    title: Arc::new(title),
                    details: Details::default(),
                    is_of_tmdb: true,
                    incomplete: true,
                }),
                None => Err(Refused::Unavailable),
            },
        }
    }

    /// What TMDB says of a title, kept from now on. `None`: nothing, and it will not say more.
    async fn ask_whole(&self, title: &Title) -> Result<Option<Details>, TmdbError> {
        let Some(tmdb) = &self.tmdb else { return Ok(None) };
        let whole = async {
            match self.at_tmdb(tmdb, title).await? {
                Some(id) => tmdb.whole(id).await.map(Some),
                None => Ok(None),
            }
        };
        let whole = timeout(KNOWN_WITHIN, whole).await.map_err(|_| TmdbError::Unavailable)?;
        let whole = match whole {
            Ok(Some(whole)) => whole,
            Ok(None) | Err(TmdbError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (fresh, details) = &*whole;
        let written = self.database.ask(remember(self.db(), &title.id, details, self.now())).await;
        if let Err(error) = written {
            tracing::debug!(%error, "what is known of a title is not kept");
        }
        let catalogue = self.titles.current();
        if fresh.id == title.id && catalogue.kept().get(&title.id).is_some() {
            let kept =
                self.database.ask(self.db().keep_titles(std::slice::from_ref(fresh), self.now())).await;
            if kept.is_ok() {
                catalogue.kept().put([fresh.clone()]);
            }
        }
        Ok(Some(details.clone()))
    }

    /// Which title of TMDB this is. One that the catalogue has no id of is looked for by its name and year.
    pub(super) async fn at_tmdb(
        &self,
        tmdb: &sovpalo_tmdb::Client,
        title: &Title,
    ) -> Result<Option<TmdbId>, TmdbError> {
        let catalogue = self.titles.current();
        let known = catalogue.tmdb_of(&title.id).and_then(TmdbId::from_path);
        if let Some(id) = TmdbId::from_title(&title.id).or(known) {
            return Ok(Some(id));
        }
        let kind = TmdbKind::of(title.kind);
        let found = tmdb.search(&title.name_en, kind).await?;
        let ids = found.iter().filter_map(|found| Some((found, TmdbId::from_title(&found.id)?)));
        let mut same = ids.filter(|(found, id)| {
            catalogue.same_as(found, &id.to_string()).is_some_and(|same| same.id == title.id)
        });
        Ok(same.next().map(|(_, id)| id))
    }
}

/// Keeps what is known of a title.
pub(super) async fn remember(
    db: &Db,
    id: &TitleId,
    details: &Details,
    now: Timestamp,
) -> Result<(), DbError> {
    let written = serde_json::to_string(details).unwrap_or_default();
    db.put_title_details(id, &written, now).await
}

fn age(at: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(now.millis().saturating_sub(at.millis())).unwrap_or_default())
}
