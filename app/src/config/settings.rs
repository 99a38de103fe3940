//! The settings as they are written: text from the command line and the environment.

use std::{fmt, path::PathBuf};

use clap::{Args, Parser, Subcommand};

/// Decide together what to watch, inside Telegram.
#[derive(Debug, Parser)]
#[command(name = "sovpalo", version, about, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do; without it, everything in one process.
    #[command(subcommand)]
    pub(crate) command: Option<Role>,
    /// The settings.
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// One role of several processes, or a chore.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Role {
    /// Only the HTTP and WebSocket side (needs DATABASE_URL and REDIS_URL).
    Server,
    /// Only the bot (needs DATABASE_URL and REDIS_URL).
    Bot,
    /// Adds titles from a CSV file to the catalogue.
    ImportTitles(ImportOptions),
    /// Lists the rooms that people have reported; hides one from the rooms to find, or shows it again.
    Reports(ReportOptions),
    /// Asks the process that runs with these settings on this machine how it is; the exit code is the answer.
    Health,
}

/// What is imported, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct ImportOptions {
    /// The file, or `-` for standard input; its columns are described in docs/ARCHITECTURE.md
    pub(crate) file: PathBuf,
    /// Import the lines that can be read, and list the others
    #[arg(long)]
    pub(crate) skip_bad: bool,
    /// Say what would be imported, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What is done about reported rooms.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportOptions {
    /// Nobody finds the room of this code any more; who has its link may join as before
    #[arg(long, value_name = "CODE", conflicts_with = "show")]
    pub(crate) hide: Option<String>,
    /// The room of this code may be found again
    #[arg(long, value_name = "CODE")]
    pub(crate) show: Option<String>,
}

