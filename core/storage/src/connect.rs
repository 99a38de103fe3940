//! Opening a database: its address, its pool, its schema.
//!
//! Two processes that start at once migrate one after the other, and the second finds nothing left to do. A migration that
//! fails, or is killed, leaves nothing half done: all of them are one transaction.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::LazyLock,
    time::Duration,
};

use sqlx::{
    Connection, PgConnection, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::{Instant, sleep};

use super::{Db, DbError, pooler};
use crate::start::{self, Patience};

/// sqlx's own lock is one of a session, and with a connection pooler in between a session is nobody's.
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrator = sqlx::migrate!("../../migrations/postgres");
    migrator.set_locking(false);
    migrator
});
pub(super) static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// The advisory lock of whoever migrates; any number that nobody else uses in this database.
const MIGRATING: i64 = 0x0073_6F76_7061_6C6F;
/// How often it is tried to migrate where an older program's transactions and the migration wait for each other. PostgreSQL ends
/// one of the two, and the next try finds the other one done.
const TRIES: u32 = 10;
/// How long a call waits for a free connection before it counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a writer waits for another one in the same file.
const BUSY: Duration = Duration::from_secs(5);
/// Between tries to open a file that another process is creating.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
/// Readers do not wait for the writer, so that a few connections serve one process.
const SQLITE_CONNECTIONS: u32 = 4;

/// Where the database is, and how many connections to it.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// Which one.
    pub target: DbTarget,
    /// At most so many connections of this process.
    pub connections: u32,
}

/// One of the two kinds of database.
#[derive(Clone)]
pub enum DbTarget {
    /// A PostgreSQL server.
    Postgres {
        /// `postgres://user:password@host/database`. A secret.
        url: String,
    },
    /// A file, created when it is not there. Its directory must be.
    Sqlite {
        /// Its path.
        path: PathBuf,
    },
}

impl std::fmt::Debug for DbTarget {
    /// Never prints the URL: a password is in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Postgres { .. } => f.debug_struct("Postgres").finish_non_exhaustive(),
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
        }
    }
}

impl Db {
    /// Connects, and brings the schema up to date.
    pub async fn connect(config: &DbConfig) -> Result<Self, DbError> {
        match &config.target {
            DbTarget::Postgres { url } => open_postgres(url, config.connections).await.map(Self::Postgres),
            DbTarget::Sqlite { path } => open_file(path, config.connections, &SQLITE).await.map(Self::Sqlite),
        }
    }
}

impl Db {
    /// The same, and waits for a server that is starting.
    pub async fn connect_once_up(config: &DbConfig, patience: Patience) -> Result<Self, DbError> {
        start::once_up("PostgreSQL", patience, DbError::not_yet, async || Self::connect(config).await).await
    }
}

/// Opens (or creates) SQL's file of the embedded mode, migrated.
pub async fn open_sqlite(path: &Path) -> Result<SqlitePool, DbError> {
    open_file(path, SQLITE_CONNECTIONS, &SQLITE).await
}

async fn open_postgres(url: &str, connections: u32) -> Result<PgPool, DbError> {
    // The cause is kept to its kind: a parser may quote what it was given.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| DbError::Address("it is not postgres://user:password@host/database".into()))?
        .application_name("sovpalo")
        // Nothing here needs it, and PgBouncer refuses who asks for it.
        .extra_float_digits(None);
    // A pool only says that its patience ran out; these connections say why there is none.
    pooler::check(&options).await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    migrate(&pool).await?;
    Ok(pool)
}

async fn migrate(pool: &PgPool) -> Result<(), DbError> {
    for _ in 1..TRIES {
        match try_to_migrate(pool).await {
            Err(error) if error.is_deadlock() => {
                tracing::info!(%error, "an older program was in the way: migrating again");
            }
            done => return done,
        }
    }
    try_to_migrate(pool).await
}

async fn try_to_migrate(pool: &PgPool) -> Result<(), DbError> {
    // Whatever the server's default is: each statement sees what was committed before it began, also while it waited for a lock.
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATING)
        .execute(&mut *tx)
        .await
        .map_err(pooler::named)?;
    lock_what_is_replaced(&mut tx).await?;
    POSTGRES.run(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Migration 12 copies two tables and drops them, and an older program may be writing into them. What its open transactions commit is
/// waited for before anything is copied; what it begins later waits for the migration, and is refused then.
async fn lock_what_is_replaced(conn: &mut PgConnection) -> Result<(), DbError> {
    let there = "SELECT to_regclass('notices') IS NOT NULL AND to_regclass('updates') IS NOT NULL";
    if sqlx::query_scalar(there).fetch_one(&mut *conn).await? {
        sqlx::raw_sql("LOCK TABLE notices, updates IN ACCESS EXCLUSIVE MODE").execute(conn).await?;
    }
    Ok(())
}

/// Opens (or creates) a file of the embedded mode, and brings its schema up to date.
pub async fn open_file(path: &Path, connections: u32, migrations: &Migrator) -> Result<SqlitePool, DbError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Acknowledged means on disk: in WAL mode NORMAL would lose the last commits with the power.
        .synchronous(SqliteSynchronous::Full)
        // What is deleted is written over with zeros: erased is erased, also from the pages of a file.
        .pragma("secure_delete", "ON")
        .busy_timeout(BUSY)
        .foreign_keys(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(PATIENCE)
        // A commit that fails, as on a full disk, undoes its transaction; sqlx counts it as open for ever after, and begins no other.
        .before_acquire(|connection, _| {
            let usable = !connection.is_in_transaction();
            Box::pin(async move { Ok(usable) })
        });
    // Switching a new file to WAL mode fails with SQLITE_BUSY at once if another process does the same: the busy timeout is not applied.
    let until = Instant::now() + BUSY;
    let pool = loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_locked(&error) && Instant::now() < until => sleep(BETWEEN_TRIES).await,
            opened => break opened?,
        }
    };
    // sqlx locks nothing here. The write lock of one transaction around all of them does it, and leaves
    // nothing half migrated.
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    migrations.run(&mut *tx).await?;
    tx.commit().await?;
    Ok(pool)
}

/// Whether another process holds the lock: `SQLITE_BUSY` or `SQLITE_LOCKED`. An extended code carries the primary one in its low byte.
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| matches!(code & 0xFF, 5 | 6))
}

/// Moves the write-ahead log into the file and empties it: what was changed there is not in its older pages any more. `false`: somebody is
/// reading; it has to be tried again.
pub async fn empty_wal(pool: &SqlitePool) -> Result<bool, DbError> {
    let (busy, _, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(pool).await?;
    Ok(busy == 0)
}
