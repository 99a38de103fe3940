//! A phone's socket, from `hello` to its close: one task, which reads and writes and waits for no store.
//!
//! What a phone asks of a store runs in tasks; what it is told is pulled from the rooms' replicas, one frame at a time, so that
//! nothing is queued for a slow phone and an answer about the clock never waits behind what is due.

use std::{collections::BTreeMap, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures::{FutureExt, SinkExt};
use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_storage::measure::{self, Label};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};

use super::{
    Seat,
    budget::Budget,
    channel::{Channel, Told},
    close::Close,
    frames::{self, Asked},
    mailbox::{Mailbox, Signal},
    phone::{Connected, Phone, Viewer},
    render::{encode, refusal, too_many},
    signals::Signals,
    unread::Unread,
};
use crate::{
    App,
    listen::connection::Connection,
    problem::Refused,
    wire::{CloseFrame, OpenFrame, RoomCommandFrame, SignalFrame, SocketAck, SocketServerFrame, Stand},
};

/// The contract's bound for a client's frame, in bytes. Beyond it the socket is closed with 4413.
pub(crate) const MAX_FRAME: usize = 32 * 1024;
/// Rooms that are open on one socket. Another one is refused with `too_many`.
pub(crate) const MOST_ROOMS: usize = 16;
/// So many frames that are none of ours end the socket (4422).
pub(crate) const BAD_FRAMES: u8 = 3;
/// A round trip that a phone says took longer counts as this long.
const LONGEST_ROUND_TRIP_MS: f64 = 60_000.0;
/// How long a phone may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Of what still comes after that, so many frames are passed over at once, and then none for a moment.
const HEARD_AT_ONCE: usize = 32;
const BETWEEN_HEARD: Duration = Duration::from_millis(10);
/// The session and the device are looked up again every so many beats.
const BEATS_PER_LOOK: u8 = 12;

/// Why a socket is over.
enum End {
    /// We say why.
    Close(Close),
    /// The phone is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// A socket, and the connection that it is on.
pub(super) struct Wire {
    pub(super) socket: WebSocket,
    pub(super) connection: Arc<Connection>,
}

/// A socket that is open.
pub(super) struct PhoneSocket {
    phone: Phone,
    seat: Seat,
    connected: Connected,
    wire: Wire,
    budget: Budget,
    #[expect(clippy::vec_box, reason = "few are open, and an idle socket has room for none")]
    rooms: Vec<Box<Channel>>,
    /// Whose turn it is to be told of.
    turn: usize,
    heard_at: Instant,
    bad_frames: u8,
    beats: u8,
    unread: Box<Unread>,
    /// Once it has sent any.
    signals: Option<Box<Signals>>,
}

impl PhoneSocket {
    /// Talks until one side ends it.
    pub(super) async fn hold(app: Arc<App>, viewer: Viewer, seat: Seat, wire: Wire) {
        let mailbox = Arc::<Mailbox>::default();
        let registered = app.hub.devices.register(viewer.user, viewer.device, Arc::clone(&mailbox));
        let connected = Connected { registered: Arc::new(registered), mailbox };
        let mut socket = Self {
            budget: Budget::new(app.config.limits),
            phone: Phone { app, viewer },
            seat,
            connected,
            wire,
            rooms: Vec::new(),
            turn: 0,
            heard_at: Instant::now(),
            bad_frames: 0,
            beats: 0,
            unread: Box::default(),
            signals: None,
        };
        let Err(end) = socket.talk().await;
        // Whoever is not heard any more is not here any more either.
        socket.rooms.clear();
        Box::pin(socket.part(end)).await;
    }

    /// What is done now and then is boxed, so that the task of an idle socket holds little more than its timers.
    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        Box::pin(self.begin()).await?;
        let mut beat = beats(self.phone.app.config.patience.beat);
        loop {
            self.goes_on()?;
            // What the phone asks goes before what it is told.
            if let Some(message) = self.wire.socket.recv().now_or_never() {
                Box::pin(self.hear(message)).await?;
            }
            if Box::pin(self.tell()).await? {
                continue;
            }
            if let Some(message) = self.wait(&mut beat).await? {
                Box::pin(self.hear(message)).await?;
            }
        }
    }

