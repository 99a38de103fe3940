//! Where log lines go: standard error, filtered as `RUST_LOG` says.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts the log of this process. `filter` is in the syntax of `RUST_LOG`.
pub(crate) fn start(format: LogFormat, filter: Option<&str>) {
    // A Bot API address holds the token, and the HTTP client's own lines hold addresses. Lost connections to the stores are told
    // by those who notice, once each.
    let filter = filter.and_then(|filter| EnvFilter::try_new(filter).ok()).unwrap_or_else(|| {
        EnvFilter::new("info,sqlx=error,fred=error,hyper=warn,reqwest=warn,teloxide=warn")
    });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Json => log.json().flatten_event(true).init(),
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).with_target(false).init(),
    }
}
