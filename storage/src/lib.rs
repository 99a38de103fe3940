//! Rooms on disk and between nodes.
//!
//! [`rooms`] is the only way a room changes: it judges a command with the `domain`, appends what happened to
//! the hot log and tells everybody. [`hot`] is the port to that log and to what else is short-lived (sessions,
//! quotas, presence). [`db`] is SQL, the truth that outlives a log; [`projector`] carries one to the other.
//! [`folder`] is both in the embedded mode.
//! [`titles`] is the catalogue.

pub mod clock;
pub mod db;
pub mod erasures;
pub mod folder;
pub mod hot;
pub mod measure;
mod offload;
pub mod outage;
pub mod private;
pub mod projector;
pub mod rooms;
pub mod skew;
pub mod start;
pub mod titles;
mod unreadable;
