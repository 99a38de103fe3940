//! Configuration: read once, judged together, every mistake named at once.
//!
//! Each setting is an environment variable (also from `.env`, see [`crate::sources`]) and a flag of the same name; the flag wins. Values stay
//! text until all are there, so that one start tells everything that is wrong. Secrets are never printed.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use sovpalo_bot::{Proxy, Webhook};
use sovpalo_domain::ids::UserId;
use sovpalo_server::TrustedProxies;
use url::Url;

use crate::{addresses, strength};

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
    /// Whose X-Forwarded-For is believed: off, on (proxies on this machine or in a private network), or networks with commas, like
    /// 203.0.113.0/24,2001:db8::/48 [default: off].
    #[arg(long, env = "TRUSTED_PROXY", global = true)]
    pub(crate) trusted_proxy: Option<String>,
    /// More origins that may frame the Mini App, with commas; Telegram's own always may.
    #[arg(long, env = "FRAME_ANCESTORS", global = true)]
    pub(crate) frame_ancestors: Option<String>,
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
    /// Whether there are limits.
    pub(crate) limits: bool,
    /// Whose X-Forwarded-For is believed.
    pub(crate) trusted_proxies: TrustedProxies,
    /// More origins that may frame the app.
    pub(crate) frame_ancestors: Vec<String>,
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

impl Settings {
    /// Judges all settings for a role.
    pub(crate) fn judge(&self, role: Option<&Role>) -> Result<Config, Mistakes> {
        let mut judge = Judge(Vec::new());
        let public_url = judge.public_url(self.public_url.as_deref());
        let config = Config {
            bot_token: judge.token(self.bot_token.as_deref(), role),
            mini_app_name: judge.app_name(text(self.mini_app_name.as_deref()).unwrap_or("app")),
            listen: judge.address("LISTEN", text(self.listen.as_deref()).unwrap_or("127.0.0.1:8080")),
            metrics_listen: match text(self.metrics_listen.as_deref()).unwrap_or("127.0.0.1:9090") {
                "off" => None,
                address => Some(judge.address("METRICS_LISTEN", address)),
            },
            data_dir: text(self.data_dir.as_deref()).unwrap_or("./data").into(),
            stores: judge.stores(self.database_url.as_deref(), self.redis_url.as_deref(), role),
            database_connections: judge.connections(self.database_connections.as_deref()),
            webhook: judge.webhook(self.webhook_secret.as_deref(), public_url.as_ref()),
            public_url,
            telegram_api_url: judge.bot_api(self.telegram_api_url.as_deref()).unwrap_or_else(default_api),
            telegram_proxy: judge.proxy("TELEGRAM_PROXY", self.telegram_proxy.as_deref()),
            init_data_max_age: judge.seconds("INIT_DATA_MAX_AGE", self.init_data_max_age.as_deref(), 86_400),
            messages_kept: judge.days("MESSAGES_KEPT", self.messages_kept.as_deref(), 365),
            jwt_secret: judge.jwt_secret(self.jwt_secret.as_deref()),
            admin_ids: judge.user_ids("ADMIN_IDS", self.admin_ids.as_deref()),
            limits: judge.switch("LIMITS", self.limits.as_deref(), true),
            trusted_proxies: judge.proxies("TRUSTED_PROXY", self.trusted_proxy.as_deref()),
            frame_ancestors: judge.origins("FRAME_ANCESTORS", self.frame_ancestors.as_deref()),
            log_format: match text(self.log_format.as_deref()).unwrap_or("text") {
                "json" => LogFormat::Json,
                other => {
                    judge.demand(other == "text", "LOG_FORMAT is text or json");
                    LogFormat::Text
                }
            },
        };
        if judge.0.is_empty() { Ok(config) } else { Err(Mistakes(judge.0)) }
    }
}

/// Messages are kept this many days at the most; a setting beyond it is a mistake that ends the start.
const LONGEST_KEPT: u32 = 3_650;

