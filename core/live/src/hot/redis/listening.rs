//! The subscriptions: a channel for each room that somebody here listens to, and one for the ends of sessions.
//!
//! One task owns the connection. Whoever wants a room counts themselves in and rings; the task brings what
//! is subscribed in line with what is wanted, in order, so that an end and a new beginning of the same room cannot overtake
//! each other. After a lost connection it subscribes to everything again and tells that something may have been missed.

use std::{collections::HashSet, sync::Arc, time::Duration};

use dashmap::DashMap;
use fred::{
    clients::Client,
    interfaces::{ClientLike, EventInterface, PubsubInterface},
    types::Message,
};
use sovpalo_domain::ids::RoomCode;
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, oneshot,
    },
    time::{MissedTickBehavior, interval},
};

use super::{
    RedisConfig, client,
    keys::{Keys, Shelf},
    message,
};
use crate::hot::{Change, HotError, Listening, codec::Decode};

/// A connection over which nothing is asked would not notice that its peer is gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Between two tries to subscribe again.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Rooms that are looked at at once.
const GROUP: usize = 1024;

type Wanted = Arc<DashMap<RoomCode, usize>>;

/// Somebody wants a room, or wants it no longer.
struct Ring {
    room: RoomCode,
    heard: Option<oneshot::Sender<Result<(), HotError>>>,
}

/// The subscriptions of this node. Dropping it ends them.
pub(super) struct Ears {
    wanted: Wanted,
    rings: mpsc::UnboundedSender<Ring>,
}

/// Held for as long as a room is wanted.
struct Ear {
    room: RoomCode,
    wanted: Wanted,
    rings: mpsc::UnboundedSender<Ring>,
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.wanted.remove_if_mut(&self.room, |_, count| {
            *count -= 1;
            *count == 0
        });
        // Without the task there is nothing to end.
        let _ = self.rings.send(Ring { room: self.room, heard: None });
    }
}

impl Ears {
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
        let (rings, rung) = mpsc::unbounded_channel();
        tokio::spawn(tell(messages, keys.clone(), config.decode(), changes.clone()));
        let keeper =
            Keeper { client, keys, changes, wanted: Arc::clone(&wanted), subscribed: HashSet::new() };
        tokio::spawn(keeper.run(rung, connected));
        Ok(Self { wanted, rings })
    }

    /// When this comes back, the room's changes are told.
    pub(super) async fn listen(&self, room: RoomCode) -> Result<Listening, HotError> {
        *self.wanted.entry(room).or_default() += 1;
        let ear = Ear { room, wanted: Arc::clone(&self.wanted), rings: self.rings.clone() };
        let (heard, hears) = oneshot::channel();
        let gone = || HotError::unavailable("its subscriptions have ended");
        self.rings.send(Ring { room, heard: Some(heard) }).map_err(|_| gone())?;
        hears.await.map_err(|_| gone())??;
        Ok(Listening::until_dropped(ear))
    }
}

/// Passes on what is heard, until the connection is closed for good.
async fn tell(
    mut messages: broadcast::Receiver<Message>,
    keys: Keys,
    decode: Decode,
    changes: broadcast::Sender<Change>,
) {
    loop {
        let change = match messages.recv().await {
            Ok(message) => heard(&message, &keys, decode),
            Err(RecvError::Lagged(_)) => Some(Change::Missed),
            Err(RecvError::Closed) => return,
        };
        if let Some(change) = change {
            // An error means that nobody listens, which is fine.
            let _ = changes.send(change);
        }
    }
}

fn heard(message: &Message, keys: &Keys, decode: Decode) -> Option<Change> {
    let channel: &str = &message.channel;
    let value = message.value.as_bytes()?;
    if channel == keys.sessions() {
        return Some(Change::SessionEnded { session: std::str::from_utf8(value).ok()?.into() });
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
struct Keeper {
    client: Client,
    keys: Keys,
    changes: broadcast::Sender<Change>,
    wanted: Wanted,
    subscribed: HashSet<RoomCode>,
}

impl Keeper {
    async fn run(
        mut self,
        mut rung: mpsc::UnboundedReceiver<Ring>,
        mut connected: broadcast::Receiver<fred::types::config::Server>,
    ) {
        let mut rings = Vec::with_capacity(GROUP);
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                again = connected.recv() => match again {
                    Ok(_) | Err(RecvError::Lagged(_)) => self.renew(&mut connected).await,
                    Err(RecvError::Closed) => break,
                },
                some = rung.recv_many(&mut rings, GROUP) => {
                    if some == 0 {
                        break;
                    }
                    self.follow_wishes(rings.drain(..)).await;
                }
                _ = heartbeat.tick() => drop(self.client.ping::<String>(None).await),
            }
        }
        drop(self.client.quit().await);
    }

    /// Brings the subscriptions of these rooms in line with what is wanted.
    async fn follow_wishes(&mut self, rings: impl Iterator<Item = Ring>) {
        let rings: Vec<Ring> = rings.collect();
        let rooms: HashSet<RoomCode> = rings.iter().map(|ring| ring.room).collect();
        let wanted = |room: &RoomCode| self.wanted.contains_key(room);
        let (begin, rest): (Vec<_>, Vec<_>) = rooms.into_iter().partition(wanted);
        let begin: Vec<RoomCode> = begin.into_iter().filter(|room| !self.subscribed.contains(room)).collect();
        let end: Vec<RoomCode> = rest.into_iter().filter(|room| self.subscribed.contains(room)).collect();
        let begun = self.subscribe(begin).await;
        self.unsubscribe(end).await;
        for heard in rings.into_iter().filter_map(|ring| ring.heard) {
            // Whoever asked may have gone.
            let _ = heard.send(begun.clone());
        }
    }

    async fn subscribe(&mut self, rooms: Vec<RoomCode>) -> Result<(), HotError> {
        for shelf in by_shelf(rooms) {
            let channels: Vec<String> = shelf.iter().map(|room| self.keys.channel(*room)).collect();
            self.client.ssubscribe(channels).await.map_err(HotError::from)?;
            self.subscribed.extend(shelf);
        }
        Ok(())
    }

    async fn unsubscribe(&mut self, rooms: Vec<RoomCode>) {
        for shelf in by_shelf(rooms) {
            let channels: Vec<String> = shelf.iter().map(|room| self.keys.channel(*room)).collect();
            // A room that is still told of costs a look and is passed over; a lost connection ends it anyway.
            let _ = self.client.sunsubscribe(channels).await;
            for room in shelf {
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
        tracing::info!(rooms = self.subscribed.len(), "Redis is connected again");
        let _ = self.changes.send(Change::Missed);
    }
}

/// One call's channels lie on one shelf.
fn by_shelf(mut rooms: Vec<RoomCode>) -> Vec<Vec<RoomCode>> {
    rooms.sort_by_key(|room| Shelf::of(*room));
    rooms.chunk_by(|one, other| Shelf::of(*one) == Shelf::of(*other)).map(<[_]>::to_vec).collect()
}
