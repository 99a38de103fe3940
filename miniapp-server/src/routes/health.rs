//! Whether this node can do its work.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use serde::Serialize;

use crate::{App, stores_health::StoresAnswer};

/// How a node is.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Health {
    /// `ok`, or `degraded` if anything below is not.
    #[schema(example = "ok")]
    status: &'static str,
    /// Whether the database answers.
    database: &'static str,
    /// Whether the hot layer answers.
    hot: &'static str,
    /// Whether the bot reaches Telegram; `unknown` in a process without the bot.
    telegram: &'static str,
    /// Which build this is.
    version: &'static str,
}

/// How this node is. Rooms are served also while the database or Telegram cannot be reached: that is `degraded`, and no 503.
#[utoipa::path(get, path = "/api/health", operation_id = "show_health", tag = "operations", security(()),
    responses((status = 200, body = Health), (status = 503, body = Health)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let StoresAnswer { database, hot } = app.health.of(&app.database, app.db(), app.hot()).await;
    let telegram = app.config.telegram.as_ref().map(|reached| *reached.borrow());
    let word = |fine: bool| if fine { "ok" } else { "unavailable" };
    let health = Health {
        status: if database && hot && telegram != Some(false) { "ok" } else { "degraded" },
        database: word(database),
        hot: word(hot),
        telegram: telegram.map_or("unknown", word),
        version: env!("CARGO_PKG_VERSION"),
    };
    let status = if hot { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}
