//! A hot layer that a test can take away: nobody reaches it, and nobody hears of anything, until it is back.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sovpalo_domain::{
    ids::{Position, RoomCode, Seq, UserId},
    room::Entry,
};
use sovpalo_live::hot::{
    Announcement, Appended, Change, Device, DirtyRooms, ExpectedHead, Fencing, FencingToken, Health, Hot,
    HotError, KeyValue, Listening, Log, MemberPresence, Presence, Publish, Published, Quota, RateLimit,
    Recover, Recovery, SocketId, Spent, Subscribe, Tail, VoiceChanged,
};
use tokio::sync::broadcast;

use super::held::Hold;

/// The devices that have a fence, and in which room.
pub(crate) type Fences = Arc<Mutex<HashSet<(RoomCode, UserId, Device)>>>;

/// The way to a hot layer, for one node.
pub(crate) struct Switched {
    inner: Arc<dyn Hot>,
    away: Arc<AtomicBool>,
    hold: Arc<Mutex<Option<Hold>>>,
    fences: Fences,
    changes: broadcast::Sender<Change>,
}

impl Switched {
    pub(crate) fn new(
        inner: Arc<dyn Hot>,
        away: Arc<AtomicBool>,
        hold: Arc<Mutex<Option<Hold>>>,
        fences: Fences,
    ) -> Self {
        let (changes, _) = broadcast::channel(1024);
        let (mut heard, told, gone) = (inner.changes(), changes.clone(), Arc::clone(&away));
        tokio::spawn(async move {
            while let Ok(change) = heard.recv().await {
                if !gone.load(Ordering::SeqCst) {
                    let _ = told.send(change);
                }
            }
        });
        Self { inner, away, hold, fences, changes }
    }

    /// What whoever is connected again says.
    pub(crate) fn missed(&self) {
        let _ = self.changes.send(Change::Missed);
    }

    fn reach(&self) -> Result<&dyn Hot, HotError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(HotError::unavailable("the test has taken it away"));
        }
        Ok(&*self.inner)
    }
}

#[async_trait]
impl Log for Switched {
    async fn append(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        self.reach()?.append(room, expected, entries, durable).await
    }

    async fn replace(
        &self,
        room: RoomCode,
        instead_of: ExpectedHead,
        log: &[Entry],
    ) -> Result<Appended, HotError> {
        self.reach()?.replace(room, instead_of, log).await
    }

    async fn read(&self, room: RoomCode, after: Seq) -> Result<Option<Tail>, HotError> {
        self.reach()?.read(room, after).await
    }
}

#[async_trait]
impl Fencing for Switched {
    async fn append_fenced(
        &self,
        fence: FencingToken,
        room: RoomCode,
        expected: ExpectedHead,
        entries: &[Entry],
        durable: bool,
    ) -> Result<Appended, HotError> {
        let held = self.hold.lock().unwrap().take();
        if let Some(held) = held {
            held.reached().await;
        }
        self.reach()?.append_fenced(fence, room, expected, entries, durable).await
    }

    async fn raise_fence(&self, room: RoomCode, fence: FencingToken) -> Result<(), HotError> {
        self.reach()?.raise_fence(room, fence).await?;
        self.fences.lock().unwrap().insert((room, fence.member, fence.device));
        Ok(())
    }

    async fn holder(
        &self,
        room: RoomCode,
        member: UserId,
        device: Device,
    ) -> Result<Option<SocketId>, HotError> {
        self.reach()?.holder(room, member, device).await
    }

    async fn fence(&self, room: RoomCode, otherwise: FencingToken) -> Result<SocketId, HotError> {
        let holder = self.reach()?.fence(room, otherwise).await?;
        self.fences.lock().unwrap().insert((room, otherwise.member, otherwise.device));
        Ok(holder)
    }
}

#[async_trait]
impl Recover for Switched {
    async fn put_back(
        &self,
        room: RoomCode,
        expected: Option<ExpectedHead>,
        log: &[Entry],
    ) -> Result<Appended, HotError> {
        self.reach()?.put_back(room, expected, log).await
    }

    async fn recovering(&self, room: RoomCode) -> Result<Option<Duration>, HotError> {
        self.reach()?.recovering(room).await
    }

    async fn recoveries(&self, confirmed: &[Recovery]) -> Result<Vec<Recovery>, HotError> {
        self.reach()?.recoveries(confirmed).await
    }
}

#[async_trait]
impl DirtyRooms for Switched {
    async fn dirty(&self, limit: usize, lease: Duration) -> Result<Vec<RoomCode>, HotError> {
        self.reach()?.dirty(limit, lease).await
    }

    async fn clean(&self, room: RoomCode, upto: Option<Position>) -> Result<(), HotError> {
        self.reach()?.clean(room, upto).await
    }

    async fn dirtied(&self) {
        self.inner.dirtied().await;
    }
}

#[async_trait]
impl Publish for Switched {
    async fn publish(&self, room: RoomCode, what: &Published) -> Result<(), HotError> {
        self.reach()?.publish(room, what).await
    }

    async fn announce(&self, what: &Announcement) -> Result<(), HotError> {
        self.reach()?.announce(what).await
    }
}

#[async_trait]
impl Subscribe for Switched {
    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn listen(&self, room: RoomCode) -> Result<Listening, HotError> {
        self.reach()?.listen(room).await
    }
}

#[async_trait]
impl Presence for Switched {
    async fn arrive(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        self.reach()?.arrive(room, member, socket).await
    }

    async fn beat(
        &self,
        room: RoomCode,
        sockets: &[(UserId, SocketId)],
    ) -> Result<Vec<MemberPresence>, HotError> {
        self.reach()?.beat(room, sockets).await
    }

    async fn depart(&self, room: RoomCode, member: UserId, socket: SocketId) -> Result<bool, HotError> {
        self.reach()?.depart(room, member, socket).await
    }

    async fn set_voice(
        &self,
        room: RoomCode,
        member: UserId,
        socket: SocketId,
        on: bool,
    ) -> Result<VoiceChanged, HotError> {
        self.reach()?.set_voice(room, member, socket, on).await
    }

    async fn presence(&self, room: RoomCode) -> Result<Vec<MemberPresence>, HotError> {
        self.reach()?.presence(room).await
    }
}

#[async_trait]
impl KeyValue for Switched {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HotError> {
        self.reach()?.get(key).await
    }

    async fn put(&self, key: &str, value: &[u8], ttl: Duration) -> Result<(), HotError> {
        self.reach()?.put(key, value, ttl).await
    }

    async fn swap(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
        ttl: Duration,
    ) -> Result<bool, HotError> {
        self.reach()?.swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<(), HotError> {
        self.reach()?.delete(key).await
    }
}

#[async_trait]
impl RateLimit for Switched {
    async fn spend(&self, key: &str, quota: Quota) -> Result<Spent, HotError> {
        self.reach()?.spend(key, quota).await
    }
}

#[async_trait]
impl Health for Switched {
    async fn ping(&self) -> Result<(), HotError> {
        self.reach()?.ping().await
    }
}
