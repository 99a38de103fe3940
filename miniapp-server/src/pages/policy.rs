//! What the browser may do with our pages. The app's runs our own scripts and styles, speaks to this origin, frames this
//! origin's, and is framed by Telegram's web clients; nothing else.
//!
//! What plays films has to reach other hosts. It is a page of its own, `/player`, with a policy of its own, so that the app's stays as
//! it is. Our own scripts are the only ones there too: YouTube and Twitch run in frames of *their* origins and are spoken to by messages.
//! It shares our origin all the same. A sandbox without `allow-same-origin` would be inherited by the frames in it, and YouTube
//! plays nothing without its own storage and a referrer.

use std::fmt::Write;

use http::HeaderValue;

/// Telegram's web clients put the app into a frame. There is no `X-Frame-Options`, which could not name them.
const TELEGRAM: &str = "https://web.telegram.org https://webk.telegram.org https://weba.telegram.org \
                        https://webz.telegram.org";
/// Where Telegram keeps people's pictures. `t.me/i/userpic/…` redirects to one of the others, and a redirect is looked at too.
const PICTURES: &str = "https://t.me https://*.telegram.org https://*.telesco.pe https://*.telegram-cdn.org \
                        https://*.cdn-telegram.org";

/// Headers of every answer.
pub(super) const EVERYWHERE: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(self), geolocation=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()",
    ),
];

/// Which page is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The app itself.
    App,
    /// The document with the players, which the app frames.
    Player,
}

/// The players' document says where it is, without a path: YouTube plays nothing for those who do not.
pub(super) const PLAYER_REFERRER: &str = "strict-origin-when-cross-origin";

/// The policy of the app's page. `host` is what the browser called us: older ones do not count a socket as `'self'`.
pub(super) fn page(nonce: &str, host: Option<&HeaderValue>, more_ancestors: &[String]) -> HeaderValue {
    let mut policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self' data: {PICTURES}; frame-src 'self'; connect-src 'self'"
    );
    // Writing to a string cannot fail.
    if let Some(host) = host.and_then(|host| host.to_str().ok()).filter(|host| is_host(host)) {
        let _ = write!(policy, " ws://{host} wss://{host}");
    }
    let _ = write!(policy, "; frame-ancestors {TELEGRAM}");
    finished(policy, more_ancestors)
}

/// The policy of the document with the players: our own scripts; films, streams, subtitles and pages of any https host.
/// All that frame it are looked at, and those that frame the app frame it too.
pub(super) fn player(nonce: &str, more_ancestors: &[String]) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; media-src https: blob:; connect-src https:; worker-src 'self' blob:; \
         frame-src https:; frame-ancestors 'self' {TELEGRAM}"
    );
    finished(policy, more_ancestors)
}

fn finished(mut policy: String, more_ancestors: &[String]) -> HeaderValue {
    for ancestor in more_ancestors {
        // Writing to a string cannot fail.
        let _ = write!(policy, " {ancestor}");
    }
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// The header is the client's own word, and goes into a policy.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 255
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}
