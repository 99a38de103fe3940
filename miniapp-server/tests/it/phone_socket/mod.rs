//! A phone's one socket: what comes, in which order, in which room.

mod bounds;
mod devices;
mod evening;
mod lines;
mod opening;
mod order;
mod presence;
mod talk;
mod unread;

use serde_json::{Value, json};

pub(crate) use crate::socket::{gathered, swipe, swiping};

/// I am ready, or not.
fn ready(ready: bool) -> Value {
    json!({ "type": "ready", "ready": ready })
}
