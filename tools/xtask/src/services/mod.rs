//! A PostgreSQL and a Redis of our own for the length of a test run.
//!
//! They live in a temporary directory, listen on 127.0.0.1 on ports nobody else uses, trust whoever
//! asks, and promise nothing about the disk. They end with the value that holds them, also when the
//! tests fail. A service whose URL is already in the environment is used instead of starting one.

mod ordinary_user;
mod postgres;
mod redis;
mod surroundings;

use std::process::Command;

use anyhow::Context as _;

pub use self::postgres::Postgres;
pub use self::redis::Redis;
use crate::tools;

/// The services that the tests of storage talk to.
pub struct Services {
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Services {
    /// Starts what is not already given by `TEST_DATABASE_URL` and `TEST_REDIS_URL`.
    pub fn start() -> anyhow::Result<Self> {
        let postgres = match given("TEST_DATABASE_URL") {
            Some(_) => None,
            None => Some(Postgres::start().context("PostgreSQL for the tests")?),
        };
        let redis = match given("TEST_REDIS_URL") {
            Some(_) => None,
            None => Some(Redis::start().context("Redis for the tests")?),
        };
        Ok(Self { postgres, redis })
    }

    /// Tells a test runner where they are; what was given it inherits.
    pub fn tell(&self, command: &mut Command) {
        // A test that needs one starts its own.
        if let Some(pgbouncer) = tools::pgbouncer() {
            command.env("PGBOUNCER", pgbouncer);
        }
        if let Some(coturn) = tools::coturn() {
            command.env("COTURN", coturn);
        }
        if let Some(postgres) = &self.postgres {
            command.env("TEST_DATABASE_URL", postgres.url());
        }
        if let Some(redis) = &self.redis {
            command.env("TEST_REDIS_URL", redis.url());
        }
    }
}

/// A service that the developer runs already.
pub fn given(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}
