//! Whether this node can do its work.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use http::StatusCode;
use serde::Serialize;

use crate::App;

/// A store that takes longer is as good as gone.
const WITHIN: Duration = Duration::from_secs(2);

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
#[utoipa::path(get, path = "/api/health", tag = "operations", security(()),
    responses((status = 200, body = Health), (status = 503, body = Health)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let (database, hot) =
        tokio::join!(app.database.ask(app.db().ping()), tokio::time::timeout(WITHIN, app.hot().ping()),);
    let (database, hot) = (database.is_ok(), matches!(hot, Ok(Ok(()))));
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
