//! Titles that came from elsewhere, and what else is known of titles.
//!
//! A title is here before a room names it, so that no room ever waits for one. What is known beside it is a cache with an age. Nothing of
//! either is kept for longer than [`LONGEST_KEPT`] without being asked for anew: TMDB's terms allow six months.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::TryFutureExt;
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{Timestamp, TitleId},
    title::{Title, TitleKind},
};
use sqlx::{QueryBuilder, types::Json};

use super::{
    Db, DbError,
    column::{ago, limit, moment, plain, timestamp, title_id},
    run, within,
};

/// So long a title, and what is known of it, is kept without being asked for anew; then it is deleted.
pub const LONGEST_KEPT: Duration = Duration::from_secs(175 * 24 * 3_600);

/// Titles in one statement.
const BATCH: usize = 100;

/// A title as it is written. A field that is new has a default; none changes its name.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    kind: TitleKind,
    name_en: String,
    name_ru: String,
    original_name: Option<String>,
    year: Option<u16>,
    runtime_min: Option<u16>,
    genres: Vec<String>,
    countries: Vec<String>,
    rating: Option<f32>,
    overview_en: Option<String>,
    overview_ru: Option<String>,
    poster: Option<String>,
}

impl Stored {
    fn of(title: &Title) -> Self {
        let text = |text: &String| plain(text).into_owned();
        Self {
            kind: title.kind,
            name_en: text(&title.name_en),
            name_ru: text(&title.name_ru),
            original_name: title.original_name.as_ref().map(text),
            year: title.year,
            runtime_min: title.runtime_min,
            genres: title.genres.iter().map(text).collect(),
            countries: title.countries.iter().map(text).collect(),
            rating: title.rating.filter(|rating| rating.is_finite()),
            overview_en: title.overview_en.as_ref().map(text),
            overview_ru: title.overview_ru.as_ref().map(text),
            poster: title.poster.as_ref().map(text),
        }
    }

    fn title(self, id: TitleId) -> Title {
        let Self { kind, name_en, name_ru, original_name, year, runtime_min, genres, countries, .. } = self;
        let Self { rating, overview_en, overview_ru, poster, .. } = self;
        Title {
            id,
            kind,
            name_en,
            name_ru,
            original_name,
            year,
            runtime_min,
            genres,
            countries,
            rating,
            overview_en,
            overview_ru,
            poster,
        }
    }
}

type Row = (String, Json<Stored>, i64);

/// A title and the version of the table in which it was written.
fn read((id, Json(stored), version): Row) -> Result<(Title, i64), DbError> {
    Ok((stored.title(title_id(&id, "kept_titles.id")?), version))
}

impl Db {
    /// Keeps titles that were just asked for, or brings those that are kept up to date; all of them or none. Each is the one that was named
    /// last then.
    pub async fn keep_titles(&self, titles: &[Title], now: Timestamp) -> Result<(), DbError> {
        let many = i64::try_from(titles.len()).unwrap_or(i64::MAX);
        let mut tx = self.begin().await?;
        // First of all, so that versions are committed in their order: who has read up to one has missed none before it.
        let last: i64 = within!(&mut tx, |conn| sqlx::query_scalar(
            "UPDATE kept_titles_version SET version = version + $1 RETURNING version"
        )
        .bind(many)
        .fetch_one(conn))?;
        for (title, version) in titles.iter().zip(last.saturating_sub(many) + 1..) {
            within!(&mut tx, |conn| sqlx::query(
                "INSERT INTO kept_titles (id, title, fetched_at, version) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (id) DO UPDATE SET
                     title = excluded.title, fetched_at = excluded.fetched_at, version = excluded.version"
            )
            .bind(title.id.as_str())
            .bind(Json(Stored::of(title)))
            .bind(moment(now))
            .bind(version)
            .execute(conn)
            .map_ok(drop))?;
        }
        tx.commit().await
    }

