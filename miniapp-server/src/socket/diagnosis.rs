//! Says to the operator why phones open no sockets. The usual cause is a proxy that does not pass on the WebSocket upgrade: the
//! server then sees an ordinary request, or none at all.
//!
//! Each line is written at most once a minute, however many phones are behind that proxy, and says how many it stands for.
//! `docs/OPERATING.md` has the settings that mend it, in the section "Behind a proxy".

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::{HeaderMap, Version, header};
use sovpalo_storage::measure;

/// Between two lines about the same.
const EVERY: Duration = Duration::from_secs(60);

/// What was found, and when it was last said.
#[derive(Default)]
pub(crate) struct Diagnosis {
    upgrades: Pace,
    polls: Pace,
}

impl Diagnosis {
    /// A request came for a socket and is no upgrade.
    pub(crate) fn upgrade_missing(&self, version: Version, headers: &HeaderMap) {
        if !looks_like_a_browsers(headers) {
            return;
        }
        measure::count("sovpalo_upgrades_missing_total", []);
        if let Some(requests) = self.upgrades.due(Instant::now()) {
            let missing = missing(version, headers);
            tracing::warn!(
                requests,
                missing,
                "phones ask for a WebSocket and the upgrade does not arrive: let the proxy in front of this server pass it on \
                 (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \
                 \"upgrade\"; Apache: ProxyPass with upgrade=websocket; Traefik and Caddy do it by themselves, unless a plugin \
                 or another proxy in front of them takes the headers away). Until then rooms go on by HTTP, a little slower"
            );
        }
    }

    /// A phone could open no socket and begins to ask by HTTP.
    pub(crate) fn polling(&self) {
        measure::count("sovpalo_polling_phones_total", []);
        if let Some(phones) = self.polls.due(Instant::now()) {
            tracing::info!(
                phones,
                "phones could open no WebSocket and go on by HTTP: if they are many, look at the proxy in front of this server \
                 (docs/OPERATING.md, \"Behind a proxy\"); a few are behind a network of their own that forbids it"
            );
        }
    }
}

/// A browser's handshake has these, and proxies that strip the hop-by-hop headers leave them.
fn looks_like_a_browsers(headers: &HeaderMap) -> bool {
    headers.contains_key(header::SEC_WEBSOCKET_KEY) || headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL)
}

/// What of a handshake is not there. Never the values: they are whatever the client likes.
fn missing(version: Version, headers: &HeaderMap) -> String {
    let has = |name: header::HeaderName, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|list| list.split(',')).any(|one| one.trim().eq_ignore_ascii_case(word))
    };
    let mut missing = Vec::new();
    if version < Version::HTTP_11 {
        missing.push("HTTP/1.1");
    }
    if !has(header::UPGRADE, "websocket") {
        missing.push("Upgrade: websocket");
    }
    if !has(header::CONNECTION, "upgrade") {
        missing.push("Connection: Upgrade");
    }
    if !headers.contains_key(header::SEC_WEBSOCKET_KEY) {
        missing.push("Sec-WebSocket-Key");
    }
    missing.join(", ")
}

/// Lets one through now and then, and counts those between.
#[derive(Default)]
struct Pace(Mutex<(Option<Instant>, u64)>);

impl Pace {
    /// How many there were since the last one that was let through, if this one is.
    fn due(&self, now: Instant) -> Option<u64> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, count) = &mut *guard;
        *count += 1;
        if last.is_some_and(|last| now.duration_since(last) < EVERY) {
            return None;
        }
        *last = Some(now);
        Some(std::mem::take(count))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_a_proxy_took_away_is_named() {
        // nginx without any setting: HTTP/1.0 and `Connection: close`.
        let bare = headers(&[("connection", "close"), ("sec-websocket-key", "x")]);
        assert_eq!(missing(Version::HTTP_10, &bare), "HTTP/1.1, Upgrade: websocket, Connection: Upgrade");
        let half =
            headers(&[("upgrade", "WebSocket"), ("connection", "keep-alive"), ("sec-websocket-key", "x")]);
        assert_eq!(missing(Version::HTTP_11, &half), "Connection: Upgrade");
        let all = headers(&[
            ("upgrade", "websocket"),
            ("connection", "keep-alive, Upgrade"),
            ("sec-websocket-key", "x"),
        ]);
        assert_eq!(missing(Version::HTTP_11, &all), "");
    }

    #[test]
    fn a_thousand_phones_are_one_line_a_minute() {
        let (pace, start) = (Pace::default(), Instant::now());
        assert_eq!(pace.due(start), Some(1), "the first is said at once");
        let said: Vec<_> =
            (1..1000).filter_map(|n| pace.due(start + Duration::from_millis(n * 59))).collect();
        assert_eq!(said, [] as [u64; 0], "within the minute");
        assert_eq!(pace.due(start + EVERY), Some(1000), "those that were not said are counted");
    }

    #[test]
    fn somebody_who_opens_the_address_by_hand_is_no_phone() {
        assert!(!looks_like_a_browsers(&headers(&[("accept", "text/html")])));
        assert!(looks_like_a_browsers(&headers(&[("sec-websocket-protocol", "sovpalo.v2, token.x")])));
    }
}
