//! What a phone is to a server: launch data that Telegram signed, a session, a socket with rooms on it.
//!
//! What a person does with it is told elsewhere.

mod launch;
mod room;
mod session;
mod socket;

pub(crate) use self::{
    launch::BOT_TOKEN,
    room::{Has, RoomSocket},
    session::{Session, Trouble, http},
    socket::{Came, Cut, Door, End, Socket},
};
