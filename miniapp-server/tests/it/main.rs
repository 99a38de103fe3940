//! The server from outside: real connections to the real router, over SQLite in a folder of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod account;
mod auth;
mod connections;
mod decks;
mod description;
mod elsewhere;
mod erased;
mod floods;
mod garbage;
#[expect(dead_code, reason = "each suite needs the half for its stores")]
mod harness;
mod history;
mod hot_away;
mod limits;
mod names;
mod nodes;
mod nudges;
mod own_titles;
mod pages;
mod play;
mod raw;
mod rooms;
mod secrecy;
mod sessions;
mod share;
mod socket;
mod stats;
mod stopping;
mod talk;
mod titles;
mod unreadable;
mod updates;
mod version_1;
mod watching;

/// What this suite runs on.
const STORES: harness::Kind = harness::Kind::Embedded;
