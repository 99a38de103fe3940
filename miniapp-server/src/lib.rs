//! The HTTP and WebSocket side of the Mini App.
//!
//! It knows who is asking, counts what they ask for, has the rooms do it, and puts the answer into the words of the contract
//! with the phones. It never reads the environment, never decides anything about a room, never trusts what a client
//! says about itself, and never logs a token or launch data.
//!
//! A request goes one way: [`router`] → a handler in `routes` (or `socket`) → `parse` → `live`'s rooms → `present`.

mod app;
mod batch;
mod caller;
mod clocks;
mod commands;
mod config;
mod database;
mod deck;
mod elsewhere;
mod extract;
mod forwarded;
mod ice;
mod idempotency;
mod imports;
mod init_data;
mod knocking;
mod limits;
pub mod listen;
mod lobby;
mod never;
mod pages;
mod parse;
mod passwords;
mod posters;
mod present;
mod problem;
mod refusals;
mod round_trips;
mod router;
mod routes;
mod screen;
mod sessions;
mod sharing;
mod socket;
mod starting;
mod stores_health;
mod talk;
mod trace;
mod visits;
pub mod wire;

use std::{io, sync::Arc};

use axum::Router;
use sovpalo_catalogue::SharedCatalogue;
use sovpalo_live::rooms::Rooms;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use self::app::App;
pub use self::{
    config::{Config, Patience},
    forwarded::TrustedProxies,
    ice::{IceConfig, Turn},
    init_data::InitDataKey,
    listen::{bounds::Bounds, reached::Reached},
    problem::{FieldProblem, Problem},
    sharing::{MatchToShare, Preparing, Sharing},
    socket::WIDER_WITHOUT_LIMITS,
};
use self::{listen::Front, socket::feeds};

/// The OpenAPI document, as `GET /api/openapi.json` answers it.
///
/// # Errors
/// It cannot be written as JSON, which would be a mistake in it.
pub fn description() -> serde_json::Result<Vec<u8>> {
    let (_, description) = router::api();
    serde_json::to_vec(&description)
}

/// The server, ready to listen.
pub struct Server {
    app: Arc<App>,
    router: Router,
    front: Front,
}

impl Server {
    /// Builds the server over these rooms and titles. Whoever starts it also keeps [`Rooms::run`] running.
    pub fn new(config: Config, rooms: Rooms, titles: SharedCatalogue) -> Self {
        let (api, description) = router::api();
        let app = Arc::new(App::new(config, rooms, titles, &description));
        let router = router::dressed(router::whole(api, &app), app.config.https);
        let front = Front::new(Reached {
            bounds: app.config.bounds,
            trusted_proxies: app.config.trusted_proxies.clone(),
            limits: app.config.limits.is_some(),
            https: app.config.https,
        });
        Self { app, router, front }
    }

    /// Serves the bot's webhook, which is at this path, beside its own addresses. Updates that it takes are not counted, since Telegram has few
    /// addresses; whoever is refused there is.
    #[must_use]
    pub fn with_webhook(mut self, path: &'static str, webhook: Router) -> Self {
        self.router = self.router.merge(router::dressed(webhook, self.app.config.https));
        self.front.counts_refused_only_at(path);
        self
    }

    /// Has messages that members share prepared by this; without it they share the room's link alone.
    #[must_use]
    pub fn with_sharing(self, sharing: impl Sharing + 'static) -> Self {
        // Said twice, the first stays.
        let _ = self.app.sharing.set(Box::new(sharing));
        self
    }

    /// Asks TMDB, where there is a token for it, for posters of titles that have none and for what is about to become too old; until `stop`.
    /// Whoever starts the server keeps it running beside it.
    pub fn upkeep(&self, stop: CancellationToken) -> impl Future<Output = ()> + Send + use<> {
        Arc::clone(&self.app).keep_up(stop)
    }

    /// Serves until `stop`; then tells every socket to come back later (1012), finishes the requests under way, and returns.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
        let Self { app, router, front } = self;
        let background = {
            let (app, stop) = (Arc::clone(&app), stop.clone());
            let looks = app.config.patience.beat * feeds::BEATS_PER_LOOK;
            tokio::spawn(async move {
                tokio::join!(
                    app.hub.follow(app.rooms.hot(), &app.sessions),
                    app.sessions.keep(&stop),
                    app.feeds.run(app.hot(), &app.database, app.db(), looks, app.hub.stopping()),
                );
            })
        };
        listen::serve(listener, router, Arc::new(front), &stop, app.hub.close()).await?;
        background.await.ok();
        Ok(())
    }
}

/// Serves the bot's webhook alone, which is at this path, until `stop`: with the same bounds, headers, metrics and lines in the log as the
/// whole server has.
pub async fn serve_webhook(
    listener: TcpListener,
    path: &'static str,
    webhook: Router,
    reached: Reached,
    stop: CancellationToken,
) -> io::Result<()> {
    let https = reached.https;
    let mut front = Front::new(reached);
    front.counts_refused_only_at(path);
    let router = router::dressed(webhook.fallback(async || problem::Refused::NotFound), https);
    listen::serve(listener, router, Arc::new(front), &stop, std::future::ready(())).await
}
