//! Files that the bot uploaded, to look at.

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::sim::Sim;

/// `/file/bot<token>/<id>`, as Telegram serves files to a bot.
pub(super) fn download(sim: &Sim, rest: &str) -> Response {
    match rest.split_once('/') {
        Some((token, id)) if token == sim.settings.token => serve(sim, id),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file by its id.
pub(crate) fn serve(sim: &Sim, id: &str) -> Response {
    match sim.with(|world| world.files.get(id).cloned()) {
        Some(file) => ([(CONTENT_TYPE, file.mime)], file.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
