//! SQL: what outlives a log.
//!
//! Knows nothing of logs, replicas, phones or Telegram; `live` writes here what is to last.
//!
//! Every statement is written once and runs on PostgreSQL and on SQLite; where the dialects must differ, the
//! difference is one commented `match`. Rows are private to this module: what comes out are the domain's own
//! types, and a row that cannot be one of them is an error with the column's name, never a guess.
//!
//! Time is always an argument. Text is stored without NUL, which PostgreSQL refuses.
//!
//! Only [`Db::project`] writes rooms, their members and their matches; single swipes never come here.

pub mod backoff;
mod cards;
mod chat_budget;
mod chore_jobs;
pub mod chores;
pub mod clock;
mod column;
mod connect;
mod due_rounds;
mod erasures;
mod error;
pub mod file_modes;
mod idle_rooms;
mod jobs;
mod kept_titles;
mod lease;
pub mod measure;
mod messages;
mod notices;
pub mod outage;
mod own_titles;
mod pooler;
mod private_messages;
mod project;
mod reports;
mod room_history;
mod room_list;
mod rooms;
mod rooms_to_find;
mod sessions;
pub mod skew;
pub mod start;
mod stats;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod titles;
mod unmatched_rounds;
mod updates;
mod users;
pub mod work;

#[cfg(test)]
mod contract;

use futures::TryFutureExt;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

pub use self::{
    cards::{Card, Place},
    chat_budget::{
        BETWEEN_MATCHES, KEPT_FOR_MATCHES, KEPT_FOR_PEOPLE, MATCHES_AT_ONCE, PER_SECOND, PER_SHORT_WINDOW,
        PER_WINDOW, SHORT_WINDOW, Sending, SentLately, Turn, WINDOW,
    },
    connect::{DbConfig, DbTarget, empty_wal, open_file, open_sqlite},
    erasures::{Erased, Erasure},
    error::DbError,
    jobs::{Depth, Jobs, Kind, Taken},
    kept_titles::LONGEST_KEPT,
    lease::{Lease, Worker},
    messages::{
        CLEANED_AT_ONCE, IDLE_ROOM, MessagePage, NewNote, PAGE, Page, Range, TalkDone, TalkError,
        TalkSummary, UNREAD_COUNTED,
    },
    notices::{Notice, NoticeKind, Target},
    own_titles::{Marked, OWN_TITLES, OwnTitle, PlaceInList, SEEN_ASKED},
    private_messages::{
        BETWEEN_PRIVATE_MESSAGES, MATCHES_OF_ONE_MESSAGE, PRIVATE_MESSAGES, PRIVATE_MESSAGES_WITHIN,
        PendingMatch, PrivateTopic, PrivateTurn,
    },
    reports::{REPORTS_PER_ROOM, Report, ReportedRoom},
    room_history::{HISTORY_PAGE, MarkChange, MarkedInRoom, NEVER_PER_ROOM, PastMatch, RoomMark},
    room_list::{LastMatch, ListedScreen, RoomInList},
    rooms::{MatchRow, Remembered, RoomRow},
    rooms_to_find::{FINISHED_IS_LISTED, IDLE_IS_LISTED, RoomToFind, Search},
    sessions::{Chain, Ending, Session, SessionId, Standing},
    stats::{ACHIEVEMENT_SENT_AFTER, Achieved, LEAST_FILM, PendingAchievement, PersonalStats, Watched},
    unmatched_rounds::{Between, UNMATCHED_ROUNDS, UnmatchedRound},
    updates::Update,
    users::{Person, User},
};

/// A database that has been migrated. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// Production.
    Postgres(PgPool),
    /// Embedded: one file.
    Sqlite(SqlitePool),
}

/// Runs the same expression on either pool: `run!(db, |pool| sqlx::query("…").execute(pool))`.
macro_rules! run {
    ($db:expr, |$pool:ident| $query:expr) => {
        match $db {
            $crate::Db::Postgres($pool) => $query.await,
            $crate::Db::Sqlite($pool) => $query.await,
        }
    };
}

/// Runs the same expression inside a transaction: `within!(tx, |conn| sqlx::query("…").execute(conn))`.
/// What takes several steps awaits by itself: `within!(tx, async |conn| { … })`.
macro_rules! within {
    ($tx:expr, async |$conn:ident| $steps:block) => {
        match $tx {
            $crate::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $steps
            }
            $crate::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $steps
            }
        }
    };
    ($tx:expr, |$conn:ident| $query:expr) => {
        within!($tx, async |$conn| { $query.await })
    };
}

use {run, within};

/// A transaction; dropped without [`Tx::commit`] it never was.
enum Tx {
    Postgres(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

impl Db {
    /// Whether the database can be reached.
    pub async fn ping(&self) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query("SELECT 1").execute(pool).map_ok(drop))?;
        Ok(())
    }

    /// Whether it takes what is written: a full disk can still be read, and so can a server that is a copy for the moment.
    pub async fn takes_writes(&self) -> Result<(), DbError> {
        // Any row that is always there; it stays as it is.
        let same = "UPDATE _sqlx_migrations SET success = success WHERE version = 1";
        run!(self, |pool| sqlx::query(same).execute(pool).map_ok(drop))?;
        Ok(())
    }

    /// A transaction that writes.
    async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Postgres(pool) => Tx::Postgres(begun(pool, "BEGIN").await?),
            // A transaction that turns to writing halfway is refused at once when another one writes; one
            // that says so at its beginning waits its turn.
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
        })
    }

    /// A transaction that reads several things as of one moment.
    async fn snapshot(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Postgres(pool) => {
                Tx::Postgres(begun(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
            }
            Self::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
        })
    }
}

/// Begins in a task of its own, which goes on where the caller gives up: sqlx counts a transaction as open only once the server has said so,
/// and would hand the connection of one that it did not wait for to somebody else, who then writes into what nobody ever commits.
async fn begun(pool: &PgPool, how: &'static str) -> Result<Transaction<'static, Postgres>, DbError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(how).await });
    // Else the process is ending.
    Ok(begun.await.map_err(|_| DbError::silent())??)
}

impl Tx {
    async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Postgres(tx) => tx.commit().await?,
            Self::Sqlite(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
