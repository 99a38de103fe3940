//! A connection pooler between us and PostgreSQL, such as PgBouncer.
//!
//! Statements are prepared once per connection, by name, and used again. A pooler that gives every transaction another one of its own
//! connections (`pool_mode = transaction`) has to bring those names along: PgBouncer does from 1.21 on, with
//! `max_prepared_statements` above 0. One that does not fails sooner or later, on some call in the middle of an evening; so
//! it is found out before anything is served.
//!
//! What else such a pooler forbids is not used: locks, settings and notifications of a session.

use sqlx::{Connection, Error, PgConnection, postgres::PgConnectOptions};

use super::DbError;

/// "A prepared statement of this name is there already", and "there is none": what another client's connection leaves behind.
const MIXED_UP: [&str; 2] = ["42P05", "26000"];

/// Prepares and uses statements of the same name on two connections by turns: a pooler that has one connection for both, and
/// keeps no names apart, gives itself away. Without a pooler, or with one that can, nothing happens.
pub(super) async fn check(options: &PgConnectOptions) -> Result<(), DbError> {
    let mut one = PgConnection::connect_with(options).await?;
    let mut other = PgConnection::connect_with(options).await?;
    for _ in 0..2 {
        for connection in [&mut one, &mut other] {
            sqlx::query("SELECT $1::int").bind(1).execute(connection).await.map_err(named)?;
        }
    }
    one.close().await?;
    other.close().await?;
    Ok(())
}

/// The error, unless it is one that only such a pooler causes.
pub(super) fn named(error: Error) -> DbError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    if code.is_some_and(|code| MIXED_UP.contains(&code.as_ref())) { DbError::Pooler } else { error.into() }
}
