//! Who is signed in: the truth behind the copies in the hot layer, which may be lost or come back old.
//!
//! A session ends once. Its row stays until its tokens would have expired, so that no copy of it, however old, can
//! bring it back: [`Db::save_session`] writes ahead, never back, and nothing that has ended.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{DateTime, Utc};
use futures::TryFutureExt;
use serde::{Deserialize, Serialize};
use sovpalo_domain::ids::{Timestamp, UserId};
use sqlx::types::Json;

use super::{
    Db, DbError, Tx, User,
    column::{count, moment, plain, timestamp},
    run, users, within,
};

/// A session's id: `<user>-<32 hex digits>`. It names its owner, so that all of somebody's can be found also where only
/// names are kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId {
    user: UserId,
    text: Arc<str>,
}

impl SessionId {
    /// From 128 random bits.
    pub fn from_bits(user: UserId, bits: u128) -> Self {
        Self { user, text: format!("{user}-{bits:032x}").into() }
    }

    /// Whose it is.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A text that is no session's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a session's id")]
pub struct NoSession;

impl FromStr for SessionId {
    type Err = NoSession;

    fn from_str(text: &str) -> Result<Self, NoSession> {
        let (user, random) = text.split_once('-').ok_or(NoSession)?;
        let genuine = random.len() == 32 && random.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let id = user.parse().ok().and_then(|id| UserId::new(id).ok()).ok_or(NoSession)?;
        // One session is written in one way: no leading zeros, no plus.
        if genuine && id.to_string() == user {
            Ok(Self { user: id, text: text.into() })
        } else {
            Err(NoSession)
        }
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A chain of refresh tokens: each is replaced by the next when it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The generation of the token that is good.
    pub current: u32,
    /// That of the one it replaced; `None` while the chain is as signing in began it.
    pub spent: Option<u32>,
    /// When it did.
    pub rotated_at: Timestamp,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A spent refresh token was used again: somebody else may have held it. Its owner may come back by the same launch.
    Revoked,
    /// Its owner signed out, or was erased: the launch that opened it is of no use any more.
    SignedOut,
}

/// What is known of a session that a launch may have opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Unknown,
    /// It lives.
    Alive,
    /// It ended.
    Ended(Ending),
}

/// A session that lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which one, and whose.
    pub id: SessionId,
    /// The newest generation of its refresh tokens, over all chains.
    pub generation: u32,
    /// When that was made.
    pub rotated_at: Timestamp,
    /// Its chains of refresh tokens. None: an older version wrote it, and there is one, of `generation`.
    pub chains: Vec<Chain>,
    /// When it began.
    pub created_at: Timestamp,
    /// From where it was last refreshed.
    pub ip: String,
    /// With what.
    pub user_agent: String,
    /// When it is over unless it is refreshed before.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: String,
    generation: i64,
    rotated_at: DateTime<Utc>,
    chains: Json<Vec<Chain>>,
    created_at: DateTime<Utc>,
    ip: String,
    user_agent: String,
    expires_at: DateTime<Utc>,
}

impl SessionRow {
    fn session(self) -> Result<Session, DbError> {
        Ok(Session {
            id: session_id(&self.id)?,
            generation: count(self.generation, "sessions.generation")?,
            rotated_at: timestamp(self.rotated_at),
            chains: self.chains.0,
            created_at: timestamp(self.created_at),
            ip: self.ip,
            user_agent: self.user_agent,
            expires_at: timestamp(self.expires_at),
        })
    }
}

