//! What the tables before the queue held: it is carried over, and everything in it is done once.

use std::time::{Duration, Instant};

use serde_json::Value;
use sovpalo_domain::ids::{Round, Timestamp};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{
    Bench, at, contract, on_empty_postgres,
    story::{Story, reachable, room, title},
    user,
};
use crate::{
    Db, DbTarget, Kind, Lease, Notice, NoticeKind, Place, Target, Worker,
    connect::{POSTGRES, SQLITE},
};

contract!(
    on_empty_postgres:
    notices_that_wait_are_told_once_and_those_that_were_told_never_again,
    updates_that_wait_are_handled_once_and_those_that_were_handled_never_again,
    who_had_taken_something_has_it_until_their_lease_ends,
    a_room_goes_on_as_if_nothing_had_happened,
    a_match_that_waits_for_all_cards_is_told_to_each_group_once,
    a_migration_that_is_killed_has_changed_nothing,
    what_an_older_program_writes_is_refused_and_not_lost_in_silence,
);

/// The last version of the schema before the queue.
const BEFORE: i64 = 10;

/// A database as an older program left it.
enum Old {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Old {
    async fn open(bench: &Bench) -> Self {
        match &bench.config.target {
            DbTarget::Postgres { url } => Self::Postgres(PgConnection::connect(url).await.unwrap()),
            DbTarget::Sqlite { path } => {
                let options =
                    SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
                Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
        }
    }

    /// With its schema, and nothing in it but a room.
    async fn new(bench: &Bench) -> Self {
        let mut old = Self::open(bench).await;
        match &mut old {
            Self::Postgres(conn) => POSTGRES.run_to(BEFORE, conn).await.unwrap(),
            Self::Sqlite(conn) => SQLITE.run_to(BEFORE, conn).await.unwrap(),
        }
        old.does(&format!(
            "INSERT INTO rooms (code, name, settings, seed, host, phase, round, results, member_count, match_count,
                 epoch, projected_seq, created_at, updated_at)
             VALUES ('R00M0001', '', '{{}}', 1, 1, 'lobby', 1, NULL, 0, 0, 7, 0, {now}, {now})",
            now = moment(0)
        ))
        .await;
        old
    }

    async fn does(&mut self, statement: &str) {
        assert!(!self.fails(statement).await, "{statement}");
    }

    async fn fails(&mut self, statement: &str) -> bool {
        match self {
            Self::Postgres(conn) => {
                sqlx::query(AssertSqlSafe(statement.to_owned())).execute(conn).await.is_err()
            }
            Self::Sqlite(conn) => {
                sqlx::query(AssertSqlSafe(statement.to_owned())).execute(conn).await.is_err()
            }
        }
    }

    async fn notice(&mut self, values: &str) {
        self.does(&format!(
            "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed, taken, done, attempts,
                 leased_until, leased_by, armed_at, due_at)
             VALUES ('R00M0001', {values}, {now}, {now})",
            now = moment(0)
        ))
        .await;
    }

    async fn update(&mut self, id: i64, lane: i64, payload: &str, leased_until: &str) {
        self.does(&format!(
            "INSERT INTO updates (id, lane, payload, received_at, leased_until)
             VALUES ({id}, {lane}, {payload}, {}, {leased_until})",
            moment(0)
        ))
        .await;
    }
}

/// A moment in SQL, as an older program wrote it: `seconds` after everything began.
fn moment(seconds: i64) -> String {
    let at: Timestamp = at(seconds);
    format!("'{}'", chrono::DateTime::from_timestamp_millis(at.millis()).unwrap().to_rfc3339())
}

fn free() -> String {
    "'1970-01-01T00:00:00+00:00'".to_owned()
}

fn lease(seconds: i64) -> Lease {
    Lease { by: Worker::new(), now: at(seconds), lasts: Duration::from_secs(30) }
}

fn matched(number: u32, id: &str) -> NoticeKind {
    NoticeKind::Match { number, round: Round::FIRST, title: title(id) }
}

