//! Rooms that are going on: the log of each, the replicas that nodes keep of it, and what is only true for a while.
//!
//! [`rooms`] is the only way a room changes: it judges a command with the `domain`, appends what happened to
//! the hot log and tells everybody. [`hot`] is the port to that log and to what else is short-lived (sessions,
//! quotas, presence). [`projector`] carries the log over to SQL.
//! [`folder`] is both in the embedded mode.

pub mod background;
pub mod erasures;
pub mod folder;
pub mod hot;
mod moved;
mod offload;
#[cfg(feature = "planted-bugs")]
mod planted;
mod project_error;
pub mod projector;
pub mod rates;
pub mod rooms;
pub mod talk;
mod unreadable;
