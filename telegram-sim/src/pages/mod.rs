//! The page: chats and phones in a browser. Its files are ours and live in the binary.

pub(crate) mod themes;

use std::sync::Arc;

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::sim::Sim;

macro_rules! asset {
    ($kind:literal, $file:literal) => {
        || async { asset($kind, include_str!($file)) }
    };
}

/// The desk with all phones, one phone alone, and what they are made of.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", get(asset!("text/html", "desk.html")))
        .route("/phone/{user}", get(asset!("text/html", "phone.html")))
}

fn asset(kind: &str, text: &'static str) -> Response {
    let kind = format!("{kind}; charset=utf-8");
    ([(CONTENT_TYPE, kind.as_str()), (CACHE_CONTROL, "no-store")], text).into_response()
}
