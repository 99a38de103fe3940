//! The subscriptions: a channel for each room that somebody here listens to, and one for the ends of sessions.
//!
//! One task owns the connection. Whoever wants a room is counted, and sends the task a request; it brings what
//! is subscribed in line with what is wanted, in order, so that an end and a new beginning of the same room cannot overtake
//! each other. After a lost connection it subscribes to everything again and tells that something may have been missed.

use std::{collections::HashSet, sync::Arc, time::Duration};

use dashmap::DashMap;
use fred::{
    clients::Client,
    interfaces::{ClientLike, EventInterface, PubsubInterface},
    types::Message,
};
use futures::future::try_join_all;
use sovpalo_domain::ids::RoomCode;
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, oneshot,
    },
    time::{Instant, MissedTickBehavior, interval},
};

use super::{
    RedisConfig, client,
    keys::{Keys, Shard},
    message,
    value::bytes,
};
use crate::hot::{Announcement, Change, HotError, Listening, codec::Decode};

/// A connection over which nothing is asked would not notice that its peer is gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Between two tries to subscribe again.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Rooms that are looked at at once.
const GROUP: usize = 1024;

/// How long the number of a room's subscribers, as Redis last gave it, is cached. A node that subscribes publishes that, which ends the
/// cache at once; if that message is lost, the phones on that node miss signals for as long.
pub(crate) const KNOWN_TO_BE_ALONE: Duration = Duration::from_secs(120);

type Wanted = Arc<DashMap<RoomCode, Listeners>>;

/// Who listens to a room.
#[derive(Debug, Default)]
struct Listeners {
    /// How many here.
    here: usize,
    /// Grows whenever others may have begun to listen.
    doubts: u64,
    /// Until when it is believed that nobody does elsewhere.
    alone_until: Option<Instant>,
}

impl Listeners {
    fn doubt(&mut self) {
        self.doubts += 1;
        self.alone_until = None;
    }
}

/// Somebody wants a room, or wants it no longer.
struct Request {
    room: RoomCode,
    subscribed: Option<oneshot::Sender<Result<(), HotError>>>,
}

/// The subscriptions of this node. Dropping it ends them.
pub(super) struct Subscriptions {
    wanted: Wanted,
    requests: mpsc::UnboundedSender<Request>,
}

/// Held for as long as a room is wanted.
struct Subscription {
    room: RoomCode,
    wanted: Wanted,
    requests: mpsc::UnboundedSender<Request>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.wanted.remove_if_mut(&self.room, |_, listeners| {
            listeners.here -= 1;
            listeners.here == 0
        });
        // Without the task there is nothing to end.
        let _ = self.requests.send(Request { room: self.room, subscribed: None });
    }
}

impl Subscriptions {
    /// Connects, and tells `changes` from now on.
    pub(super) async fn open(
        config: &RedisConfig,
        keys: Keys,
        changes: broadcast::Sender<Change>,
    ) -> Result<Self, HotError> {
        let client = client::connect(config).await?;
        // From before the first subscription, so that no loss of the connection is overlooked.
        let connected = client.reconnect_rx();
        let messages = client.message_rx();
        client.subscribe(keys.sessions()).await.map_err(HotError::from)?;
        let wanted = Wanted::default();
        let (requests, requested) = mpsc::unbounded_channel();
        tokio::spawn(tell(messages, keys.clone(), config.decode(), Arc::clone(&wanted), changes.clone()));
        let task = SubscriptionTask {
            client,
            keys,
            changes,
            wanted: Arc::clone(&wanted),
            subscribed: HashSet::new(),
        };
        tokio::spawn(task.run(requested, connected));
        Ok(Self { wanted, requests })
    }

    /// When this comes back, the room's changes are told.
    pub(super) async fn listen(&self, room: RoomCode) -> Result<Listening, HotError> {
        self.wanted.entry(room).or_default().here += 1;
        let subscription =
            Subscription { room, wanted: Arc::clone(&self.wanted), requests: self.requests.clone() };
        let (subscribed, waiting) = oneshot::channel();
        let gone = || HotError::unavailable("its subscriptions have ended");
        self.requests.send(Request { room, subscribed: Some(subscribed) }).map_err(|_| gone())?;
        waiting.await.map_err(|_| gone())??;
        Ok(Listening::until_dropped(subscription))
    }

    /// Before it is asked how many connections something reaches: what comes back is given to [`Self::reached`].
    pub(super) fn ask_who(&self, room: RoomCode) -> u64 {
        self.wanted.get(&room).map_or(0, |listeners| listeners.doubts)
    }

    /// Something that was published to a room reached so many connections. This node has one.
    pub(super) fn reached(&self, room: RoomCode, question: u64, connections: u64) {
        if let Some(mut listeners) = self.wanted.get_mut(&room).filter(|known| known.doubts == question) {
            listeners.alone_until = (connections == 1).then(|| Instant::now() + KNOWN_TO_BE_ALONE);
        }
    }

    /// Whether nobody listens to a room elsewhere, as far as is known.
    pub(super) fn is_subscribed_only_here(&self, room: RoomCode) -> bool {
        let until = self.wanted.get(&room).and_then(|listeners| listeners.alone_until);
        until.is_some_and(|until| Instant::now() < until)
    }
}

