//! Why a room could not be carried over to SQL.

use sovpalo_domain::room::BrokenLog;
use sovpalo_storage::DbError;

use crate::hot::HotError;

/// Why a room was not carried over.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProjectError {
    /// The hot layer is away or busy, or this log's entries cannot be decoded.
    #[error(transparent)]
    Hot(#[from] HotError),
    /// The database is away, or refuses.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The log is none.
    #[error(transparent)]
    Log(#[from] BrokenLog),
}
