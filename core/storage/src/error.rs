//! What can go wrong with SQL, and whether waiting helps.

use std::{fmt::Display, sync::Arc};

use sqlx::migrate::MigrateError;

use crate::start::NotYet;

/// SQL's one error. Its text is for the log, never for a client.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DbError {
    /// The database cannot be reached or is too busy: the same call may work later.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// The database said no to a statement: a mistake of ours.
    #[error("the database refused: {0}")]
    Refused(#[source] Arc<sqlx::Error>),
    /// A column holds what nothing here has written.
    #[error("{column} cannot be read: {cause}")]
    Corrupt {
        /// `table.column`.
        column: &'static str,
        /// What is wrong with it.
        cause: Arc<str>,
    },
    /// The schema could not be brought up to date.
    #[error("the database cannot be migrated: {0}")]
    Migration(#[source] Arc<MigrateError>),
    /// The address is none.
    #[error("the database's address is invalid: {0}")]
    Address(Arc<str>),
    /// There is a connection pooler in between with which nothing here works; see [`super::pooler`].
    #[error(
        "a pooler is in between (PgBouncer in transaction mode?) that mixes up prepared statements: use PgBouncer 1.21 or newer with          max_prepared_statements above 0, or pool_mode = session, or connect to PostgreSQL itself"
    )]
    Pooler,
}

impl DbError {
    /// Trouble with the connection, the server or the disk, as opposed to a bug or a broken row.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Migration(error) => match &**error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => passes(error),
                _ => false,
            },
            Self::Refused(_) | Self::Corrupt { .. } | Self::Address(_) | Self::Pooler => false,
        }
    }

    /// PostgreSQL ended this transaction since it and another one waited for each other.
    pub(super) fn is_deadlock(&self) -> bool {
        let error = match self {
            Self::Unavailable(error) => &**error,
            Self::Migration(error) => match &**error {
                MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error,
                _ => return false,
            },
            _ => return false,
        };
        error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .is_some_and(|code| code == "40P01")
    }

    /// Whether a database that cannot be opened may be so in a moment.
    pub(super) fn not_yet(&self) -> Option<NotYet> {
        let Self::Unavailable(error) = self else { return None };
        match &**error {
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => Some(NotYet::Absent),
            // It starts, stops or recovers (57P01 to 57P03), is full of connections, or is a copy that may take over.
            sqlx::Error::Database(refusal) => {
                let code = refusal.code().unwrap_or_default();
                let passes = ["57P01", "57P02", "57P03", "53300", "25006"].contains(&code.as_ref());
                passes.then_some(NotYet::Starting)
            }
            _ => None,
        }
    }

    /// It did not answer for as long as somebody had time, or is known not to.
    pub fn silent() -> Self {
        sqlx::Error::PoolTimedOut.into()
    }

    pub(super) fn corrupt(column: &'static str, cause: impl Display) -> Self {
        Self::Corrupt { column, cause: cause.to_string().into() }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        if passes(&error) { Self::Unavailable(Arc::new(error)) } else { Self::Refused(Arc::new(error)) }
    }
}

impl From<MigrateError> for DbError {
    fn from(error: MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

/// Whether an error is of the kind that passes by itself.
fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // Also what a server says, or does not, that hangs up while it is greeted.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            if refusal.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                passes_in_postgres(&code)
            } else {
                passes_in_sqlite(&code)
            }
        }
        _ => false,
    }
}

/// <https://www.postgresql.org/docs/15/errcodes-appendix.html>: connections, rollbacks by conflict,
/// resources, an operator's shutdown, the system's I/O, and a server that is a standby for the moment.
fn passes_in_postgres(code: &str) -> bool {
    matches!(code.get(..2), Some("08" | "40" | "53" | "57" | "58")) || code == "25006" || code == "55P03"
}

/// <https://www.sqlite.org/rescode.html>: busy, locked, out of memory, I/O, disk full, cannot open. An
/// extended code carries the primary one in its low byte.
fn passes_in_sqlite(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6 | 7 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_passes_and_a_bad_statement_does_not() {
        let lost = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        assert!(DbError::from(lost).is_unavailable());
        assert!(DbError::from(sqlx::Error::PoolTimedOut).is_unavailable());
        assert!(DbError::from(sqlx::Error::Protocol("no greeting".to_owned())).is_unavailable());
        assert!(!DbError::from(sqlx::Error::RowNotFound).is_unavailable());
        assert!(!DbError::corrupt("rooms.phase", "it is 'elsewhere'").is_unavailable());
    }

    #[test]
    fn the_databases_own_codes_are_told_apart() {
        for code in ["08006", "40001", "40P01", "53300", "57P01", "57P03", "58030", "25006"] {
            assert!(passes_in_postgres(code), "{code} passes");
        }
        for code in ["23505", "42P01", "22021", ""] {
            assert!(!passes_in_postgres(code), "{code} stays");
        }
        for code in ["5", "517", "6", "10", "13", "14", "3850"] {
            assert!(passes_in_sqlite(code), "{code} passes");
        }
        for code in ["1", "19", "2067", "11", ""] {
            assert!(!passes_in_sqlite(code), "{code} stays");
        }
    }
}
