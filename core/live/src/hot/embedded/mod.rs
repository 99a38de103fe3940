//! The hot layer inside one process: tables in a SQLite file of their own, channels in memory.
//!
//! The file is not SQL's: SQLite has one writer per file, and what is acknowledged here must not wait for a projection there.
//! [`mod@file`] opens it.
//!
//! All writes go through one task that commits whatever has queued up as one transaction (group commit), so that
//! one `fsync` serves many rooms, and answers only after it: acknowledged means on disk. The file must have this process as its
//! only writer of these tables (the application locks its data directory).

mod append;
mod buckets;
mod changes;
mod dirty;
mod engine;
mod fence;
mod fences;
pub mod file;
mod health;
mod key_value;
mod log;
mod presence;
mod publish;
mod rate_limit;
mod recovery;
mod roll;
mod subscribe;
mod tables;
mod writer;

pub use self::engine::Embedded;
