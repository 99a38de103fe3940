//! What the bot is asked when somebody taps a button.

use std::time::{Duration, Instant};

use serde_json::Value;

/// Callback queries are answered within this time or never.
pub(crate) const CALLBACK_LIFETIME: Duration = Duration::from_secs(60);

/// A callback query that waits for its answer.
#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) asked: Instant,
    /// What the bot answered: text, show_alert, url.
    pub(crate) answer: Option<Value>,
}
