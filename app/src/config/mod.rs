//! Configuration: read once, judged together, every mistake named at once.
//!
//! Each setting is an environment variable (also from `.env`, see [`crate::sources`]) and a flag of the same name; the flag wins. Values stay
//! text until all are there, so that one start tells everything that is wrong. Secrets are never printed.

mod ice;
mod judge;
mod settings;
#[cfg(test)]
mod tests;
mod tmdb;

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use sovpalo_bot::{Proxy, Webhook};
use sovpalo_domain::ids::UserId;
use sovpalo_live::rates::Rates;
use sovpalo_server::{IceConfig, TrustedProxies, Turn};
use url::Url;

pub(crate) use self::{
    judge::text,
    settings::{Cli, ImportOptions, ReportOptions, Role, Settings},
};

/// Text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text, for the one place that needs it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The servers that help phones to reach each other in a voice chat, as they are set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ice {
    pub(crate) stun: Vec<String>,
    pub(crate) turn: Vec<String>,
    pub(crate) turn_secret: Option<Secret>,
}

impl Ice {
    /// For the server.
    pub(crate) fn server(&self) -> IceConfig {
        let turn = |secret: &Secret| Turn { urls: self.turn.clone(), secret: secret.reveal().to_owned() };
        IceConfig { stun: self.stun.clone(), turn: self.turn_secret.as_ref().map(turn) }
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// What keeps the rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stores {
    /// A SQLite file in the data directory.
    Embedded,
    /// PostgreSQL and Redis.
    Production {
        /// Where PostgreSQL is, with its password.
        database: Secret,
        /// Where Redis is, with its password.
        redis: Secret,
    },
}

/// The settings, judged.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The bot's token.
    pub(crate) bot_token: Secret,
    /// Where phones reach the server.
    pub(crate) public_url: Option<Url>,
    /// The Mini App's short name.
    pub(crate) mini_app_name: String,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Where metrics are served, if they are.
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Where the embedded mode keeps everything.
    pub(crate) data_dir: PathBuf,
    /// What keeps the rooms.
    pub(crate) stores: Stores,
    /// Connections to PostgreSQL at the most.
    pub(crate) database_connections: u32,
    /// Where Telegram brings updates; `None`: they are fetched.
    pub(crate) webhook: Option<Webhook>,
    /// The Bot API server.
    pub(crate) telegram_api_url: Url,
    /// The proxy to it, if there is one.
    pub(crate) telegram_proxy: Option<Proxy>,
    /// How old launch data may be.
    pub(crate) init_data_max_age: Duration,
    /// How long messages are kept.
    pub(crate) messages_kept: Duration,
    /// What access tokens are signed with, if it is set.
    pub(crate) jwt_secret: Option<Secret>,
    /// The operators; nothing is theirs alone yet.
    pub(crate) admin_ids: Vec<UserId>,
    /// How often a person may do things, if that is counted.
    pub(crate) limits: Option<Rates>,
    /// Whose X-Forwarded-For is believed.
    pub(crate) trusted_proxies: TrustedProxies,
    /// More origins that may frame the app.
    pub(crate) frame_ancestors: Vec<String>,
    /// What helps phones to reach each other in a voice chat.
    pub(crate) ice: Ice,
    /// How TMDB is reached, if there is a token for it.
    pub(crate) tmdb: Option<sovpalo_tmdb::Settings>,
    /// The country whose offers people are shown who chose none.
    pub(crate) region: Option<String>,
    /// How the log is written.
    pub(crate) log_format: LogFormat,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistakes(pub(crate) Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration cannot be used:")?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl std::error::Error for Mistakes {}