    /// Makes sure of the session, takes the device's word, and says hello.
    async fn begin(&mut self) -> Result<(), End> {
        let hot = Arc::clone(self.phone.app.rooms.hot());
        // The session is asked for only now that the hub would tell of its end.
        let lives = self.phone.app.sessions.lives(&self.seat.session);
        let (lives, claimed) = tokio::join!(lives, self.connected.registered.claim(&*hot));
        match (lives, claimed) {
            (Ok(true), Ok(())) => {}
            (Ok(false), _) => return Err(Close::SessionEnded.into()),
            (Err(_), _) | (_, Err(_)) => return Err(self.restarting()),
        }
        self.unread.count();
        self.say(&SocketServerFrame::Hello { now: self.now() }).await
    }

    /// Whether there is a reason to end.
    fn goes_on(&self) -> Result<(), End> {
        if self.phone.app.hub.stopping().is_cancelled() {
            return Err(self.restarting());
        }
        if self.seat.ended.is_cancelled() {
            return Err(Close::SessionEnded.into());
        }
        if self.connected.registered.superseded.is_cancelled() {
            return Err(Close::Superseded.into());
        }
        Ok(())
    }

    /// Waits until there may be something to do. What the phone sent comes back.
    async fn wait(
        &mut self,
        beat: &mut Interval,
    ) -> Result<Option<Option<Result<Message, axum::Error>>>, End> {
        let silent_at = self.heard_at + self.phone.app.config.patience.silence;
        let due = self.rooms.iter().filter_map(|room| room.deadline()).min();
        let wake_at = due.map_or(silent_at, |due| due.min(silent_at));
        let (rooms, phone, connected) = (&mut self.rooms, &self.phone, &self.connected);
        let unread = &mut self.unread;
        let stirred = poll_fn(|cx| {
            // All of them, so that each will wake this task.
            let mut ready = unread.poll(cx, phone, connected).is_ready();
            for room in rooms.iter_mut() {
                ready |= room.poll(cx, phone).is_ready();
            }
            if ready { Poll::Ready(()) } else { Poll::Pending }
        });
        tokio::select! {
            () = phone.app.hub.stopping().cancelled() => {}
            () = self.seat.ended.cancelled() => {}
            () = connected.registered.superseded.cancelled() => {}
            () = sleep_until(wake_at) => if self.heard_at.elapsed() >= phone.app.config.patience.silence {
                return Err(Close::Silent.into());
            },
            () = stirred => {}
            () = connected.mailbox.stirred() => {}
            _ = beat.tick() => Box::pin(self.beat()).await?,
            message = self.wire.socket.recv() => return Ok(Some(message)),
        }
        Ok(None)
    }

    /// Tells one thing that is due. `false`: nothing is.
    async fn tell(&mut self) -> Result<bool, End> {
        for _ in 0..self.rooms.len() {
            self.turn = (self.turn + 1) % self.rooms.len();
            match self.rooms[self.turn].tell(&self.phone) {
                Told::Nothing => {}
                Told::Frame(frame) => {
                    self.send(Message::Text(frame)).await?;
                    return Ok(true);
                }
                Told::Gone => {
                    match self.rooms[self.turn].begins_again(&self.phone, &self.connected) {
                        Some(anew) => *self.rooms[self.turn] = anew,
                        None => drop(self.rooms.swap_remove(self.turn)),
                    }
                    // Its unread messages count again.
                    self.unread.count();
                    return Ok(true);
                }
            }
        }
        Ok(self.tell_unread().await? || self.tell_signal().await?)
    }

