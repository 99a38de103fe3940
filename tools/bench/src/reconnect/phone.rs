//! One of many phones: it waits, loses its server, and comes back.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use rand::RngExt;
use reqwest::Method;
use serde_json::Value;
use sovpalo_domain::ids::{RoomCode, Seq};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    checker::{
        history::Place,
        wire::{Frame, WireEvent, WireRoom},
    },
    phone::{Came, Door, End, Has, RoomSocket, Session, Trouble},
};

/// What every phone calls itself: each belongs to somebody else.
const DEVICE: &str = "phone-that-reconnects";
/// An address has only so many ports.
const PER_ADDRESS: usize = 4_000;
/// A handshake takes no longer; it is how long the Mini App waits, too.
const OPENING: Duration = Duration::from_secs(10);
/// Before the next try, at most.
const PAUSE: u64 = 150;

/// A phone without a socket.
pub(super) struct Phone {
    session: Session,
    room: RoomCode,
    from: Option<IpAddr>,
    /// Whether it will have missed the last event.
    behind: bool,
    has: Option<WireRoom>,
}

/// A phone with one.
pub(super) struct Connected {
    phone: Phone,
    socket: RoomSocket,
}

/// A phone that is back.
pub(super) struct Returned {
    phone: Phone,
    /// Held, so that nobody goes before all are there.
    _socket: RoomSocket,
    /// Since the server was killed.
    pub(super) took: Duration,
    pub(super) tries: u64,
}

impl Phone {
    pub(super) fn new(session: Session, room: RoomCode, number: usize, behind: bool) -> Self {
        // Everything below 127 is this machine, on Linux without asking for it.
        let host = u8::try_from(2 + number / PER_ADDRESS).unwrap_or(2);
        let from = cfg!(target_os = "linux").then_some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, host)));
        Self { session, room, from, behind, has: None }
    }

    /// Opens the socket and takes the room that comes.
    pub(super) async fn connect(mut self, node: SocketAddr) -> anyhow::Result<Connected> {
        for _ in 0..20 {
            match self.open(node, None).await {
                Ok((socket, Given::Room(room))) => {
                    self.has = Some(*room);
                    return Ok(Connected { phone: self, socket });
                }
                Ok((_, Given::Events(_))) => bail!("a phone that has nothing was given no room"),
                Err(Trouble::Refused(code)) => bail!("a socket was refused: {code}"),
                Err(Trouble::Session) => drop(self.session.renew(node).await),
                Err(Trouble::Passing) => {}
            }
        }
        bail!("a socket could not be opened")
    }

    async fn open(&mut self, node: SocketAddr, known: Option<Place>) -> Result<(RoomSocket, Given), Trouble> {
        let token = self.session.token(node).await?;
        let door = Door { node, from: self.from, device: DEVICE, token: &token, patience: OPENING };
        let socket = RoomSocket::open(door, self.room, Has { place: known, change: None }).await?;
        timeout(OPENING, self.given(socket)).await.unwrap_or(Err(Trouble::Passing))
    }

    /// What comes first, up to where the room stands.
    async fn given(&self, mut socket: RoomSocket) -> Result<(RoomSocket, Given), Trouble> {
        let (frame, until) = next(&mut socket).await?;
        let Frame::Welcome { epoch, seq, room } = frame else {
            return Err(Trouble::Refused(format!("{frame:?} comes before the room is open")));
        };
        if let Some(room) = room {
            return Ok((socket, Given::Room(room)));
        }
        let mut events = Vec::new();
        let mut at = Place { epoch, seq };
        while until.is_some_and(|until| at.seq.get() < until) {
            let Frame::Event { seq, event } = next(&mut socket).await?.0 else { continue };
            if seq != at.seq.next() {
                return Err(Trouble::Refused(format!("seq {seq} follows {at}")));
            }
            at.seq = seq;
            events.push(event);
        }
        if self.has.as_ref().map(|has| Place { epoch: has.epoch, seq: has.seq }) != Some(at) {
            return Err(Trouble::Refused(format!(
                "it was brought to {at}, which is not where the room stands"
            )));
        }
        Ok((socket, Given::Events(events)))
    }

    /// Takes what it was given; what it missed on purpose must be what it has already.
    fn take(&mut self, given: Given) -> anyhow::Result<()> {
        let events = match given {
            Given::Room(room) => {
                self.has = Some(*room);
                return Ok(());
            }
            Given::Events(events) => events,
        };
        ensure!(events.len() == usize::from(self.behind), "a phone was told {events:?}");
        let has = self.has.as_ref().context("a phone without a room was told of events")?;
        for event in events {
            let known = match &event {
                WireEvent::Progress { member, swiped } => {
                    has.members.iter().any(|known| known.id == *member && known.swiped == *swiped)
                }
                WireEvent::Swiped { title, .. } => has.my_swipes == 1 && !has.queue.contains(title),
                _ => false,
            };
            ensure!(known, "{event:?} was told of a room that is {has:?}");
        }
        Ok(())
    }

    /// What it will say that it has.
    fn known(&self) -> Option<Place> {
        let has = self.has.as_ref()?;
        let missed = u64::from(self.behind);
        Some(Place { epoch: has.epoch, seq: Seq::new(has.seq.get().saturating_sub(missed)) })
    }
}

