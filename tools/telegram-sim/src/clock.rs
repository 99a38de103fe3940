//! The wall clock, in Telegram's unit.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in whole seconds.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}
