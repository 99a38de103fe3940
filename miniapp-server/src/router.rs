//! Every address of the server.

use std::sync::Arc;

use axum::{Router, middleware::from_fn};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa::{OpenApi, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, pages,
    problem::Refused,
    routes::{auth, decks, health, me, openapi as description, play, posters, rooms, titles, updates},
    socket, trace,
};

/// The contract's addresses, and their description. What is not described is not served.
pub(crate) fn api() -> (Router<Arc<App>>, openapi::OpenApi) {
    OpenApiRouter::with_openapi(description::Description::openapi())
        // Coming and going.
        .routes(routes!(auth::telegram))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(me::show, me::change, me::erase))
        // Rooms.
        .routes(routes!(rooms::create, rooms::list))
        .routes(routes!(rooms::show))
        .routes(routes!(rooms::join))
        .routes(routes!(play::select))
        .routes(routes!(play::command))
        .routes(routes!(socket::open))
        .routes(routes!(updates::updates))
        // Titles.
        .routes(routes!(titles::search))
        .routes(routes!(titles::read_list))
        .routes(routes!(decks::list))
        .routes(routes!(decks::show))
        .routes(routes!(posters::show))
        // Operations.
        .routes(routes!(health::show))
        .routes(routes!(description::show))
        .split_for_parts()
}

/// The API, and the app's own pages and files everywhere else.
pub(crate) fn whole(api: Router<Arc<App>>, app: &Arc<App>) -> Router {
    api.method_not_allowed_fallback(async || Refused::MethodNotAllowed)
        .fallback(pages::anything_else)
        .layer(CompressionLayer::new())
        .with_state(Arc::clone(app))
}

/// What every answer gets, whoever's it is: its headers, a line in the log and its numbers, and an answer also where a handler panics.
pub(crate) fn dressed(router: Router) -> Router {
    router
        .layer(from_fn(pages::headers))
        .layer(CatchPanicLayer::custom(trace::panicked))
        .layer(from_fn(trace::request))
}
