//! The HTTP and WebSocket side of the Mini App.
//!
//! It knows who is asking, counts what they ask for, has the rooms do it, and puts the answer into the words of the contract
//! with the phones. It never reads the environment, never decides anything about a room, never trusts what a client
//! says about itself, and never logs a token or launch data.
//!
//! A request goes one way: [`router`] → a handler in `routes` (or `socket`) → `hear` → storage's rooms → `speak`.

mod app;
mod clocks;
mod config;
mod database;
mod extract;
mod forwarded;
mod hear;
mod idempotency;
mod init_data;
mod limits;
mod listen;
mod pages;
mod posters;
mod problem;
mod router;
mod routes;
mod sessions;
mod socket;
mod speak;
mod trace;
mod visits;
pub mod wire;

use std::{io, sync::Arc};

use axum::Router;
use sovpalo_storage::{rooms::Rooms, titles::SharedCatalogue};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use self::app::App;
pub use self::{
    config::{Config, Patience},
    init_data::InitDataKey,
    problem::{FieldProblem, Problem},
};

/// The server, ready to listen.
pub struct Server {
    app: Arc<App>,
    router: Router,
}

impl Server {
    /// Builds the server over these rooms and titles. Whoever starts it also keeps [`Rooms::run`] running.
    pub fn new(config: Config, rooms: Rooms, titles: SharedCatalogue) -> Self {
        let (api, description) = router::api();
        let app = Arc::new(App::new(config, rooms, titles, &description));
        let router = router::whole(api, &app);
        Self { app, router }
    }

    /// Serves more addresses beside its own, the bot's webhook for one. They are on their own: no limits, no problems.
    #[must_use]
    pub fn with(mut self, more: Router) -> Self {
        self.router = self.router.merge(more);
        self
    }

    /// Serves until `stop`; then tells every socket to come back later (1012), finishes the requests under way, and returns.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
        let Self { app, router } = self;
        let background = {
            let (app, stop) = (Arc::clone(&app), stop.clone());
            tokio::spawn(async move {
                tokio::join!(app.hub.follow(app.hot(), &app.sessions), app.sessions.keep(&stop));
            })
        };
        listen::serve(listener, router, &stop, app.hub.close()).await?;
        background.await.ok();
        Ok(())
    }
}
