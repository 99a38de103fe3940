//! Somebody with a phone that does no more than the contract asks for.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use anyhow::{Context, bail, ensure};
use machine::interrupt;
use reqwest::Method;
use serde_json::Value;
use sovpalo_domain::ids::{RoomCode, Seq, TitleId};
use tokio::time::{sleep, timeout};

use crate::{
    checker::{
        history::Place,
        wire::{Frame, Phase, WireEvent, WireMatch, WireRoom},
    },
    phone::{Came, Door, End, Has, RoomSocket, Session, Trouble},
};

/// What every phone calls itself: each belongs to somebody else.
const DEVICE: &str = "phone-of-an-evening";
/// A handshake that takes longer is tried with the other server.
const HANDSHAKE: Duration = Duration::from_millis(2_500);
/// A command without an answer for so long means a dead connection.
const ANSWER: Duration = Duration::from_secs(4);
/// Before knocking again.
const PAUSE: Duration = Duration::from_millis(100);
/// What does not come in this time does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A person and their phone.
pub(super) struct Person {
    pub(super) name: &'static str,
    session: Session,
    code: RoomCode,
    pub(super) phase: Phase,
    /// The next cards.
    pub(super) queue: Vec<TitleId>,
    /// What they were told of, in order.
    pub(super) matches: Vec<(u32, TitleId)>,
    /// What the phone has of the room.
    pub(super) known: Option<Place>,
    nodes: Vec<SocketAddr>,
    /// At which of them.
    at: usize,
    socket: Option<RoomSocket>,
    /// Commands without an answer, with their ids.
    waiting: VecDeque<(u64, Value)>,
    next_id: u64,
}

impl Person {
    pub(super) fn new(
        name: &'static str,
        session: Session,
        code: RoomCode,
        nodes: &[SocketAddr],
        at: usize,
    ) -> Self {
        Self {
            name,
            session,
            code,
            phase: Phase::Lobby,
            queue: Vec::new(),
            matches: Vec::new(),
            known: None,
            nodes: nodes.to_vec(),
            at,
            socket: None,
            waiting: VecDeque::new(),
            next_id: 1,
        }
    }

    /// Wants something. It is said now if there is a connection, and again on each one until it is answered.
    pub(super) async fn say(&mut self, mut command: Value) {
        command["id"] = self.next_id.into();
        self.waiting.push_back((self.next_id, command.clone()));
        self.next_id += 1;
        if let Some(socket) = &mut self.socket
            && !socket.send(&command).await
        {
            self.socket = None;
        }
    }

    pub(super) fn is_answered(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The room as a server tells it by HTTP.
    pub(super) async fn room(&mut self, node: SocketAddr) -> anyhow::Result<WireRoom> {
        let path = format!("rooms/{}", self.code);
        self.session.insist(node, Method::GET, &path, &Value::Null).await
    }

    /// Listens until it is so.
    pub(super) async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let listening = async {
            while !is_so(self) {
                ensure!(!interrupt::requested(), "interrupted");
                self.listen().await?;
            }
            Ok(())
        };
        match timeout(PATIENCE, listening).await {
            Ok(outcome) => outcome.with_context(|| format!("{} waits until {what}", self.name)),
            Err(_) => bail!("{} never knew that {what}; they were told {:?}", self.name, self.matches),
        }
    }

    /// Takes one frame in, or comes back.
    async fn listen(&mut self) -> anyhow::Result<()> {
        let Some(socket) = &mut self.socket else { return self.come_back().await };
        match timeout(ANSWER, socket.next()).await {
            Ok(Came::Frame(frame)) => self.hear(frame),
            Ok(Came::End(End::Broken | End::Closed(_))) => {
                self.socket = None;
                Ok(())
            }
            // Another server may know better.
            Ok(Came::End(End::Room(code))) if matches!(code.as_str(), "fell_behind" | "unavailable") => {
                self.socket = None;
                sleep(PAUSE).await;
                Ok(())
            }
            Ok(Came::End(end)) => bail!("was sent away: {end:?}"),
            // Silence is fine while nothing was asked.
            Err(_) => {
                if !self.waiting.is_empty() {
                    self.socket = None;
                }
                Ok(())
            }
        }
    }

    async fn come_back(&mut self) -> anyhow::Result<()> {
        let node = self.nodes[self.at];
        match self.knock(node).await {
            Ok(mut socket) => {
                for (_, command) in &self.waiting {
                    if !socket.send(command).await {
                        return Ok(());
                    }
                }
                self.socket = Some(socket);
            }
            Err(Trouble::Refused(code)) => bail!("the socket was refused: {code}"),
            Err(Trouble::Session) => drop(self.session.renew(node).await),
            Err(Trouble::Passing) => {
                self.at = (self.at + 1) % self.nodes.len();
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    async fn knock(&mut self, node: SocketAddr) -> Result<RoomSocket, Trouble> {
        let token = self.session.token(node).await?;
        let door = Door { node, from: None, device: DEVICE, token: &token, patience: HANDSHAKE };
        RoomSocket::open(door, self.code, Has { place: self.known, change: None }).await
    }

    fn hear(&mut self, frame: Value) -> anyhow::Result<()> {
        match serde_json::from_value(frame).context("a frame that cannot be read")? {
            Frame::Welcome { epoch, seq, room } => {
                self.known = Some(Place { epoch, seq });
                if let Some(room) = room {
                    self.show(&room);
                }
            }
            Frame::Event { seq, event } => self.happened(seq, &event)?,
            Frame::Ack { id, seq, queue, event } => {
                self.waiting.retain(|(waiting, _)| *waiting != id);
                if let Some(queue) = queue {
                    self.queue = queue;
                }
                if let Some(event) = event {
                    self.happened(seq, &event)?;
                }
            }
            Frame::Refused { id, code } => bail!("command {id:?} was refused: {code}"),
            Frame::At { seq } if self.known.is_some_and(|known| seq > known.seq) => self.socket = None,
            Frame::At { .. } | Frame::Other => {}
        }
        Ok(())
    }

    fn show(&mut self, room: &WireRoom) {
        self.phase = room.phase;
        self.queue.clone_from(&room.queue);
        self.matches = numbered(&room.matches);
    }

    fn happened(&mut self, seq: Seq, told: &WireEvent) -> anyhow::Result<()> {
        let known = self.known.context("an event before the welcome")?;
        if seq != known.seq.next() {
            // Something is missing: the server knows what.
            self.socket = None;
            return Ok(());
        }
        self.known = Some(Place { seq, ..known });
        match told {
            WireEvent::Started { queue, .. } => {
                self.phase = Phase::Swiping;
                self.queue.clone_from(queue);
            }
            WireEvent::MatchFound(found) => {
                let found = (found.number, found.title.clone());
                ensure!(!self.matches.contains(&found), "was told of match {} twice", found.0);
                self.matches.push(found);
            }
            WireEvent::Finished { .. } => self.phase = Phase::Finished,
            _ => {}
        }
        Ok(())
    }
}

/// Matches as a person keeps them.
pub(super) fn numbered(matches: &[WireMatch]) -> Vec<(u32, TitleId)> {
    matches.iter().map(|found| (found.number, found.title.clone())).collect()
}