impl Db {
    /// Writes a session, new or refreshed; an older generation than the one that is known changes nothing. Its owner comes
    /// back as SQL knows them: as `owner` if it does not yet. `None`: the session has ended, and stays so.
    pub async fn save_session(
        &self,
        session: &Session,
        owner: &User,
        now: Timestamp,
    ) -> Result<Option<User>, DbError> {
        let mut tx = self.begin().await?;
        within!(&mut tx, |conn| {
            sqlx::query(
                "INSERT INTO sessions
                 (id, user_id, generation, rotated_at, created_at, ip, user_agent, expires_at, chains)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (id) DO UPDATE SET
                 generation = excluded.generation,
                 rotated_at = excluded.rotated_at,
                 chains = excluded.chains,
                 ip = excluded.ip,
                 user_agent = excluded.user_agent,
                 expires_at = excluded.expires_at
             WHERE sessions.ended_at IS NULL AND sessions.generation < excluded.generation",
            )
            .bind(session.id.as_str())
            .bind(session.id.user().get())
            .bind(i64::from(session.generation))
            .bind(moment(session.rotated_at))
            .bind(moment(session.created_at))
            .bind(plain(&session.ip))
            .bind(plain(&session.user_agent))
            .bind(moment(session.expires_at))
            .bind(Json(&session.chains))
            .execute(conn)
            .map_ok(drop)
        })?;
        let ended: Option<DateTime<Utc>> =
            within!(&mut tx, |conn| sqlx::query_scalar("SELECT ended_at FROM sessions WHERE id = $1")
                .bind(session.id.as_str())
                .fetch_one(conn))?;
        let owner = match ended {
            Some(_) => None,
            None => Some(match users::known(&mut tx, session.id.user()).await? {
                Some(known) => known,
                None => users::remember(&mut tx, &owner.person, Some(owner.language), now).await?,
            }),
        };
        tx.commit().await?;
        Ok(owner)
    }

    /// A session that lives, and its owner.
    pub async fn session(&self, id: &SessionId, now: Timestamp) -> Result<Option<(Session, User)>, DbError> {
        let row: Option<SessionRow> = run!(self, |pool| {
            sqlx::query_as(
                "SELECT id, generation, rotated_at, chains, created_at, ip, user_agent, expires_at FROM sessions
                 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2",
            )
            .bind(id.as_str())
            .bind(moment(now))
            .fetch_optional(pool)
        })?;
        let Some(session) = row.map(SessionRow::session).transpose()? else { return Ok(None) };
        Ok(self.user(id.user()).await?.map(|owner| (session, owner)))
    }

    /// What became of a session, as far as SQL was told.
    pub async fn standing(&self, id: &SessionId, now: Timestamp) -> Result<Standing, DbError> {
        let row: Option<(bool, bool)> = run!(self, |pool| sqlx::query_as(
            "SELECT ended_at IS NOT NULL, revoked FROM sessions WHERE id = $1 AND expires_at > $2"
        )
        .bind(id.as_str())
        .bind(moment(now))
        .fetch_optional(pool))?;
        Ok(match row {
            None => Standing::Unknown,
            Some((false, _)) => Standing::Alive,
            Some((true, true)) => Standing::Ended(Ending::Revoked),
            Some((true, false)) => Standing::Ended(Ending::SignedOut),
        })
    }

