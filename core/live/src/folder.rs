//! The embedded mode's folder: SQL in one file, the hot layer in another, so that what is acknowledged in a room never waits for what
//! is written to SQL.
//!
//! A folder that an older version made, with one file for both, is brought to this shape when it is [opened](open); an older version
//! cannot open it afterwards.

use std::path::{Path, PathBuf};

use sovpalo_storage::{Db, DbError, clock::Clock, file_modes, open_sqlite};
use sqlx::SqlitePool;

use crate::hot::embedded::{Embedded, file};

/// A file of the folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be opened: {cause}", file.display())]
pub struct FolderError {
    file: PathBuf,
    #[source]
    cause: DbError,
}

/// SQL's file.
pub fn sql_file(folder: &Path) -> PathBuf {
    folder.join("sovpalo.sqlite")
}

/// The hot layer's file.
pub fn hot_file(folder: &Path) -> PathBuf {
    folder.join("hot.sqlite")
}

/// Opens both, or creates them. The folder must be there, and this process the only one in it.
pub async fn open(folder: &Path, clock: &Clock) -> Result<(Db, Embedded), FolderError> {
    let (sql, hot) = pools(folder).await?;
    Ok((Db::Sqlite(sql), Embedded::start(hot, clock.clone())))
}

/// The pools of both files, for tests that look into them.
pub async fn pools(folder: &Path) -> Result<(SqlitePool, SqlitePool), FolderError> {
    let cannot = |file: &Path| {
        let file = file.to_owned();
        |cause| FolderError { file, cause }
    };
    let (sql_file, hot_file) = (sql_file(folder), hot_file(folder));
    for file in [&sql_file, &hot_file] {
        file_modes::prepare_database(file)
            .map_err(|error| cannot(file)(DbError::from(sqlx::Error::Io(error))))?;
    }
    let sql = open_sqlite(&sql_file).await.map_err(cannot(&sql_file))?;
    let hot = file::open(&hot_file).await.map_err(cannot(&hot_file))?;
    file::carry_over(&sql, &hot).await.map_err(cannot(&hot_file))?;
    Ok((sql, hot))
}

#[cfg(test)]
mod tests;
