//! A Telegram to try and to test against: a Bot API as strict as Telegram's, people, chats, and
//! phones that show the Mini App as Telegram shows it.
//!
//! It exists so that a whole evening can be played on one machine, by hand or by a test, with
//! everything in the path real: HTTP, launch data signed with the bot's token, WebSockets through
//! each phone's own network. It promises to refuse what Telegram refuses, in Telegram's words. It
//! must never be part of production: nothing there depends on this crate.

mod api;
mod clock;
mod control;
mod language;
mod launch;
mod pages;
mod phones;
mod sim;
mod text;
mod world;

pub use self::{language::Language, text::autodetect};

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use crate::{
    launch::Signer,
    phones::Phones,
    sim::{Settings, Sim},
    world::{World, ids::UserId, limits::Limits, people::Bot},
};

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the Bot API, the page and the test API listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where the Mini App's server is; phones connect to its host and port.
    pub app_url: String,
    /// The bot's token, `<id>:<secret>`.
    pub token: String,
    /// The bot's username, without `@`.
    pub bot_username: String,
    /// The Mini App's short name in `t.me/<bot>/<app>` links.
    pub app_name: String,
    /// The language of the default world.
    pub language: Language,
    /// Whether sending too fast is refused with 429.
    pub rate_limits: bool,
    /// How long the minute is in which a group takes twenty messages and edits; all other limits are as much faster.
    pub minute: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            app_url: "http://127.0.0.1:8080".to_owned(),
            token: "4242424242:simulated-token-of-a-simulated-bot".to_owned(),
            bot_username: "sovpalo_bot".to_owned(),
            app_name: "app".to_owned(),
            language: Language::En,
            rate_limits: true,
            minute: Duration::from_secs(60),
        }
    }
}

/// Why a simulation did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or not ours to take.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The token is not `<id>:<secret>`.
    #[error("the bot's token must look like 4242424242:secret")]
    Token,
    /// The Mini App's address is not an http address with a host.
    #[error("the Mini App's address must look like http://127.0.0.1:8080, not {0}")]
    AppUrl(String),
}

/// A running simulation. Dropping it ends it.
#[derive(Debug)]
pub struct Handle {
    /// Where it is, without a slash at the end: `http://127.0.0.1:<port>`.
    pub url: String,
    server: JoinHandle<()>,
    shutdown: CancellationToken,
    _guard: DropGuard,
}

impl Handle {
    /// Ends the simulation and waits until its ports are closed.
    pub async fn shutdown(self) {
        self.shutdown.cancel();
        let _ = self.server.await;
    }

    /// Waits until the simulation ends.
    pub async fn finished(&mut self) {
        let _ = (&mut self.server).await;
    }
}

/// Starts a simulation with the default world.
pub async fn start(config: Config) -> Result<Handle, StartError> {
    let bot_id = config
        .token
        .split_once(':')
        .filter(|(_, secret)| !secret.is_empty())
        .and_then(|(id, _)| id.parse().ok())
        .map(UserId)
        .ok_or(StartError::Token)?;
    let app = Url::parse(&config.app_url)
        .ok()
        .filter(|url| url.scheme() == "http" && url.has_host())
        .ok_or_else(|| StartError::AppUrl(config.app_url.clone()))?;
    let host = app.host_str().unwrap_or_default();
    let app_host = format!("{host}:{}", app.port_or_known_default().unwrap_or(80));
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|source| StartError::Listen { address: config.listen, source })?;
    let address =
        listener.local_addr().map_err(|source| StartError::Listen { address: config.listen, source })?;

    let limits = Limits::new(config.rate_limits, config.minute);
    let mut world = World::new(Bot::new(bot_id, &config.bot_username), limits);
    world.populate(config.language);
    let shutdown = CancellationToken::new();
    let settings = Settings {
        token: config.token.clone(),
        bot_username: config.bot_username,
        app_name: config.app_name,
        app_path: app[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
    };
    let sim = Arc::new(Sim::new(
        settings,
        Signer::new(&config.token),
        Phones::new(app_host, shutdown.clone()),
        world,
        shutdown.clone(),
    ));
    let router = Router::new()
        .merge(pages::routes())
        .nest("/sim", control::routes())
        .fallback(api::serve)
        .layer(DefaultBodyLimit::max(50 * 1024 * 1024))
        .with_state(sim);
    let stop = shutdown.clone();
    let server = tokio::spawn(async move {
        // Open event streams and long polls would hold up a graceful end: they end with the rest.
        tokio::select! {
            result = axum::serve(listener, router).into_future() => {
                if let Err(error) = result {
                    tracing::error!(%error, "the simulation ended");
                }
            }
            () = stop.cancelled() => {}
        }
    });
    Ok(Handle { url: format!("http://{address}"), server, _guard: shutdown.clone().drop_guard(), shutdown })
}
