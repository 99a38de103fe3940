//! What tests need of a database: an empty one on either engine, and rooms to put into it.

#![expect(clippy::unwrap_used, reason = "only tests use this")]

mod database;
pub mod story;

use std::{future::Future, time::Duration};

use sovpalo_domain::ids::{Timestamp, UserId};

pub use self::database::{Database, server_url};

use crate::{Db, DbConfig, DbTarget, Kind, Lease, Notice, Worker};

/// Runs every sentence on both databases. `on_empty_postgres:` before them: PostgreSQL has no tables yet, as a new file of SQLite has none.
#[macro_export]
macro_rules! contract {
    ($($sentence:ident),* $(,)?) => {
        $crate::contract!(on_postgres: $($sentence),*);
    };
    ($on_postgres:ident: $($sentence:ident),* $(,)?) => {
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
                    $crate::testing::$on_postgres(super::$sentence).await;
                }
            )*
        }
    };
}

/// A database without any rows.
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

/// A database with today's schema.
pub async fn on_postgres(sentence: impl AsyncFnOnce(Bench)) {
    on(Database::migrated().await, sentence).await;
}

/// A database without any table.
pub async fn on_empty_postgres(sentence: impl AsyncFnOnce(Bench)) {
    on(Database::empty().await, sentence).await;
}

async fn on(database: Database, sentence: impl AsyncFnOnce(Bench)) {
    let target = DbTarget::Postgres { url: database.url() };
    sentence(Bench { config: DbConfig { target, connections: 4 } }).await;
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
