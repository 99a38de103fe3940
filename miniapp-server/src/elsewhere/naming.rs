//! Titles that a room is about to know: each is kept in SQL first, and at hand on this node.

use std::{collections::BTreeSet, time::Duration};

use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use sovpalo_catalogue::Catalogue;
use sovpalo_domain::{
    ids::{TitleId, UserId},
    title::Title,
};
use sovpalo_live::rooms::LiveRoom;
use sovpalo_tmdb::{TmdbError, TmdbId};
use tokio::time::timeout;

use super::details::remember;
use crate::{App, parse::MOST_TITLES, problem::Refused, wire};

/// Naming a title waits for TMDB for at most this long; then it is refused as `unavailable`, and can be tried again.
pub(crate) const NAMED_WITHIN: Duration = Duration::from_secs(3);
/// So many titles of one selection are looked up at the same time.
const LOOKED_UP_AT_ONCE: usize = 4;

impl App {
    /// The titles that a command puts into a room and that are not at hand here.
    pub(crate) fn strangers_in(&self, command: &wire::Command) -> BTreeSet<TmdbId> {
        match command {
            wire::Command::Pick { title } => self.strangers_among(std::slice::from_ref(title)),
            _ => BTreeSet::new(),
        }
    }

    /// The titles of a list that are at TMDB, and not at hand here.
    pub(crate) fn strangers_among(&self, titles: &[wire::TitleRef]) -> BTreeSet<TmdbId> {
        let ids = titles.iter().take(MOST_TITLES).filter_map(|title| match title {
            wire::TitleRef::Id { id } if id.starts_with("tmdb-") => TitleId::new(id).ok(),
            _ => None,
        });
        let mut ids = ids.peekable();
        if ids.peek().is_none() {
            return BTreeSet::new();
        }
        let catalogue = self.titles.current();
        ids.filter(|id| catalogue.get(id).is_none()).filter_map(|id| TmdbId::from_title(&id)).collect()
    }

    /// Has these titles kept before a member names them. One that TMDB does not have stays unknown, and is refused as any other that is.
    ///
    /// # Errors
    /// `unavailable`: TMDB or SQL does not answer. Nothing was named then.
    pub(crate) async fn keep_for(
        &self,
        live: &LiveRoom,
        user: UserId,
        strangers: BTreeSet<TmdbId>,
    ) -> Result<(), Refused> {
        // Whoever is not in the room is told so by the room, and asks nobody anything.
        if strangers.is_empty() || !live.read(|room| room.has_member(user)) {
            return Ok(());
        }
        self.keep(strangers).await
    }

    /// The same, whoever names them.
    pub(crate) async fn keep(&self, strangers: BTreeSet<TmdbId>) -> Result<(), Refused> {
        let catalogue = self.titles.current();
        let looked_up =
            stream::iter(strangers).map(|id| self.look_up(id).boxed()).buffer_unordered(LOOKED_UP_AT_ONCE);
        let found: Vec<Option<LookedUp>> = looked_up.try_collect().await?;
        let (mut known, mut fresh) = (Vec::new(), Vec::new());
        for LookedUp { id, title, is_kept } in found.into_iter().flatten() {
            match catalogue.same_as(&title, &id.to_string()) {
                // The room gets to know the catalogue's title only.
                Some(same) => catalogue.kept().put_alias(id.title(), same),
                None if is_kept => known.push(title),
                None => fresh.push((id, title)),
            }
        }
        let (ids, fresh): (Vec<_>, Vec<_>) = fresh.into_iter().unzip();
        if !fresh.is_empty() {
            self.database.ask(self.db().keep_titles(&fresh, self.now())).await?;
        }
        catalogue.kept().put(known.into_iter().chain(fresh));
        self.complete_later(&catalogue, ids);
        Ok(())
    }

    /// A title, from SQL if it is kept, else from what a search has found lately, else from TMDB. `None`: there is none.
    async fn look_up(&self, id: TmdbId) -> Result<Option<LookedUp>, Refused> {
        let name = id.title();
        if let Some(title) = self.database.ask(self.db().kept_title(&name)).await? {
            return Ok(Some(LookedUp { id, title, is_kept: true }));
        }
        let Some(tmdb) = &self.tmdb else { return Ok(None) };
        if let Some(title) = tmdb.seen(&name) {
            return Ok(Some(LookedUp { id, title, is_kept: false }));
        }
        match timeout(NAMED_WITHIN, tmdb.whole(id)).await {
            Ok(Ok(whole)) => Ok(Some(LookedUp { id, title: whole.0.clone(), is_kept: false })),
            Ok(Err(TmdbError::NotFound)) => Ok(None),
            Ok(Err(_)) | Err(_) => Err(Refused::Unavailable),
        }
    }

    /// What a list does not say of a title, its length say, is asked for afterwards; nobody waits for it.
    fn complete_later(&self, catalogue: &Catalogue, ids: Vec<TmdbId>) {
        let Some(tmdb) = self.tmdb.clone().filter(|_| !ids.is_empty()) else { return };
        let (db, kept, clock) = (self.db().clone(), catalogue.kept().clone(), self.rooms.clock().clone());
        tokio::spawn(async move {
            for id in ids {
                let Ok(whole) = tmdb.whole(id).await else { return };
                let (title, details) = &*whole;
                let written = remember(&db, &title.id, details, clock.now()).await;
                let kept_again = db.keep_titles(std::slice::from_ref(title), clock.now()).await;
                if let Err(error) = written.and(kept_again) {
                    tracing::debug!(%error, "what is known of a title is not kept");
                    return;
                }
                kept.put([title.clone()]);
            }
        });
    }
}

/// A title that was looked up.
struct LookedUp {
    id: TmdbId,
    title: Title,
    /// It is in SQL.
    is_kept: bool,
}
