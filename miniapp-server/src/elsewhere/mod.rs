//! Titles that are not in the catalogue but at TMDB, where the operator has a token for it.
//!
//! Promises: a search is answered from the catalogue in time, whatever TMDB does, and the answer says if something is missing. A title is
//! kept in SQL before a room knows its id, so that a room needs TMDB never again. Nothing here waits while a room is locked. Without a
//! token nothing is asked, and what was kept is still served.
//!
//! Futures that ask TMDB are boxed where they are awaited: otherwise they would be a part of every handler's type.

mod details;
mod discovering;
mod known;
mod listing;
mod merging;
mod naming;
mod upkeep;

use std::time::Duration;

use futures::{FutureExt, TryFutureExt, future::BoxFuture};
use sovpalo_catalogue::{Catalogue, Elsewhere, Query};
use sovpalo_domain::title::Title;
use sovpalo_tmdb::{TmdbError, TmdbId, TmdbKind};
use tokio::time::timeout;

pub(crate) use self::{known::Known, merging::merged};
use crate::App;

/// A search waits for TMDB for so long; then the answer has the catalogue's titles alone, and says so.
pub(crate) const SEARCH_WITHIN: Duration = Duration::from_millis(220);
/// A shorter name is looked for in the catalogue only.
pub(crate) const SHORTEST_NAME: usize = 2;
/// So many titles that were kept are found while TMDB is away.
pub(crate) const MOST_OF_KEPT: usize = 20;

/// What was found beside the catalogue.
#[derive(Debug, Default)]
pub(crate) struct FoundElsewhere {
    /// The best first.
    pub(crate) titles: Vec<Title>,
    /// TMDB did not answer in time, or not at all.
    pub(crate) incomplete: bool,
}

impl App {
    /// What TMDB has of what somebody looks for, if it says so in time; else what was kept of it. Only beside the first page.
    pub(crate) async fn find_elsewhere(&self, catalogue: &Catalogue, query: &Query) -> FoundElsewhere {
        let is_first = query.after == sovpalo_catalogue::Cursor::default();
        let Some(wanted) = Elsewhere::read(&query.text).filter(|_| is_first) else {
            return FoundElsewhere::default();
        };
        let asked = match &self.tmdb {
            Some(tmdb) => match ask(tmdb, &wanted, query) {
                Some(answer) => Some(timeout(SEARCH_WITHIN, answer).await),
                None => Some(Ok(Ok(Vec::new()))),
            },
            None => None,
        };
        let (mut titles, incomplete) = match asked {
            Some(Ok(Ok(titles))) => (titles, false),
            Some(Ok(Err(TmdbError::NotFound))) => (Vec::new(), false),
            Some(Ok(Err(_)) | Err(_)) => (kept(catalogue, query), true),
            None => (kept(catalogue, query), false),
        };
        titles.retain(|title| query.filter.admits(title));
        FoundElsewhere { titles, incomplete }
    }
}

/// The question to TMDB; `None`: it can know nothing of that.
fn ask(
    tmdb: &sovpalo_tmdb::Client,
    wanted: &Elsewhere,
    query: &Query,
) -> Option<BoxFuture<'static, Result<Vec<Title>, TmdbError>>> {
    Some(match wanted {
        Elsewhere::Name(name) if name.trim().chars().count() < SHORTEST_NAME => return None,
        Elsewhere::Name(name) => {
            let kind = query.filter.kind().and_then(TmdbKind::of);
            tmdb.search(name, kind).map_ok(|titles| titles.to_vec()).boxed()
        }
        Elsewhere::Imdb(id) => tmdb.find_imdb(id).map_ok(|titles| titles.to_vec()).boxed(),
        Elsewhere::Tmdb(path) => {
            let whole = tmdb.whole(TmdbId::from_path(path)?);
            whole.map_ok(|whole| vec![whole.0.clone()]).boxed()
        }
    })
}

fn kept(catalogue: &Catalogue, query: &Query) -> Vec<Title> {
    let found = catalogue.kept().find(&query.text, query.filter.kind(), MOST_OF_KEPT);
    found.iter().map(|title| Title::clone(title)).collect()
}
