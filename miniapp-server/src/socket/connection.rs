//! A phone's socket, from `hello` to its close: one task, which reads and writes and waits for no store.
//!
//! Commands run inside this task, and move to a task of their own before it waits for a slow phone. Frames are pulled from the rooms'
//! replicas, a few at a time, so that nothing is queued for a slow phone and the answer to a `clock` frame waits for no more than those.

mod asking;

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::{FutureExt, Sink, SinkExt, StreamExt};
use sovpalo_domain::ids::RoomCode;
use sovpalo_storage::measure::{self, Label};
use tokio::time::{Instant, timeout};
use tungstenite::{Error, Message, Utf8Bytes};

use super::{
    Seat,
    budget::Budget,
    channel::{Channel, Outgoing},
    close::Close,
    end::{End, unreadable},
    mailbox::Mailbox,
    phone::{Connected, Phone, Viewer},
    pipe::{Telling, Way, Wire},
    render::{encode, refusal},
    rendered::Rendered,
    signals::Signals,
    stream::FRAMES_IN_A_WRITE,
    unread::Unread,
    wakes::{Wakes, Woken, until_tick_after},
};
use crate::{
    App,
    wire::{SocketServerFrame, Stand},
};

/// The contract's bound for a client's frame, in bytes. Beyond it the socket is closed with 4413.
pub(crate) const MAX_FRAME: usize = 32 * 1024;
/// How long a phone may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// No frame follows in the same write once it has so many bytes.
pub(crate) const BYTES_IN_A_WRITE: usize = 16 * 1024;
/// The session and the device are looked up again every so many beats.
const BEATS_PER_LOOK: u8 = 12;

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
    received_at: Instant,
    beat_at: Instant,
    bad_frames: u8,
    beats: u8,
    unread: Box<Unread>,
    /// Once it has sent any.
    signals: Option<Box<Signals>>,
    /// When its round trip was last noted.
    noted_at: Option<Instant>,
}

impl PhoneSocket {
    /// Talks until one side ends it, in a task of its own: what led to it is over, and an idle socket holds nothing of that.
    pub(super) fn hold(app: Arc<App>, viewer: Viewer, seat: Seat, wire: Wire) {
        let mailbox = Arc::<Mailbox>::default();
        let superseded = seat.ended.child_token();
        let registered =
            app.hub.devices.register(viewer.user, viewer.device, Arc::clone(&mailbox), superseded);
        let connected = Connected { registered: Arc::new(registered), mailbox };
        let mut socket = Self {
            budget: Budget::new(app.config.limits.is_none().then_some(app.config.wider_without_limits)),
            phone: Phone { app, viewer },
            seat,
            connected,
            wire,
            rooms: Vec::new(),
            turn: 0,
            received_at: Instant::now(),
            beat_at: Instant::now(),
            bad_frames: 0,
            beats: 0,
            unread: Box::default(),
            signals: None,
            noted_at: None,
        };
        // Where it is captured it stays: an argument of an `async fn` has a second place, for when it is moved.
        tokio::spawn(async move {
            let Err(end) = socket.talk().await;
            // A socket that is superseded or closed is not present any more.
            socket.rooms.clear();
            Box::pin(socket.part(end)).await;
        });
    }

