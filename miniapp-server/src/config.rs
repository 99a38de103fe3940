//! What the server is told by whoever starts it. It never reads the environment itself.

use std::{path::PathBuf, time::Duration};

use sovpalo_live::rates::Rates;
use tokio::sync::watch;

use crate::{forwarded::TrustedProxies, ice::IceConfig, init_data::InitDataKey, listen::bounds::Bounds};

/// Everything the server needs to know.
#[derive(Clone)]
pub struct Config {
    /// The bot's username, without the `@`, once it is known. Invite links need it.
    pub bot_username: watch::Receiver<Option<String>>,
    /// The Mini App's short name in the bot's direct links.
    pub mini_app_name: String,
    /// What launch data is signed with.
    pub init_data_key: InitDataKey,
    /// How old launch data may be.
    pub init_data_max_age: Duration,
    /// What access tokens are signed with: 32 random bytes or more, the same on every node.
    pub jwt_secret: Vec<u8>,
    /// How often a person may ask. `None`, as for benchmarks: they are not counted.
    pub limits: Option<Rates>,
    /// How many times the budget of a socket its data frames have while there are no `limits`.
    pub wider_without_limits: u32,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// How many connections there may be, and how long each may take.
    pub bounds: Bounds,
    /// Whether people reach the app by HTTPS, so that browsers are told never to come otherwise.
    pub https: bool,
    /// Origins that may put the app into a frame, beside Telegram's own.
    pub frame_ancestors: Vec<String>,
    /// What helps phones to reach each other in a voice chat.
    pub ice: IceConfig,
    /// Where files are kept: posters, in a folder of their own.
    pub data_dir: PathBuf,
    /// How TMDB is reached, if the operator has a token for it.
    pub tmdb: Option<sovpalo_tmdb::Settings>,
    /// The country whose offers people are shown who chose none: ISO 3166 alpha-2.
    pub region: Option<String>,
    /// Whether the bot reaches Telegram; `None` in a process without the bot.
    pub telegram: Option<watch::Receiver<bool>>,
    /// How long sockets wait for what.
    pub patience: Patience,
}

/// How long a socket waits. The defaults are the contract's; tests are less patient.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Between two pings, each with an `at` frame.
    pub beat: Duration,
    /// Without a sign of life from the phone, before the socket is closed (4408).
    pub silence: Duration,
    /// For the phone to take one write, before the socket is closed (4409).
    pub write: Duration,
    /// Between two questions of somebody who asks by HTTP, before they count as gone.
    pub linger: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            beat: Duration::from_secs(25),
            silence: Duration::from_secs(60),
            write: Duration::from_secs(10),
            linger: Duration::from_secs(15),
        }
    }
}
