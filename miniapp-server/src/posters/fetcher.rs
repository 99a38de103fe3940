//! Fetches posters, each once however many ask for it, and keeps them on the disk.

use std::{
    collections::HashMap,
    error::Error,
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    header,
    redirect::Policy,
};
use tokio::{sync::Semaphore, time::timeout};
use url::{Host, Url};

use super::{
    disk::{BUDGET, Disk},
    image::Poster,
};

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
/// So long a request waits, and so long a poster waits for its turn. Then the request is refused with `unavailable`.
pub(crate) const WAITED_FOR: Duration = Duration::from_secs(10);
/// An address that gave nothing, or a host that did not answer, is left alone for this long.
pub(crate) const FORGIVE_AFTER: Duration = Duration::from_secs(60);
/// So many of those are remembered.
pub(crate) const MOST_FAILED: usize = 10_000;

/// Why there is no poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPoster {
    /// There is none at that address, or was none a moment ago.
    NotThere,
    /// Nobody knows yet.
    Busy,
}

/// What comes of one fetch, for everybody who waits for it.
type Fetching = Shared<BoxFuture<'static, Result<Poster, NoPoster>>>;

pub(super) struct Fetcher {
    disk: Disk,
    client: Option<Client>,
    mirror: Option<Mirror>,
    may_ask: fn(&Host<&str>) -> bool,
    turns: Semaphore,
    /// The turns of each host that is being asked.
    hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
    pub(super) under_way: Mutex<HashMap<String, Fetching>>,
    /// Addresses and hosts, and when each gave nothing.
    failed: Mutex<HashMap<String, Instant>>,
}

/// Where TMDB's images are fetched instead. The operator has set it, so that it may be private.
struct Mirror {
    /// Without a slash at its end.
    base: String,
    client: Client,
}

/// The widest formats first that every supported browser shows: what a host chooses by it is kept for all.
const ACCEPTED: &str = "image/webp,image/jpeg,image/png";

fn built(client: ClientBuilder) -> Option<Client> {
    let client =
        client.redirect(Policy::none()).connect_timeout(CONNECT_WITHIN).timeout(WITHIN).no_proxy().build();
    client.inspect_err(|error| tracing::warn!(%error, "posters cannot be fetched")).ok()
}

impl Fetcher {
    /// `mirror`: where TMDB's images are, if not at TMDB itself.
    pub(super) fn new(
        data_dir: &Path,
        client: ClientBuilder,
        may_ask: fn(&Host<&str>) -> bool,
        mirror: Option<Url>,
    ) -> Self {
        let mirror = mirror.and_then(|base| {
            let base = base.as_str().trim_end_matches('/').to_owned();
            Some(Mirror { base, client: built(Client::builder())? })
        });
        Self {
            disk: Disk::new(data_dir.join("posters"), BUDGET),
            client: built(client),
            mirror,
            may_ask,
            turns: Semaphore::new(AT_ONCE),
            hosts: Mutex::default(),
            under_way: Mutex::default(),
            failed: Mutex::default(),
        }
    }

    /// What is on the disk of an address.
    pub(super) async fn kept(&self, address: &str) -> Option<Result<Poster, NoPoster>> {
        let bytes = self.disk.read(address).await?;
        Some(Poster::of(bytes).ok_or(NoPoster::NotThere))
    }

    /// Where it is really fetched, and the mirror if it is from there.
    fn source(&self, address: &str) -> (String, Option<&Mirror>) {
        let path = address.strip_prefix(sovpalo_tmdb::POSTERS).filter(|path| path.starts_with('/'));
        match self.mirror.as_ref().zip(path) {
            Some((mirror, path)) => (format!("{}{path}", mirror.base), Some(mirror)),
            None => (address.to_owned(), None),
        }
    }

    /// The poster at an address, wherever it is.
    pub(super) async fn kept_or_fetched(self: &Arc<Self>, address: &str) -> Result<Poster, NoPoster> {
        match self.kept(address).await {
            Some(found) => found,
            None => self.begin(address)?.await,
        }
    }

    /// Joins the fetch of an address, or begins it. It goes on when whoever asked has gone.
    pub(super) fn begin(self: &Arc<Self>, address: &str) -> Result<Fetching, NoPoster> {
        let (source, _) = self.source(address);
        let host = Url::parse(&source).ok().and_then(|url| url.host_str().map(str::to_owned));
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
        // Another fetch may have ended between the look at the disk and the beginning of this one.
        if let Some(found) = self.kept(address).await {
            return found;
        }
        // The host may have fallen silent meanwhile.
        if self.failed_lately(host) {
            return Err(NoPoster::NotThere);
        }
        match self.fetch(address).await {
            Ok(found) => {
                if let Err(error) = self.disk.keep(address, &found.bytes).await {
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
        let (source, mirror) = self.source(address);
        let url = Url::parse(&source)?;
        // A host that is an address never meets the resolver.
        if mirror.is_none() && !url.host().is_some_and(|host| (self.may_ask)(&host)) {
            return Err("not a public host".into());
        }
        let client = mirror.map(|mirror| &mirror.client).or(self.client.as_ref()).ok_or("no client")?;
        let request = client.get(url).header(header::ACCEPT, ACCEPTED);
        let mut response = request.send().await?.error_for_status()?;
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
        Poster::of(bytes.freeze()).ok_or_else(|| "not an image that can be shown".into())
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

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names are looked at when they are resolved.
pub(super) fn is_public_host(host: &Host<&str>) -> bool {
    match *host {
        Host::Domain(_) => true,
        Host::Ipv4(ip) => is_public(ip.into()),
        Host::Ipv6(ip) => is_public(ip.into()),
    }
}

/// Resolves names, and forgets every address that is not on the public internet.
pub(super) struct PublicOnly;

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
pub(super) fn is_public(ip: IpAddr) -> bool {
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
