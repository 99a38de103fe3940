//! Every address of the server.

use std::sync::Arc;

use axum::{Router, middleware::from_fn};
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};
use utoipa::{OpenApi, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    App, pages,
    problem::Refused,
    routes::{
        auth, decks, health, history, ice, me, messages, openapi as description, own_titles, play, posters,
        retired, rooms, sessions, share, titles, updates,
    },
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
        .routes(routes!(me::stats))
        .routes(routes!(own_titles::list, own_titles::mark_several))
        .routes(routes!(own_titles::show, own_titles::mark))
        .routes(routes!(own_titles::import))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        // Rooms.
        .routes(routes!(rooms::create, rooms::list))
        .routes(routes!(rooms::public))
        .routes(routes!(rooms::show))
        .routes(routes!(rooms::join))
        .routes(routes!(rooms::report))
        .routes(routes!(share::share))
        .routes(routes!(history::show, history::mark))
        .routes(routes!(history::never))
        .routes(routes!(play::select))
        .routes(routes!(play::command))
        .routes(routes!(play::upcoming))
        .routes(routes!(messages::messages))
        .routes(routes!(socket::open))
        .routes(routes!(retired::room_socket))
        .routes(routes!(updates::updates))
        .routes(routes!(ice::show))
        // Titles.
        .routes(routes!(titles::search))
        .routes(routes!(titles::read_list))
        .routes(routes!(titles::elsewhere))
        .routes(routes!(titles::show))
        .routes(routes!(titles::providers))
        .routes(routes!(decks::list))
        .routes(routes!(decks::show))
        .routes(routes!(decks::surprise))
        .routes(routes!(posters::show))
        .routes(routes!(posters::show_image))
        // Operations.
        .routes(routes!(health::show))
        .routes(routes!(description::show))
        .split_for_parts()
}

/// An answer in fewer bytes is sent as it is: it fits into one packet, compressed or not.
pub(crate) const COMPRESSED_ABOVE: u64 = 1024;

/// Rooms, lists and the page are made anew for each answer, and are compressed as fast as can be. Files are compressed already, which their
/// tag says; images cannot be.
fn worth_compressing() -> impl Predicate {
    let is_made_anew =
        |_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions| !headers.contains_key(header::ETAG);
    SizeAbove::new(COMPRESSED_ABOVE).and(NotForContentType::IMAGES).and(is_made_anew)
}

/// The API, and the app's own pages and files everywhere else.
pub(crate) fn whole(api: Router<Arc<App>>, app: &Arc<App>) -> Router {
    api.method_not_allowed_fallback(async || Refused::MethodNotAllowed)
        .fallback(pages::anything_else)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_compressing()))
        .with_state(Arc::clone(app))
}

/// What every answer gets, whoever's it is: its headers, a line in the log and its numbers, and an answer also where a handler panics.
/// `https`: people reach it by HTTPS.
pub(crate) fn dressed(router: Router, https: bool) -> Router {
    let router = router.layer(CatchPanicLayer::custom(trace::panicked)).layer(from_fn(trace::request));
    pages::with_default_headers(router, https)
}
