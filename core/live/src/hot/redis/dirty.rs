//! Dirty rooms: a sorted set for each shard, whose scores are the times at which rooms are due, and a hash of how far each has to be
//! carried over.

use std::time::Duration;

use async_trait::async_trait;
use fred::types::Value;
use futures::{StreamExt, TryStreamExt, stream};
use sovpalo_domain::ids::{Position, RoomCode};

use super::{
    Redis,
    keys::Shard,
    log::mark,
    scripts,
    value::{bytes, millis, number},
};
use crate::hot::{DirtyRooms, HotError};

#[async_trait]
impl DirtyRooms for Redis {
    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError> {
        let now = self.clock.now();
        let arguments: Vec<Value> =
            vec![now.millis().into(), now.plus(lease).millis().into(), number(limit as u64)?];
        let due = self.marked.take(now).into_iter().map(|shard| {
            let arguments = arguments.clone();
            async move {
                let due = self
                    .server
                    .run::<Vec<String>>(&scripts::LEASE, vec![self.server.keys.dirty(shard)], arguments)
                    .await;
                // What could not be looked at is looked at again.
                self.rooms_named(shard, due.inspect_err(|_| self.marked.put(shard))?).await
            }
        });
        let due: Vec<Vec<RoomCode>> = stream::iter(due).buffer_unordered(64).try_collect().await?;
        Ok(due.into_iter().flatten().collect())
    }

    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError> {
        let shard = Shard::of(room);
        let keys =
            vec![self.server.keys.log(room), self.server.keys.marks(shard), self.server.keys.dirty(shard)];
        let arguments = vec![
            room.to_string().into(),
            bytes(upto.map_or(Vec::new(), mark)),
            self.clock.now().millis().into(),
            millis(self.config.idle),
        ];
        self.server.run::<i64>(&scripts::CLEAN, keys, arguments).await.map(drop)
    }

    async fn dirtied(&self) {
        self.marked.wait().await;
    }
}

impl Redis {
    /// The rooms of these marks. A mark that names no room is no room's, and is taken away.
    async fn rooms_named(&self, shard: Shard, names: Vec<String>) -> Result<Vec<RoomCode>, HotError> {
        let mut rooms = Vec::with_capacity(names.len());
        for name in names {
            if let Ok(room) = name.parse() {
                rooms.push(room);
                continue;
            }
            tracing::error!(name, "a mark for the projector names no room, and is taken away");
            let keys = &self.server.keys;
            let keys = vec![keys.no_log(shard), keys.marks(shard), keys.dirty(shard)];
            let arguments = vec![name.into(), "".into(), 0.into(), millis(self.config.idle)];
            self.server.run::<i64>(&scripts::CLEAN, keys, arguments).await?;
        }
        Ok(rooms)
    }
}

#[cfg(test)]
impl Redis {
    /// Marks something for the projector that is no room's.
    pub(crate) async fn mark_raw(&self, name: &str) {
        use fred::interfaces::LuaInterface;
        let script = "redis.call('ZADD', KEYS[1], 0, ARGV[1])";
        let keys = vec![self.server.keys.dirty(Shard::FIRST)];
        self.server.client.eval::<Value, _, _, _>(script, keys, vec![name]).await.unwrap();
    }
}
