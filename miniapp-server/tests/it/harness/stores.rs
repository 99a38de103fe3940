//! What a test's nodes share: a database and a hot layer of its own, embedded or as in production.
//!
//! Which of the two is [`crate::STORES`], so that the whole suite runs on both.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fred::interfaces::{ClientLike, KeysInterface, LuaInterface};
use futures::TryStreamExt;
use sovpalo_live::{
    folder,
    hot::{
        Hot,
        embedded::Embedded,
        redis::{Redis, RedisConfig},
    },
};
use sovpalo_storage::{
    Db, DbConfig, DbTarget,
    clock::Clock,
    testing::{Database, server_url},
};
use sqlx::{Connection, PgConnection, SqlitePool};

use super::{
    gate::Gate,
    held::{self, HeldAppend, Hold},
    stored::{self, Stored},
    switch::{Fences, Switched},
};

/// Which stores a suite runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A folder with a SQLite file for each.
    Embedded,
    /// A database on the server at `TEST_DATABASE_URL`, and keys of its own in the Redis at `TEST_REDIS_URL`.
    Production,
}

/// The stores of one test.
pub(crate) struct Stores {
    behind: Backend,
    clock: Clock,
    away: Arc<AtomicBool>,
    hold: Arc<Mutex<Option<Hold>>>,
    fences: Fences,
    ways: Mutex<Vec<Arc<Switched>>>,
}

enum Backend {
    Embedded { db: Db, file: SqlitePool, hot: Arc<Embedded>, dir: tempfile::TempDir },
    Production { database: Database, gate: Gate, redis: RedisConfig },
}

impl Stores {
    pub(crate) async fn open(kind: Kind, clock: Clock) -> Self {
        let behind = match kind {
            Kind::Embedded => {
                let dir = tempfile::tempdir().unwrap();
                let (db, file) = folder::pools(dir.path()).await.unwrap();
                let hot = Arc::new(Embedded::start(file.clone(), clock.clone()));
                Backend::Embedded { db: Db::Sqlite(db), file, hot, dir }
            }
            Kind::Production => {
                let database = Database::migrated().await;
                let gate = Gate::to(server()).await;
                let redis = RedisConfig {
                    prefix: database.name.clone(),
                    recovery: Duration::from_millis(100),
                    ..RedisConfig::new(given("TEST_REDIS_URL"))
                };
                Backend::Production { database, gate, redis }
            }
        };
        Self {
            behind,
            clock,
            away: Arc::default(),
            hold: Arc::default(),
            fences: Arc::default(),
            ways: Mutex::default(),
        }
    }

    /// What one node uses: in production its own connections.
    pub(crate) async fn connect(&self) -> (Db, Arc<dyn Hot>) {
        let (db, hot): (Db, Arc<dyn Hot>) = match &self.behind {
            Backend::Embedded { db, hot, .. } => (db.clone(), Arc::clone(hot) as _),
            Backend::Production { database, gate, redis } => {
                let target = DbTarget::Postgres { url: through(gate, database) };
                let db = Db::connect(&DbConfig { target, connections: 4 }).await.unwrap();
                let hot = Redis::connect(redis.clone(), self.clock.clone()).await.unwrap();
                (db, Arc::new(hot))
            }
        };
        let (away, hold) = (Arc::clone(&self.away), Arc::clone(&self.hold));
        let way = Arc::new(Switched::new(hot, away, hold, Arc::clone(&self.fences)));
        self.ways.lock().unwrap().push(Arc::clone(&way));
        (db, way)
    }

    /// The next command of a device stays on its way to the hot layer until it is let go.
    pub(crate) fn holds_the_next_append(&self) -> HeldAppend {
        let (hold, held) = held::hold();
        *self.hold.lock().unwrap() = Some(hold);
        held
    }

    /// How many fences the hot layer was given to keep.
    pub(crate) fn fences(&self) -> usize {
        self.fences.lock().unwrap().len()
    }

