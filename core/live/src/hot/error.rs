//! What can go wrong with the hot layer, and whether waiting helps.

use std::{fmt::Display, sync::Arc};

use fred::error::ErrorKind;
use sovpalo_domain::ids::RoomCode;

/// The hot layer's one error. Its text is for the log, never for a client.
#[derive(Debug, Clone, thiserror::Error)]
pub enum HotError {
    /// It cannot be reached, or has not answered in time: whether the call was carried out is unknown. The same call may work later.
    #[error("the hot layer is unavailable: {0}")]
    Unavailable(Arc<str>),
    /// It is there and has too much to do, or is not ready yet. The same call may work later.
    #[error("the hot layer is busy: {0}")]
    Busy(Arc<str>),
    /// It answered with something that this program does not understand, as a newer program may have written it. Waiting does not
    /// help, and it is the trouble of what was asked for, not of the whole layer.
    #[error("{}what is stored cannot be read: {cause}", .room.map(|room| format!("room {room}: ")).unwrap_or_default())]
    Unreadable {
        /// The room it belongs to, if it is one's.
        room: Option<RoomCode>,
        /// What is wrong with it.
        cause: Arc<str>,
    },
}

impl HotError {
    /// It cannot be reached.
    pub fn unavailable(cause: impl Display) -> Self {
        Self::Unavailable(cause.to_string().into())
    }

    /// It has too much to do.
    pub fn busy(cause: impl Display) -> Self {
        Self::Busy(cause.to_string().into())
    }

    /// What it holds is nothing that is known here.
    pub fn unreadable(cause: impl Display) -> Self {
        Self::Unreadable { room: None, cause: cause.to_string().into() }
    }

    /// The same error, of this room if it is one room's trouble.
    #[must_use]
    pub fn of(self, room: RoomCode) -> Self {
        match self {
            Self::Unreadable { cause, .. } => Self::Unreadable { room: Some(room), cause },
            passing => passing,
        }
    }

    /// Whether it is about what is stored, so that waiting does not help.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable { .. })
    }
}

impl From<sqlx::Error> for HotError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::unreadable(error),
            sqlx::Error::PoolTimedOut => Self::busy(error),
            // <https://www.sqlite.org/rescode.html>: busy and locked; an extended code carries the primary one in its low byte.
            sqlx::Error::Database(refusal)
                if refusal
                    .code()
                    .and_then(|code| code.parse::<u32>().ok())
                    .is_some_and(|code| matches!(code & 0xFF, 5 | 6)) =>
            {
                Self::busy(error)
            }
            _ => Self::unavailable(error),
        }
    }
}

impl From<fred::error::Error> for HotError {
    fn from(error: fred::error::Error) -> Self {
        let details = error.details();
        // An error of Redis's begins with a word that says its kind.
        let kind = details.split(' ').next().unwrap_or_default();
        let is_a_scripts =
            details.starts_with("ERR user_script") || details.starts_with("ERR Error running script");
        match (kind, error.kind()) {
            ("BUSY" | "LOADING" | "OOM" | "TRYAGAIN" | "MASTERDOWN", _) | (_, ErrorKind::Backpressure) => {
                Self::busy(error)
            }
            ("WRONGTYPE", _) | (_, ErrorKind::Parse | ErrorKind::NotFound) => Self::unreadable(error),
            _ if is_a_scripts => Self::unreadable(error),
            _ => Self::unavailable(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_says_of_its_state_is_told_from_what_it_says_of_a_key() {
        let said =
            |details: &'static str| HotError::from(fred::error::Error::new(ErrorKind::Unknown, details));
        for busy in ["BUSY Redis is busy running a script.", "LOADING Redis is loading the dataset in memory"]
        {
            assert!(matches!(said(busy), HotError::Busy(_)), "{busy}");
        }
        for unreadable in
            ["WRONGTYPE Operation against a key", "ERR user_script:4: attempt to compare nil with number"]
        {
            assert!(said(unreadable).is_unreadable(), "{unreadable}");
        }
        for away in
            ["READONLY You can't write against a read only replica.", "ERR max number of clients reached", ""]
        {
            assert!(matches!(said(away), HotError::Unavailable(_)), "{away}");
        }
        let silent = HotError::from(fred::error::Error::new(ErrorKind::Timeout, "Request timed out."));
        assert!(matches!(silent, HotError::Unavailable(_)));
    }

    #[test]
    fn a_file_that_is_written_by_somebody_else_is_busy_and_a_broken_column_is_unreadable() {
        assert!(matches!(HotError::from(sqlx::Error::PoolTimedOut), HotError::Busy(_)));
        assert!(matches!(HotError::from(sqlx::Error::WorkerCrashed), HotError::Unavailable(_)));
        let broken = sqlx::Error::ColumnDecode { index: "epoch".into(), source: "it is a word".into() };
        assert!(HotError::from(broken).is_unreadable());
    }

    #[test]
    fn what_cannot_be_read_names_its_room_and_what_passes_does_not() {
        let room = RoomCode::from_bits(7);
        assert!(HotError::unreadable("a word").of(room).to_string().contains(&room.to_string()));
        assert!(matches!(HotError::busy("a script").of(room), HotError::Busy(_)));
    }
}
