//! The way to the Bot API through a proxy, where Telegram is not reached directly.
//!
//! The address may hold a name and a password, which are never shown.

use std::fmt;

use teloxide::Bot;
use url::Url;

/// What can be a proxy's address.
const SCHEMES: [&str; 4] = ["socks5h", "socks5", "http", "https"];

/// A proxy for all calls of the Bot API.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy(Url);

/// Why an address is not a proxy's. It says nothing of what is in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not a proxy's address like socks5h://host:1080 or http://name:password@host:3128 (a special character in a password is \
     written as %40 and the like)"
)]
pub struct BadProxy;

impl Proxy {
    /// A proxy by its address: `socks5h://` (which also looks names up there), `socks5://`, `http://` or `https://`, with a host,
    /// and perhaps a name and a password.
    pub fn new(address: &str) -> Result<Self, BadProxy> {
        let url = Url::parse(address).map_err(|_| BadProxy)?;
        let is_whole = SCHEMES.contains(&url.scheme()) && url.host_str().is_some_and(|host| !host.is_empty());
        let is_more = !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
        if !is_whole || is_more || reqwest::Proxy::all(url.clone()).is_err() {
            return Err(BadProxy);
        }
        Ok(Self(url))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}://…)", self.0.scheme())
    }
}

/// A client of the Bot API at `api`. Without a `proxy` the usual variables (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) are obeyed.
pub fn client(token: &str, api: Url, proxy: Option<&Proxy>) -> Result<Bot, BadProxy> {
    let mut settings = teloxide::net::default_reqwest_settings();
    if let Some(Proxy(url)) = proxy {
        settings = settings.proxy(reqwest::Proxy::all(url.clone()).map_err(|_| BadProxy)?);
    }
    let http = settings.build().map_err(|_| BadProxy)?;
    Ok(Bot::with_client(token, http).set_api_url(api))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_known_by_its_scheme_and_its_host() {
        for address in [
            "socks5://127.0.0.1:1080",
            "socks5h://anna:p%40ss@proxy.example:1080",
            "socks5h://[::1]:1080",
            "http://proxy.example:3128/",
            "https://anna:secret@proxy.example",
        ] {
            assert!(Proxy::new(address).is_ok(), "{address} was refused");
        }
        for address in [
            "",
            "127.0.0.1:1080",
            "proxy.example",
            "socks5://",
            "socks5://:1080",
            "socks://proxy.example",
            "ftp://proxy.example",
            "http://proxy.example/path",
            "http://proxy.example?x=y",
            "http://proxy.example:99999",
        ] {
            assert_eq!(Proxy::new(address), Err(BadProxy), "{address} was taken for a proxy");
        }
    }

    #[test]
    fn neither_name_nor_password_of_a_proxy_is_shown() {
        let proxy = Proxy::new("socks5://anna:hunter2@proxy.example:1080").unwrap();
        assert_eq!(format!("{proxy:?}"), "Proxy(socks5://…)");
        assert!(!BadProxy.to_string().contains("hunter2"));
    }
}
