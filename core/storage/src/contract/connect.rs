//! Opening and migrating.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use futures::{TryFutureExt, future::join_all};

use super::{Bench, contract, on_postgres, on_sqlite, story::person};
use crate::{Db, DbConfig, DbError, DbTarget, start::Patience, within};

contract!(
    on_empty_postgres:
    a_database_that_answers_is_there,
    processes_that_start_at_once_migrate_once,
    what_was_written_is_there_after_a_restart,
    who_gives_up_while_a_transaction_begins_spoils_no_connection,
);

async fn a_database_that_answers_is_there(bench: Bench) {
    let db = bench.db().await;
    db.ping().await.unwrap();
    db.takes_writes().await.unwrap();
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

/// Does something for so many steps, and drops it then.
async fn give_up<T>(doing: impl Future<Output = T>, after: usize) {
    let mut doing = pin!(doing);
    let mut steps = 0;
    poll_fn(|cx| {
        steps += 1;
        if doing.as_mut().poll(cx).is_pending() && steps < after { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

async fn who_gives_up_while_a_transaction_begins_spoils_no_connection(bench: Bench) {
    // One connection: whatever is left on it, the next one finds.
    let db = Db::connect(&DbConfig { connections: 1, ..bench.config }).await.unwrap();
    for steps in 1..=12 {
        give_up(db.snapshot(), steps).await;
        db.takes_writes().await.unwrap_or_else(|error| panic!("given up after {steps} steps: {error}"));
    }
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
    let error = crate::open_sqlite(&dir.path().join("no such directory/file")).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_goes_on_once_there_is_room() {
    on_sqlite(async |bench: Bench| {
        // One connection, since each has a limit of its own.
        let db = Db::connect(&DbConfig { connections: 1, ..bench.config }).await.unwrap();
        super::tamper(&db, "PRAGMA max_page_count = 1").await;
        let filling = async |ids: std::ops::Range<i64>| {
            for id in ids {
                db.see_user(&person(id), Some("ru"), super::at(0)).await?;
            }
            Ok::<(), DbError>(())
        };
        let error = filling(1..10_000).await.expect_err("it is full");
        assert!(error.is_unavailable(), "{error}");
        assert!(error.to_string().contains("full"), "{error}");
        db.ping().await.expect("it can still be read");
        super::tamper(&db, "PRAGMA max_page_count = 100000").await;
        filling(10_000..10_100).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_sqlite_undid_by_itself_spoils_no_connection() {
    on_sqlite(async |bench: Bench| {
        let db = bench.db().await;
        for _ in 0..2 * bench.config.connections {
            let mut tx = db.begin().await.expect("a connection that can begin");
            // As a commit does that fails on a full disk.
            let undone = within!(&mut tx, |conn| sqlx::query("ROLLBACK").execute(conn).map_ok(drop));
            undone.unwrap();
            tx.commit().await.expect_err("there is nothing to commit");
        }
        db.see_user(&person(1), Some("ru"), super::at(0)).await.unwrap();
    })
    .await;
}

/// A server that says to the first ones who come that it is starting up.
async fn starting(times: usize) -> (u16, tokio::task::JoinHandle<()>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = url::Url::parse(&super::server_url()).unwrap();
    let server = (server.host_str().unwrap().to_owned(), server.port().unwrap_or(5432));
    let serving = tokio::spawn(async move {
        for visitor in 1.. {
            let (mut client, _) = listener.accept().await.unwrap();
            if visitor > times {
                let mut server = tokio::net::TcpStream::connect(server.clone()).await.unwrap();
                tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
                continue;
            }
            let length = client.read_u32().await.unwrap() as usize - 4;
            client.read_exact(&mut vec![0; length]).await.unwrap();
            let fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0";
            let length = u32::try_from(fields.len() + 4).unwrap();
            client.write_all(&[b"E".as_slice(), &length.to_be_bytes(), fields].concat()).await.unwrap();
        }
    });
    (port, serving)
}

#[tokio::test]
async fn a_server_that_starts_up_is_waited_for_and_a_wrong_database_is_not() {
    on_postgres(async |bench: Bench| {
        let DbTarget::Postgres { url } = &bench.config.target else { unreachable!("it was asked for") };
        let through = |port: u16, database: Option<&str>| {
            let mut url = url::Url::parse(url).unwrap();
            url.set_port(Some(port)).unwrap();
            url.set_query(Some("sslmode=disable"));
            if let Some(database) = database {
                url.set_path(database);
            }
            DbConfig { target: DbTarget::Postgres { url: url.into() }, ..bench.config.clone() }
        };
        let (port, serving) = starting(2).await;
        let patience = Patience { absent: Duration::ZERO, starting: Duration::from_secs(60) };
        let error = Db::connect_once_up(&through(port, None), Patience::NONE).await.unwrap_err();
        assert!(error.is_unavailable() && error.to_string().contains("starting up"), "{error}");
        Db::connect_once_up(&through(port, None), patience).await.expect("it is up the third time");
        // An hour would be too long for any test.
        let patience = Patience { absent: Duration::from_secs(3600), starting: Duration::from_secs(3600) };
        let error = Db::connect_once_up(&through(port, Some("nowhere")), patience).await.unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
        serving.abort();
    })
    .await;
}
