//! The two files: neither waits for the other, and nothing is lost on the way from one.

use std::time::Duration;

use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq, TitleId, UserId},
    room::{Created, Entry, Event, RoomName, Settings, SwipingEvent, Verdict},
};
use sqlx::Row;

use super::*;
use crate::hot::{Appended, DirtyRooms as _, ExpectedHead, HeadHash, KeyValue as _, Log as _, codec};

const HOUR: Duration = Duration::from_secs(3600);

fn room(n: u64) -> RoomCode {
    RoomCode::from_bits(n)
}

fn log(room: RoomCode) -> Vec<Entry> {
    let at = Clock::system().now();
    let settings = Settings::named(RoomName::new("Movie night").unwrap());
    let host = UserId::new(1).unwrap();
    let created = Created { code: room, epoch: Epoch::from_bits(7), host, seed: 42, settings };
    let swiped = Event::Swiping(SwipingEvent::Swiped {
        member: host,
        title: TitleId::new("c1").unwrap(),
        verdict: Verdict::Like,
    });
    vec![Entry { at, event: Event::Created(Box::new(created)) }, Entry { at, event: swiped }]
}

/// A folder as the versions left it that had one file for both: two rooms, one of them not in SQL yet, one damaged row, and a session.
async fn of_an_older_version(folder: &Path) -> [Vec<Entry>; 2] {
    let logs = [log(room(1)), log(room(2))];
    let sql = open_sqlite(&sql_file(folder)).await.unwrap();
    for (n, log) in (1..).zip(&logs) {
        for (seq, entry) in (1_i64..).zip(log) {
            sqlx::query("INSERT INTO hot_log (room, seq, entry) VALUES ($1, $2, $3)")
                .bind(room(n).as_str())
                .bind(seq)
                .bind(codec::encode(entry))
                .execute(&sql)
                .await
                .unwrap();
        }
        sqlx::query(
            "INSERT INTO hot_rooms (room, epoch, seq, touched_at, dirty_seq) VALUES ($1, 7, 2, $2, $3)",
        )
        .bind(room(n).as_str())
        .bind(log[0].at.millis())
        .bind((n == 1).then_some(2_i64))
        .execute(&sql)
        .await
        .unwrap();
    }
    let expires_at = Clock::system().now().plus(HOUR).millis();
    for statement in [
        "INSERT INTO hot_log (room, seq, entry) VALUES ('R00M0009', 1, x'FF00')",
        "INSERT INTO hot_rooms (room, epoch, seq, touched_at) VALUES ('R00M0009', 7, 1, $1)",
        "INSERT INTO hot_values (key, value, expires_at) VALUES ('session:anna', x'616E6E61', $1)",
    ] {
        sqlx::query(statement).bind(expires_at).execute(&sql).await.unwrap();
    }
    sql.close().await;
    logs
}

async fn all_is_there_once(folder: &Path, logs: &[Vec<Entry>], when: &str) {
    let (sql, hot) = pools(folder).await.unwrap();
    let rows = async |pool: &SqlitePool, sql: &'static str| -> i64 {
        sqlx::query(sql).fetch_one(pool).await.unwrap().get(0)
    };
    let left = rows(&sql, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'hot_%'").await;
    assert_eq!(left, 0, "{when}: the older tables are still in SQL's file");
    assert_eq!(rows(&hot, "SELECT count(*) FROM hot_log").await, 5, "{when}");
    assert_eq!(rows(&hot, "SELECT count(*) FROM hot_rooms").await, 3, "{when}");
    let engine = Embedded::start(hot, Clock::system());
    for (n, log) in (1..).zip(logs) {
        let tail = engine.read(room(n), Seq::ZERO).await.unwrap().expect(when);
        assert_eq!(&tail.entries, log, "{when}");
    }
    assert_eq!(engine.get("session:anna").await.unwrap().as_deref(), Some(&b"anna"[..]), "{when}");
    assert_eq!(
        engine.dirty(9, Duration::ZERO).await.unwrap(),
        [room(1)],
        "{when}: what SQL has not heard of"
    );
    sql.close().await;
}

#[tokio::test]
async fn a_folder_of_an_older_version_is_carried_over_wherever_that_was_killed_before() {
    let mut steps = 0;
    loop {
        let dir = tempfile::tempdir().unwrap();
        let logs = of_an_older_version(dir.path()).await;
        let sql = open_sqlite(&sql_file(dir.path())).await.unwrap();
        let hot = file::open(&hot_file(dir.path())).await.unwrap();
        let mut killed_at = None;
        let mut done = 0;
        let outcome = file::carry_over_by_steps(&sql, &hot, |step| {
            if done == steps {
                killed_at = Some(step);
                return Err(DbError::silent());
            }
            done += 1;
            Ok(())
        })
        .await;
        assert_eq!(outcome.is_err(), killed_at.is_some(), "{outcome:?}");
        sql.close().await;
        hot.close().await;
        let when = format!("killed before {killed_at:?}");
        all_is_there_once(dir.path(), &logs, &when).await;
        all_is_there_once(dir.path(), &logs, "started once more").await;
        if killed_at.is_none() {
            assert!(steps > 8, "only {steps} places to be killed at");
            return;
        }
        steps += 1;
    }
}

#[tokio::test]
async fn what_was_done_after_it_was_carried_over_is_not_undone_by_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let logs = of_an_older_version(dir.path()).await;
    let swiped = Event::Swiping(SwipingEvent::Swiped {
        member: UserId::new(2).unwrap(),
        title: TitleId::new("c1").unwrap(),
        verdict: Verdict::Like,
    });
    let more = Entry { at: Clock::system().now(), event: swiped };
    {
        let (_, hot) = open(dir.path(), &Clock::system()).await.unwrap();
        let at = Position { epoch: Epoch::from_bits(7), seq: Seq::new(2) };
        let expected = ExpectedHead { at, head_hash: HeadHash::of(&logs[0][1]) };
        let appended = hot.append(room(1), Some(expected), std::slice::from_ref(&more), false).await.unwrap();
        assert!(matches!(appended, Appended::At(_)), "{appended:?}");
    }
    let (_, hot) = open(dir.path(), &Clock::system()).await.unwrap();
    let tail = hot.read(room(1), Seq::ZERO).await.unwrap().unwrap();
    assert_eq!(tail.entries, [logs[0].clone(), vec![more]].concat());
}

#[tokio::test]
async fn an_append_is_acknowledged_while_sql_is_written_to() {
    let dir = tempfile::tempdir().unwrap();
    let (db, hot) = open(dir.path(), &Clock::system()).await.unwrap();
    let Db::Sqlite(sql) = &db else { unreachable!() };
    // A projection, say, that has not come to its end.
    let mut held = sql.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("UPDATE rooms SET name = name").execute(&mut *held).await.unwrap();
    let log = log(room(1));
    let append = hot.append(room(1), None, &log, true);
    // A writer of the same file would wait for five seconds, and then be refused.
    let appended = tokio::time::timeout(Duration::from_secs(4), append).await.expect("it waits for SQL");
    assert!(matches!(appended, Ok(Appended::At(_))), "{appended:?}");
    held.rollback().await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(hot_file(dir.path()), "this is no database, and longer than a database's first page is")
        .unwrap();
    let error = open(dir.path(), &Clock::system()).await.unwrap_err();
    assert!(error.to_string().contains("hot.sqlite"), "{error}");
}
