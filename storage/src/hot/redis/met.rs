//! Whether the server at the other end is one that the nodes know.
//!
//! After a failover it is another one, which may not have heard of the end of what the last one held, and looks whole all the same. What
//! gives it away is that it knows none of our scripts: servers keep those to themselves (<https://redis.io/docs/latest/develop/programmability/eval-intro/>).
//! So a server is *met* before it is given any script: every shelf heals first, and then it is given one whose text never changes. It
//! is that one which says that somebody has met it, so that a new version of Sovpalo with other scripts makes nobody wait.
//!
//! A server that gave its place up and gets it back without having been started anew is not recognised.

use std::sync::LazyLock;

use fred::{
    error::Error,
    interfaces::LuaInterface,
    types::{FromValue, Value, scripts::Script},
};
use futures::future::try_join_all;

use super::{Redis, keys::Shelf, scripts};
use crate::hot::HotError;

/// Known to every server that was met.
static MET: LazyLock<Script> = LazyLock::new(|| Script::from_lua("return 'Sovpalo has met this server'"));

impl Redis {
    /// Runs a script.
    pub(super) async fn run<R: FromValue>(
        &self,
        script: &Script,
        keys: Vec<String>,
        arguments: Vec<Value>,
    ) -> Result<R, HotError> {
        let answer = match script.evalsha(&self.client, keys.clone(), arguments.clone()).await {
            Err(error) if is_unknown(&error) => {
                self.meet(&keys).await.map_err(HotError::because)?;
                script.load(&self.client).await.map_err(HotError::because)?;
                script.evalsha(&self.client, keys, arguments).await
            }
            answer => answer,
        };
        answer.map_err(HotError::because)
    }

    /// Meets the server that has these keys, unless somebody has.
    async fn meet(&self, keys: &[String]) -> Result<(), Error> {
        match MET.evalsha::<Value, _, _, _>(&self.client, keys.to_vec(), Vec::<Value>::new()).await {
            Err(error) if is_unknown(&error) => {}
            known => return known.map(drop),
        }
        tracing::warn!("a Redis that no node has met: what nodes hold more of than it does is put back");
        let heal = Shelf::all().map(|shelf| {
            let keys = vec![self.keys.life(shelf)];
            self.client.eval::<Value, _, _, _>(scripts::HEAL_AGAIN, keys, Vec::<Value>::new())
        });
        try_join_all(heal).await?;
        MET.load(&self.client).await
    }
}

fn is_unknown(error: &Error) -> bool {
    error.details().starts_with("NOSCRIPT")
}
