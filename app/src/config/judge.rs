//! Judging the settings, one by one and together.

use std::{net::SocketAddr, time::Duration};

use sovpalo_bot::{Proxy, Webhook};
use sovpalo_domain::ids::UserId;
use sovpalo_live::rates::Rates;
use sovpalo_server::TrustedProxies;
use url::Url;

use super::{
    Config, LogFormat, Mistakes, Secret, Stores, ice,
    settings::{Role, Settings},
    tmdb,
};
use crate::{addresses, strength};

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
            limits: judge.rates(self),
            trusted_proxies: judge.proxies("TRUSTED_PROXY", self.trusted_proxy.as_deref()),
            frame_ancestors: judge.origins("FRAME_ANCESTORS", self.frame_ancestors.as_deref()),
            ice: ice::judge(
                (
                    text(self.stun_urls.as_deref()),
                    text(self.turn_urls.as_deref()),
                    text(self.turn_secret.as_deref()),
                ),
                &mut |mistake| judge.0.push(mistake),
            ),
            tmdb: tmdb::judge(
                (
                    text(self.tmdb_token.as_deref()),
                    text(self.tmdb_api_url.as_deref()),
                    text(self.tmdb_image_url.as_deref()),
                ),
                &mut |mistake| judge.0.push(mistake),
            ),
            region: tmdb::region(text(self.region.as_deref()), &mut |mistake| judge.0.push(mistake)),
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

/// The highest rate that a setting may name: beyond it a limit limits nothing, and the start is refused.
const HIGHEST_RATE: u32 = 100_000;

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
        let needed = !matches!(role, Some(Role::ImportTitles(_) | Role::Reports(_) | Role::Health));
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
            Some(Role::ImportTitles(_) | Role::Reports(_) | Role::Health) | None => None,
        };
        if let Some(role) = alone {
            let why = "shares its rooms with other processes: set";
            self.demand(database.is_some(), format!("{role} {why} DATABASE_URL"));
            self.demand(redis.is_some(), format!("{role} {why} REDIS_URL"));
        } else {
            let both = database.is_some() == redis.is_some()
                || matches!(role, Some(Role::ImportTitles(_) | Role::Reports(_)));
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

    fn rates(&mut self, settings: &Settings) -> Option<Rates> {
        let Rates { calls_per_minute, messages_per_minute, rooms_per_hour } = Rates::USUAL;
        let rates = Rates {
            calls_per_minute: self.rate(
                "CALLS_PER_MINUTE",
                settings.calls_per_minute.as_deref(),
                calls_per_minute,
            ),
            messages_per_minute: self.rate(
                "MESSAGES_PER_MINUTE",
                settings.messages_per_minute.as_deref(),
                messages_per_minute,
            ),
            rooms_per_hour: self.rate("ROOMS_PER_HOUR", settings.rooms_per_hour.as_deref(), rooms_per_hour),
        };
        self.switch("LIMITS", settings.limits.as_deref(), true).then_some(rates)
    }

    fn rate(&mut self, name: &str, value: Option<&str>, usual: u32) -> u32 {
        let rate = text(value).map_or(Ok(usual), str::parse);
        let fine = rate.as_ref().is_ok_and(|rate| (1..=HIGHEST_RATE).contains(rate));
        self.demand(fine, format!("{name} is not a number from 1 to {HIGHEST_RATE}"));
        rate.unwrap_or(usual)
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
