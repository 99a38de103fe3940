//! The stores as the older version left them.

use std::{borrow::Cow, path::Path, time::SystemTime};

use fred::{
    clients::Client,
    interfaces::{ClientLike as _, LuaInterface as _},
};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection,
    migrate::Migrator,
    sqlite::SqliteConnectOptions,
    types::chrono::{DateTime, Utc},
};

use crate::{
    group::Left,
    logs::{FRIDAY, LAST_WEEK, Log},
};

/// The last migration of the older version.
const LAST_MIGRATION: i64 = 10;
/// Other tests have the first one. This one is emptied before it is filled.
const REDIS_DATABASE: u8 = 11;

pub(crate) trait Stores: Sized {
    async fn of_an_older_version(left: &Left) -> Self;
    /// The environment variables with which a program connects to them.
    fn settings(&self) -> Vec<(&'static str, String)>;
    /// What is in a log, as it is stored.
    async fn raw_log(&self, log: &Log) -> Vec<Vec<u8>>;
    async fn go(self);
}

/// A folder.
pub(crate) struct Embedded(tempfile::TempDir);

impl Embedded {
    async fn open(folder: &Path, file: &str) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(folder.join(file)).create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}

impl Stores for Embedded {
    async fn of_an_older_version(left: &Left) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sql = Self::open(folder.path(), "sovpalo.sqlite").await;
        migrations("sqlite").await.run(&mut sql).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(data(left))).execute(&mut sql).await.unwrap();
        // What had been in this file had been carried over by that version.
        for table in ["hot_log", "hot_rooms", "hot_values"] {
            sqlx::raw_sql(AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&mut sql).await.unwrap();
        }
        sql.close().await.unwrap();

        let mut hot = Self::open(folder.path(), "hot.sqlite").await;
        migrations("sqlite-hot").await.run(&mut hot).await.unwrap();
        sqlx::query("INSERT INTO hot_carried_over (done) VALUES (1)").execute(&mut hot).await.unwrap();
        for log in [FRIDAY, LAST_WEEK] {
            sqlx::query("INSERT INTO hot_rooms (room, epoch, seq, touched_at) VALUES ($1, $2, $3, $4)")
                .bind(log.room)
                .bind(log.epoch)
                .bind(i64::try_from(log.entries.len()).unwrap())
                .bind(Utc::now().timestamp_millis())
                .execute(&mut hot)
                .await
                .unwrap();
            for (seq, entry) in (1_i64..).zip(log.entries) {
                sqlx::query("INSERT INTO hot_log (room, seq, entry) VALUES ($1, $2, $3)")
                    .bind(log.room)
                    .bind(seq)
                    .bind(hex::decode(entry).unwrap())
                    .execute(&mut hot)
                    .await
                    .unwrap();
            }
        }
        hot.close().await.unwrap();
        Self(folder)
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("DATA_DIR", self.0.path().to_str().unwrap().to_owned())]
    }

    async fn raw_log(&self, log: &Log) -> Vec<Vec<u8>> {
        let mut hot = Self::open(self.0.path(), "hot.sqlite").await;
        let rows = sqlx::query("SELECT entry FROM hot_log WHERE room = $1 ORDER BY seq").bind(log.room);
        rows.fetch_all(&mut hot).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    async fn go(self) {}
}

/// A database on the server at `TEST_DATABASE_URL`, and one of the Redis at `TEST_REDIS_URL`.
pub(crate) struct Production {
    name: String,
    redis: Client,
}

impl Production {
    fn database(&self) -> String {
        let mut url = url::Url::parse(&given("TEST_DATABASE_URL")).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    fn redis() -> String {
        let mut url = url::Url::parse(&given("TEST_REDIS_URL")).unwrap();
        url.set_path(&REDIS_DATABASE.to_string());
        url.into()
    }

    async fn on_server(statement: String) {
        let mut server = PgConnection::connect(&given("TEST_DATABASE_URL")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
    }
}

impl Stores for Production {
    async fn of_an_older_version(left: &Left) -> Self {
        let nanos = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let name = format!("sovpalo_older_{}_{nanos}", std::process::id());
        Self::on_server(format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
        let redis =
            fred::prelude::Builder::from_config(fred::prelude::Config::from_url(&Self::redis()).unwrap());
        let redis = redis.build().unwrap();
        redis.init().await.unwrap();
        let stores = Self { name, redis };

        let mut sql = PgConnection::connect(&stores.database()).await.unwrap();
        migrations("postgres").await.run(&mut sql).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(data(left))).execute(&mut sql).await.unwrap();
        sql.close().await.unwrap();

        let whole = "redis.call('FLUSHDB')
            for shard = 0, 63 do redis.call('SET', 'sovpalo:{' .. shard .. '}:life', 'whole') end
            return 1";
        stores.redis.eval::<i64, _, _, _>(whole, Vec::<String>::new(), Vec::<String>::new()).await.unwrap();
        for log in [FRIDAY, LAST_WEEK] {
            let mut entries: Vec<Vec<u8>> =
                log.entries.iter().map(|entry| hex::decode(entry).unwrap()).collect();
            entries[0].splice(0..0, log.epoch.to_be_bytes());
            let push = "return redis.call('RPUSH', KEYS[1], unpack(ARGV))";
            stores.redis.eval::<i64, _, _, _>(push, vec![log.key()], entries).await.unwrap();
        }
        stores
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        vec![("DATABASE_URL", self.database()), ("REDIS_URL", Self::redis())]
    }

    async fn raw_log(&self, log: &Log) -> Vec<Vec<u8>> {
        let all = "return redis.call('LRANGE', KEYS[1], 0, -1)";
        self.redis.eval(all, vec![log.key()], Vec::<String>::new()).await.unwrap()
    }

    async fn go(self) {
        self.redis.quit().await.unwrap();
        Self::on_server(format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

impl Log {
    fn key(&self) -> String {
        format!("sovpalo:{{{}}}:log:{}", self.shard, self.room)
    }
}

/// The migrations of the older version.
async fn migrations(of: &str) -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(of);
    let mut all = Migrator::new(folder).await.unwrap();
    let then =
        all.migrations.iter().filter(|migration| migration.version <= LAST_MIGRATION).cloned().collect();
    all.migrations = Cow::Owned(then);
    all
}

/// What it left in SQL.
fn data(left: &Left) -> String {
    let moment = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string();
    let now = Utc::now();
    let wish = left.saturday.to_string().replace('\'', "''");
    include_str!("data.sql")
        .replace("{now}", &moment(now))
        .replace("{month}", &moment(now + std::time::Duration::from_secs(30 * 86_400)))
        .replace("{ms}", &now.timestamp_millis().to_string())
        .replace("{friday}", &left.friday.to_string())
        .replace("{last_week}", &left.last_week.to_string())
        .replace("{saturday}", &left.saturday["update_id"].to_string())
        .replace("{sunday}", &left.sunday.to_string())
        .replace("{wish}", &wish)
}

fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run `cargo xtask test`, which starts PostgreSQL and Redis")
    })
}
