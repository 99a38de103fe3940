//! A session as the hot layer holds it: a copy, which every request looks at.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sovpalo_domain::ids::{Timestamp, UserId};
use sovpalo_storage::{Chain, Ending, Session, SessionId, User};

/// What is found under a session's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "session", rename_all = "snake_case")]
pub(super) enum HotCopy {
    /// It lives.
    Alive(Box<Alive>),
    /// It has ended. Stands in the way of a copy that somebody is just bringing from SQL.
    Ended {
        /// Whether SQL knows.
        #[serde(rename = "told")]
        in_sql: bool,
        /// Whether it may be that its launch opens another session; SQL knows better.
        #[serde(default)]
        revoked: bool,
    },
}

/// A session with its owner, so that a request needs nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Alive {
    pub(super) owner: User,
    pub(super) generation: u32,
    pub(super) rotated_at: Timestamp,
    #[serde(default)]
    pub(super) chains: Vec<Chain>,
    pub(super) created_at: Timestamp,
    pub(super) ip: String,
    pub(super) user_agent: String,
    pub(super) expires_at: Timestamp,
}

impl Alive {
    pub(super) fn new(session: Session, owner: User) -> Self {
        let Session { id: _, generation, rotated_at, chains, created_at, ip, user_agent, expires_at } =
            session;
        Self { owner, generation, rotated_at, chains, created_at, ip, user_agent, expires_at }
    }

    /// As SQL keeps it.
    pub(super) fn session(&self, id: &SessionId) -> Session {
        let Self { generation, rotated_at, chains, created_at, ip, user_agent, expires_at, .. } =
            self.clone();
        Session { id: id.clone(), generation, rotated_at, chains, created_at, ip, user_agent, expires_at }
    }

    /// How long it has left.
    pub(super) fn ttl(&self, now: Timestamp) -> Duration {
        self.expires_at.since(now)
    }

    pub(super) fn encode(self) -> Vec<u8> {
        HotCopy::Alive(Box::new(self)).encode()
    }
}

impl HotCopy {
    pub(super) fn key(session: &SessionId) -> String {
        format!("session:{session}")
    }

    /// Where the names of somebody's sessions are kept together.
    pub(super) fn key_of_all(user: UserId) -> String {
        format!("sessions:{user}")
    }

    pub(super) fn ended(ending: Ending, in_sql: bool) -> Self {
        Self::Ended { in_sql, revoked: ending == Ending::Revoked }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
