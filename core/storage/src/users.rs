//! People, as Telegram and they themselves describe them.

use futures::TryFutureExt;
use serde::{Deserialize, Serialize};
use sovpalo_domain::{
    ids::{Timestamp, UserId},
    language::Language,
};
use sqlx::QueryBuilder;

use super::{
    Db, DbError, Tx,
    column::{moment, plain, plain_option, user_id},
    lease::{FEW_PEOPLE, push_ids},
    private_messages::DROP_ALL_OF,
    run, within,
};

/// People in one statement.
const PEOPLE_AT_ONCE: usize = 500;

/// Somebody, as Telegram says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    /// Always there.
    pub first_name: String,
    /// Often there.
    pub last_name: Option<String>,
    /// Without the `@`.
    pub username: Option<String>,
    /// Only the Mini App is told of it, and only if they let it be seen. `None` keeps the one that is known.
    pub photo_url: Option<String>,
}

/// Somebody, with what they chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Who they are.
    pub person: Person,
    /// What we speak to them.
    pub language: Language,
    /// Whether they want to be told of matches.
    pub notifications: bool,
    /// Whether Telegram lets the bot write to them.
    pub writes_allowed: bool,
    /// The country whose offers they are shown, if they chose one: ISO 3166 alpha-2. Copies of earlier versions have none.
    #[serde(default)]
    pub region: Option<String>,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: i64,
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    photo_url: Option<String>,
    language: String,
    language_chosen: bool,
    notifications: bool,
    writes_allowed: bool,
    region: Option<String>,
}

const ONE_USER: &str =
    "SELECT id, first_name, last_name, username, photo_url, language, language_chosen, notifications,
         writes_allowed, region
     FROM users WHERE id = $1";

impl UserRow {
    /// Whether Telegram tells nothing new.
    fn says(&self, person: &Person, language: Option<Language>) -> bool {
        self.first_name == plain(&person.first_name)
            && self.last_name.as_deref() == plain_option(person.last_name.as_deref()).as_deref()
            && self.username.as_deref() == plain_option(person.username.as_deref()).as_deref()
            && (person.photo_url.is_none()
                || self.photo_url.as_deref() == plain_option(person.photo_url.as_deref()).as_deref())
            && (self.language_chosen || language.is_none_or(|language| language.tag() == self.language))
    }

    fn user(self) -> Result<User, DbError> {
        Ok(User {
            person: Person {
                id: user_id(self.id, "users.id")?,
                first_name: self.first_name,
                last_name: self.last_name,
                username: self.username,
                photo_url: self.photo_url,
            },
            language: match self.language.as_str() {
                "en" => Language::En,
                "ru" => Language::Ru,
                other => return Err(DbError::corrupt("users.language", format_args!("it is {other:?}"))),
            },
            notifications: self.notifications,
            writes_allowed: self.writes_allowed,
            region: self.region,
        })
    }
}

impl Db {
    /// Somebody was seen: remembers them, or what is new about them. A language that they chose themselves
    /// stays; otherwise it follows Telegram's (an IETF tag; `None` keeps what is known).
    pub async fn see_user(
        &self,
        person: &Person,
        telegram_language: Option<&str>,
        now: Timestamp,
    ) -> Result<User, DbError> {
        let language = telegram_language.map(Language::from_tag);
        // Most of the time nothing is new, and a reader disturbs nobody.
        if let Some(known) = self.user_row(person.id).await?.filter(|row| row.says(person, language)) {
            return known.user();
        }
        let mut tx = self.begin().await?;
        let seen = remember(&mut tx, person, language, now).await?;
        tx.commit().await?;
        Ok(seen)
    }