/// What a phone was given when it opened its room.
enum Given {
    /// The whole room.
    Room(Box<WireRoom>),
    /// What it missed, all of it.
    Events(Vec<WireEvent>),
}

/// The next frame, and up to where it brings the phone if it opens the room.
async fn next(socket: &mut RoomSocket) -> Result<(Frame, Option<u64>), Trouble> {
    match socket.next().await {
        Came::Frame(frame) => {
            let until = frame["until"].as_u64();
            let frame = serde_json::from_value(frame)
                .map_err(|error| Trouble::Refused(format!("a frame cannot be read: {error}")))?;
            Ok((frame, until))
        }
        Came::End(End::Closed(4401)) => Err(Trouble::Session),
        Came::End(End::Room(code)) if code == "not_a_member" || code == "room_not_found" => {
            Err(Trouble::Refused(code))
        }
        Came::End(End::Wrong(what)) => Err(Trouble::Refused(what)),
        Came::End(End::Broken | End::Closed(_) | End::Room(_)) => Err(Trouble::Passing),
    }
}

impl Connected {
    /// Waits for the end of its server, and comes back to `node`.
    pub(super) async fn wait_and_return(
        self,
        mut killed: watch::Receiver<Option<Instant>>,
        node: SocketAddr,
    ) -> anyhow::Result<Returned> {
        let Self { mut phone, mut socket } = self;
        loop {
            match socket.next().await {
                Came::End(_) => break,
                Came::Frame(frame) if frame["type"] == "event" => bail!("something happened: {frame}"),
                Came::Frame(_) => {}
            }
        }
        drop(socket);
        let killed = killed.wait_for(Option::is_some).await?.context("nobody was killed")?;
        let mut tries = 0;
        loop {
            tries += 1;
            let known = phone.known();
            match phone.open(node, known).await {
                Ok((socket, given)) => {
                    let took = killed.elapsed();
                    phone.take(given)?;
                    return Ok(Returned { phone, _socket: socket, took, tries });
                }
                Err(Trouble::Session) => drop(phone.session.renew(node).await),
                Err(Trouble::Refused(code)) => bail!("a phone that came back was refused: {code}"),
                Err(Trouble::Passing) => {}
            }
            let pause = rand::rng().random_range(10..PAUSE);
            sleep(Duration::from_millis(pause)).await;
        }
    }
}

impl Returned {
    /// What is wrong with its room, if anything, compared with a fresh answer.
    pub(super) async fn wrong(mut self, node: SocketAddr) -> Option<String> {
        let code = self.phone.room;
        let path = format!("rooms/{code}");
        match self.phone.session.insist::<WireRoom>(node, Method::GET, &path, &Value::Null).await {
            Ok(fresh) if Some(&fresh) == self.phone.has.as_ref() => None,
            Ok(fresh) => Some(format!("room {code}: it has {:?}, and should {fresh:?}", self.phone.has)),
            Err(error) => Some(format!("room {code}: {error:#}")),
        }
    }
}
