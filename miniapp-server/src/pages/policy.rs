//! What the browser may do with our page: run our own scripts and styles, speak to this origin, be framed by Telegram's
//! web clients. Nothing else.

use std::fmt::Write;

use http::HeaderValue;

/// Telegram's web clients put the app into a frame. There is no `X-Frame-Options`, which could not name them.
const TELEGRAM: &str = "https://web.telegram.org https://webk.telegram.org https://weba.telegram.org \
                        https://webz.telegram.org";
/// Where Telegram keeps people's pictures. `t.me/i/userpic/…` redirects to one of the others, and a redirect is looked at too.
const PICTURES: &str = "https://t.me https://*.telegram.org https://*.telesco.pe https://*.telegram-cdn.org \
                        https://*.cdn-telegram.org";

/// Headers of every answer.
pub(super) const EVERYWHERE: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()",
    ),
];

/// The policy of the page. `host` is what the browser called us: older ones do not count a socket as `'self'`.
pub(super) fn page(nonce: &str, host: Option<&HeaderValue>, more_ancestors: &[String]) -> HeaderValue {
    let mut policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-{nonce}'; \
         style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self' data: {PICTURES}; connect-src 'self'"
    );
    // Writing to a string cannot fail.
    if let Some(host) = host.and_then(|host| host.to_str().ok()).filter(|host| is_host(host)) {
        let _ = write!(policy, " ws://{host} wss://{host}");
    }
    let _ = write!(policy, "; frame-ancestors {TELEGRAM}");
    for ancestor in more_ancestors {
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
