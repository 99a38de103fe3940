//! Rooms whose log Redis has lost, in whole or in part, or whose log cannot be read.

mod asking;
mod cluster;
mod empty;
mod ends;
mod erased;
mod listening;
mod timed;
mod unreadable;
