//! Posters that operators' titles point at: fetched once, kept on disk, served from here.
//!
//! The addresses come from an operator's file, not from clients, and are still not trusted: only https, only hosts that
//! resolve to public addresses (checked on the addresses that are then connected to), no redirects, at most 2 MB, and only bytes that
//! begin as an image of a known kind does.
//!
//! However many ask for a poster that is not here yet, it is fetched once, and all get what comes of it. A host that does not
//! answer takes up a few places, never all; whoever waits, waits for so long and no longer.

use std::{
    collections::HashMap,
    error::Error,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use sha2::{Digest, Sha256};
use sovpalo_storage::file_modes;
use tokio::{io::AsyncWriteExt, sync::Semaphore, time::timeout};
use url::{Host, Url};

/// A poster has at most so many bytes. A larger file is none.
pub(crate) const MAX_BYTES: usize = 2 * 1024 * 1024;
/// A host answers within this, or is left alone for a while.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// How long a fetch may take in all. What takes longer is given up.
pub(crate) const WITHIN: Duration = Duration::from_secs(8);
/// So many fetches at the same time. More wait for their turn.
pub(crate) const AT_ONCE: usize = 24;
/// So many of them from one host. More wait for their turn, and hold up nobody else's posters.
pub(crate) const PER_HOST: usize = 4;
/// So many posters are fetched or wait for their turn. Another one is refused with `unavailable`.
pub(crate) const MOST_UNDER_WAY: usize = 256;
/// So many requests wait for posters. Another one is refused with `unavailable`.
pub(crate) const MOST_WAITING: usize = 1024;
/// So long a request waits, and so long a poster waits for its turn. Then the request is refused with `unavailable`.
pub(crate) const WAITED_FOR: Duration = Duration::from_secs(10);
/// An address that gave nothing, or a host that did not answer, is left alone for this long.
pub(crate) const FORGIVE_AFTER: Duration = Duration::from_secs(60);
/// So many of those are remembered.
pub(crate) const MOST_FAILED: usize = 10_000;

/// An image that browsers show, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImageKind {
    Jpeg,
    Png,
    WebP,
    Avif,
}

impl ImageKind {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Some(Self::Avif),
            _ => None,
        }
    }

    pub(crate) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

/// An image.
#[derive(Debug, Clone)]
pub(crate) struct Poster {
    pub(crate) kind: ImageKind,
    pub(crate) bytes: Bytes,
}

/// Why there is no poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPoster {
    /// There is none at that address, or was none a moment ago.
    NotThere,
    /// Nobody knows yet.
    Busy,
}

/// The posters on this node's disk, and the way to those that are not there yet.
pub(crate) struct Posters {
    fetcher: Arc<Fetcher>,
    waiting: Semaphore,
}

/// What comes of one fetch, for everybody who waits for it.
type Fetching = Shared<BoxFuture<'static, Result<Poster, NoPoster>>>;

struct Fetcher {
    folder: PathBuf,
    client: Option<Client>,
    may_ask: fn(&Host<&str>) -> bool,
    turns: Semaphore,
    /// The turns of each host that is being asked.
    hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
    under_way: Mutex<HashMap<String, Fetching>>,
    /// Addresses and hosts, and when each gave nothing.
    failed: Mutex<HashMap<String, Instant>>,
}

impl Posters {
    pub(crate) fn new(data_dir: &Path) -> Self {
        let client = Client::builder().https_only(true).dns_resolver(Arc::new(PublicOnly));
        Self::asking(data_dir, client, is_public_host)
    }

    fn asking(data_dir: &Path, client: ClientBuilder, may_ask: fn(&Host<&str>) -> bool) -> Self {
        let client = client
            .redirect(Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .timeout(WITHIN)
            .no_proxy()
            .build()
            .inspect_err(|error| tracing::warn!(%error, "posters cannot be fetched"));
        let fetcher = Fetcher {
            folder: data_dir.join("posters"),
            client: client.ok(),
            may_ask,
            turns: Semaphore::new(AT_ONCE),
            hosts: Mutex::default(),
            under_way: Mutex::default(),
            failed: Mutex::default(),
        };
        Self { fetcher: Arc::new(fetcher), waiting: Semaphore::new(MOST_WAITING) }
    }

    /// The poster at an address, from the disk if it was fetched before.
    pub(crate) async fn get(&self, address: &str) -> Result<Poster, NoPoster> {
        let _waiting = self.waiting.try_acquire().map_err(|_| NoPoster::Busy)?;
        if let Some(found) = self.fetcher.kept(address).await {
            return found;
        }
        let fetching = self.fetcher.begin(address)?;
        timeout(WAITED_FOR, fetching).await.unwrap_or(Err(NoPoster::Busy))
    }
}

impl Fetcher {
    fn file(&self, address: &str) -> PathBuf {
        self.folder.join(hex::encode(Sha256::digest(address)))
    }

    /// What is on the disk of an address.
    async fn kept(&self, address: &str) -> Option<Result<Poster, NoPoster>> {
        let bytes = tokio::fs::read(self.file(address)).await.ok()?;
        Some(poster(bytes.into()).ok_or(NoPoster::NotThere))
    }

