//! What a process that listens is told of those who reach it.

use super::bounds::Bounds;
use crate::forwarded::TrustedProxies;

/// By whom, and how much, a process may be asked.
#[derive(Debug, Clone)]
pub struct Reached {
    /// How many connections there may be, and how long each may take.
    pub bounds: Bounds,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Whether requests are counted.
    pub limits: bool,
    /// Whether people reach the app by HTTPS, so that browsers are told never to come otherwise.
    pub https: bool,
}