    async fn tell_unread(&mut self) -> Result<bool, End> {
        let Self { connected: Connected { mailbox, .. }, unread, rooms, phone, .. } = self;
        while let Some(moved) = mailbox.next_move() {
            if moved.came {
                unread.joined(moved.room);
            } else {
                unread.left(moved.room);
            }
        }
        if mailbox.take_missed() {
            unread.count();
        }
        for (room, what) in mailbox.take_news() {
            unread.hear(phone, room, &what);
        }
        let is_open = |code| rooms.iter().any(|room| room.code == code);
        match unread.due(phone, is_open) {
            Some(frame) => self.say(&frame).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Signals come last: they are of use at once or not at all.
    async fn tell_signal(&mut self) -> Result<bool, End> {
        let Some(Signal { room, from, body }) = self.connected.mailbox.next_signal() else {
            return Ok(false);
        };
        // One that a newer program sent may not be known here.
        if let Ok(signal) = serde_json::from_str(&body)
            && self.room(room).is_some()
        {
            self.say(&SocketServerFrame::Signal { room: room.to_string(), from: from.get(), signal }).await?;
        }
        Ok(true)
    }

    async fn beat(&mut self) -> Result<(), End> {
        self.beats = (self.beats + 1) % BEATS_PER_LOOK;
        if self.beats == 0 {
            self.look().await?;
        }
        self.rooms.iter_mut().for_each(|room| room.doubt());
        self.send(Message::Ping(bytes::Bytes::new())).await?;
        let stand = |room: &Channel| {
            let sent = room.sent()?;
            Some((room.code.to_string(), Stand { seq: sent.seq.get(), change: room.told_change() }))
        };
        let rooms: BTreeMap<_, _> = self.rooms.iter().filter_map(|room| stand(room)).collect();
        self.say(&SocketServerFrame::Time { now: self.now(), rooms }).await
    }

    /// Whether the session has ended, or another socket is heard, without this node hearing of it. Where that cannot be said, nobody is
    /// thrown out for it.
    async fn look(&mut self) -> Result<(), End> {
        let app = &self.phone.app;
        let (lives, heard) = tokio::join!(
            app.sessions.lives(&self.seat.session),
            self.connected.registered.is_heard(app.hot())
        );
        match (lives, heard) {
            (Ok(false), _) => Err(Close::SessionEnded.into()),
            (_, Ok(false)) => Err(Close::Superseded.into()),
            _ => Ok(()),
        }
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(unreadable(error)),
            None => return Err(End::Gone),
        };
        self.heard_at = Instant::now();
        self.wire.connection.heard_message();
        if !self.budget.takes(&message) {
            return Err(Close::TooFast.into());
        }
        match message {
            Message::Text(text) if text.len() > MAX_FRAME => Err(Close::FrameTooLarge.into()),
            Message::Text(text) => self.hear_frame(text.as_str()).await,
            Message::Binary(bytes) if bytes.len() > MAX_FRAME => Err(Close::FrameTooLarge.into()),
            Message::Binary(_) => self.not_ours(None, "a frame is text").await,
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn hear_frame(&mut self, text: &str) -> Result<(), End> {
        let answer = match frames::read(text) {
            Asked::Open(frame) => self.open(&frame),
            Asked::Close(frame) => self.close(&frame),
            Asked::Command(frame) => self.command(frame),
            Asked::Clock(frame) => {
                if let Some(ms) = frame.rtt_ms {
                    let seconds = ms.clamp(0.0, LONGEST_ROUND_TRIP_MS) / 1000.0;
                    measure::seconds("sovpalo_socket_round_trip_seconds", [], seconds);
                }
                Some(SocketServerFrame::Clock { id: frame.id, now: self.now() })
            }
            Asked::Signal(frame) => {
                self.signal(&frame);
                None
            }
            Asked::OtherSignal => None,
            Asked::Invalid { id, room, reason } => {
                let room = room.and_then(|room| room.parse().ok());
                Some(refusal(Some(id), room, &Refused::invalid("frame", reason)))
            }
            Asked::NotOurs { id, reason } => return self.not_ours(id, &reason).await,
        };
        match answer {
            Some(answer) => self.say(&answer).await,
            None => Ok(()),
        }
    }

    fn open(&mut self, frame: &OpenFrame) -> Option<SocketServerFrame> {
        let Ok(code) = frame.open.parse::<RoomCode>() else {
            return Some(refusal(Some(frame.id), None, &Refused::RoomNotFound));
        };
        if self.room(code).is_none() {
            if self.rooms.len() >= MOST_ROOMS {
                return Some(refusal(Some(frame.id), Some(code), &too_many()));
            }
            self.rooms.push(Box::new(Channel::new(code)));
        }
        let room = self.rooms.iter_mut().find(|room| room.code == code)?;
        room.open(&self.phone, &self.connected, frame)
    }

    fn close(&mut self, frame: &CloseFrame) -> Option<SocketServerFrame> {
        let code = frame.close.parse::<RoomCode>().ok();
        if let Some(room) = code.and_then(|code| self.room(code)) {
            return room.close(frame.id);
        }
        // It already is so.
        let room = code.map_or_else(|| frame.close.clone(), |code| code.to_string());
        let (event, queue, message) = (None, None, None);
        Some(SocketServerFrame::Ack(SocketAck { id: frame.id, room, seq: 0, event, queue, message }))
    }

    fn command(
        &mut self,
        RoomCommandFrame { id, room, command }: RoomCommandFrame,
    ) -> Option<SocketServerFrame> {
        let code = room.parse::<RoomCode>().ok();
        match code.and_then(|code| self.room(code)) {
            Some(room) => room.command(id, command),
            None => Some(refusal(Some(id), code, &Refused::NotOpen)),
        }
    }

    /// Passed on, or dropped without a word.
    fn signal(&mut self, frame: &SignalFrame) {
        let Ok(code) = frame.room.parse::<RoomCode>() else { return };
        let to = frame.to.map(UserId::new).transpose();
        let (Ok(to), Ok(body)) = (to, serde_json::to_string(&frame.signal)) else { return };
        if self.room(code).is_some_and(|room| room.is_open()) {
            let hot = Arc::clone(self.phone.app.rooms.hot()) as _;
            self.signals.get_or_insert_default().send(hot, code, self.phone.viewer.user, to, &body);
        }
    }

    fn room(&mut self, code: RoomCode) -> Option<&mut Box<Channel>> {
        self.rooms.iter_mut().find(|room| room.code == code)
    }

    async fn not_ours(&mut self, id: Option<u64>, why: &str) -> Result<(), End> {
        self.bad_frames += 1;
        if self.bad_frames >= BAD_FRAMES {
            return Err(Close::NotAFrame.into());
        }
        let invalid = Refused::invalid("frame", why.to_owned());
        self.say(&refusal(id, None, &invalid)).await
    }

    fn now(&self) -> i64 {
        self.phone.app.now().millis()
    }

    fn restarting(&self) -> End {
        Close::Restarting(self.phone.app.hub.spread()).into()
    }

    async fn say(&mut self, frame: &SocketServerFrame) -> Result<(), End> {
        let text: Utf8Bytes = encode(frame);
        self.send(Message::Text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.phone.app.config.patience.write, self.wire.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(Close::FellBehind.into()),
        }
    }

    /// Says why, and gives the phone a moment to have heard it: closing over unread bytes would take the reason back.
    async fn part(mut self, end: End) {
        let label = match &end {
            End::Close(close) => close.code(),
            End::Gone => 1000,
        };
        measure::count("sovpalo_sockets_closed_total", [("code", Label::number(label))]);
        let goodbye = async {
            if let End::Close(close) = end {
                self.wire.socket.send(close.message()).await.ok();
                self.hear_out().await;
            } else {
                self.wire.socket.close().await.ok();
            }
        };
        timeout(GOODBYE, goodbye).await.ok();
    }

    /// Passes over what the phone had sent before it heard that this is the end; slowly, since it may never stop.
    async fn hear_out(&mut self) {
        let mut heard = 0_usize;
        while let Some(Ok(_)) = self.wire.socket.recv().await {
            self.wire.connection.heard_message();
            heard += 1;
            if heard.is_multiple_of(HEARD_AT_ONCE) {
                sleep(BETWEEN_HEARD).await;
            }
        }
    }
}

fn beats(every: Duration) -> Interval {
    let mut beat = interval_at(Instant::now() + every, every);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// Frames beyond what is read at all are told from a phone that went.
fn unreadable(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => Close::FrameTooLarge.into(),
        _ => End::Gone,
    }
}
