//! The connections to Redis.

use std::{fmt, time::Duration};

use fred::{
    clients::Client,
    error::{Error, ErrorKind},
    interfaces::ClientLike,
    prelude::{Builder, Config, ReconnectPolicy, TcpConfig},
    socket2::TcpKeepalive,
    types::RespVersion,
};
use sovpalo_storage::start::Patience;

use crate::hot::{
    HotError,
    codec::{self, Decode},
};

/// How often a lost connection is tried again, at the longest.
const RECONNECT_WITHIN: Duration = Duration::from_millis(500);
/// Messages of one connection that may wait to be folded in before some are dropped (and everything is looked at again).
const MESSAGES: usize = 16 * 1024;

/// Where Redis is, and how patient to be with it.
#[derive(Clone)]
pub struct RedisConfig {
    /// `redis://`, `rediss://`, `redis-cluster://` or `redis-sentinel://`. A secret: a password may be in it.
    pub url: String,
    /// What every key begins with.
    pub prefix: String,
    /// How long a command may take, reconnecting included.
    pub patience: Duration,
    /// How long Redis that came back empty takes only what is put back, if no node knows which others there were. Longer than
    /// nodes need to reconnect.
    pub recovery: Duration,
    /// How long it does so after the last heartbeat of a node that has not put back all that it holds yet.
    pub recovery_at_most: Duration,
    /// How long it does so at the longest, whatever heartbeats come.
    pub recovery_longest: Duration,
    /// How long a log lives that nobody touches.
    pub idle: Duration,
    /// The name of this node: like no other's, and the same after a restart, so that nobody waits for one that died and is there again.
    /// `None`: a random one.
    pub node: Option<String>,
    /// How long the first connection waits for a server that is starting.
    pub starting: Patience,
    /// How a test's node reads entries that stands for an older program.
    #[cfg(test)]
    pub(crate) decode: Decode,
}

impl RedisConfig {
    /// Defaults for a server.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            prefix: "sovpalo".into(),
            patience: Duration::from_secs(2),
            recovery: Duration::from_secs(3),
            recovery_at_most: Duration::from_secs(10),
            recovery_longest: Duration::from_secs(60),
            idle: Duration::from_secs(30 * 60),
            node: None,
            starting: Patience::NONE,
            #[cfg(test)]
            decode: codec::decode,
        }
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "a test's node may read otherwise")]
    pub(super) fn decode(&self) -> Decode {
        codec::decode
    }

    #[cfg(test)]
    pub(super) fn decode(&self) -> Decode {
        self.decode
    }
}

impl fmt::Debug for RedisConfig {
    /// Never prints the URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConfig").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// A connection that renews itself. Fails if there is no Redis now.
pub(super) async fn connect(config: &RedisConfig) -> Result<Client, HotError> {
    open(config).await.map_err(HotError::from)
}

/// The same, with Redis's own word for what is wrong.
pub(super) async fn open(config: &RedisConfig) -> Result<Client, Error> {
    // The cause is kept to its kind: a parser may quote what it was given.
    let mut server =
        Config::from_url(&config.url).map_err(|_| Error::new(ErrorKind::Config, "its address is none"))?;
    server.version = RespVersion::RESP3;
    let longest = u32::try_from(RECONNECT_WITHIN.as_millis()).unwrap_or(u32::MAX);
    let client = Builder::from_config(server)
        .with_performance_config(|performance| {
            performance.default_command_timeout = config.patience;
            performance.broadcast_channel_capacity = MESSAGES;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = config.patience;
            connection.internal_command_timeout = config.patience;
            // A swipe must not wait for the one before it to be confirmed.
            connection.tcp = TcpConfig {
                nodelay: Some(true),
                keepalive: Some(TcpKeepalive::new().with_time(Duration::from_secs(10))),
                ..TcpConfig::default()
            };
            // A peer that went without a word is noticed by the answers that do not come.
            connection.unresponsive.max_timeout = Some(2 * config.patience);
            connection.unresponsive.interval = config.patience / 2;
        })
        .set_policy(ReconnectPolicy::new_exponential(0, 20, longest, 2))
        .build()?;
    client.init().await?;
    Ok(client)
}
