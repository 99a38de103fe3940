//! The hot layer in Redis 7 or newer: what several nodes share.
//!
//! A room's log is a list whose length is the sequence number. One script call appends to it if it stands as the caller saw
//! it, tells the nodes that listen to the room, and keeps it alive; nothing of a swipe needs a second round trip.
//!
//! What this engine adds to the port's promises:
//! - Commands of all rooms share one connection and are pipelined. Each ends within [`RedisConfig::patience`]; what became of
//!   one that did not is unknown, and every command here bears that (it compares, or may be repeated).
//! - After a lost connection the subscriptions are renewed, and then everybody is told [`Change::Missed`].
//! - Redis that comes back empty, or in which another server has taken over ([`met`]), takes nothing but what is put back until
//!   every node that was there before has confirmed that it has done so ([`nodes`]), shard by shard.
//! - A log that nobody has open and that SQL has heard of ends after [`RedisConfig::idle`].
//!
//! It must never decide by a clock of Redis's what a caller can see: those are the node's (see [`Clock`]), so that tests own
//! them. Redis's own expiry only sweeps up; where it is felt (whom a device speaks through) it makes a phone come back, and no more.

mod client;
mod dirty;
mod fence;
mod health;
mod key_value;
mod keys;
mod log;
mod message;
mod met;
mod nodes;
#[cfg(test)]
pub(crate) mod own;
mod presence;
mod publish;
mod rate_limit;
mod recovery;
mod scripts;
mod start;
mod subscribe;
mod subscriptions;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod way;

use std::time::Duration;

use fred::types::Value;
use sovpalo_storage::clock::Clock;
use tokio::sync::broadcast;

pub use self::client::RedisConfig;
use self::{dirty::Marked, keys::Keys, met::Server, nodes::Nodes, subscriptions::Subscriptions};
use super::{Change, HotError};

/// Changes a slow subscriber may be behind by before it is told [`Change::Missed`].
const BACKLOG: usize = 16 * 1024;

/// The engine. Dropping it closes its connections.
pub struct Redis {
    server: Server,
    nodes: Nodes,
    config: RedisConfig,
    clock: Clock,
    changes: broadcast::Sender<Change>,
    subscriptions: Subscriptions,
    marked: Marked,
}

impl Redis {
    /// Connects, and listens to what concerns all rooms. Waits for a Redis that is starting as [`RedisConfig::starting`] says.
    pub async fn connect(config: RedisConfig, clock: Clock) -> Result<Self, HotError> {
        let keys = Keys::new(&config.prefix);
        let (changes, _) = broadcast::channel(BACKLOG);
        let client = start::connect(&config).await?;
        let subscriptions = Subscriptions::open(&config, keys.clone(), changes.clone()).await?;
        let server = Server::new(client, keys, config.recovery, changes.clone());
        let nodes = Nodes::new(server.clone(), &config);
        Ok(Self { server, nodes, config, clock, changes, subscriptions, marked: Marked::default() })
    }
}

fn bytes(bytes: Vec<u8>) -> Value {
    Value::Bytes(bytes.into())
}

fn number(number: u64) -> Result<Value, HotError> {
    i64::try_from(number).map(Value::Integer).map_err(HotError::unreadable)
}

fn millis(duration: Duration) -> Value {
    Value::Integer(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

fn nonsense(what: &str) -> HotError {
    HotError::unreadable(format_args!("Redis answers nonsense about {what}"))
}