/// The settings as text.
#[derive(Clone, Default, Args)]
pub(crate) struct Settings {
    /// The bot's token, from @BotFather. Without one, try `cargo xtask run`: a simulated Telegram.
    #[arg(long, env = "BOT_TOKEN", hide_env_values = true, global = true)]
    pub(crate) bot_token: Option<String>,
    /// A file that holds BOT_TOKEN and nothing else.
    #[arg(long, env = "BOT_TOKEN_FILE", hide_env_values = true, global = true)]
    pub(crate) bot_token_file: Option<String>,
    /// Where phones reach this server, e.g. `https://sovpalo.example`: a name or port of its own, without a path.
    #[arg(long, env = "PUBLIC_URL", global = true)]
    pub(crate) public_url: Option<String>,
    /// The Mini App's short name at @BotFather (the last part of `t.me/<bot>/<app>`) [default: app].
    #[arg(long, env = "MINI_APP_NAME", global = true)]
    pub(crate) mini_app_name: Option<String>,
    /// Where to listen [default: 127.0.0.1:8080].
    #[arg(long, env = "LISTEN", global = true)]
    pub(crate) listen: Option<String>,
    /// Where Prometheus reads metrics, or `off` [default: 127.0.0.1:9090].
    #[arg(long, env = "METRICS_LISTEN", global = true)]
    pub(crate) metrics_listen: Option<String>,
    /// Where the embedded mode keeps everything [default: ./data].
    #[arg(long, env = "DATA_DIR", global = true)]
    pub(crate) data_dir: Option<String>,
    /// PostgreSQL, e.g. postgres://user:password@host/sovpalo. Needs REDIS_URL beside it.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub(crate) database_url: Option<String>,
    /// A file that holds DATABASE_URL and nothing else.
    #[arg(long, env = "DATABASE_URL_FILE", hide_env_values = true, global = true)]
    pub(crate) database_url_file: Option<String>,
    /// How many connections this process keeps to PostgreSQL at the most [default: 16].
    #[arg(long, env = "DATABASE_CONNECTIONS", global = true)]
    pub(crate) database_connections: Option<String>,
    /// Redis 7 or newer, e.g. redis://host:6379 or redis-cluster://host:6379. Needs DATABASE_URL beside it.
    #[arg(long, env = "REDIS_URL", hide_env_values = true, global = true)]
    pub(crate) redis_url: Option<String>,
    /// A file that holds REDIS_URL and nothing else.
    #[arg(long, env = "REDIS_URL_FILE", hide_env_values = true, global = true)]
    pub(crate) redis_url_file: Option<String>,
    /// Telegram brings updates to PUBLIC_URL and proves itself with this [default: none; updates are fetched].
    #[arg(long, env = "WEBHOOK_SECRET", hide_env_values = true, global = true)]
    pub(crate) webhook_secret: Option<String>,
    /// A file that holds WEBHOOK_SECRET and nothing else.
    #[arg(long, env = "WEBHOOK_SECRET_FILE", hide_env_values = true, global = true)]
    pub(crate) webhook_secret_file: Option<String>,
    /// Another Bot API server [default: `https://api.telegram.org`].
    #[arg(long, env = "TELEGRAM_API_URL", global = true)]
    pub(crate) telegram_api_url: Option<String>,
    /// A proxy to the Bot API: socks5h://, socks5://, http:// or https:// [default: what HTTPS_PROXY says].
    #[arg(long, env = "TELEGRAM_PROXY", hide_env_values = true, global = true)]
    pub(crate) telegram_proxy: Option<String>,
    /// A file that holds TELEGRAM_PROXY and nothing else.
    #[arg(long, env = "TELEGRAM_PROXY_FILE", hide_env_values = true, global = true)]
    pub(crate) telegram_proxy_file: Option<String>,
    /// How old launch data may be, in seconds, at most 30 days [default: 86400].
    #[arg(long, env = "INIT_DATA_MAX_AGE", global = true)]
    pub(crate) init_data_max_age: Option<String>,
    /// How many days messages are kept, 1 to 3650 [default: 365].
    #[arg(long, env = "MESSAGES_KEPT", global = true)]
    pub(crate) messages_kept: Option<String>,
    /// What access tokens are signed with, at least 32 characters [default: derived from the token].
    #[arg(long, env = "JWT_SECRET", hide_env_values = true, global = true)]
    pub(crate) jwt_secret: Option<String>,
    /// A file that holds JWT_SECRET and nothing else.
    #[arg(long, env = "JWT_SECRET_FILE", hide_env_values = true, global = true)]
    pub(crate) jwt_secret_file: Option<String>,
    /// Telegram ids of the operators, with commas; nothing is theirs alone yet.
    #[arg(long, env = "ADMIN_IDS", global = true)]
    pub(crate) admin_ids: Option<String>,
    /// Limits per user and address: on or off [default: on].
    #[arg(long, env = "LIMITS", global = true)]
    pub(crate) limits: Option<String>,
    /// How many calls of the API a person makes in a minute, and a tenth of how many an address makes [default: 100].
    #[arg(long, env = "CALLS_PER_MINUTE", global = true)]
    pub(crate) calls_per_minute: Option<String>,
    /// How many messages a person says or changes in a minute [default: 30].
    #[arg(long, env = "MESSAGES_PER_MINUTE", global = true)]
    pub(crate) messages_per_minute: Option<String>,
    /// How many rooms a person makes in an hour [default: 10].
    #[arg(long, env = "ROOMS_PER_HOUR", global = true)]
    pub(crate) rooms_per_hour: Option<String>,
    /// Whose X-Forwarded-For is believed: off, on (proxies on this machine or in a private network), or networks with commas, like
    /// 203.0.113.0/24,2001:db8::/48 [default: off].
    #[arg(long, env = "TRUSTED_PROXY", global = true)]
    pub(crate) trusted_proxy: Option<String>,
    /// More origins that may frame the Mini App, with commas; Telegram's own always may.
    #[arg(long, env = "FRAME_ANCESTORS", global = true)]
    pub(crate) frame_ancestors: Option<String>,
    /// STUN servers for the voice chat, with commas, or `off` [default: public ones].
    #[arg(long, env = "STUN_URLS", global = true)]
    pub(crate) stun_urls: Option<String>,
    /// TURN servers for the voice chat, with commas, like turns:turn.example.org:443?transport=tcp; needs TURN_SECRET [default: none].
    #[arg(long, env = "TURN_URLS", global = true)]
    pub(crate) turn_urls: Option<String>,
    /// The TURN servers' static-auth-secret, at least 32 characters.
    #[arg(long, env = "TURN_SECRET", hide_env_values = true, global = true)]
    pub(crate) turn_secret: Option<String>,
    /// A file that holds TURN_SECRET and nothing else.
    #[arg(long, env = "TURN_SECRET_FILE", hide_env_values = true, global = true)]
    pub(crate) turn_secret_file: Option<String>,
    /// A read access token of TMDB's API, for its titles, posters and where to watch [default: none; nothing is asked there].
    #[arg(long, env = "TMDB_TOKEN", hide_env_values = true, global = true)]
    pub(crate) tmdb_token: Option<String>,
    /// A file that holds TMDB_TOKEN and nothing else.
    #[arg(long, env = "TMDB_TOKEN_FILE", hide_env_values = true, global = true)]
    pub(crate) tmdb_token_file: Option<String>,
    /// A mirror of TMDB's API [default: `https://api.themoviedb.org/3`].
    #[arg(long, env = "TMDB_API_URL", global = true)]
    pub(crate) tmdb_api_url: Option<String>,
    /// A mirror of TMDB's images [default: `https://image.tmdb.org/t/p`].
    #[arg(long, env = "TMDB_IMAGE_URL", global = true)]
    pub(crate) tmdb_image_url: Option<String>,
    /// The country in which people watch who say nothing else: two letters, like FR [default: none; nobody is shown where to watch].
    #[arg(long, env = "REGION", global = true)]
    pub(crate) region: Option<String>,
    /// How the log is written: text or json [default: text].
    #[arg(long, env = "LOG_FORMAT", global = true)]
    pub(crate) log_format: Option<String>,
}

impl fmt::Debug for Settings {
    /// Never prints a value: half of them may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}
