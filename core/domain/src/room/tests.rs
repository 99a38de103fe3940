//! The rules of a room, a sentence each.

mod access;
mod bounds;
mod cards;
mod deck;
mod erasing;
pub(in crate::room) mod evening;
mod filter_deck;
mod lending;
mod lobby;
mod matching;
mod never_dealt;
mod nudges;
mod people;
mod redoing;
mod rounds;
mod seen;
mod sight;
mod signals;
mod swiping;
mod timed;
mod watching;
