//! The engine: its parts, and how it connects.

use sovpalo_storage::clock::Clock;
use tokio::sync::broadcast;

use super::{
    RedisConfig, keys::Keys, marked::Marked, met::Server, nodes::Nodes, start, subscriptions::Subscriptions,
};
use crate::hot::{Change, HotError};

/// Changes a slow subscriber may be behind by before it is told [`Change::Missed`].
const BACKLOG: usize = 16 * 1024;

/// The engine. Dropping it closes its connections.
pub struct Redis {
    pub(super) server: Server,
    pub(super) nodes: Nodes,
    pub(super) config: RedisConfig,
    pub(super) clock: Clock,
    pub(super) changes: broadcast::Sender<Change>,
    pub(super) subscriptions: Subscriptions,
    pub(super) marked: Marked,
}

impl Redis {
    /// Connects, and listens to what concerns all rooms. Waits for a Redis that is starting as [`RedisConfig::starting`] says.
    pub async fn connect(config: RedisConfig, clock: Clock) -> Result<Self, HotError> {
        let keys = Keys::new(&config.prefix);
        let (changes, _) = broadcast::channel(BACKLOG);
        let client = start::connect(&config).await?;
        let subscriptions = Subscriptions::open(&config, keys.clone(), changes.clone()).await?;
        let server = Server::new(client, keys, config.recovery, changes.clone());
        let nodes = Nodes::new(server.clone(), &config);
        Ok(Self { server, nodes, config, clock, changes, subscriptions, marked: Marked::default() })
    }
}
