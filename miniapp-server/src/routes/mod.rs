//! One file per group of addresses. A handler says who may call it and what it costs, asks the rooms or the stores, and
//! puts the answer into words; it decides nothing about a room.

pub(crate) mod auth;
pub(crate) mod decks;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod ice;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod openapi;
pub(crate) mod own_titles;
pub(crate) mod play;
pub(crate) mod posters;
pub(crate) mod retired;
pub(crate) mod rooms;
pub(crate) mod sessions;
pub(crate) mod share;
pub(crate) mod titles;
pub(crate) mod updates;
