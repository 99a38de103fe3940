//! The server from outside: real connections to the real router, over SQLite in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod auth;
mod closing;
mod description;
mod garbage;
mod harness;
mod limits;
mod nodes;
mod pages;
mod play;
mod rooms;
mod socket;
mod titles;