    /// Nobody reaches the hot layer.
    pub(crate) fn hot_goes(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    /// Everybody reaches it again, as it was.
    pub(crate) fn hot_comes_back(&self) {
        self.away.store(false, Ordering::SeqCst);
        for way in self.ways.lock().unwrap().iter() {
            way.missed();
        }
    }

    /// The hot layer goes, and comes back empty.
    pub(crate) async fn hot_loses_its_memory(&self) {
        self.hot_goes();
        self.hot_forgets().await;
        self.hot_comes_back();
    }

    /// All that it holds is gone before anybody notices.
    pub(crate) async fn hot_forgets(&self) {
        self.forget_hot("*").await;
    }

    /// Which socket of each device is heard is gone before anybody notices.
    pub(crate) async fn hot_forgets_who_is_heard(&self) {
        self.forget_hot("*heard:*").await;
    }

    /// The rooms' logs are gone before anybody notices.
    pub(crate) async fn hot_loses_its_logs(&self) {
        self.forget_hot("*:log:*").await;
    }

    /// A newer program appends to a room's log what this one does not know.
    pub(crate) async fn future_entry(&self, code: &str) {
        const ENTRY: &str = "\u{2}\0\0";
        match &self.behind {
            Backend::Embedded { file, .. } => {
                for statement in [
                    "UPDATE hot_rooms SET seq = seq + 1 WHERE room = $1",
                    "INSERT INTO hot_log (room, seq, entry) SELECT room, seq, $2 FROM hot_rooms WHERE room = $1",
                ] {
                    sqlx::query(statement).bind(code).bind(ENTRY.as_bytes()).execute(file).await.unwrap();
                }
            }
            Backend::Production { redis, .. } => {
                let client = client(redis).await;
                let pattern = format!("{}:*:log:{code}", redis.prefix);
                let keys: Vec<_> =
                    client.scan_buffered(pattern, Some(1000), None).try_collect().await.unwrap();
                for key in keys {
                    let push = "return redis.call('RPUSH', KEYS[1], ARGV[1])";
                    client.eval::<i64, _, _, _>(push, vec![key], vec![ENTRY]).await.unwrap();
                }
                client.quit().await.unwrap();
            }
        }
    }

    async fn forget_hot(&self, what: &str) {
        match &self.behind {
            Backend::Embedded { file, .. } => {
                let tables: &[_] = match what {
                    "*" => &["DELETE FROM hot_log", "DELETE FROM hot_rooms", "DELETE FROM hot_values"],
                    "*heard:*" => &["DELETE FROM hot_values WHERE key LIKE 'heard:%'"],
                    _ => &["DELETE FROM hot_log", "DELETE FROM hot_rooms"],
                };
                for table in tables {
                    sqlx::query(*table).execute(file).await.unwrap();
                }
            }
            Backend::Production { redis, .. } => {
                let client = client(redis).await;
                let pattern = format!("{}:{what}", redis.prefix);
                let keys: Vec<_> =
                    client.scan_buffered(pattern, Some(1000), None).try_collect().await.unwrap();
                for key in keys {
                    client.del::<(), _>(key).await.unwrap();
                }
                client.quit().await.unwrap();
            }
        }
    }

    /// Whoever writes a message waits for as long as this is held.
    pub(crate) async fn hold_messages(&self) -> Held {
        match &self.behind {
            Backend::Embedded { db: Db::Sqlite(db), .. } => {
                Held::Sqlite(db.begin_with("BEGIN IMMEDIATE").await.unwrap())
            }
            Backend::Embedded { .. } => unreachable!("embedded, the database is a file"),
            Backend::Production { database, .. } => {
                let mut connection = PgConnection::connect(&database.url()).await.unwrap();
                for statement in ["BEGIN", "LOCK TABLE message_counters IN ACCESS EXCLUSIVE MODE"] {
                    sqlx::query(statement).execute(&mut connection).await.unwrap();
                }
                Held::Postgres(connection)
            }
        }
    }

    /// Nobody reaches the database. Only in production: embedded, it is a file.
    pub(crate) fn database_goes(&self) {
        self.gate().shut();
    }

    pub(crate) fn database_comes_back(&self) {
        self.gate().open();
    }

    fn gate(&self) -> &Gate {
        match &self.behind {
            Backend::Production { gate, .. } => gate,
            Backend::Embedded { .. } => panic!("embedded, the database cannot go alone"),
        }
    }

    /// Everything that the stores hold, byte for byte.
    pub(crate) async fn all_stored(&self) -> Vec<Stored> {
        match &self.behind {
            Backend::Embedded { dir, .. } => stored::files(dir.path()),
            Backend::Production { database, redis, .. } => {
                let mut all = stored::rows(&database.url()).await;
                let client = client(redis).await;
                all.extend(stored::values(&client, &redis.prefix).await);
                client.quit().await.unwrap();
                all
            }
        }
    }

    /// Takes both away for good.
    pub(crate) async fn go(&self) {
        self.hot_goes();
        match &self.behind {
            Backend::Embedded { db: Db::Sqlite(sql), file, .. } => {
                sql.close().await;
                file.close().await;
            }
            Backend::Embedded { .. } => unreachable!("embedded, the database is a file"),
            Backend::Production { gate, .. } => gate.shut(),
        }
    }
}

/// A transaction that others wait for.
pub(crate) enum Held {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(PgConnection),
}

impl Held {
    /// They go on.
    pub(crate) async fn release(self) {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }
}

async fn client(redis: &RedisConfig) -> fred::prelude::Client {
    let config = fred::prelude::Config::from_url(&redis.url).unwrap();
    let client = fred::prelude::Builder::from_config(config).build().unwrap();
    client.init().await.unwrap();
    client
}

/// `host:port` of the PostgreSQL of the tests.
fn server() -> String {
    let url = url::Url::parse(&server_url()).unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))
}

/// Its address behind a gate.
fn through(gate: &Gate, database: &Database) -> String {
    let mut url = url::Url::parse(&database.url()).unwrap();
    url.set_ip_host(gate.address.ip()).unwrap();
    url.set_port(Some(gate.address.port())).unwrap();
    url.into()
}

fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run `cargo xtask test`, which starts PostgreSQL and Redis")
    })
}
