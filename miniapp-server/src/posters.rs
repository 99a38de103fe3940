//! Posters that titles point at: fetched once, kept on disk, served from here.
//!
//! The addresses come from an operator's file or are TMDB's, not from clients, and are still not trusted: only https, only hosts that
//! resolve to public addresses (checked on the addresses that are then connected to), no redirects, at most 2 MB, and only bytes that
//! begin as an image of a known kind does and say that it is of a size that phones can show. The one host that may be private is the
//! mirror of TMDB's images that the operator has set.
//!
//! However many ask for a poster that is not here yet, it is fetched once, and all get what comes of it. A host that does not
//! answer takes up a few places, never all; whoever waits, waits for so long and no longer.

mod disk;
mod fetcher;
mod image;
mod placeholders;

use std::{path::Path, sync::Arc};

use reqwest::{Client, ClientBuilder};
use sovpalo_domain::ids::TitleId;
use tokio::{sync::Semaphore, time::timeout};
use url::{Host, Url};

pub(crate) use self::{fetcher::NoPoster, image::Poster};
use self::{
    fetcher::{Fetcher, PublicOnly, WAITED_FOR, is_public_host},
    placeholders::Placeholders,
};

/// So many requests wait for posters. Another one is refused with `unavailable`.
pub(crate) const MOST_WAITING: usize = 1024;

/// The posters on this node's disk, and the way to those that are not there yet.
pub(crate) struct Posters {
    fetcher: Arc<Fetcher>,
    waiting: Semaphore,
    placeholders: Arc<Placeholders>,
    asks_tmdb: bool,
}

/// Where a title's poster is on this origin. One of TMDB is named by itself, so that a title need not be kept for it to be shown.
pub(crate) fn shown_at(title: &TitleId, address: &str) -> String {
    match sovpalo_tmdb::image_of(address).filter(|_| title.as_str().starts_with("tmdb-")) {
        Some(name) => format!("/api/posters/tmdb/{}/{name}", sovpalo_tmdb::DEFAULT_SIZE),
        None => format!("/api/posters/{title}"),
    }
}

impl Posters {
    /// `mirror`: where TMDB's images are, if not at TMDB itself. `asks_tmdb`: whether there is a token for it.
    pub(crate) fn new(data_dir: &Path, mirror: Option<Url>, asks_tmdb: bool) -> Self {
        let client = Client::builder().https_only(true).dns_resolver(Arc::new(PublicOnly));
        Self { asks_tmdb, ..Self::asking(data_dir, client, is_public_host, mirror) }
    }

    fn asking(
        data_dir: &Path,
        client: ClientBuilder,
        may_ask: fn(&Host<&str>) -> bool,
        mirror: Option<Url>,
    ) -> Self {
        let fetcher = Fetcher::new(data_dir, client, may_ask, mirror);
        Self {
            fetcher: Arc::new(fetcher),
            waiting: Semaphore::new(MOST_WAITING),
            placeholders: Arc::default(),
            asks_tmdb: true,
        }
    }

    /// The poster at an address, from the disk if it was fetched before.
    pub(crate) async fn get(&self, address: &str) -> Result<Poster, NoPoster> {
        let _waiting = self.waiting.try_acquire().map_err(|_| NoPoster::Busy)?;
        timeout(WAITED_FOR, self.fetcher.kept_or_fetched(address)).await.unwrap_or(Err(NoPoster::Busy))
    }

    /// The poster at an address if it was fetched before.
    pub(crate) async fn get_kept(&self, address: &str) -> Result<Poster, NoPoster> {
        let _waiting = self.waiting.try_acquire().map_err(|_| NoPoster::Busy)?;
        self.fetcher.kept(address).await.unwrap_or(Err(NoPoster::NotThere))
    }

    /// What is shown until the poster at an address is there, as far as it has been made.
    pub(crate) fn placeholder(&self, address: &str) -> Option<String> {
        self.placeholders.of(address)
    }

    /// Has it made if there is none yet, for a poster that is about to be shown. Nobody waits for it. Without a token nothing is asked of
    /// TMDB.
    pub(crate) fn make_placeholder(&self, address: &str) {
        if self.asks_tmdb || sovpalo_tmdb::image_of(address).is_none() {
            self.placeholders.make(&self.fetcher, address);
        }
    }
}

#[cfg(test)]
mod tests;
