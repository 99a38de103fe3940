//! The same server over PostgreSQL and Redis: whatever of the suite in `it` has to do with stores, and what becomes of the
//! evening while one of them is away.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../it/account.rs"]
mod account;
#[path = "../it/auth.rs"]
mod auth;
mod database_away;
#[path = "../it/erased.rs"]
mod erased;
#[expect(dead_code, reason = "each suite needs the half for its stores")]
#[path = "../it/harness/mod.rs"]
mod harness;
#[path = "../it/hot_away.rs"]
mod hot_away;
#[path = "../it/limits.rs"]
mod limits;
#[path = "../it/nodes.rs"]
mod nodes;
#[path = "../it/play.rs"]
mod play;
#[path = "../it/rooms.rs"]
mod rooms;
#[path = "../it/sessions.rs"]
mod sessions;
#[path = "../it/socket/mod.rs"]
mod socket;
#[path = "../it/stopping.rs"]
mod stopping;
#[path = "../it/talk.rs"]
mod talk;
#[path = "../it/unreadable.rs"]
mod unreadable;
#[path = "../it/watching.rs"]
mod watching;

/// What this suite runs on.
const STORES: harness::Kind = harness::Kind::Production;
