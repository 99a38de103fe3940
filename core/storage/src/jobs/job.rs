//! A job: as it is enqueued, and as a worker takes it.

use serde::{Serialize, de::DeserializeOwned};
use sovpalo_domain::ids::UserId;

use super::Kind;
use crate::{DbError, column::count};

/// A payload with a type: how it is stored, and what it is known by.
pub(crate) trait Job: Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;

    /// Unique within the kind.
    fn key(&self) -> String;

    /// Within it jobs are done in the order in which they came.
    fn lane(&self) -> String;

    /// Whom it is about.
    fn member(&self) -> Option<UserId> {
        None
    }

    /// The row to be.
    fn row(&self) -> Result<NewJob, DbError> {
        let payload = serde_json::to_string(self).map_err(|error| DbError::corrupt("jobs.payload", error))?;
        Ok(NewJob {
            kind: Self::KIND,
            key: self.key(),
            lane: self.lane(),
            position: 0,
            member: self.member(),
            payload,
        })
    }
}

/// A job to enqueue.
#[derive(Debug, Clone)]
pub(crate) struct NewJob {
    pub(crate) kind: Kind,
    pub(crate) key: String,
    pub(crate) lane: String,
    /// Its place in the lane, where another order than that of coming is meant; else 0.
    pub(crate) position: i64,
    pub(crate) member: Option<UserId>,
    /// JSON.
    pub(crate) payload: String,
}

/// A job that is the worker's to do.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Taken {
    /// For [`Jobs::done`](super::Jobs::done) and the like.
    pub id: i64,
    /// Its place in its lane where the lane has an order of its own; else 0.
    pub position: i64,
    /// JSON.
    pub payload: String,
    /// How often it was tried, with this time.
    attempts: i64,
}

impl Taken {
    /// How often it was tried before, in vain.
    pub fn attempts(&self) -> Result<u32, DbError> {
        count(self.attempts - 1, "jobs.attempts")
    }

    /// What it asks for.
    pub(crate) fn read<J: Job>(&self) -> Result<J, DbError> {
        serde_json::from_str(&self.payload).map_err(|error| DbError::corrupt("jobs.payload", error))
    }
}