/// An empty variable is one that is not set: that is how shells and compose files unset them.
pub(crate) fn text(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

fn default_api() -> Url {
    Url::parse("https://api.telegram.org").unwrap_or_else(|_| unreachable!("a literal"))
}

/// Collects what is wrong, and goes on with something harmless.
struct Judge(Vec<String>);

impl Judge {
    fn demand(&mut self, fine: bool, otherwise: impl Into<String>) {
        if !fine {
            self.0.push(otherwise.into());
        }
    }

    fn token(&mut self, value: Option<&str>, role: Option<&Role>) -> Secret {
        let token = text(value).unwrap_or_default();
        let needed = !matches!(role, Some(Role::ImportTitles(_) | Role::Health));
        if token.is_empty() {
            self.demand(
                !needed,
                "BOT_TOKEN is not set: get one from @BotFather, or try `cargo xtask run` with a simulated Telegram",
            );
        } else {
            let well_formed = token.split_once(':').is_some_and(|(id, key)| {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
                !id.is_empty()
                    && id.bytes().all(|b| b.is_ascii_digit())
                    && key.len() >= 16
                    && key.bytes().all(plain)
            });
            self.demand(
                well_formed,
                "BOT_TOKEN is not what @BotFather gives: <number>:<at least 16 letters, digits, _ and ->, and nothing around it",
            );
        }
        Secret(token.to_owned())
    }

    fn jwt_secret(&mut self, value: Option<&str>) -> Option<Secret> {
        let secret = text(value)?;
        self.strong("JWT_SECRET", secret, strength::LEAST_JWT_SECRET);
        Some(Secret(secret.to_owned()))
    }

    fn strong(&mut self, name: &str, secret: &str, least: usize) {
        if let Err(why) = strength::strong(secret, least) {
            self.demand(false, format!("{name} {why}"));
        }
    }

    fn connections(&mut self, value: Option<&str>) -> u32 {
        let connections = text(value).map_or(Ok(16), str::parse);
        let fine = connections.as_ref().is_ok_and(|connections| (2..=1000).contains(connections));
        self.demand(fine, "DATABASE_CONNECTIONS is not a number from 2 to 1000");
        connections.unwrap_or(16)
    }

    fn days(&mut self, name: &str, value: Option<&str>, usual: u32) -> Duration {
        let days = text(value).map_or(Ok(usual), str::parse);
        let fine = days.as_ref().is_ok_and(|days| (1..=LONGEST_KEPT).contains(days));
        self.demand(fine, format!("{name} is not a number of days from 1 to {LONGEST_KEPT}"));
        Duration::from_secs(u64::from(days.unwrap_or(usual)) * 86_400)
    }

    fn webhook(&mut self, secret: Option<&str>, public_url: Option<&Url>) -> Option<Webhook> {
        let secret = text(secret)?;
        self.demand(public_url.is_some(), "WEBHOOK_SECRET needs PUBLIC_URL: where Telegram brings updates");
        self.strong("WEBHOOK_SECRET", secret, strength::LEAST_WEBHOOK_SECRET);
        match Webhook::new(public_url?, secret) {
            Ok(webhook) => Some(webhook),
            Err(mistake) => {
                self.demand(false, format!("WEBHOOK_SECRET, PUBLIC_URL: {mistake}"));
                None
            }
        }
    }

    fn stores(&mut self, database: Option<&str>, redis: Option<&str>, role: Option<&Role>) -> Stores {
        let (database, redis) = (text(database), text(redis));
        if let Some(url) = database {
            self.address_of("DATABASE_URL", addresses::store(url, &["postgres", "postgresql"]));
        }
        if let Some(url) = redis {
            let fine = addresses::store(url, &["redis", "rediss", "redis-cluster", "redis-sentinel"]);
            self.address_of("REDIS_URL", fine.and_then(|()| addresses::redis_database(url)));
        }
        let alone = match role {
            Some(Role::Server) => Some("`sovpalo server`"),
            Some(Role::Bot) => Some("`sovpalo bot`"),
            Some(Role::ImportTitles(_) | Role::Health) | None => None,
        };
        if let Some(role) = alone {
            let why = "shares its rooms with other processes: set";
            self.demand(database.is_some(), format!("{role} {why} DATABASE_URL"));
            self.demand(redis.is_some(), format!("{role} {why} REDIS_URL"));
        } else {
            let both = database.is_some() == redis.is_some() || matches!(role, Some(Role::ImportTitles(_)));
            self.demand(
                both,
                "DATABASE_URL and REDIS_URL go together: set both, or neither for the embedded mode",
            );
        }
        match (database, redis) {
            (None, _) => Stores::Embedded,
            (Some(database), redis) => Stores::Production {
                database: Secret(database.to_owned()),
                redis: Secret(redis.unwrap_or_default().to_owned()),
            },
        }
    }

    fn public_url(&mut self, value: Option<&str>) -> Option<Url> {
        self.address_of("PUBLIC_URL", addresses::public(text(value)?))
    }

    fn address_of<T>(&mut self, name: &str, read: Result<T, String>) -> Option<T> {
        read.inspect_err(|why| self.demand(false, format!("{name} {why}"))).ok()
    }

    fn bot_api(&mut self, value: Option<&str>) -> Option<Url> {
        let address = text(value)?;
        self.address_of("TELEGRAM_API_URL", addresses::bot_api(address))
    }

    fn proxy(&mut self, name: &str, value: Option<&str>) -> Option<Proxy> {
        match Proxy::new(text(value)?) {
            Ok(proxy) => Some(proxy),
            Err(mistake) => {
                self.demand(false, format!("{name} {mistake}"));
                None
            }
        }
    }

    fn proxies(&mut self, name: &str, value: Option<&str>) -> TrustedProxies {
        match text(value) {
            None | Some("off") => TrustedProxies::none(),
            Some("on") => TrustedProxies::private(),
            Some(networks) => TrustedProxies::read(networks).unwrap_or_else(|wrong| {
                let like = "like 203.0.113.0/24,2001:db8::/48";
                self.demand(
                    false,
                    format!(
                        "{name} is off, on, or networks with commas {like}; number {wrong} is no network"
                    ),
                );
                TrustedProxies::none()
            }),
        }
    }

    fn app_name(&mut self, name: &str) -> String {
        let fine =
            (3..=30).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.demand(fine, "MINI_APP_NAME is 3 to 30 letters, digits and underscores");
        name.to_owned()
    }

    fn address(&mut self, name: &str, value: &str) -> SocketAddr {
        value.parse().unwrap_or_else(|_| {
            self.demand(false, format!("{name} is not an address and port like 127.0.0.1:8080"));
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    fn seconds(&mut self, name: &str, value: Option<&str>, default: u64) -> Duration {
        let seconds = text(value).map_or(Ok(default), str::parse);
        self.demand(
            seconds.as_ref().is_ok_and(|s| (1..=30 * 86_400).contains(s)),
            format!("{name} is not a number of seconds from 1 to 2592000 (30 days)"),
        );
        Duration::from_secs(seconds.unwrap_or(default))
    }

    fn user_ids(&mut self, name: &str, value: Option<&str>) -> Vec<UserId> {
        let ids = text(value).into_iter().flat_map(|ids| ids.split(',')).map(str::trim);
        let ids: Vec<_> = ids.map(|id| id.parse().ok().and_then(|id| UserId::new(id).ok())).collect();
        self.demand(
            ids.iter().all(Option::is_some),
            format!("{name} is not a list of Telegram ids like 12345,67890"),
        );
        ids.into_iter().flatten().collect()
    }

    fn origins(&mut self, name: &str, value: Option<&str>) -> Vec<String> {
        let mut origins = Vec::new();
        for origin in text(value).into_iter().flat_map(|list| list.split(',')).map(str::trim) {
            match Url::parse(origin).map(|url| url.origin()) {
                Ok(parsed) if parsed.is_tuple() => origins.push(parsed.ascii_serialization()),
                _ => self.demand(false, format!("{name} is not a list of origins like https://example.org")),
            }
        }
        origins
    }

    fn switch(&mut self, name: &str, value: Option<&str>, default: bool) -> bool {
        match text(value) {
            None => default,
            Some("on") => true,
            Some(other) => {
                self.demand(other == "off", format!("{name} is on or off"));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "12345:abcdefghijklmnopqrstuvwxyz";

    fn with_token() -> Settings {
        Settings { bot_token: Some(TOKEN.into()), ..Settings::default() }
    }

    #[test]
    fn a_token_is_enough() {
        let config = with_token().judge(None).unwrap();
        assert_eq!(config.stores, Stores::Embedded);
        assert_eq!(config.listen, "127.0.0.1:8080".parse().unwrap());
        assert!(config.limits);
    }

    #[test]
    fn every_mistake_is_named_at_once_and_no_secret_is_shown() {
        let settings = Settings {
            bot_token: Some("hunter2hunter2".into()),
            public_url: Some("ftp://x".into()),
            listen: Some("8080".into()),
            limits: Some("maybe".into()),
            jwt_secret: Some("short".into()),
            redis_url: Some("redis://:secret@host".into()),
            admin_ids: Some("1,two".into()),
            ..Settings::default()
        };
        let said = settings.judge(None).unwrap_err().to_string();
        for name in ["BOT_TOKEN", "PUBLIC_URL", "LISTEN", "LIMITS", "JWT_SECRET", "DATABASE_URL", "ADMIN_IDS"]
        {
            assert!(said.contains(name), "{name} is not named in:\n{said}");
        }
        for secret in ["hunter2", "secret@", "short\""] {
            assert!(!said.contains(secret), "{secret} is shown in:\n{said}");
        }
    }

    #[test]
    fn a_single_role_without_its_stores_is_refused() {
        let said = with_token().judge(Some(&Role::Server)).unwrap_err().to_string();
        assert!(said.contains("DATABASE_URL") && said.contains("REDIS_URL"), "{said}");
    }

    #[test]
    fn a_webhook_needs_an_address_that_telegram_takes() {
        let with = |public_url: Option<&str>, secret: &str| Settings {
            webhook_secret: Some(secret.into()),
            public_url: public_url.map(Into::into),
            ..with_token()
        };
        assert!(
            with(Some("https://films.example"), "Wq3-hV9_kT2mZ7xB").judge(None).unwrap().webhook.is_some()
        );
        let said = with(None, "Wq3-hV9_kT2mZ7xB").judge(None).unwrap_err().to_string();
        assert!(said.contains("PUBLIC_URL"), "{said}");
        let said =
            with(Some("https://films.example"), "hunter2 hunter2").judge(None).unwrap_err().to_string();
        assert!(said.contains("WEBHOOK_SECRET") && !said.contains("hunter2"), "{said}");
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused_by_name_beside_all_other_mistakes() {
        let settings = Settings {
            webhook_secret: Some("x".into()),
            public_url: Some("https://films.example".into()),
            jwt_secret: Some("hunter2".repeat(8)),
            limits: Some("maybe".into()),
            ..with_token()
        };
        let said = settings.judge(None).unwrap_err().to_string();
        for name in ["WEBHOOK_SECRET is shorter than 16", "JWT_SECRET could be guessed", "LIMITS"] {
            assert!(said.contains(name), "{name} is not said in:\n{said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }

    #[test]
    fn the_token_is_not_sent_through_other_peoples_networks_in_the_clear() {
        let with = |api: &str| Settings { telegram_api_url: Some(api.into()), ..with_token() }.judge(None);
        for fine in
            ["http://127.0.0.1:8081", "http://[::1]:8081", "http://bot-api:8081", "https://api.example.org"]
        {
            assert!(with(fine).is_ok(), "{fine}");
        }
        for wrong in [
            "http://api.example.org",
            "http://203.0.113.7:8081",
            "http://[2001:db8::1]",
            "ftp://127.0.0.1",
            "x",
        ] {
            let said = with(wrong).unwrap_err().to_string();
            assert!(said.contains("TELEGRAM_API_URL"), "{wrong}: {said}");
        }
    }

    #[test]
    fn a_number_of_connections_is_one_that_can_be() {
        for wrong in ["0", "1", "1001", "many", "-3"] {
            let settings = Settings { database_connections: Some(wrong.into()), ..with_token() };
            let said = settings.judge(None).unwrap_err().to_string();
            assert!(said.contains("DATABASE_CONNECTIONS"), "{wrong}: {said}");
        }
    }

    #[test]
    fn messages_are_kept_for_a_day_to_ten_years() {
        let kept = |days: &str| Settings { messages_kept: Some(days.into()), ..with_token() }.judge(None);
        for wrong in ["0", "3651", "-1", "1.5", "a year"] {
            let said = kept(wrong).unwrap_err().to_string();
            assert!(said.contains("MESSAGES_KEPT"), "{wrong}: {said}");
        }
        for (days, seconds) in [("1", 86_400), ("", 365 * 86_400), ("3650", 3_650 * 86_400)] {
            assert_eq!(kept(days).unwrap().messages_kept, Duration::from_secs(seconds));
        }
    }

    #[test]
    fn a_proxy_that_is_none_is_named_and_its_password_is_not_shown() {
        let with = |proxy: &str| Settings { telegram_proxy: Some(proxy.into()), ..with_token() }.judge(None);
        let said = with("socks9://anna:hunter2@proxy.example").unwrap_err().to_string();
        assert!(said.contains("TELEGRAM_PROXY") && !said.contains("hunter2"), "{said}");
        let config = with("socks5h://anna:hunter2@proxy.example:1080").unwrap();
        assert!(config.telegram_proxy.is_some() && !format!("{config:?}").contains("hunter2"), "{config:?}");
    }

    #[test]
    fn proxies_are_off_or_on_or_networks() {
        let with =
            |proxies: &str| Settings { trusted_proxy: Some(proxies.into()), ..with_token() }.judge(None);
        for (written, meant) in [
            ("off", TrustedProxies::none()),
            ("", TrustedProxies::none()),
            ("on", TrustedProxies::private()),
            (
                " 203.0.113.0/24, 2001:db8::/48 ",
                TrustedProxies::read("203.0.113.0/24,2001:db8::/48").unwrap(),
            ),
            ("203.0.113.7", TrustedProxies::read("203.0.113.7/32").unwrap()),
        ] {
            assert_eq!(with(written).unwrap().trusted_proxies, meant, "{written}");
        }
        for wrong in
            ["yes", "203.0.113.0/33", "203.0.113.0/24;10.0.0.0/8", "10.0.0.0/8,", "films.example.org"]
        {
            let said = with(wrong).unwrap_err().to_string();
            assert!(said.contains("TRUSTED_PROXY") && !said.contains(wrong), "{wrong}: {said}");
        }
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let settings = Settings { redis_url: Some(String::new()), ..with_token() };
        assert_eq!(settings.judge(None).unwrap().stores, Stores::Embedded);
    }

    #[test]
    fn importing_titles_needs_no_token() {
        let cli = Cli::try_parse_from(["sovpalo", "import-titles", "titles.csv"]).unwrap();
        assert!(Settings::default().judge(cli.command.as_ref()).is_ok());
    }

    #[test]
    fn a_configuration_can_be_printed_without_telling_its_secrets() {
        let shown = format!("{:?}", with_token().judge(None).unwrap());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}