    /// Somebody who was seen before.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, DbError> {
        self.user_row(id).await?.map(UserRow::user).transpose()
    }

    async fn user_row(&self, id: UserId) -> Result<Option<UserRow>, DbError> {
        Ok(run!(self, |pool| sqlx::query_as(ONE_USER).bind(id.get()).fetch_optional(pool))?)
    }

    /// Changes what somebody chose; what is `None` stays. `None` comes back if they are not known.
    pub async fn change_user(
        &self,
        id: UserId,
        language: Option<Language>,
        notifications: Option<bool>,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        let row: Option<UserRow> = run!(self, |pool| {
            sqlx::query_as(
                "UPDATE users SET
                 language = coalesce($2, language),
                 language_chosen = language_chosen OR $2 IS NOT NULL,
                 notifications = coalesce($3, notifications),
                 updated_at = $4
             WHERE id = $1
             RETURNING id, first_name, last_name, username, photo_url, language, language_chosen,
                 notifications, writes_allowed, region",
            )
            .bind(id.get())
            .bind(language.map(Language::tag))
            .bind(notifications)
            .bind(moment(now))
            .fetch_optional(pool)
        })?;
        if notifications == Some(false) {
            self.tell_nothing_more(id).await?;
        }
        row.map(UserRow::user).transpose()
    }

    /// Whose offers somebody is shown from now on: a country's ISO 3166 alpha-2 code, or `None` for the operator's. `None` comes back if they
    /// are not known.
    pub async fn choose_region(
        &self,
        id: UserId,
        region: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        let row: Option<UserRow> = run!(self, |pool| {
            sqlx::query_as(
                "UPDATE users SET region = $2, updated_at = $3 WHERE id = $1
                 RETURNING id, first_name, last_name, username, photo_url, language, language_chosen,
                     notifications, writes_allowed, region",
            )
            .bind(id.get())
            .bind(region)
            .bind(moment(now))
            .fetch_optional(pool)
        })?;
        row.map(UserRow::user).transpose()
    }

    /// What waits for somebody is not told to them any more, whatever comes later.
    async fn tell_nothing_more(&self, id: UserId) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(DROP_ALL_OF).bind(id.get()).execute(pool).map_ok(drop))?;
        Ok(())
    }

    /// Telegram lets the bot write to them, or no longer. Whoever was never seen is not remembered by this.
    pub async fn allow_writes(&self, id: UserId, allowed: bool, now: Timestamp) -> Result<(), DbError> {
        run!(self, |pool| sqlx::query(
            "UPDATE users SET writes_allowed = $2, updated_at = $3 WHERE id = $1 AND writes_allowed <> $2"
        )
        .bind(id.get())
        .bind(allowed)
        .bind(moment(now))
        .execute(pool)
        .map_ok(drop))?;
        if !allowed {
            self.tell_nothing_more(id).await?;
        }
        Ok(())
    }

    /// Whether somebody was erased and has not been seen since.
    pub async fn is_erased(&self, id: UserId) -> Result<bool, DbError> {
        let erased: Option<i64> =
            run!(self, |pool| sqlx::query_scalar("SELECT id FROM erased_users WHERE id = $1")
                .bind(id.get())
                .fetch_optional(pool))?;
        Ok(erased.is_some())
    }
}

impl Tx {
    /// Who of these people is known. Their erasures wait for the commit, and those that are under way are waited for: either this transaction
    /// does not find somebody, or their erasure sees what it writes. SQLite has one writer at a time anyway.
    pub(super) async fn keep_known(&mut self, people: &[i64]) -> Result<Vec<i64>, DbError> {
        let mut known = Vec::new();
        for batch in people.chunks(PEOPLE_AT_ONCE) {
            let found: Vec<i64> = match self {
                Self::Postgres(tx) => {
                    sqlx::query_scalar("SELECT id FROM users WHERE id = ANY($1) ORDER BY id FOR KEY SHARE")
                        .bind(batch)
                        .fetch_all(&mut **tx)
                        .await?
                }
                Self::Sqlite(tx) => {
                    let mut select = QueryBuilder::new("SELECT id FROM users WHERE id IN (");
                    push_ids(&mut select, batch);
                    let few = batch.len() <= FEW_PEOPLE;
                    select.build_query_scalar().persistent(few).fetch_all(&mut **tx).await?
                }
            };
            known.extend(found);
        }
        Ok(known)
    }
}

/// Somebody as SQL knows them within a transaction, if it does.
pub(super) async fn known(tx: &mut Tx, id: UserId) -> Result<Option<User>, DbError> {
    let row: Option<UserRow> =
        within!(tx, |conn| sqlx::query_as(ONE_USER).bind(id.get()).fetch_optional(conn))?;
    row.map(UserRow::user).transpose()
}

/// Writes down what is new about somebody.
pub(super) async fn remember(
    tx: &mut Tx,
    person: &Person,
    language: Option<Language>,
    now: Timestamp,
) -> Result<User, DbError> {
    // Who comes back after having been erased may be called by name again.
    within!(&mut *tx, |conn| sqlx::query("DELETE FROM erased_users WHERE id = $1")
        .bind(person.id.get())
        .execute(conn)
        .map_ok(drop))?;
    let row: UserRow = within!(tx, |conn| {
        sqlx::query_as(
            "INSERT INTO users (id, first_name, last_name, username, photo_url, language, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
             ON CONFLICT (id) DO UPDATE SET
                 first_name = excluded.first_name,
                 last_name = excluded.last_name,
                 username = excluded.username,
                 photo_url = coalesce(excluded.photo_url, users.photo_url),
                 language = CASE WHEN users.language_chosen OR NOT $8 THEN users.language
                     ELSE excluded.language END,
                 updated_at = excluded.updated_at
             RETURNING id, first_name, last_name, username, photo_url, language, language_chosen,
                 notifications, writes_allowed, region",
        )
        .bind(person.id.get())
        .bind(plain(&person.first_name))
        .bind(plain_option(person.last_name.as_deref()))
        .bind(plain_option(person.username.as_deref()))
        .bind(plain_option(person.photo_url.as_deref()))
        .bind(language.unwrap_or_default().tag())
        .bind(moment(now))
        .bind(language.is_some())
        .fetch_one(conn)
    })?;
    row.user()
}
