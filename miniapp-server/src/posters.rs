//! Posters that operators' titles point at: fetched once, kept on disk, served from here.
//!
//! The addresses come from an operator's file, not from clients, and are still not trusted: only https, only hosts that
//! resolve to public addresses (checked on the addresses that are then connected to), no redirects, at most 2 MB, and only bytes that
//! begin as an image of a known kind does.

use std::{
    collections::HashMap,
    error::Error,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use sha2::{Digest, Sha256};
use sovpalo_storage::private;
use tokio::{io::AsyncWriteExt, sync::Semaphore};

/// A larger file is no poster.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// How long a fetch may take in all.
const WITHIN: Duration = Duration::from_secs(10);
/// Fetches at the same time.
const AT_ONCE: usize = 4;
/// An address that gave nothing is left alone for this long.
const FORGIVE_AFTER: Duration = Duration::from_secs(600);

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
pub(crate) struct Poster {
    pub(crate) kind: ImageKind,
    pub(crate) bytes: Bytes,
}

/// The posters on this node's disk, and the way to those that are not there yet.
pub(crate) struct Posters {
    folder: PathBuf,
    client: Option<Client>,
    fetching: Semaphore,
    failed: std::sync::Mutex<HashMap<String, Instant>>,
}

impl Posters {
    pub(crate) fn new(data_dir: &Path) -> Self {
        let client = Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .timeout(WITHIN)
            .no_proxy()
            .dns_resolver(Arc::new(PublicOnly))
            .build();
        if let Err(error) = &client {
            tracing::warn!(%error, "posters cannot be fetched");
        }
        Self {
            folder: data_dir.join("posters"),
            client: client.ok(),
            fetching: Semaphore::new(AT_ONCE),
            failed: std::sync::Mutex::default(),
        }
    }

    /// The poster at an address, from the disk if it was fetched before.
    pub(crate) async fn get(&self, address: &str) -> Option<Poster> {
        let file = self.folder.join(hex::encode(Sha256::digest(address)));
        if let Ok(bytes) = tokio::fs::read(&file).await {
            return poster(bytes.into());
        }
        if self.failed_lately(address) {
            return None;
        }
        let _turn = self.fetching.acquire().await.ok()?;
        match self.fetch(address).await {
            Ok(found) => {
                if let Err(error) = self.keep(&file, &found.bytes).await {
                    tracing::warn!(%error, "a poster was not kept");
                }
                Some(found)
            }
            Err(error) => {
                tracing::debug!(error, "a poster was not fetched");
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.retain(|_, at| at.elapsed() < FORGIVE_AFTER);
                failed.insert(address.to_owned(), Instant::now());
                None
            }
        }
    }

    fn failed_lately(&self, address: &str) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get(address).is_some_and(|at| at.elapsed() < FORGIVE_AFTER)
    }

    async fn fetch(&self, address: &str) -> Result<Poster, Box<dyn Error + Send + Sync>> {
        let url = url::Url::parse(address)?;
        // A host that is an address never meets the resolver.
        match url.host() {
            Some(url::Host::Domain(_)) => {}
            Some(url::Host::Ipv4(ip)) if is_public(ip.into()) => {}
            Some(url::Host::Ipv6(ip)) if is_public(ip.into()) => {}
            _ => return Err("not a public host".into()),
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
        private::create_folder(&self.folder)?;
        let beside = self.folder.join(format!("{:032x}.part", rand::random::<u128>()));
        let mut part = tokio::fs::OpenOptions::from(private::new_file()).open(&beside).await?;
        part.write_all(bytes).await?;
        part.flush().await?;
        drop(part);
        tokio::fs::rename(&beside, file).await
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
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_the_public_internet_are_fetched_from() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside} was taken for a public address");
        }
        for outside in ["1.1.1.1", "149.154.167.99", "2606:4700::1111", "2a00:1450:4001::1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside} was taken for a private address");
        }
    }

    #[test]
    fn an_image_is_told_by_its_first_bytes() {
        assert_eq!(ImageKind::of(b"\xFF\xD8\xFF\xE0 and so on"), Some(ImageKind::Jpeg));
        assert_eq!(ImageKind::of(b"\x89PNG\r\n\x1A\n and so on"), Some(ImageKind::Png));
        assert_eq!(ImageKind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(ImageKind::WebP));
        for other in [&b"<svg onload=alert(1)>"[..], b"<!doctype html>", b"", b"GIF89a"] {
            assert_eq!(ImageKind::of(other), None, "{other:?} was taken for an image");
        }
    }

    #[tokio::test]
    async fn a_poster_on_a_private_address_is_never_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let posters = Posters::new(dir.path());
        for address in [
            "https://127.0.0.1/p.jpg",
            "https://localhost/p.jpg",
            "http://example.com/p.jpg",
            "file:///x",
            "nonsense",
        ] {
            assert!(posters.get(address).await.is_none(), "{address} gave a poster");
        }
    }
}
