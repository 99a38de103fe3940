//! Opening what keeps the rooms: one file, or PostgreSQL and Redis.

use std::{fs::File, path::Path, sync::Arc};

use anyhow::{Context, bail};
use sovpalo_storage::{
    clock::Clock,
    db::{Db, DbConfig, DbTarget, open_sqlite},
    hot::{
        Hot,
        embedded::Embedded,
        redis::{Redis, RedisConfig},
    },
};

use crate::config::{Config, Stores};

/// The open stores, and what must be held as long as they.
pub(crate) struct Opened {
    pub(crate) db: Db,
    pub(crate) hot: Arc<dyn Hot>,
    pub(crate) _lock: Option<File>,
}

/// Opens the stores that the configuration names, for a process of this role. Everything that is wrong with them is told at once.
pub(crate) async fn open(config: &Config, role: &str, clock: &Clock) -> anyhow::Result<Opened> {
    match &config.stores {
        Stores::Embedded => embedded(&config.data_dir, clock).await,
        Stores::Production { database, redis } => {
            let target = DbTarget::Postgres { url: database.reveal().to_owned() };
            let database = DbConfig { target, connections: config.database_connections };
            let redis = RedisConfig { node: node(config, role), ..RedisConfig::new(redis.reveal()) };
            production(database, redis, clock).await
        }
    }
}

/// The name of this process among all that share the stores. It has the same one after a restart, as far as one can tell.
fn node(config: &Config, role: &str) -> Option<String> {
    // Any free port is another one each time.
    let host = whoami::hostname().ok().filter(|_| config.listen.port() != 0)?;
    Some(format!("{role}@{host}:{}", config.listen.port()))
}

async fn embedded(data_dir: &Path, clock: &Clock) -> anyhow::Result<Opened> {
    let lock = lock(data_dir)?;
    let path = data_dir.join("sovpalo.sqlite");
    let pool = open_sqlite(&path).await.with_context(|| format!("{} cannot be opened", path.display()))?;
    let hot = Embedded::start(pool.clone(), clock.clone());
    Ok(Opened { db: Db::Sqlite(pool), hot: Arc::new(hot), _lock: Some(lock) })
}

async fn production(database: DbConfig, redis: RedisConfig, clock: &Clock) -> anyhow::Result<Opened> {
    let (db, hot) = tokio::join!(Db::connect(&database), Redis::connect(redis, clock.clone()));
    match (db, hot) {
        (Ok(db), Ok(hot)) => Ok(Opened { db, hot: Arc::new(hot), _lock: None }),
        (db, hot) => {
            let mistakes = [
                db.err().map(|error| format!("\n  DATABASE_URL: {error}")),
                hot.err().map(|error| format!("\n  REDIS_URL: {error}")),
            ];
            bail!("The stores cannot be used:{}", mistakes.into_iter().flatten().collect::<String>())
        }
    }
}

/// The embedded mode's files have one process. The lock lasts as long as the file handle.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data_dir)
        .with_context(|| format!("DATA_DIR: {} cannot be made", data_dir.display()))?;
    let path = data_dir.join("lock");
    let file =
        File::create(&path).with_context(|| format!("DATA_DIR: {} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => bail!("DATA_DIR: another sovpalo is running in {}", data_dir.display()),
    }
}
