//! `/sim`: what tests and the page do to the world. README.md documents every call.
//!
//! It never invents what Telegram would not do: a tap here is a tap there. Whatever waits, waits
//! for a condition; nobody who calls this needs to sleep.

mod answer;
mod chats;
mod launches;
mod messages;
mod observing;
mod people;
mod tampering;

use std::sync::Arc;

use axum::{
    Router,
    routing::{delete, get, patch, post},
};

use crate::sim::Sim;

/// Every call of the test API.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/world", get(observing::world))
        .route("/events", get(observing::events))
        .route("/files/{id}", get(observing::file))
        .route("/requests", get(observing::requests))
        .route("/users", post(people::create))
        .route("/users/{user}", patch(people::change))
        .route("/users/{user}/open", post(launches::open))
        .route("/users/{user}/menu", post(launches::menu))
        .route("/chats", post(chats::create))
        .route("/chats/{chat}/members", post(chats::join))
        .route("/chats/{chat}/members/{user}", delete(chats::leave))
        .route("/chats/{chat}/bot", post(chats::standing))
        .route("/chats/{chat}/migrate", post(chats::migrate))
        .route("/chats/{chat}/topics", post(chats::topic))
        .route("/chats/{chat}/messages", get(messages::list).post(messages::say))
        .route("/chats/{chat}/messages/{message}", delete(messages::delete))
        .route("/chats/{chat}/messages/{message}/tap", post(messages::tap))
        .route("/inline", post(messages::inline))
        .route("/inline/{query}/choose", post(messages::choose))
        .route("/prepared/{id}", get(messages::prepared))
        .route("/prepared/{id}/send", post(messages::send_prepared))
        .route("/launch", post(launches::mint))
        .route("/phones/{user}/network", post(people::network))
        .route("/phones/{user}/theme", post(people::theme))
        .route("/faults", get(tampering::list).post(tampering::add).delete(tampering::clear))
        .route("/limits", get(tampering::counted).post(tampering::limits))
        .route("/updates", post(tampering::update))
}
