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

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

macro_rules! file {
    ($kind:expr, $name:literal) => {
        get(|| async { asset($kind, include_str!($name)) })
    };
}

/// The desk with all phones, one phone alone, and what they are made of.
pub(crate) fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/", file!(HTML, "desk.html"))
        .route("/phone/{user}", file!(HTML, "phone.html"))
        .route("/assets/telegram.css", file!(CSS, "telegram.css"))
        .route("/assets/phone.css", file!(CSS, "phone.css"))
        .route("/assets/desk.css", file!(CSS, "desk.css"))
        .route("/assets/desk.js", file!(JS, "desk.js"))
        .route("/assets/one.js", file!(JS, "one.js"))
        .route("/assets/phone.js", file!(JS, "phone.js"))
        .route("/assets/bridge.js", file!(JS, "bridge.js"))
        .route("/assets/dialogs.js", file!(JS, "dialogs.js"))
        .route("/assets/chatview.js", file!(JS, "chatview.js"))
        .route("/assets/bubble.js", file!(JS, "bubble.js"))
        .route("/assets/richtext.js", file!(JS, "richtext.js"))
        .route("/assets/store.js", file!(JS, "store.js"))
        .route("/assets/words.js", file!(JS, "words.js"))
        .route("/assets/dom.js", file!(JS, "dom.js"))
        .route("/assets/icon.svg", file!("image/svg+xml", "icon.svg"))
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}
