//! The hot layer's file, and how what older versions kept in SQL's file comes into it.
//!
//! Older versions had one file for both. What they left is [carried over](carry_over) at the start: copied in one transaction,
//! whose last row says that all is here, and only then dropped there. A program that is killed anywhere in between does the
//! rest at its next start; nothing is lost and nothing is there twice.

use std::path::Path;

use sovpalo_storage::{DbError, open_file};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqlitePool, migrate::Migrator};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite-hot");

/// Readers do not wait for the writer, so that a few connections serve one process.
const CONNECTIONS: u32 = 4;

/// What is copied, in one transaction. What is here already is newer.
const COPY: [&str; 4] = [
    "INSERT OR IGNORE INTO main.hot_log (room, seq, entry) SELECT room, seq, entry FROM older.hot_log",
    "INSERT OR IGNORE INTO main.hot_rooms (room, epoch, seq, touched_at, dirty_seq, leased_until)
     SELECT room, epoch, seq, touched_at, dirty_seq, leased_until FROM older.hot_rooms",
    "INSERT OR IGNORE INTO main.hot_values (key, value, expires_at) SELECT key, value, expires_at FROM older.hot_values",
    "INSERT OR IGNORE INTO main.hot_carried_over (done) VALUES (1)",
];
/// What is dropped afterwards, in one transaction.
const DROP: [&str; 3] = ["DROP TABLE hot_log", "DROP TABLE hot_rooms", "DROP TABLE hot_values"];

/// Opens (or creates) the file, migrated.
pub async fn open(path: &Path) -> Result<SqlitePool, DbError> {
    open_file(path, CONNECTIONS, &MIGRATIONS).await
}

/// Brings what an older version kept in SQL's file into the hot layer's own. Nothing may use either meanwhile.
pub async fn carry_over(sql: &SqlitePool, hot: &SqlitePool) -> Result<(), DbError> {
    carry_over_by_steps(sql, hot, |_| Ok(())).await
}

/// The same; `step` is asked before each statement, and ends it all by its no.
pub(crate) async fn carry_over_by_steps(
    sql: &SqlitePool,
    hot: &SqlitePool,
    mut step: impl FnMut(&'static str) -> Result<(), DbError> + Send,
) -> Result<(), DbError> {
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'hot_rooms'")
        .fetch_one(sql)
        .await?;
    if left == 0 {
        return Ok(());
    }
    let done: i64 = sqlx::query_scalar("SELECT count(*) FROM hot_carried_over").fetch_one(hot).await?;
    if done == 0 {
        copy(sql, hot, &mut step).await?;
    }
    let mut tx = sql.begin_with("BEGIN IMMEDIATE").await?;
    for statement in DROP {
        step(statement)?;
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    step("COMMIT of what is dropped")?;
    tx.commit().await?;
    Ok(())
}

async fn copy(
    sql: &SqlitePool,
    hot: &SqlitePool,
    step: &mut (impl FnMut(&'static str) -> Result<(), DbError> + Send),
) -> Result<(), DbError> {
    let options = sql.connect_options();
    let older =
        options.get_filename().to_str().ok_or_else(|| DbError::Address("its path is no text".into()))?;
    // A connection of its own: the pool's must not see the other file.
    let mut db = hot.connect_options().connect().await?;
    step("ATTACH")?;
    sqlx::query("ATTACH DATABASE $1 AS older").bind(older).execute(&mut db).await?;
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    for statement in COPY {
        step(statement)?;
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
    }
    step("COMMIT of what is copied")?;
    tx.commit().await?;
    let rooms: i64 = sqlx::query_scalar("SELECT count(*) FROM main.hot_rooms").fetch_one(&mut db).await?;
    db.close().await?;
    // A new folder has been through the older versions' migrations, too.
    if rooms > 0 {
        tracing::info!(rooms, "what an older version kept in SQL's file has a file of its own now");
    }
    Ok(())
}
