//! What tests need of a database: an empty one on either engine, and rooms to put into it.

#![expect(clippy::unwrap_used, reason = "only tests use this")]

pub mod story;

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use sovpalo_domain::ids::{Timestamp, UserId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::{Db, DbConfig, DbTarget, Kind, Lease, Notice, Worker};

/// Runs every sentence on both databases.
#[macro_export]
macro_rules! contract {
    ($($sentence:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $sentence() {
                    $crate::testing::on_sqlite(super::$sentence).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $sentence() {
                    $crate::testing::on_postgres(super::$sentence).await;
                }
            )*
        }
    };
}

/// An empty database.
pub struct Bench {
    pub config: DbConfig,
}

impl Bench {
    pub async fn db(&self) -> Db {
        Db::connect(&self.config).await.unwrap()
    }
}

pub async fn on_sqlite(sentence: impl AsyncFnOnce(Bench)) {
    let dir = tempfile::tempdir().unwrap();
    let target = DbTarget::Sqlite { path: dir.path().join("sovpalo.sqlite") };
    sentence(Bench { config: DbConfig { target, connections: 4 } }).await;
}

pub async fn on_postgres(sentence: impl AsyncFnOnce(Bench)) {
    let name = format!("sovpalo_test_{}", uuid::Uuid::new_v4().simple());
    let mut server = PgConnection::connect(&server_url()).await.unwrap();
    // Not from the usual template: it cannot be copied while somebody looks at it.
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    sqlx::query(AssertSqlSafe(create)).execute(&mut server).await.unwrap();
    let mut url = url::Url::parse(&server_url()).unwrap();
    url.set_path(&name);
    let target = DbTarget::Postgres { url: url.into() };
    let bench = Bench { config: DbConfig { target, connections: 4 } };
    let outcome = AssertUnwindSafe(sentence(bench)).catch_unwind().await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(AssertSqlSafe(drop)).execute(&mut server).await.unwrap();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

pub fn server_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run `cargo xtask test`, which starts PostgreSQL")
}

/// Executes a statement that the program itself has no reason for.
pub async fn tamper(db: &Db, statement: &'static str) {
    crate::run!(db, |pool| futures::TryFutureExt::map_ok(sqlx::query(statement).execute(pool), drop))
        .unwrap();
}

/// Looks until it is so.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looking)
        .await
        .unwrap_or_else(|_| panic!("still not so after half a minute: {what}"));
}

pub fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

/// So many seconds after everything began.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + 1000 * seconds)
}

/// What a worker that is new takes, for half a minute.
pub fn lease(now: Timestamp) -> Lease {
    Lease { by: Worker::new(), now, lasts: Duration::from_secs(30) }
}

/// Takes what is due and marks it done, until nothing is due any more.
pub async fn tell_all(db: &Db, now: Timestamp) -> Vec<Notice> {
    let mut done = Vec::new();
    loop {
        let due = db.due_notices(1000, lease(now)).await.unwrap();
        if due.is_empty() {
            return done;
        }
        for notice in &due {
            db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
        }
        done.extend(due);
    }
}

/// What people call themselves.
pub const NAMES: [&str; 9] = [
    "Anna",
    "Аня 🎬👩‍👩‍👧",
    "\u{202E}olleh",
    "مرحبا",
    "Robert'); DROP TABLE users;--",
    "<b>&amp;\"$1\" \\' %s {}",
    "\u{FFFF}\u{10FFFF}\u{1F1F7}",
    " \t\r\n",
    "𝕬𝖓𝖓𝖆\u{300}\u{301}\u{302}",
];