/// Everything, until nothing is due any more, as it is told.
async fn told(db: &Db, seconds: i64) -> Vec<(NoticeKind, Target)> {
    super::tell_all(db, at(seconds)).await.into_iter().map(|notice| (notice.what, notice.to)).collect()
}

async fn notices_that_wait_are_told_once_and_those_that_were_told_never_again(bench: Bench) {
    let mut old = Old::new(&bench).await;
    let free = free();
    for values in [
        format!("'card_stale', 0, 0, '', 'cards', 0, 5, 4, FALSE, 0, {free}, NULL"),
        format!("'match', 1, 1, 'a', 'cards', 0, 1, 1, TRUE, 0, {free}, NULL"),
        format!("'match', 1, 1, 'a', 'chat', -5, 1, 1, TRUE, 0, {free}, NULL"),
        format!("'match', 1, 2, 'b', 'chat', -5, 1, 0, FALSE, 3, {free}, NULL"),
        format!("'match', 1, 3, 'c', 'cards', 0, 1, 0, FALSE, 0, {free}, NULL"),
        format!("'match', 1, 3, 'c', 'member', 7, 1, 0, FALSE, 0, {free}, NULL"),
        format!("'finished', 1, 0, '', 'cards', 0, 1, 0, FALSE, 0, {free}, NULL"),
    ] {
        old.notice(&values).await;
    }
    let db = bench.db().await;
    let due = db.due_notices(100, Lease { lasts: Duration::ZERO, ..lease(1) }).await.unwrap();
    let tried: Vec<u32> =
        due.iter().filter(|notice| notice.to == Target::Chat(-5)).map(|notice| notice.attempts).collect();
    assert_eq!(tried, [3], "how often it was tried is known");
    let told = told(&db, 2).await;
    let expected = [
        (NoticeKind::CardStale, Target::Cards),
        (matched(2, "b"), Target::Chat(-5)),
        (matched(3, "c"), Target::Cards),
        (matched(3, "c"), Target::Member(user(7))),
        (NoticeKind::Finished { round: Round::FIRST }, Target::Cards),
    ];
    assert_eq!(told, expected);
    assert_eq!(super::tell_all(&bench.db().await, at(1_000)).await, [], "and only once");
}

async fn updates_that_wait_are_handled_once_and_those_that_were_handled_never_again(bench: Bench) {
    let mut old = Old::new(&bench).await;
    let text = r#"{"message":{"text":"a\u0000 {0}"}}"#;
    for (id, lane, payload) in
        [(2, 7, "NULL".to_owned()), (3, 7, format!("'{text}'")), (1, -5, "'{}'".to_owned())]
    {
        old.update(id, lane, &payload, &free()).await;
    }
    let db = bench.db().await;
    assert!(!db.store_update(2, 7, None, "{}", at(1)).await.unwrap(), "it was handled");
    assert!(!db.store_update(3, 7, None, "{}", at(1)).await.unwrap(), "it waits");
    let claimed = db.claim_updates(9, lease(2)).await.unwrap();
    assert_eq!(claimed.iter().map(|update| update.id).collect::<Vec<_>>(), [1, 3]);
    let payload: Value = serde_json::from_str(&claimed[1].payload).unwrap();
    assert_eq!(payload["message"]["text"], "a\0 {0}");
    let ids: Vec<i64> = claimed.iter().map(|update| update.job).collect();
    db.jobs(Kind::Update).done(&ids).await.unwrap();
    assert_eq!(bench.db().await.claim_updates(9, lease(1_000)).await.unwrap(), []);
    // What they sent is known to be theirs.
    db.store_update(4, 7, Some(user(7)), "{}", at(3)).await.unwrap();
    db.erase_user(user(7), &[], at(4)).await.unwrap();
    assert_eq!(db.claim_updates(9, lease(1_000)).await.unwrap(), []);
}

