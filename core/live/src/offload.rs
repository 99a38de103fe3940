//! Folding a long log, off the threads that everybody else's work waits for.

/// A log of at least this many entries is folded on a thread of its own.
pub(crate) const LONG_LOG: usize = 2_000;

/// Does what takes as long as this many entries take.
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    entries: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if entries < LONG_LOG {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}
