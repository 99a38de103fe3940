//! Each law, broken by hand in a good evening: the checker must say which, and why.

mod cast;
mod erased;
mod laws;
mod signal_laws;
mod story;
mod talk;
mod talk_laws;
mod watching_laws;
