//! The hot layer in Redis 7 or newer: what several nodes share.
//!
//! A room's log is a list whose length is the sequence number. One script call appends to it if it stands as the caller saw
//! it, tells the nodes that listen to the room, and keeps it alive; nothing of a swipe needs a second round trip.
//!
//! What this engine adds to the port's promises:
//! - Commands of all rooms share one connection and are pipelined. Each ends within [`RedisConfig::patience`]; what became of
//!   one that did not is unknown, and every command here bears that (it compares, or may be repeated).
//! - After a lost connection the subscriptions are renewed, and then everybody is told [`Change::Missed`](super::Change::Missed).
//! - Redis that comes back empty, or in which another server has taken over ([`met`]), takes nothing but what is put back until
//!   every node that was there before has confirmed that it has done so ([`nodes`]), shard by shard.
//! - A log that nobody has open and that SQL has heard of ends after [`RedisConfig::idle`].
//!
//! It must never decide by a clock of Redis's what a caller can see: those are the node's (see [`Clock`](sovpalo_storage::clock::Clock)), so that tests own
//! them. Redis's own expiry only sweeps up; where it is felt (whom a device speaks through) it makes a phone come back, and no more.

mod client;
mod dirty;
mod engine;
mod fence;
mod health;
mod key_value;
mod keys;
mod log;
mod marked;
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
mod value;
#[cfg(test)]
pub(crate) mod way;

pub use self::{client::RedisConfig, engine::Redis};