    /// What is waited for now and then is boxed, so that the task of an idle socket holds little more than its timers; what is done all
    /// the time does not wait, and needs no box.
    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        Box::pin(self.begin()).await?;
        self.beat_at = self.next_beat();
        // The second is that of a session that ended, too.
        let ends = [self.phone.app.hub.stopping().clone(), self.connected.registered.superseded.clone()];
        let mut wakes = Wakes::new(ends, self.beat_at);
        loop {
            self.goes_on()?;
            // What the phone asks goes before what it is told.
            if let Some(message) = self.wire.socket.next().now_or_never() {
                self.receive_and_answer(message).await?;
            }
            match self.tell()? {
                Telling::Done => {}
                Telling::More => continue,
                Telling::Waits(frame) => {
                    Box::pin(self.wait_for_phone(frame)).await?;
                    continue;
                }
            }
            match poll_fn(|cx| self.poll_woken(cx, &mut wakes)).await {
                Woken::Stirred => {}
                Woken::Due => self.check_silence_and_beat().await?,
                Woken::Said(message) => self.receive_and_answer(message).await?,
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
        if !self.connected.registered.superseded.is_cancelled() {
            return Ok(());
        }
        if self.seat.ended.is_cancelled() {
            return Err(Close::SessionEnded.into());
        }
        Err(Close::Superseded.into())
    }

    /// Ready when there may be something to do.
    fn poll_woken(&mut self, cx: &mut Context<'_>, wakes: &mut Wakes) -> Poll<Woken> {
        // All of them, so that each will wake this task.
        let mut stirred = wakes.poll_ends(cx).is_ready();
        let Self { rooms, phone, connected, unread, .. } = self;
        let is_open = |code| rooms.iter().any(|room| room.code == code);
        stirred |= unread.poll(cx, phone, connected, is_open).is_ready();
        for room in rooms {
            stirred |= room.poll(cx, phone).is_ready();
        }
        stirred |= self.connected.mailbox.poll_stirred(cx).is_ready();
        if self.poll_due(cx, wakes).is_ready() {
            return Poll::Ready(Woken::Due);
        }
        if stirred {
            return Poll::Ready(Woken::Stirred);
        }
        self.wire.socket.poll_next_unpin(cx).map(Woken::Said)
    }

    /// Ready when something is due that only waited for its time, when nothing was heard for too long, and at the next beat.
    fn poll_due(&self, cx: &mut Context<'_>, wakes: &mut Wakes) -> Poll<()> {
        let due = self.rooms.iter().filter_map(|room| room.deadline());
        wakes.poll_until(cx, due.fold(self.silent_at().min(self.beat_at), Instant::min))
    }

    /// Ends if nothing was heard of the phone for too long, and nothing has come meanwhile: this task may be late itself. Else it beats,
    /// if it is time.
    async fn check_silence_and_beat(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if self.silent_at() <= now {
            match self.wire.socket.next().now_or_never() {
                Some(message) => self.receive_and_answer(message).await?,
                None => return Err(Close::Silent.into()),
            }
        }
        if self.beat_at <= now {
            self.beat_at = self.next_beat();
            Box::pin(self.beat()).await?;
        }
        Ok(())
    }

    fn next_beat(&self) -> Instant {
        let Phone { app, .. } = &self.phone;
        Instant::now() + until_tick_after(app.config.patience.beat, app.now())
    }

    /// When the phone counts as gone, if nothing is received from it.
    fn silent_at(&self) -> Instant {
        self.received_at + self.phone.app.config.patience.silence
    }

    /// Tells what is due, a few frames in one write, as far as the phone takes it at once.
    fn tell(&mut self) -> Result<Telling, End> {
        let (mut frames, mut bytes) = (0, 0);
        while frames < FRAMES_IN_A_WRITE && bytes < BYTES_IN_A_WRITE {
            let Some(frame) = self.due() else {
                return if frames > 0 { self.flush_as(Telling::Done) } else { Ok(Telling::Done) };
            };
            (frames, bytes) = (frames + 1, bytes + frame.len());
            match self.wire.has_taken(Sink::poll_ready) {
                Some(ready) => ready?,
                None => return Ok(Telling::Waits(Some(frame))),
            }
            self.start(Message::Text(frame))?;
        }
        self.flush_as(Telling::More)
    }

    fn flush_as(&mut self, telling: Telling) -> Result<Telling, End> {
        match self.wire.has_taken(Sink::poll_flush) {
            Some(taken) => Ok(taken.map(|()| telling)?),
            None => Ok(Telling::Waits(None)),
        }
    }

    /// Waits until the phone has taken what was told, and then this.
    async fn wait_for_phone(&mut self, frame: Option<Utf8Bytes>) -> Result<(), End> {
        if let Some(frame) = frame {
            self.put(Message::Text(frame)).await?;
        }
        self.until_taken(Sink::poll_flush).await
    }

    /// The next frame that is due.
    fn due(&mut self) -> Option<Utf8Bytes> {
        let mut silent = 0;
        while silent < self.rooms.len() {
            self.turn = (self.turn + 1) % self.rooms.len();
            match self.rooms[self.turn].tell(&self.phone) {
                Outgoing::Nothing => silent += 1,
                Outgoing::Frame(frame) => return Some(frame),
                Outgoing::Gone => {
                    if let Some(anew) = self.rooms[self.turn].begins_again(&self.phone, &self.connected) {
                        *self.rooms[self.turn] = anew;
                    } else {
                        self.rooms.swap_remove(self.turn);
                        // Its unread messages count again.
                        self.unread.count();
                    }
                    silent = 0;
                }
            }
        }
        self.due_unread().or_else(|| self.due_signal())
    }

    fn due_unread(&mut self) -> Option<Utf8Bytes> {
        let Self { connected: Connected { mailbox, .. }, unread, rooms, phone, .. } = self;
        let is_open = |code| rooms.iter().any(|room| room.code == code);
        if !mailbox.is_empty() {
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
                if !is_open(room) {
                    unread.on_published(phone, room, &what);
                }
            }
        }
        unread.due(phone, is_open).map(|frame| encode(&frame))
    }

