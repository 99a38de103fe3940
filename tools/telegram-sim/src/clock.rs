//! The wall clock, in Telegram's unit and in one for whoever measures.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in whole seconds.
pub(crate) fn now() -> i64 {
    now_ms() / 1000
}

/// Unix time in milliseconds.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
