//! What people marked titles as: wanted, watched or hidden.
//!
//! A title has one mark of a person at most. Whose mark it is, nothing here tells anybody but that person: [`Db::seen_among`] answers for
//! several people together.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sovpalo_domain::{
    ids::{Timestamp, TitleId, UserId},
    title::TitleMark,
};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, Tx,
    column::{limit as rows, moment, timestamp, title_id},
    run, within,
};

/// A person has marked at most so many titles; a further one is refused.
pub const OWN_TITLES: usize = 10_000;
/// It is asked of at most so many titles at once whether somebody has seen them; further ones count as not seen.
pub const SEEN_ASKED: usize = 1_000;
/// Rows in one statement.
const BATCH: usize = 500;

/// A title that somebody marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTitle {
    pub title: TitleId,
    pub mark: TitleMark,
    /// When they marked it so.
    pub at: Timestamp,
}

/// Where a page of somebody's titles ended: the next one begins after this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceInList {
    pub at: Timestamp,
    pub title: TitleId,
}

/// What became of marking titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// They are marked as was asked for, or were already.
    Done,
    /// It would be more than [`OWN_TITLES`]; nothing has changed.
    Full,
    /// Nobody of this id is known, or they have erased themselves; nothing is kept of them.
    Nobody,
}

#[derive(sqlx::FromRow)]
struct OwnTitleRow {
    title: String,
    mark: String,
    marked_at: DateTime<Utc>,
}

impl OwnTitleRow {
    fn own(&self) -> Result<OwnTitle, DbError> {
        Ok(OwnTitle {
            title: title_id(&self.title, "user_titles.title")?,
            mark: mark(&self.mark)?,
            at: timestamp(self.marked_at),
        })
    }
}

impl Db {
    /// Marks titles of a person, or takes their marks away (`None`): all of them or none. A title that is marked so already keeps its
    /// place.
    pub async fn mark_titles(
        &self,
        person: UserId,
        titles: &[TitleId],
        mark: Option<TitleMark>,
        now: Timestamp,
    ) -> Result<Marked, DbError> {
        let titles: Vec<&str> =
            titles.iter().map(TitleId::as_str).collect::<BTreeSet<_>>().into_iter().collect();
        let mut tx = self.begin().await?;
        if !lock(&mut tx, person).await? {
            return Ok(Marked::Nobody);
        }
        for batch in titles.chunks(BATCH) {
            match mark {
                Some(mark) => put(&mut tx, person, batch, mark, now).await?,
                None => take_away(&mut tx, person, batch).await?,
            }
        }
        if mark.is_some() && count(&mut tx, person).await? > rows(OWN_TITLES) {
            return Ok(Marked::Full);
        }
        tx.commit().await?;
        Ok(Marked::Done)
    }

    /// What a person marked a title as.
    pub async fn mark_of(&self, person: UserId, title: &TitleId) -> Result<Option<TitleMark>, DbError> {
        let stored: Option<String> = run!(self, |pool| sqlx::query_scalar(
            "SELECT mark FROM user_titles WHERE user_id = $1 AND title = $2"
        )
        .bind(person.get())
        .bind(title.as_str())
        .fetch_optional(pool))?;
        stored.as_deref().map(self::mark).transpose()
    }

    /// What a person marked, the newest first: only with this mark, if one is said, and only what comes after that place. At most `limit`.
    pub async fn own_titles(
        &self,
        person: UserId,
        only: Option<TitleMark>,
        after: Option<&PlaceInList>,
        limit: usize,
    ) -> Result<Vec<OwnTitle>, DbError> {
        let (at, title) =
            after.map_or((Timestamp::from_millis(i64::MAX), ""), |last| (last.at, last.title.as_str()));
        let stored: Vec<OwnTitleRow> = run!(self, |pool| sqlx::query_as(
            "SELECT title, mark, marked_at FROM user_titles
             WHERE user_id = $1 AND ($2 = '' OR mark = $2)
                 AND (marked_at < $3 OR (marked_at = $3 AND title > $4))
             ORDER BY marked_at DESC, title LIMIT $5"
        )
        .bind(person.get())
        .bind(only.map_or("", TitleMark::name))
        .bind(moment(at))
        .bind(title)
        .bind(rows(limit))
        .fetch_all(pool))?;
        stored.iter().map(OwnTitleRow::own).collect()
    }