    /// Joins the fetch of an address, or begins it. It goes on when whoever asked has gone.
    fn begin(self: &Arc<Self>, address: &str) -> Result<Fetching, NoPoster> {
        let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.ok_or(NoPoster::NotThere)?;
        if self.failed_lately(address) || self.failed_lately(&host) {
            return Err(NoPoster::NotThere);
        }
        let mut under_way = held(&self.under_way);
        if let Some(fetching) = under_way.get(address) {
            return Ok(fetching.clone());
        }
        if under_way.len() >= MOST_UNDER_WAY {
            return Err(NoPoster::Busy);
        }
        let ending = Ending { fetcher: Arc::clone(self), address: address.to_owned() };
        let task = tokio::spawn(async move { ending.fetcher.fetch_in_turn(&ending.address, &host).await });
        let fetching = task.map(|fetched| fetched.unwrap_or(Err(NoPoster::NotThere))).boxed().shared();
        under_way.insert(address.to_owned(), fetching.clone());
        Ok(fetching)
    }

    async fn fetch_in_turn(&self, address: &str, host: &str) -> Result<Poster, NoPoster> {
        let turns = self.turns_of(host);
        let both = async { (turns.acquire().await, self.turns.acquire().await) };
        let (Ok(_at_host), Ok(_turn)) = timeout(WAITED_FOR, both).await.map_err(|_| NoPoster::Busy)? else {
            return Err(NoPoster::Busy);
        };
        // Whoever looked before the last fetch was kept has begun this one since.
        if let Some(found) = self.kept(address).await {
            return found;
        }
        // The host may have fallen silent meanwhile.
        if self.failed_lately(host) {
            return Err(NoPoster::NotThere);
        }
        match self.fetch(address).await {
            Ok(found) => {
                if let Err(error) = self.keep(&self.file(address), &found.bytes).await {
                    tracing::warn!(%error, "a poster was not kept");
                }
                Ok(found)
            }
            Err(error) => {
                tracing::debug!(error, "a poster was not fetched");
                let silent = error.downcast_ref::<reqwest::Error>();
                let silent = silent.is_some_and(|error| error.is_timeout() || error.is_connect());
                self.fail(if silent { host } else { address });
                Err(NoPoster::NotThere)
            }
        }
    }

    /// The turns of a host, which last as long as anybody holds them.
    fn turns_of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = held(&self.hosts);
        if let Some(turns) = hosts.get(host).and_then(Weak::upgrade) {
            return turns;
        }
        hosts.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(PER_HOST));
        hosts.insert(host.to_owned(), Arc::downgrade(&turns));
        turns
    }

    fn failed_lately(&self, what: &str) -> bool {
        held(&self.failed).get(what).is_some_and(|at| at.elapsed() < FORGIVE_AFTER)
    }

    fn fail(&self, what: &str) {
        let mut failed = held(&self.failed);
        failed.retain(|_, at| at.elapsed() < FORGIVE_AFTER);
        if failed.len() < MOST_FAILED {
            failed.insert(what.to_owned(), Instant::now());
        }
    }

    async fn fetch(&self, address: &str) -> Result<Poster, Box<dyn Error + Send + Sync>> {
        let url = Url::parse(address)?;
        // A host that is an address never meets the resolver.
        if !url.host().is_some_and(|host| (self.may_ask)(&host)) {
            return Err("not a public host".into());
        }
        let client = self.client.as_ref().ok_or("no client")?;
        let mut response = client.get(url).send().await?.error_for_status()?;
        if !response.status().is_success() {
            return Err("not there".into());
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = response.chunk().await? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err("too large".into());
            }
            bytes.extend_from_slice(&chunk);
        }
        poster(bytes.freeze()).ok_or_else(|| "not an image".into())
    }

    /// Written beside and moved into place: nobody ever reads half of one.
    async fn keep(&self, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
        file_modes::create_folder(&self.folder)?;
        let beside = self.folder.join(format!("{:032x}.part", rand::random::<u128>()));
        let mut part = tokio::fs::OpenOptions::from(file_modes::new_file()).open(&beside).await?;
        part.write_all(bytes).await?;
        part.flush().await?;
        drop(part);
        tokio::fs::rename(&beside, file).await
    }
}

/// However a fetch ends, it is not under way any more.
struct Ending {
    fetcher: Arc<Fetcher>,
    address: String,
}

impl Drop for Ending {
    fn drop(&mut self) {
        held(&self.fetcher.under_way).remove(&self.address);
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names are looked at when they are resolved.
fn is_public_host(host: &Host<&str>) -> bool {
    match *host {
        Host::Domain(_) => true,
        Host::Ipv4(ip) => is_public(ip.into()),
        Host::Ipv6(ip) => is_public(ip.into()),
    }
}

fn poster(bytes: Bytes) -> Option<Poster> {
    ImageKind::of(&bytes).map(|kind| Poster { kind, bytes })
}

/// Resolves names, and forgets every address that is not on the public internet.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("not a public host".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is out on the internet (IANA's special-purpose registries).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(ip) => {
            let [a, b, ..] = ip.segments();
            // Global unicast only, without documentation, 6to4 and Teredo, which lead elsewhere.
            a & 0xE000 == 0x2000
                && !(a == 0x2001 && b < 0x0200)
                && !(a == 0x2001 && b == 0x0DB8)
                && a != 0x2002
        }
    }
}

#[cfg(test)]
mod tests;
