//! What every service is started with: a directory that goes with it, and time.

use std::time::Duration;

use tempfile::TempDir;

/// How long a service may take to start on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A directory of its own, named for the service.
pub(super) fn temporary(name: &str) -> anyhow::Result<TempDir> {
    Ok(tempfile::Builder::new().prefix(&format!("sovpalo-{name}-")).tempdir()?)
}
