//! The rules of a room, and nothing else.
//!
//! Everything that happens in a room is an [`Event`](room::Event) in the room's log. A
//! [`Command`](room::Command) is judged by one pure function, [`Room::decide`](room::Room::decide), against the room as it
//! is; what it allows is appended to the log and folded in by [`Room::apply`](room::Room::apply). Every node
//! that folds the same log holds the same room.
//!
//! This crate never reads a clock, draws a random number or waits for anything: time, ids and
//! seeds are arguments, so that every test is exact and every replay gives the same answer.

pub mod achievements;
pub mod chance;
pub mod face;
pub mod facts;
pub mod film_link;
pub mod ids;
pub mod language;
pub mod pasted;
pub mod room;
pub mod talk;
pub mod title;
pub mod visible;
