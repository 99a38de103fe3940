//! One of many phones: it waits, loses its server, and comes back.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use rand::RngExt;
use reqwest::Method;
use serde_json::Value;
use sovpalo_domain::ids::{RoomCode, Seq};
use tokio::{sync::watch, time::sleep};

use crate::{
    checker::{
        history::Place,
        told::{Frame, RoomTold},
    },
    phone::{Came, Door, Session, Socket, Trouble},
};

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
    has: Option<RoomTold>,
}

/// A phone with one.
pub(super) struct Connected {
    phone: Phone,
    socket: Socket,
}

/// A phone that is back.
pub(super) struct Returned {
    phone: Phone,
    /// Held, so that nobody goes before all are there.
    _socket: Socket,
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
                Ok((socket, _, Some(room))) => {
                    self.has = Some(room);
                    return Ok(Connected { phone: self, socket });
                }
                Ok((_, _, None)) => bail!("a phone that has nothing was given nothing"),
                Err(Trouble::Refused(code)) => bail!("a socket was refused: {code}"),
                Err(Trouble::Session) => drop(self.session.renew(node).await),
                Err(Trouble::Passing) => {}
            }
        }
        bail!("a socket could not be opened")
    }

    async fn open(
        &mut self,
        node: SocketAddr,
        known: Option<Place>,
    ) -> Result<(Socket, Place, Option<RoomTold>), Trouble> {
        let token = self.session.token(node).await?;
        let door = Door {
            node,
            from: self.from,
            room: self.room,
            known,
            device: Some("phone"),
            token: &token,
            patience: OPENING,
        };
        let mut socket = Socket::open(door).await?;
        let Came::Frame(frame) = socket.next().await else { return Err(Trouble::Passing) };
        match serde_json::from_value(frame) {
            Ok(Frame::Welcome { epoch, seq, room }) => {
                Ok((socket, Place { epoch, seq }, room.map(|room| *room)))
            }
            _ => Err(Trouble::Refused("the first frame is no welcome".into())),
        }
    }

    /// What it will say that it has.
    fn known(&self) -> Option<Place> {
        let has = self.has.as_ref()?;
        let missed = u64::from(self.behind);
        Some(Place { epoch: has.epoch, seq: Seq::new(has.seq.get().saturating_sub(missed)) })
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
                Ok((socket, place, room)) => {
                    match (room, known == Some(place)) {
                        (Some(room), _) => phone.has = Some(room),
                        // It has all there is.
                        (None, true) => {}
                        (None, false) => bail!("a phone that had {known:?} was given nothing at {place}"),
                    }
                    return Ok(Returned { phone, _socket: socket, took: killed.elapsed(), tries });
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
        match self.phone.session.insist::<RoomTold>(node, Method::GET, &path, &Value::Null).await {
            Ok(fresh) if Some(&fresh) == self.phone.has.as_ref() => None,
            Ok(fresh) => Some(format!("room {code}: it has {:?}, and should {fresh:?}", self.phone.has)),
            Err(error) => Some(format!("room {code}: {error:#}")),
        }
    }
}