async fn who_had_taken_something_has_it_until_their_lease_ends(bench: Bench) {
    let mut old = Old::new(&bench).await;
    old.notice(&format!("'match', 1, 1, 'a', 'chat', -5, 1, 1, FALSE, 1, {}, 77", moment(30))).await;
    old.update(1, -5, "'{}'", &moment(30)).await;
    let db = bench.db().await;
    assert_eq!(db.due_notices(9, lease(29)).await.unwrap(), []);
    assert_eq!(db.claim_updates(9, lease(29)).await.unwrap(), []);
    assert_eq!(db.due_notices(9, lease(30)).await.unwrap().len(), 1);
    assert_eq!(db.claim_updates(9, lease(30)).await.unwrap().len(), 1);
}

async fn a_room_goes_on_as_if_nothing_had_happened(bench: Bench) {
    let mut old = Old::new(&bench).await;
    for target in ["'cards', 0", "'chat', -5", "'member', 1"] {
        old.notice(&format!("'match', 1, 1, 'a', {target}, 1, 1, TRUE, 0, {}, NULL", free())).await;
    }
    drop(old);
    let db = bench.db().await;
    reachable(&db, 1).await;
    db.want_card(room("R00M0001"), &Place::Chat { chat: -5, thread: None, message: None }).await.unwrap();
    let mut story = Story::swiping("R00M0001", 2, &["a", "b"]);
    story.match_on("a");
    // The older program ended between telling and noting how far it had come.
    db.project(&story.room, at(1)).await.unwrap();
    assert_eq!(tell_and_spread(&db, 1).await, [(NoticeKind::CardStale, Target::Cards)]);
    story.match_on("b");
    db.project(&story.room, at(2)).await.unwrap();
    let told = tell_and_spread(&db, 2).await;
    for to in [Target::Member(user(1)), Target::Chat(-5)] {
        assert!(told.contains(&(matched(2, "b"), to)), "{to:?} hears of the next match: {told:?}");
    }
    assert!(told.iter().all(|(what, _)| *what != matched(1, "a")), "told twice: {told:?}");
}

async fn a_match_that_waits_for_all_cards_is_told_to_each_group_once(bench: Bench) {
    let mut old = Old::new(&bench).await;
    old.notice(&format!("'match', 1, 1, 'a', 'cards', 0, 1, 0, FALSE, 0, {}, NULL", free())).await;
    drop(old);
    let db = bench.db().await;
    for chat in [-5, -6, 7] {
        let place = Place::Chat { chat, thread: None, message: None };
        db.want_card(room("R00M0001"), &place).await.unwrap();
    }
    let waiting = db.due_notices(9, lease(1)).await.unwrap();
    assert_eq!(waiting.iter().map(|notice| notice.to).collect::<Vec<_>>(), [Target::Cards]);
    for seconds in [2, 3] {
        db.spread_notice(&waiting[0], at(seconds)).await.unwrap();
    }
    let each = [-5, -6].map(|chat| (matched(1, "a"), Target::Chat(chat)));
    assert_eq!(told(&db, 3).await, each, "private chats are told as members");
    assert_eq!(told(&db, 1_000).await, []);
}

async fn tell_and_spread(db: &Db, seconds: i64) -> Vec<(NoticeKind, Target)> {
    let mut told = Vec::new();
    loop {
        let due: Vec<Notice> = db.due_notices(99, lease(seconds)).await.unwrap();
        if due.is_empty() {
            return told;
        }
        for notice in due {
            if matches!(notice.what, NoticeKind::Match { .. }) && notice.to == Target::Cards {
                db.spread_notice(&notice, at(seconds)).await.unwrap();
            }
            db.jobs(Kind::Notice).done(&[notice.id]).await.unwrap();
            told.push((notice.what, notice.to));
        }
    }
}