    /// Ends a session for good, also one that was never written. Nothing personal of it stays; that it was stays `until` its
    /// last token has expired. Who signed out stays signed out, whatever else is said of the end, before or later.
    pub async fn end_session(
        &self,
        id: &SessionId,
        ending: Ending,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), DbError> {
        run!(self, |pool| {
            sqlx::query(
            "INSERT INTO sessions
                 (id, user_id, generation, rotated_at, created_at, ip, user_agent, expires_at, ended_at, revoked)
             VALUES ($1, $2, 0, $4, $4, '', '', $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET ip = '', user_agent = '', expires_at = excluded.expires_at,
                 revoked = excluded.revoked AND (sessions.ended_at IS NULL OR sessions.revoked),
                 ended_at = coalesce(sessions.ended_at, excluded.ended_at)",
        )
        .bind(id.as_str())
        .bind(id.user().get())
        .bind(moment(until))
        .bind(moment(now))
        .bind(ending == Ending::Revoked)
        .execute(pool)
        .map_ok(drop)
        })?;
        Ok(())
    }

    /// The sessions of somebody that live, at most `limit`, the one that was used last first.
    pub async fn sessions_of(
        &self,
        user: UserId,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Session>, DbError> {
        let rows: Vec<SessionRow> = run!(self, |pool| {
            sqlx::query_as(
            "SELECT id, generation, rotated_at, chains, created_at, ip, user_agent, expires_at FROM sessions
             WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
             ORDER BY rotated_at DESC, created_at DESC, id LIMIT $3"
        )
        .bind(user.get())
        .bind(moment(now))
        .bind(number(limit))
        .fetch_all(pool)
        })?;
        rows.into_iter().map(SessionRow::session).collect()
    }

    /// Which sessions of `newest`'s owner live beside it and beside the `kept` others that were used last; at most `limit`.
    pub async fn sessions_beyond(
        &self,
        newest: &SessionId,
        kept: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, DbError> {
        let ids: Vec<String> = run!(self, |pool| {
            sqlx::query_scalar(
            "SELECT id FROM sessions WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL AND expires_at > $3
             ORDER BY rotated_at DESC, created_at DESC, id LIMIT $4 OFFSET $5"
        )
        .bind(newest.user().get())
        .bind(newest.as_str())
        .bind(moment(now))
        .bind(number(limit))
        .bind(number(kept))
        .fetch_all(pool)
        })?;
        ids.iter().map(|id| session_id(id)).collect()
    }

    /// Ends everything of somebody's but one session; what ended by this comes back. No launch of theirs but that session's opens
    /// anything again.
    pub async fn end_other_sessions(
        &self,
        kept: &SessionId,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, DbError> {
        let mut tx = self.begin().await?;
        let ended = end_all_of(&mut tx, kept.user(), Some(kept), now).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The sessions that ended at this moment or later.
    pub async fn sessions_ended_since(&self, since: Timestamp) -> Result<Vec<SessionId>, DbError> {
        let ids: Vec<String> = run!(self, |pool| sqlx::query_scalar(
            "SELECT id FROM sessions WHERE ended_at >= $1 ORDER BY id"
        )
        .bind(moment(since))
        .fetch_all(pool))?;
        ids.iter().map(|id| session_id(id)).collect()
    }

    /// Forgets sessions whose last token has expired. Says how many.
    pub async fn sweep_sessions(&self, now: Timestamp) -> Result<u64, DbError> {
        Ok(run!(self, |pool| sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(moment(now))
            .execute(pool)
            .map_ok(|done| done.rows_affected()))?)
    }
}

/// Ends everything of somebody's, or all but one session; what ended by this comes back. No launch of theirs opens anything again.
pub(super) async fn end_all_of(
    tx: &mut Tx,
    user: UserId,
    but: Option<&SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, DbError> {
    within!(&mut *tx, |conn| sqlx::query(
        "UPDATE sessions SET revoked = FALSE WHERE user_id = $1 AND revoked"
    )
    .bind(user.get())
    .execute(conn)
    .map_ok(drop))?;
    let ids: Vec<String> = within!(tx, |conn| {
        sqlx::query_scalar(
            "UPDATE sessions SET ip = '', user_agent = '', ended_at = $2
             WHERE user_id = $1 AND ended_at IS NULL AND id <> $3 RETURNING id",
        )
        .bind(user.get())
        .bind(moment(now))
        .bind(but.map_or("", SessionId::as_str))
        .fetch_all(conn)
    })?;
    ids.iter().map(|id| session_id(id)).collect()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn session_id(text: &str) -> Result<SessionId, DbError> {
    text.parse().map_err(|error| DbError::corrupt("sessions.id", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_it_was_written_and_nothing_else_reads() {
        let id = SessionId::from_bits(UserId::new(7).unwrap(), 0xAB);
        assert_eq!(id.as_str(), "7-000000000000000000000000000000ab");
        assert_eq!(id.as_str().parse(), Ok(id));
        for other in
            ["", "-", "7-ab", "07-000000000000000000000000000000ab", "7-000000000000000000000000000000AB"]
        {
            assert_eq!(other.parse::<SessionId>(), Err(NoSession), "{other}");
        }
    }
}
