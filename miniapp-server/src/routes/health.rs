//! Whether this node can do its work.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State};
use http::StatusCode;
use serde::Serialize;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::App;

/// A store that takes longer is as good as gone.
const WITHIN: Duration = Duration::from_secs(2);

/// That all is well is good for this long: asking the stores costs a write to the disk.
pub(crate) const FRESH: Duration = Duration::from_secs(1);

/// What the stores last answered. They are asked by one request at a time.
#[derive(Default)]
pub(crate) struct LastHealth(Mutex<Option<(Instant, StoresAnswer)>>);

/// Whether the stores answer, and take what is written: a full disk can still be read.
#[derive(Clone, Copy)]
struct StoresAnswer {
    database: bool,
    hot: bool,
}

impl LastHealth {
    async fn of(&self, app: &App) -> StoresAnswer {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        // An outage is over at once: only whoever waited meanwhile takes the answer of whoever asked.
        if let Some((at, answer)) = *last
            && (at >= asked || answer.database && answer.hot && at.elapsed() < FRESH)
        {
            return answer;
        }
        let (database, hot) =
            tokio::join!(app.database.ask(app.db().takes_writes()), timeout(WITHIN, app.hot().ping()));
        let answer = StoresAnswer { database: database.is_ok(), hot: matches!(hot, Ok(Ok(()))) };
        *last = Some((Instant::now(), answer));
        answer
    }
}

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
    let StoresAnswer { database, hot } = app.health.of(&app).await;
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