    /// Which of these titles at least one of these people has watched or hidden. It says of nobody that it was them.
    pub async fn seen_among(
        &self,
        people: &[UserId],
        titles: &[TitleId],
    ) -> Result<BTreeSet<TitleId>, DbError> {
        let asked = &titles[..titles.len().min(SEEN_ASKED)];
        let mut seen = BTreeSet::new();
        for batch in people.chunks(BATCH) {
            if asked.is_empty() {
                break;
            }
            let found: Vec<String> = run!(self, |pool| async {
                let mut select = QueryBuilder::new(
                    "SELECT DISTINCT title FROM user_titles WHERE mark IN ('watched', 'hidden') AND user_id IN (",
                );
                let mut ids = select.separated(", ");
                for person in batch {
                    ids.push_bind(person.get());
                }
                select.push(") AND title IN (");
                let mut ids = select.separated(", ");
                for title in asked {
                    ids.push_bind(title.as_str());
                }
                select.push(")");
                select.build_query_scalar().persistent(false).fetch_all(pool).await
            })?;
            for title in found {
                seen.insert(title_id(&title, "user_titles.title")?);
            }
        }
        Ok(seen)
    }
}

/// Whether somebody is known. Makes an erasure of theirs wait for the commit, and whatever else marks titles of theirs: what they have
/// together has a bound. SQLite has one writer at a time anyway.
async fn lock(tx: &mut Tx, person: UserId) -> Result<bool, DbError> {
    let known: Option<i64> = match tx {
        Tx::Postgres(tx) => {
            sqlx::query_scalar("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE")
                .bind(person.get())
                .fetch_optional(&mut **tx)
                .await?
        }
        Tx::Sqlite(tx) => {
            sqlx::query_scalar("SELECT id FROM users WHERE id = $1")
                .bind(person.get())
                .fetch_optional(&mut **tx)
                .await?
        }
    };
    Ok(known.is_some())
}

async fn put(
    tx: &mut Tx,
    person: UserId,
    titles: &[&str],
    mark: TitleMark,
    now: Timestamp,
) -> Result<(), DbError> {
    within!(tx, async |conn| {
        let mut insert = QueryBuilder::new("INSERT INTO user_titles (user_id, title, mark, marked_at) ");
        insert.push_values(titles, |mut row, title| {
            row.push_bind(person.get()).push_bind(*title).push_bind(mark.name()).push_bind(moment(now));
        });
        insert.push(
            " ON CONFLICT (user_id, title) DO UPDATE SET mark = excluded.mark, marked_at = excluded.marked_at
             WHERE user_titles.mark <> excluded.mark",
        );
        // One alone is usual, and then always the same statement.
        insert.build().persistent(titles.len() == 1).execute(conn).await.map(drop)
    })?;
    Ok(())
}

async fn take_away(tx: &mut Tx, person: UserId, titles: &[&str]) -> Result<(), DbError> {
    within!(tx, async |conn| {
        let mut delete = QueryBuilder::new("DELETE FROM user_titles WHERE user_id = ");
        delete.push_bind(person.get()).push(" AND title IN (");
        let mut ids = delete.separated(", ");
        for title in titles {
            ids.push_bind(*title);
        }
        delete.push(")");
        delete.build().persistent(titles.len() == 1).execute(conn).await.map(drop)
    })?;
    Ok(())
}

async fn count(tx: &mut Tx, person: UserId) -> Result<i64, DbError> {
    Ok(within!(tx, |conn| sqlx::query_scalar("SELECT COUNT(*) FROM user_titles WHERE user_id = $1")
        .bind(person.get())
        .fetch_one(conn))?)
}

fn mark(stored: &str) -> Result<TitleMark, DbError> {
    TitleMark::named(stored)
        .ok_or_else(|| DbError::corrupt("user_titles.mark", format_args!("it is {stored:?}")))
}
