//! The titles that this process serves: the built-in ones, what an operator imported, and what rooms named of TMDB's.

use std::time::Duration;

use anyhow::Context;
use sovpalo_catalogue::{Catalogue, MOST_KEPT, SharedCatalogue};
use sovpalo_storage::{Db, DbError};
use tokio_util::sync::CancellationToken;

/// How often imported titles are looked for.
const IMPORTED_EVERY: Duration = Duration::from_secs(30);
/// How often it is looked for titles that rooms have named on other nodes.
const KEPT_EVERY: Duration = Duration::from_secs(1);
/// So many of those are read at once; if there are more, the next at once.
pub(crate) const KEPT_AT_ONCE: usize = 500;

/// The built-in titles and what an operator imported.
pub(crate) async fn catalogue(db: &Db) -> anyhow::Result<Catalogue> {
    let extra = db.extra_titles().await.context("the imported titles cannot be read")?;
    Ok(Catalogue::with(extra))
}

/// `sovpalo import-titles` is another process: what it adds is served without a restart.
pub(crate) async fn follow_imported(db: Db, titles: SharedCatalogue, stop: CancellationToken) {
    let mut known = db.titles_version().await.ok();
    while stop.run_until_cancelled(tokio::time::sleep(IMPORTED_EVERY)).await.is_some() {
        let now = db.titles_version().await.ok();
        if now.is_none() || now == known {
            continue;
        }
        match catalogue(&db).await {
            Ok(catalogue) => {
                titles.replace(catalogue);
                known = now;
                tracing::info!("imported titles are served now");
            }
            Err(error) => tracing::warn!(%error, "imported titles are not served yet"),
        }
    }
}

/// The titles that rooms have named, so far as they are kept at hand, and up to which version that is.
pub(crate) async fn load_kept(db: &Db, titles: &SharedCatalogue) -> anyhow::Result<i64> {
    let kept = db.last_kept_titles(MOST_KEPT).await.context("the titles of rooms cannot be read")?;
    let version = kept.last().map_or(0, |(_, version)| *version);
    titles.current().kept().put(kept.into_iter().map(|(title, _)| title));
    Ok(version)
}

/// What rooms name on other nodes is at hand here, too.
pub(crate) async fn follow_kept(db: Db, titles: SharedCatalogue, version: i64, stop: CancellationToken) {
    let mut version = version;
    while stop.run_until_cancelled(tokio::time::sleep(KEPT_EVERY)).await.is_some() {
        if let Err(error) = read_kept(&db, &titles, &mut version).await {
            tracing::debug!(%error, "titles of rooms are read later");
        }
    }
}

async fn read_kept(db: &Db, titles: &SharedCatalogue, version: &mut i64) -> Result<(), DbError> {
    loop {
        let more = db.kept_titles_after(*version, KEPT_AT_ONCE).await?;
        let Some((_, last)) = more.last() else { return Ok(()) };
        *version = *last;
        let is_all = more.len() < KEPT_AT_ONCE;
        titles.current().kept().put(more.into_iter().map(|(title, _)| title));
        if is_all {
            return Ok(());
        }
    }
}
