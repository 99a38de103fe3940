//! What an operator added to the catalogue.
//!
//! Titles that people type are not here: they belong to their rooms and nobody can search for them.

use std::collections::BTreeMap;

use futures::TryFutureExt;
use sovpalo_domain::{
    ids::Timestamp,
    title::{Title, TitleKind},
};
use sqlx::{QueryBuilder, types::Json};

use super::{
    Db, DbError,
    column::{moment, plain, plain_option, title_id},
    run, within,
};

/// Rows in one statement.
const BATCH: usize = 500;

#[derive(sqlx::FromRow)]
struct TitleRow {
    id: String,
    kind: String,
    name_en: String,
    name_ru: String,
    original_name: Option<String>,
    year: Option<i32>,
    runtime_min: Option<i32>,
    genres: Json<Vec<String>>,
    countries: Json<Vec<String>>,
    rating: Option<f32>,
    overview_en: Option<String>,
    overview_ru: Option<String>,
    poster: Option<String>,
}

impl TitleRow {
    fn title(self) -> Result<Title, DbError> {
        let small = |number: Option<i32>, column| {
            number.map(u16::try_from).transpose().map_err(|e| DbError::corrupt(column, e))
        };
        Ok(Title {
            id: title_id(&self.id, "titles.id")?,
            kind: match self.kind.as_str() {
                "film" => TitleKind::Film,
                "series" => TitleKind::Series,
                other => return Err(DbError::corrupt("titles.kind", format_args!("it is {other:?}"))),
            },
            name_en: self.name_en,
            name_ru: self.name_ru,
            original_name: self.original_name,
            year: small(self.year, "titles.year")?,
            runtime_min: small(self.runtime_min, "titles.runtime_min")?,
            genres: self.genres.0,
            countries: self.countries.0,
            rating: self.rating,
            overview_en: self.overview_en,
            overview_ru: self.overview_ru,
            poster: self.poster,
        })
    }
}

impl Db {
    /// Adds titles to the catalogue, or changes those that are there: all of them or none. Of two with the
    /// same id the later one stays. Titles of kind text are passed over.
    pub async fn put_titles(&self, titles: &[Title], now: Timestamp) -> Result<(), DbError> {
        let named = titles.iter().filter_map(|title| Some((title.id.as_str(), (title, kind(title.kind)?))));
        let titles: Vec<(&Title, &str)> = named.collect::<BTreeMap<_, _>>().into_values().collect();
        let mut tx = self.begin().await?;
        // First of all, so that two imports wait for each other here and not for each other's rows.
        within!(&mut tx, |conn| sqlx::query("UPDATE titles_version SET version = version + 1")
            .execute(conn)
            .map_ok(drop))?;
        for batch in titles.chunks(BATCH) {
            within!(&mut tx, async |conn| {
                let mut insert = QueryBuilder::new(
                    "INSERT INTO titles (id, kind, name_en, name_ru, original_name, year, runtime_min, genres,
                         countries, rating, overview_en, overview_ru, poster, updated_at) ",
                );
                insert.push_values(batch, |mut row, (title, kind)| {
                    row.push_bind(title.id.as_str())
                        .push_bind(*kind)
                        .push_bind(plain(&title.name_en))
                        .push_bind(plain(&title.name_ru))
                        .push_bind(plain_option(title.original_name.as_deref()))
                        .push_bind(title.year.map(i32::from))
                        .push_bind(title.runtime_min.map(i32::from))
                        .push_bind(Json(plain_list(&title.genres)))
                        .push_bind(Json(plain_list(&title.countries)))
                        .push_bind(title.rating)
                        .push_bind(plain_option(title.overview_en.as_deref()))
                        .push_bind(plain_option(title.overview_ru.as_deref()))
                        .push_bind(plain_option(title.poster.as_deref()))
                        .push_bind(moment(now));
                });
                insert.push(
                    " ON CONFLICT (id) DO UPDATE SET
                         kind = excluded.kind, name_en = excluded.name_en, name_ru = excluded.name_ru,
                         original_name = excluded.original_name, year = excluded.year,
                         runtime_min = excluded.runtime_min, genres = excluded.genres,
                         countries = excluded.countries, rating = excluded.rating,
                         overview_en = excluded.overview_en, overview_ru = excluded.overview_ru,
                         poster = excluded.poster, updated_at = excluded.updated_at",
                );
                insert.build().persistent(false).execute(conn).await.map(drop)
            })?;
        }
        tx.commit().await
    }

    /// Everything that was added, by id.
    pub async fn extra_titles(&self) -> Result<Vec<Title>, DbError> {
        let titles: Vec<TitleRow> = run!(self, |pool| {
            sqlx::query_as(
            "SELECT id, kind, name_en, name_ru, original_name, year, runtime_min, genres, countries, rating,
                 overview_en, overview_ru, poster
             FROM titles ORDER BY id",
        )
        .fetch_all(pool)
        })?;
        titles.into_iter().map(TitleRow::title).collect()
    }

    /// Another number whenever [`Db::extra_titles`] may be different.
    pub async fn titles_version(&self) -> Result<i64, DbError> {
        Ok(run!(self, |pool| sqlx::query_scalar("SELECT version FROM titles_version").fetch_one(pool))?)
    }
}

fn kind(kind: TitleKind) -> Option<&'static str> {
    match kind {
        TitleKind::Film => Some("film"),
        TitleKind::Series => Some("series"),
        TitleKind::Text => None,
    }
}

fn plain_list(items: &[String]) -> Vec<std::borrow::Cow<'_, str>> {
    items.iter().map(|item| plain(item)).collect()
}
