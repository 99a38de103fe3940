//! What a phone is to a server: launch data that Telegram signed, a session, a room's socket.
//!
//! What a person does with it is told elsewhere.

mod launch;
mod session;
mod socket;

pub(crate) use self::{
    launch::BOT_TOKEN,
    session::{Session, Trouble, http},
    socket::{Came, Door, Socket},
};