async fn a_migration_that_is_killed_has_changed_nothing(bench: Bench) {
    let mut old = Old::new(&bench).await;
    old.notice(&format!("'match', 1, 1, 'a', 'chat', -5, 1, 0, FALSE, 0, {}, NULL", free())).await;
    old.update(1, -5, "'{}'", &free()).await;
    drop(old);
    // All of it was done, but for the commit.
    match &mut Old::open(&bench).await {
        Old::Postgres(conn) => {
            let mut tx = conn.begin().await.unwrap();
            POSTGRES.run(&mut *tx).await.unwrap();
            tx.rollback().await.unwrap();
        }
        Old::Sqlite(conn) => {
            let mut tx = conn.begin().await.unwrap();
            SQLITE.run(&mut *tx).await.unwrap();
            tx.rollback().await.unwrap();
        }
    }
    let mut old = Old::open(&bench).await;
    assert!(!old.fails("SELECT id FROM notices").await, "the old tables are as they were");
    assert!(old.fails("SELECT id FROM jobs").await, "and there is no new one");
    drop(old);
    let db = bench.db().await;
    assert_eq!(told(&db, 1).await, [(matched(1, "a"), Target::Chat(-5))]);
    assert_eq!(db.claim_updates(9, lease(1)).await.unwrap().len(), 1);
}

async fn what_an_older_program_writes_is_refused_and_not_lost_in_silence(bench: Bench) {
    let mut old = Old::new(&bench).await;
    let _db = bench.db().await;
    // A projection, an update and an erasure each are one transaction, which ends with this. The room stays to be projected, Telegram sends
    // the update again, and who is erased is told that they are not.
    for statement in [
        "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
         SELECT code, 'card_stale', 0, 0, '', 'cards', 0, created_at, created_at FROM rooms",
        "INSERT INTO updates (id, lane, payload, received_at) VALUES (1, 1, '{}', '2026-01-01T00:00:00+00:00')",
        "DELETE FROM notices WHERE target = 'member' AND target_id = 1",
        "UPDATE notices SET leased_by = 1 WHERE NOT done",
        "UPDATE updates SET leased_by = 1 WHERE payload IS NOT NULL",
    ] {
        assert!(old.fails(statement).await, "an older program believes that this was done: {statement}");
    }
}

const STALE: &str = "'card_stale', 0, 0, '', 'cards', 0, 1, 0, FALSE, 0, '1970-01-01T00:00:00+00:00', NULL";

/// Waits until somebody waits for a lock in this database.
async fn until_somebody_waits(bench: &Bench) {
    let Old::Postgres(mut conn) = Old::open(bench).await else { unreachable!("it was asked for") };
    let since = Instant::now();
    let waiting = "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE NOT l.granted AND d.datname = current_database())";
    while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(&mut conn).await.unwrap() {
        assert!(since.elapsed() < Duration::from_secs(30), "nobody waits for a lock");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn what_an_older_program_commits_while_a_newer_one_starts_is_carried_over() {
    on_empty_postgres(async |bench: Bench| {
        let mut old = Old::new(&bench).await;
        old.does("BEGIN").await;
        old.notice(STALE).await;
        old.update(1, -5, "'{}'", &free()).await;
        let (db, ()) = tokio::join!(bench.db(), async {
            until_somebody_waits(&bench).await;
            old.does("COMMIT").await;
        });
        assert_eq!(told(&db, 1).await, [(NoticeKind::CardStale, Target::Cards)]);
        assert_eq!(db.claim_updates(9, lease(1)).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_older_program_and_the_migration_that_wait_for_each_other_lose_nothing() {
    on_empty_postgres(async |bench: Bench| {
        let mut old = Old::new(&bench).await;
        // As a projection does: the room first, and then what follows from it.
        old.does("BEGIN").await;
        old.does("UPDATE rooms SET projected_seq = 1").await;
        let stale = format!(
            "INSERT INTO notices (room, kind, round, number, title, target, target_id, armed_at, due_at)
             VALUES ('R00M0001', 'card_stale', 0, 0, '', 'cards', 0, {now}, {now})",
            now = moment(0)
        );
        let (db, written) = tokio::join!(bench.db(), async {
            until_somebody_waits(&bench).await;
            // PostgreSQL ends one of the two.
            let refused = old.fails(&stale).await;
            old.does(if refused { "ROLLBACK" } else { "COMMIT" }).await;
            !refused
        });
        assert_eq!(told(&db, 1).await.len(), usize::from(written));
    })
    .await;
}
