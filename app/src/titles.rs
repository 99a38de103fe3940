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

/// What rooms name on other nodes is at hand here, too, and so is soon what was asked for and is not.
pub(crate) async fn follow_kept(db: Db, titles: SharedCatalogue, version: i64, stop: CancellationToken) {
    let mut version = version;
    while stop.run_until_cancelled(tokio::time::sleep(KEPT_EVERY)).await.is_some() {
        let read = read_kept(&db, &titles, &mut version).await;
        if let Err(error) = read.and(read_missed(&db, &titles).await) {
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

async fn read_missed(db: &Db, titles: &SharedCatalogue) -> Result<(), DbError> {
    let catalogue = titles.current();
    let missed = catalogue.kept().take_missed();
    if !missed.is_empty() {
        catalogue.kept().put(db.kept_titles_of(&missed).await?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sovpalo_domain::{
        ids::{Timestamp, TitleId},
        title::{Title, TitleKind},
    };
    use sovpalo_storage::{DbConfig, DbTarget};

    use super::*;

    fn title(number: usize) -> Title {
        Title {
            id: TitleId::new(&format!("tmdb-movie-{number}")).unwrap(),
            kind: TitleKind::Film,
            name_en: format!("Film {number}"),
            name_ru: format!("Фильм {number}"),
            original_name: None,
            year: Some(2020),
            runtime_min: None,
            genres: Vec::new(),
            countries: Vec::new(),
            rating: None,
            overview_en: None,
            overview_ru: None,
            poster: None,
        }
    }

    #[tokio::test]
    async fn what_rooms_named_is_at_hand_after_a_start_and_what_others_name_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let target = DbTarget::Sqlite { path: dir.path().join("sovpalo.db") };
        let db = Db::connect(&DbConfig { target, connections: 2 }).await.unwrap();
        let now = Timestamp::from_millis(1_790_000_000_000);
        db.keep_titles(&[title(1), title(2)], now).await.unwrap();
        let titles = SharedCatalogue::new(Catalogue::builtin());
        let is_here = |number| titles.current().get(&title(number).id).is_some();
        let mut version = load_kept(&db, &titles).await.unwrap();
        assert!(is_here(1) && is_here(2) && !is_here(3));
        let many: Vec<Title> = (3..=KEPT_AT_ONCE + 10).map(title).collect();
        db.keep_titles(&many, now).await.unwrap();
        read_kept(&db, &titles, &mut version).await.unwrap();
        assert!(
            many.iter().all(|title| titles.current().get(&title.id).is_some()),
            "in as many reads as it takes"
        );
        assert!(!is_here(0), "nobody has named it");
        db.keep_titles(&[title(0)], now).await.unwrap();
        read_missed(&db, &titles).await.unwrap();
        assert!(is_here(0), "it was missed");
        titles.replace(catalogue(&db).await.unwrap());
        assert!(is_here(1) && is_here(KEPT_AT_ONCE + 10), "an import takes none of them away");
    }
}
