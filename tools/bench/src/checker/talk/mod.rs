//! The laws of the talk in a room: what was acknowledged is in SQL, once and in order; every phone that stayed has seen
//! it; and nothing was shown that SQL never had.

pub(crate) mod history;
pub(crate) mod message;
