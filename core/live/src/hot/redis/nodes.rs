//! Which nodes are there, and what each has confirmed after a loss.
//!
//! A shard that came back empty, or without an end, is whole again as soon as *every node that was there before* has put back
//! what it holds. So nodes tell Redis that they are there, remember who else was, and name them when a shard recovers
//! (see [`scripts::ROLL_CALL`]). A node that died just before and is not there again, under the same name, is waited
//! for in vain, up to [`RedisConfig::recovery_at_most`]; one that is slow says meanwhile that it is still at it, and is waited for up to
//! [`RedisConfig::recovery_longest`]. Where nobody knows who was there (all have only begun), a shard recovers for
//! [`RedisConfig::recovery`].

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use fred::types::Value;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::OnceCell,
    time::{MissedTickBehavior, interval},
};
use tokio_util::task::AbortOnDropHandle;

use super::{
    RedisConfig,
    keys::Shard,
    met::Server,
    scripts,
    value::{millis, nonsense},
};
use crate::hot::{HotError, Recovery};

/// How often a node says that it is there.
const SAID_EVERY: Duration = Duration::from_secs(1);
/// A node that has said nothing for so long is not there: longer than one stands still that is only busy.
const SILENT: Duration = Duration::from_secs(5);
/// Shards that are asked about at once.
const AT_ONCE: usize = 64;

/// Who else is there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Others {
    names: BTreeSet<String>,
    /// Whether that is all of them: a node that has only begun, and found a Redis that recovers, cannot know.
    known: bool,
    /// Whether Redis was whole when it was asked last.
    whole: bool,
}

impl Others {
    /// Redis names those who are there, and whether it is whole. Comes back with whether it has begun to recover since the last time.
    fn update(&mut self, names: impl Iterator<Item = String>, whole: bool) -> bool {
        let was_whole = std::mem::replace(&mut self.whole, whole);
        if whole {
            self.names = names.collect();
            self.known = true;
        } else {
            // Not all of them may have come back yet.
            self.names.extend(names);
        }
        was_whole && !whole
    }
}

/// This node among the others. Nobody waits for it before it has answered for the first time.
pub(super) struct Nodes {
    heart: Heart,
    recovery_at_most: Duration,
    recovery_longest: Duration,
    beating: OnceCell<AbortOnDropHandle<()>>,
}

impl Nodes {
    pub(super) fn new(server: Server, config: &RedisConfig) -> Self {
        let me = config.node.clone().unwrap_or_else(|| format!("{:016x}", rand::random::<u64>()));
        let heart = Heart { me, server, recovery: config.recovery, others: Arc::default() };
        let RedisConfig { recovery_at_most, recovery_longest, .. } = *config;
        Self { heart, recovery_at_most, recovery_longest, beating: OnceCell::new() }
    }

    /// Whether it has heard of so many others, and of nobody else.
    #[cfg(test)]
    pub(super) fn knows(&self, others: usize) -> bool {
        let found = self.heart.others();
        found.known && found.names.len() == others
    }

    /// Asks every shard whether it recovers, and confirms the recoveries in `confirmed`. Returns those that are still under way.
    pub(super) async fn answer(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        let heart = &self.heart;
        let beating = async || {
            heart.beat_once().await?;
            Ok::<_, HotError>(AbortOnDropHandle::new(tokio::spawn(heart.clone().beat())))
        };
        self.beating.get_or_try_init(beating).await?;
        let others = heart.others().clone();
        let asked = Shard::all().map(|shard| {
            let which = confirmed
                .iter()
                .find(|recovery| recovery.part == shard.number())
                .map(|recovery| recovery.which);
            let mut arguments: Vec<Value> = vec![
                millis(heart.recovery),
                millis(self.recovery_at_most),
                millis(self.recovery_longest),
                heart.me.as_str().into(),
                which.map_or_else(String::new, |which| which.to_string()).into(),
                if others.known { "1" } else { "" }.into(),
            ];
            arguments.extend(others.names.iter().map(|name| Value::from(name.as_str())));
            let keys = vec![heart.server.keys.life(shard), heart.server.keys.roll(shard)];
            async move {
                let found: Vec<String> = heart.server.run(&scripts::ROLL_CALL, keys, arguments).await?;
                let which = found.first().map(|which| which.parse().map_err(|_| nonsense("a recovery")));
                Ok::<_, HotError>(which.transpose()?.map(|which| Recovery { part: shard.number(), which }))
            }
        });
        let recoveries: Vec<Option<Recovery>> =
            stream::iter(asked).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(recoveries.into_iter().flatten().collect())
    }
}

/// Says again and again that a node is there, and hears who else is.
#[derive(Clone)]
struct Heart {
    me: String,
    server: Server,
    recovery: Duration,
    others: Arc<Mutex<Others>>,
}

impl Heart {
    async fn beat(self) {
        let mut tick = interval(SAID_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            // While Redis is away, who was there when it went is what counts.
            if let Err(error) = self.beat_once().await {
                tracing::debug!(%error, "this node could not say that it is there");
            }
        }
    }

    async fn beat_once(&self) -> Result<(), HotError> {
        let board = Shard::FIRST;
        let keys = vec![self.server.keys.life(board), self.server.keys.nodes(board)];
        let arguments = vec![millis(self.recovery), self.me.as_str().into(), millis(SILENT)];
        let there: Vec<String> = self.server.run(&scripts::BE_THERE, keys, arguments).await?;
        let (wait, names) = there.split_first().ok_or_else(|| nonsense("who is there"))?;
        let names = names.iter().filter(|name| **name != self.me).cloned();
        if self.others().update(names, wait == "0") {
            // Perhaps another node has met it, and no connection of this one broke.
            self.server.tell_missed();
        }
        Ok(())
    }

    fn others(&self) -> MutexGuard<'_, Others> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
