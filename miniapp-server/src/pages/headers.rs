//! The headers that every answer carries, whoever gives it: the API, the page, the bot's webhook, a refusal.
//!
//! A handler that says something itself is left alone. What is personal must never be kept by a proxy or a browser, and a handler that
//! forgets to say so is not noticed: so `no-store` is what is said when nothing is.

use axum::{Router, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tower::util::MapResponseLayer;

use super::policy;

/// For how long a browser goes on to ask for nothing but HTTPS: a year.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Has every answer of a router carry them, those of its fallbacks too. Put it around everything, last. `https`: people reach this by HTTPS.
pub(crate) fn with_default_headers(router: Router, https: bool) -> Router {
    router.layer(MapResponseLayer::new(move |mut response: Response| {
        protect(response.headers_mut(), https);
        response
    }))
}

/// Adds them to an answer that is made without a router.
pub(crate) fn protect(headers: &mut HeaderMap, https: bool) {
    for (name, value) in policy::EVERYWHERE {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // A page has said more about itself already.
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}
