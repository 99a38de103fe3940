//! Whether the hot layer can be reached.

use async_trait::async_trait;

use super::HotError;

/// A health check.
#[async_trait]
pub trait Health: Send + Sync + 'static {
    /// Whether it answers, and takes writes.
    async fn ping(&self) -> Result<(), HotError>;
}