    /// Signals come last: they are of use at once or not at all.
    fn due_signal(&mut self) -> Option<Utf8Bytes> {
        while !self.connected.mailbox.is_empty() {
            if let Some((room, refused)) = self.connected.mailbox.next_refusal() {
                return Some(encode(&refusal(None, Some(room), &refused)));
            }
            let signal = self.connected.mailbox.next_signal()?;
            // One that a newer program sent may not be known here.
            let Some(Rendered { frame, is_for_voice }) = signal.rendered() else { continue };
            let room = self.room(signal.room).and_then(|room| room.opened());
            if room.is_some_and(|room| !is_for_voice || room.is_in_voice()) {
                return Some(frame.clone());
            }
        }
        None
    }

    async fn beat(&mut self) -> Result<(), End> {
        self.beats = (self.beats + 1) % BEATS_PER_LOOK;
        if self.beats == 0 {
            self.look().await?;
        }
        self.rooms.iter_mut().for_each(|room| room.doubt());
        // With what follows, in one write.
        self.put(Message::Ping(bytes::Bytes::new())).await?;
        let stand = |room: &Channel| {
            let sent = room.sent()?;
            Some((room.code.to_string(), Stand { seq: sent.seq.get(), change: room.sent_change() }))
        };
        let rooms: BTreeMap<_, _> = self.rooms.iter().filter_map(|room| stand(room)).collect();
        self.say(&SocketServerFrame::Time { now: self.now(), rooms }).await
    }

    /// Whether the session has ended, or another socket is heard, without this node hearing of it. Where that cannot be said, nobody is
    /// thrown out for it.
    async fn look(&mut self) -> Result<(), End> {
        self.let_go();
        let app = &self.phone.app;
        let (lives, newest) = tokio::join!(
            app.sessions.lives(&self.seat.session),
            self.connected.registered.is_newest(app.hot())
        );
        match (lives, newest) {
            (Ok(false), _) => Err(Close::SessionEnded.into()),
            (_, Ok(false)) => Err(Close::Superseded.into()),
            _ => Ok(()),
        }
    }

    async fn receive_and_answer(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        if let Some(answer) = self.receive(message)? {
            Box::pin(self.send(Message::Text(answer))).await?;
        }
        Ok(())
    }

    /// What is answered at once comes back.
    fn receive(&mut self, message: Option<Result<Message, Error>>) -> Result<Option<Utf8Bytes>, End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(unreadable(&error)),
            None => return Err(End::Gone),
        };
        self.received_at = Instant::now();
        self.wire.connection.message_ended();
        if !self.budget.takes(&message) {
            return Err(Close::TooFast.into());
        }
        let answer = match message {
            Message::Text(text) if text.len() > MAX_FRAME => return Err(Close::FrameTooLarge.into()),
            Message::Text(text) => self.on_frame(text.as_str())?,
            Message::Binary(bytes) if bytes.len() > MAX_FRAME => return Err(Close::FrameTooLarge.into()),
            Message::Binary(_) => Some(self.not_ours(None, "a frame is text")?),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
            Message::Close(_) => return Err(End::Gone),
        };
        Ok(answer.map(|answer| encode(&answer)))
    }

    fn room(&mut self, code: RoomCode) -> Option<&mut Box<Channel>> {
        self.rooms.iter_mut().find(|room| room.code == code)
    }

    fn now(&self) -> i64 {
        self.phone.app.now().millis()
    }

    fn restarting(&self) -> End {
        Close::Restarting(self.phone.app.hub.spread()).into()
    }

    async fn say(&mut self, frame: &SocketServerFrame) -> Result<(), End> {
        self.send(Message::Text(encode(frame))).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        self.put(message).await?;
        self.until_taken(Sink::poll_flush).await
    }

    /// Puts a frame where the next flush sends it from.
    async fn put(&mut self, message: Message) -> Result<(), End> {
        self.until_taken(Sink::poll_ready).await?;
        self.start(message)
    }

    fn start(&mut self, message: Message) -> Result<(), End> {
        self.wire.socket.start_send_unpin(message).map_err(|_| End::Gone)
    }

    /// Waits until the phone has taken what was said. Meanwhile the commands under way go on by themselves.
    async fn until_taken(&mut self, way: Way) -> Result<(), End> {
        if let Some(taken) = self.wire.has_taken(way) {
            return Ok(taken?);
        }
        self.let_go();
        Ok(self.wire.until_taken(way, self.phone.app.config.patience.write).await?)
    }

    fn let_go(&mut self) {
        self.rooms.iter_mut().for_each(|room| room.let_go());
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
                self.wire.drain().await;
            } else {
                self.wire.socket.close().await.ok();
            }
        };
        timeout(GOODBYE, goodbye).await.ok();
    }
}