/// Passes on every message as a change, until the connection is closed for good.
async fn tell(
    mut messages: broadcast::Receiver<Message>,
    keys: Keys,
    decode: Decode,
    wanted: Wanted,
    changes: broadcast::Sender<Change>,
) {
    loop {
        let change = match messages.recv().await {
            Ok(message) => {
                if let Some(mut listeners) =
                    subscribed(&message, &keys).and_then(|room| wanted.get_mut(&room))
                {
                    listeners.doubt();
                    continue;
                }
                change_of(&message, &keys, decode)
            }
            Err(RecvError::Lagged(_)) => Some(Change::Missed),
            Err(RecvError::Closed) => return,
        };
        if let Some(Change::PresenceChanged { room }) = change
            && let Some(mut listeners) = wanted.get_mut(&room)
        {
            listeners.doubt();
        }
        if let Some(change) = change {
            // An error means that nobody listens, which is fine.
            let _ = changes.send(change);
        }
    }
}

/// The room to which some node subscribes now.
fn subscribed(message: &Message, keys: &Keys) -> Option<RoomCode> {
    message::is_subscribed(message.value.as_bytes()?).then(|| keys.room_of(&message.channel))?
}

fn change_of(message: &Message, keys: &Keys, decode: Decode) -> Option<Change> {
    let channel: &str = &message.channel;
    let value = message.value.as_bytes()?;
    if channel == keys.sessions() {
        return Announcement::read(std::str::from_utf8(value).ok()?).map(Change::Announced);
    }
    let room = keys.room_of(channel)?;
    match message::read(room, value, decode) {
        Ok(change) => Some(change),
        Err(error) => {
            tracing::debug!(%error, %room, "a message is passed over; the log is looked at instead");
            Some(Change::Unreadable { room })
        }
    }
}

/// The task that owns the connection.
struct SubscriptionTask {
    client: Client,
    keys: Keys,
    changes: broadcast::Sender<Change>,
    wanted: Wanted,
    subscribed: HashSet<RoomCode>,
}

impl SubscriptionTask {
    async fn run(
        mut self,
        mut requested: mpsc::UnboundedReceiver<Request>,
        mut connected: broadcast::Receiver<fred::types::config::Server>,
    ) {
        let mut requests = Vec::with_capacity(GROUP);
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                again = connected.recv() => match again {
                    Ok(_) | Err(RecvError::Lagged(_)) => self.renew(&mut connected).await,
                    Err(RecvError::Closed) => break,
                },
                some = requested.recv_many(&mut requests, GROUP) => {
                    if some == 0 {
                        break;
                    }
                    self.follow_wishes(requests.drain(..)).await;
                }
                _ = heartbeat.tick() => drop(self.client.ping::<String>(None).await),
            }
        }
        drop(self.client.quit().await);
    }

    /// Brings the subscriptions of these rooms in line with what is wanted.
    async fn follow_wishes(&mut self, requests: impl Iterator<Item = Request>) {
        let requests: Vec<Request> = requests.collect();
        let rooms: HashSet<RoomCode> = requests.iter().map(|request| request.room).collect();
        let wanted = |room: &RoomCode| self.wanted.contains_key(room);
        let (begin, rest): (Vec<_>, Vec<_>) = rooms.into_iter().partition(wanted);
        let begin: Vec<RoomCode> = begin.into_iter().filter(|room| !self.subscribed.contains(room)).collect();
        let end: Vec<RoomCode> = rest.into_iter().filter(|room| self.subscribed.contains(room)).collect();
        let begun = self.subscribe(begin).await;
        self.unsubscribe(end).await;
        for subscribed in requests.into_iter().filter_map(|request| request.subscribed) {
            // Whoever asked may have gone.
            let _ = subscribed.send(begun.clone());
        }
    }

    async fn subscribe(&mut self, rooms: Vec<RoomCode>) -> Result<(), HotError> {
        for shard in by_shard(rooms) {
            let channels: Vec<String> = shard.iter().map(|room| self.keys.channel(*room)).collect();
            self.client.ssubscribe(channels.clone()).await.map_err(HotError::from)?;
            let announcing = channels
                .into_iter()
                .map(|channel| self.client.spublish::<(), _, _>(channel, bytes(message::subscribed())));
            try_join_all(announcing).await.map_err(HotError::from)?;
            self.subscribed.extend(shard);
        }
        Ok(())
    }

    async fn unsubscribe(&mut self, rooms: Vec<RoomCode>) {
        for shard in by_shard(rooms) {
            let channels: Vec<String> = shard.iter().map(|room| self.keys.channel(*room)).collect();
            // A room that is still told of costs a look and is passed over; a lost connection ends it anyway.
            let _ = self.client.sunsubscribe(channels).await;
            for room in shard {
                self.subscribed.remove(&room);
            }
        }
    }

    /// After a lost connection: everything again, until it is done; then everybody looks.
    async fn renew(&mut self, connected: &mut broadcast::Receiver<fred::types::config::Server>) {
        loop {
            // What has come back since is seen to by this.
            while connected.try_recv().is_ok() {}
            self.subscribed.clear();
            let wanted: Vec<RoomCode> = self.wanted.iter().map(|wanted| *wanted.key()).collect();
            let sessions = self.client.subscribe(self.keys.sessions()).await.map_err(HotError::from);
            let renewed = match sessions {
                Ok(()) => self.subscribe(wanted).await,
                error => error,
            };
            match renewed {
                Ok(()) => break,
                Err(error) => {
                    tracing::debug!(%error, "subscriptions are not renewed yet");
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
            }
        }
        // Others may have been reached while this node was not.
        self.wanted.iter_mut().for_each(|mut listeners| listeners.doubt());
        tracing::info!(rooms = self.subscribed.len(), "Redis is connected again");
        let _ = self.changes.send(Change::Missed);
    }
}

/// One call's channels lie on one shard.
fn by_shard(mut rooms: Vec<RoomCode>) -> Vec<Vec<RoomCode>> {
    rooms.sort_by_key(|room| Shard::of(*room));
    rooms.chunk_by(|one, other| Shard::of(*one) == Shard::of(*other)).map(<[_]>::to_vec).collect()
}
