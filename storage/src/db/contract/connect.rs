//! Opening and migrating.

use futures::future::join_all;

use super::{Bench, contract, on_postgres, on_sqlite, story::person};
use crate::db::{Db, DbConfig, DbTarget};

contract!(
    a_database_that_answers_is_there,
    processes_that_start_at_once_migrate_once,
    what_was_written_is_there_after_a_restart,
);

async fn a_database_that_answers_is_there(bench: Bench) {
    bench.db().await.ping().await.unwrap();
}

async fn processes_that_start_at_once_migrate_once(bench: Bench) {
    let opened = join_all((0..6).map(|_| Db::connect(&bench.config))).await;
    for db in opened {
        db.expect("each of them finds a migrated database").ping().await.unwrap();
    }
}

async fn what_was_written_is_there_after_a_restart(bench: Bench) {
    let db = bench.db().await;
    let seen = db.see_user(&person(1), Some("ru"), super::at(0)).await.unwrap();
    match db {
        Db::Postgres(pool) => pool.close().await,
        Db::Sqlite(pool) => pool.close().await,
    }
    assert_eq!(bench.db().await.user(seen.person.id).await.unwrap(), Some(seen));
}

/// `table.column` of all our tables, sorted.
async fn columns(db: &Db) -> Vec<String> {
    let columns: Vec<String> = match db {
        Db::Postgres(pool) => sqlx::query_scalar(
            "SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
        Db::Sqlite(pool) => sqlx::query_scalar(
            "SELECT t.name || '.' || c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE 'hot%'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    };
    let mut columns: Vec<String> =
        columns.into_iter().filter(|column| !column.starts_with("_sqlx")).collect();
    columns.sort();
    columns
}

#[tokio::test]
async fn both_dialects_have_the_same_tables_and_columns() {
    on_postgres(async |postgres: Bench| {
        let there = columns(&postgres.db().await).await;
        on_sqlite(async |sqlite: Bench| assert_eq!(columns(&sqlite.db().await).await, there)).await;
        assert!(there.contains(&"rooms.projected_seq".to_owned()), "the columns were looked up");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable() {
    // Bound and dropped, so that nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://somebody:secret@127.0.0.1:{port}/nothing");
    let config = DbConfig { target: DbTarget::Postgres { url }, connections: 1 };
    let error = Db::connect(&config).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(!format!("{error} {error:?} {config:?}").contains("secret"), "the password is printed");
}

#[tokio::test]
async fn an_address_that_is_none_is_named_without_its_password() {
    let url = "postgres://somebody:secret@[::/nothing".to_owned();
    let config = DbConfig { target: DbTarget::Postgres { url }, connections: 1 };
    let error = Db::connect(&config).await.unwrap_err();
    assert!(!error.is_unavailable(), "waiting does not help");
    assert!(!format!("{error} {error:?} {config:?}").contains("secret"), "the password is printed");
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_unavailable() {
    let dir = tempfile::tempdir().unwrap();
    let error = crate::db::open_sqlite(&dir.path().join("no such directory/file")).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
}
