//! The server at the other end: what it runs for us, and whether it is one that the nodes know.
//!
//! After a failover it is another one, which may not have heard of the end of what the last one held, and looks whole all the same. What
//! gives it away is that it knows none of our scripts: servers keep those to themselves (<https://redis.io/docs/latest/develop/programmability/eval-intro/>).
//! So a server is *met* before it is given any script: every shard recovers first, and then it is given one whose text never changes. It
//! is that one which says that somebody has met it, so that a new version of Sovpalo with other scripts makes nobody wait.
//!
//! A server that gave its place up and gets it back without having been started anew is not recognised.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use fred::{
    clients::Client,
    error::Error,
    interfaces::LuaInterface,
    types::{FromValue, Value, scripts::Script},
};
use futures::future::try_join_all;
use tokio::sync::{Mutex, broadcast};

use super::{
    keys::{Keys, Shard},
    scripts,
    value::millis,
};
use crate::hot::{Change, HotError};

/// Known to every server that was met.
static MET: LazyLock<Script> = LazyLock::new(|| Script::from_lua("return 'Sovpalo has met this server'"));

/// The way to the server, and how things are named there. Cheap to clone.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) keys: Keys,
    recovery: Duration,
    changes: broadcast::Sender<Change>,
    /// One meets it for all.
    meeting: Arc<Mutex<()>>,
    /// Whether one has ever answered.
    had_one: Arc<AtomicBool>,
}

impl Server {
    /// `changes` are told when another one has taken over; `recovery` is how long a shard recovers that nobody confirms.
    pub(super) fn new(
        client: Client,
        keys: Keys,
        recovery: Duration,
        changes: broadcast::Sender<Change>,
    ) -> Self {
        Self { client, keys, recovery, changes, meeting: Arc::default(), had_one: Arc::default() }
    }

    /// Runs a script.
    pub(super) async fn run<R: FromValue>(
        &self,
        script: &Script,
        keys: Vec<String>,
        arguments: Vec<Value>,
    ) -> Result<R, HotError> {
        let answer = match script.evalsha(&self.client, keys.clone(), arguments.clone()).await {
            Err(error) if is_unknown(&error) => {
                self.meet(&keys).await.map_err(HotError::from)?;
                script.load(&self.client).await.map_err(HotError::from)?;
                script.evalsha(&self.client, keys, arguments).await
            }
            answer => answer,
        };
        if answer.is_ok() {
            self.had_one.store(true, Ordering::Relaxed);
        }
        answer.map_err(HotError::from)
    }

    /// Meets the server that has these keys, unless somebody has.
    async fn meet(&self, keys: &[String]) -> Result<(), Error> {
        let _one_for_all = self.meeting.lock().await;
        match MET.evalsha::<Value, _, _, _>(&self.client, keys.to_vec(), Vec::<Value>::new()).await {
            Err(error) if is_unknown(&error) => {}
            known => return known.map(drop),
        }
        tracing::warn!("a Redis that no node has met: what nodes hold more of than it does is put back");
        let recover = Shard::all().map(|shard| {
            let keys = vec![self.keys.life(shard), self.keys.roll(shard)];
            self.client.eval::<Value, _, _, _>(scripts::RECOVER_AGAIN, keys, vec![millis(self.recovery)])
        });
        try_join_all(recover).await?;
        MET.load(&self.client).await?;
        if self.had_one.load(Ordering::Relaxed) {
            self.tell_missed();
        }
        Ok(())
    }

    /// Every replica has to be compared with its log.
    pub(super) fn tell_missed(&self) {
        // Nobody listening is fine: then nobody holds anything.
        let _ = self.changes.send(Change::Missed);
    }
}

fn is_unknown(error: &Error) -> bool {
    error.details().starts_with("NOSCRIPT")
}
