//! The webhook: Telegram posts updates to an address of ours, instead of being asked for them.
//!
//! This is how several bots share the work: whichever of them (or of the servers) an update comes to puts it into the one
//! inbox, and whichever is free handles it.
//!
//! Promises: Telegram is told "received" (200) only when an update is stored, and to come again (503) while the database is
//! away; nobody without the secret is listened to, and how long that takes tells nothing about the secret; what is no update
//! at all does not come again. Neither the secret nor what people write is ever logged. Unlike teloxide's own webhook it
//! stays set when a bot ends: Telegram keeps what it cannot deliver, and the next bot finds it.

mod keep;
mod route;

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::{Host, Url};

pub(crate) use self::keep::run;

/// Telegram posts to these ports and no others: <https://core.telegram.org/bots/api#setwebhook>
const PORTS: [u16; 4] = [443, 80, 88, 8443];

/// Where Telegram posts updates, and what it says to be believed. Cheap to clone.
#[derive(Clone)]
pub struct Webhook {
    address: Url,
    secret: String,
}

/// Why there cannot be such a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWebhook {
    /// Telegram takes nothing else.
    #[error("a webhook's secret is 1 to 256 letters, digits, _ and -")]
    Secret,
    /// Telegram posts to https addresses only. On this machine, where a simulated Telegram is, http will do.
    #[error("a webhook needs an https:// address")]
    Address,
    /// See [`PORTS`].
    #[error("a webhook's port is 443, 80, 88 or 8443")]
    Port,
}

impl Webhook {
    /// Where the route is, below the public address.
    pub const PATH: &str = "/telegram/webhook";

    /// A webhook below this public address. `secret` is known to Telegram and to us.
    pub fn new(public_url: &Url, secret: &str) -> Result<Self, BadWebhook> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        if !(1..=256).contains(&secret.len()) || !secret.bytes().all(plain) {
            return Err(BadWebhook::Secret);
        }
        if !is_here(public_url) {
            if public_url.scheme() != "https" {
                return Err(BadWebhook::Address);
            }
            if !public_url.port_or_known_default().is_some_and(|port| PORTS.contains(&port)) {
                return Err(BadWebhook::Port);
            }
        }
        let mut address = public_url.clone();
        address.set_path(&format!("{}{}", public_url.path().trim_end_matches('/'), Self::PATH));
        address.set_query(None);
        address.set_fragment(None);
        Ok(Self { address, secret: secret.to_owned() })
    }

    /// Whether whoever says this knows the secret. Takes as long for any guess.
    fn believes(&self, said: &[u8]) -> bool {
        // Of the digests, since comparing what differs in length would end early.
        Sha256::digest(&self.secret).ct_eq(&Sha256::digest(said)).into()
    }
}

impl fmt::Debug for Webhook {
    /// Never prints the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("address", &self.address.as_str()).finish_non_exhaustive()
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(public_url: &str, secret: &str) -> Result<Webhook, BadWebhook> {
        Webhook::new(&public_url.parse().unwrap(), secret)
    }

    #[test]
    fn its_address_is_below_the_public_one() {
        for (public_url, address) in [
            ("https://example.org", "https://example.org/telegram/webhook"),
            ("https://example.org:8443/", "https://example.org:8443/telegram/webhook"),
            ("https://example.org/films/?a=b#c", "https://example.org/films/telegram/webhook"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000/telegram/webhook"),
        ] {
            assert_eq!(webhook(public_url, "s").unwrap().address.as_str(), address);
        }
    }

    #[test]
    fn what_telegram_would_not_take_is_refused_at_once() {
        for secret in ["", "with space", "é", "a/b", &"x".repeat(257)] {
            assert_eq!(webhook("https://example.org", secret).unwrap_err(), BadWebhook::Secret, "{secret:?}");
        }
        assert_eq!(webhook("http://example.org", "s").unwrap_err(), BadWebhook::Address);
        assert_eq!(webhook("https://example.org:8080", "s").unwrap_err(), BadWebhook::Port);
        assert!(webhook("https://example.org", &"x".repeat(256)).is_ok());
    }

    #[test]
    fn only_the_secret_itself_is_believed() {
        let webhook = webhook("https://example.org", "s3cret_-").unwrap();
        assert!(webhook.believes(b"s3cret_-"));
        for guess in ["", "s3cret_", "s3cret_-x", "S3CRET_-", "s3cret_-\0"] {
            assert!(!webhook.believes(guess.as_bytes()), "{guess:?}");
        }
    }

    #[test]
    fn the_secret_is_not_printed() {
        let shown = format!("{:?}", webhook("https://example.org", "hunter2hunter2").unwrap());
        assert!(!shown.contains("hunter2") && shown.contains("example.org"), "{shown}");
    }
}
