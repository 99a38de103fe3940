//! Where log lines go: standard error, filtered by `RUST_LOG`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts the log of this process.
pub(crate) fn start(format: LogFormat) {
    // A Bot API address holds the token, and the HTTP client's own lines hold addresses. Lost connections to the stores are told
    // by those who notice, once each.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new("info,sqlx=error,fred=error,hyper=warn,reqwest=warn,teloxide=warn")
    });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Json => log.json().flatten_event(true).init(),
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).init(),
    }
}