    /// A title that is kept.
    pub async fn kept_title(&self, id: &TitleId) -> Result<Option<Title>, DbError> {
        let row: Option<Row> =
            run!(self, |pool| sqlx::query_as("SELECT id, title, version FROM kept_titles WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(pool))?;
        Ok(row.map(read).transpose()?.map(|(title, _)| title))
    }

    /// Those of these titles that are kept.
    pub async fn kept_titles_of(&self, ids: &[TitleId]) -> Result<Vec<Title>, DbError> {
        let mut found = Vec::new();
        for batch in ids.chunks(BATCH) {
            let rows: Vec<Row> = run!(self, |pool| async {
                let mut select =
                    QueryBuilder::new("SELECT id, title, version FROM kept_titles WHERE id IN (");
                let mut list = select.separated(", ");
                for id in batch {
                    list.push_bind(id.as_str());
                }
                select.push(")");
                select.build_query_as().persistent(false).fetch_all(pool).await
            })?;
            for row in rows {
                found.push(read(row)?.0);
            }
        }
        Ok(found)
    }

    /// The titles that were named last, the oldest of them first, each with its version.
    pub async fn last_kept_titles(&self, most: usize) -> Result<Vec<(Title, i64)>, DbError> {
        let rows: Vec<Row> = run!(self, |pool| sqlx::query_as(
            "SELECT id, title, version FROM kept_titles ORDER BY version DESC LIMIT $1"
        )
        .bind(limit(most))
        .fetch_all(pool))?;
        rows.into_iter().rev().map(read).collect()
    }

    /// The titles that were named after a version, in order, each with its own.
    pub async fn kept_titles_after(&self, version: i64, most: usize) -> Result<Vec<(Title, i64)>, DbError> {
        let rows: Vec<Row> = run!(self, |pool| sqlx::query_as(
            "SELECT id, title, version FROM kept_titles WHERE version > $1 ORDER BY version LIMIT $2"
        )
        .bind(version)
        .bind(limit(most))
        .fetch_all(pool))?;
        rows.into_iter().map(read).collect()
    }

    /// Titles that were asked for longer ago than that, the oldest first.
    pub async fn kept_titles_older_than(
        &self,
        age: Duration,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<TitleId>, DbError> {
        let ids: Vec<String> = run!(self, |pool| sqlx::query_scalar(
            "SELECT id FROM kept_titles WHERE fetched_at <= $1 ORDER BY fetched_at LIMIT $2"
        )
        .bind(ago(age, now))
        .bind(limit(most))
        .fetch_all(pool))?;
        ids.iter().map(|id| title_id(id, "kept_titles.id")).collect()
    }

    /// What is known of a title beside its card, as it was put, and when that was.
    pub async fn title_details(&self, id: &TitleId) -> Result<Option<(String, Timestamp)>, DbError> {
        let row: Option<(String, DateTime<Utc>)> =
            run!(self, |pool| sqlx::query_as("SELECT details, fetched_at FROM title_details WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(pool))?;
        Ok(row.map(|(details, at)| (details, timestamp(at))))
    }

    /// Remembers what is known of a title beside its card.
    pub async fn put_title_details(
        &self,
        id: &TitleId,
        details: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        Ok(run!(self, |pool| sqlx::query(
            "INSERT INTO title_details (id, details, fetched_at) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET details = excluded.details, fetched_at = excluded.fetched_at"
        )
        .bind(id.as_str())
        .bind(plain(details))
        .bind(moment(now))
        .execute(pool)
        .map_ok(drop))?)
    }

    /// Deletes what is older than it may be.
    pub(crate) async fn forget_kept_titles(&self, now: Timestamp) -> Result<u64, DbError> {
        let mut gone = 0;
        for delete in [
            "DELETE FROM kept_titles WHERE fetched_at <= $1",
            "DELETE FROM title_details WHERE fetched_at <= $1",
        ] {
            gone += run!(self, |pool| sqlx::query(delete)
                .bind(ago(LONGEST_KEPT, now))
                .execute(pool)
                .map_ok(|done| done.rows_affected()))?;
        }
        Ok(gone)
    }
}
