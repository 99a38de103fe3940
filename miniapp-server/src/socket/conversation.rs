//! One socket, from `welcome` to its close: one task, which holds nothing but where the phone stands.
//!
//! What has happened is pulled from the room's replica when the phone can take it, and never queued for it: a slow
//! phone costs no memory. Every seq reaches it once and in order, as an `event` or as the `ack` of its own command.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures::SinkExt;
use sovpalo_domain::{
    ids::{Position, Seq, UserId},
    language::Language,
    room::Room,
};
use sovpalo_live::{
    hot::Device,
    rooms::{Attendance, Done, LiveRoom, NumberedEvent, RoomError},
};
use sovpalo_storage::measure::{self, Label};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};

use super::{budget::Budget, close::Close, hub::Seat};
use crate::{
    App,
    extract::parse,
    listen::connection::Connection,
    lobby,
    parse::Parser,
    present::Presenter,
    problem::Refused,
    wire::{self, Ack, CommandFrame, ServerFrame},
};

/// The contract's bound for a client's frame.
const MAX_FRAME: usize = 4096;
/// So many frames that are no commands end the socket.
const BAD_FRAMES: u8 = 3;
/// So many commands in a row that had to wait end the socket; fewer are a phone that was offline for a while.
const HURRIED: u16 = 100;
/// How long a phone may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Of what still comes after that, so many frames are passed over at once, and then none for a moment.
const HEARD_AT_ONCE: usize = 32;
const BETWEEN_HEARD: Duration = Duration::from_millis(10);
/// The session is looked up again every so many beats.
const BEATS_PER_LOOK: u8 = 12;

/// Why a conversation is over.
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

/// Who looks at the room.
#[derive(Clone, Copy)]
pub(super) struct Viewer {
    pub(super) user: UserId,
    pub(super) language: Language,
    pub(super) device: Option<Device>,
}

/// A socket, and the connection that it is on.
pub(super) struct Line {
    pub(super) socket: WebSocket,
    pub(super) connection: Arc<Connection>,
}

/// A socket that is open.
pub(super) struct Conversation {
    app: Arc<App>,
    live: Arc<LiveRoom>,
    viewer: UserId,
    device: Option<Device>,
    language: Language,
    seat: Seat,
    socket: WebSocket,
    connection: Arc<Connection>,
    budget: Budget,
    /// Up to where the phone has been told.
    sent: Position,
    heard_at: Instant,
    bad_frames: u8,
    hurried: u16,
    beats: u8,
}

impl Conversation {
    /// Talks until one side ends it.
    pub(super) async fn hold(
        app: Arc<App>,
        live: Arc<LiveRoom>,
        viewer: Viewer,
        seat: Seat,
        Line { socket, connection }: Line,
        known: Option<Position>,
    ) {
        let mut conversation = Self {
            sent: live.position(),
            viewer: viewer.user,
            device: viewer.device,
            language: viewer.language,
            budget: Budget::new(app.config.limits),
            app,
            live,
            seat,
            socket,
            connection,
            heard_at: Instant::now(),
            bad_frames: 0,
            hurried: 0,
            beats: 0,
        };
        let Err(end) = conversation.talk(known).await;
        Box::pin(conversation.part(end)).await;
    }

    /// What is done now and then is boxed, so that the task of an idle socket holds little more than its timers.
    async fn talk(&mut self, known: Option<Position>) -> Result<std::convert::Infallible, End> {
        let app = Arc::clone(&self.app);
        // Asked only now that the hub would tell of its end.
        match Box::pin(app.sessions.lives(&self.seat.session)).await {
            Ok(true) => {}
            Ok(false) => return Err(Close::SessionEnded.into()),
            Err(_) => return Err(self.restarting()),
        }
        let mut position = self.live.watch();
        let mut online = self.live.watch_online();
        let attending = Box::pin(app.rooms.attend(&self.live, self.viewer, self.device))
            .await
            .map_err(|error| self.ended_by(&error))?;
        online.mark_unchanged();
        Box::pin(self.welcome(known)).await?;

        let patience = app.config.patience;
        let mut beat = interval_at(Instant::now() + patience.beat, patience.beat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            position.mark_unchanged();
            Box::pin(self.catch_up()).await?;
            let (ended, live) = (self.seat.ended.clone(), Arc::clone(&self.live));
            tokio::select! {
                () = app.hub.stopping().cancelled() => return Err(self.restarting()),
                () = ended.cancelled() => return Err(Close::SessionEnded.into()),
                // Another node may understand what this one does not.
                () = live.closed().cancelled() => return Err(self.restarting()),
                _ = position.changed() => {}
                _ = online.changed() => Box::pin(self.tell_presence()).await?,
                () = sleep_until(self.heard_at + patience.silence) => return Err(Close::Silent.into()),
                _ = beat.tick() => Box::pin(self.beat()).await?,
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => Box::pin(self.hear(&attending, message)).await?,
                    Some(Err(error)) => return Err(unreadable(error)),
                    None => return Err(End::Gone),
                },
            }
        }
    }

    /// The first frame; whoever has it all already is only told so.
    async fn welcome(&mut self, known: Option<Position>) -> Result<(), End> {
        let frame = self.welcome_frame(known)?;
        let current = matches!(frame, ServerFrame::Welcome { room: None, .. });
        self.say(&frame).await?;
        // The room says who is online; without it that is told apart.
        if current { self.tell_presence().await } else { Ok(()) }
    }

    fn welcome_frame(&mut self, known: Option<Position>) -> Result<ServerFrame, End> {
        let online = self.live.online();
        let invite_url = self.app.invite_url(self.live.code());
        let (at, room) = self.presented(|presenter, room| {
            let at = Position { epoch: room.epoch(), seq: room.seq() };
            let shown = match known {
                Some(known) if known == at => Ok(None),
                _ => presenter
                    .room(room, self.viewer, &online, invite_url)
                    .map(Box::new)
                    .map(Some)
                    .ok_or(Close::NotAMember),
            };
            (at, shown)
        });
        self.sent = at;
        Ok(ServerFrame::Welcome { epoch: at.epoch.get(), seq: at.seq.get(), room: room? })
    }

    async fn tell_presence(&mut self) -> Result<(), End> {
        let online = self.live.online().iter().map(|member| member.get()).collect();
        self.say(&ServerFrame::Presence { online }).await
    }

    async fn beat(&mut self) -> Result<(), End> {
        self.beats = (self.beats + 1) % BEATS_PER_LOOK;
        // Where that cannot be said, nobody is thrown out for it.
        if self.beats == 0 && matches!(self.app.sessions.lives(&self.seat.session).await, Ok(false)) {
            return Err(Close::SessionEnded.into());
        }
        self.send(Message::Ping(bytes::Bytes::new())).await?;
        self.say(&ServerFrame::At { seq: self.sent.seq.get() }).await
    }

    /// Tells everything that the replica has and the phone has not.
    async fn catch_up(&mut self) -> Result<(), End> {
        self.catch_up_to(None).await?;
        // Told that they are out, if they are.
        if self.live.read(|room| room.has_member(self.viewer)) {
            Ok(())
        } else {
            Err(Close::NotAMember.into())
        }
    }

    /// The same, up to a seq.
    async fn catch_up_to(&mut self, last: Option<Seq>) -> Result<(), End> {
        for (seq, frame) in self.due(last)? {
            self.send(Message::Text(frame.into())).await?;
            self.sent.seq = seq;
        }
        Ok(())
    }

    fn due(&self, last: Option<Seq>) -> Result<Vec<(Seq, String)>, End> {
        let happened = self.since(self.sent)?;
        let due = happened.iter().filter(|event| last.is_none_or(|last| event.seq <= last));
        Ok(due.map(|event| (event.seq, encode(&ServerFrame::Event(self.happened(event))))).collect())
    }

    fn since(&self, known: Position) -> Result<Vec<Arc<NumberedEvent>>, End> {
        self.live.since(known).ok_or_else(|| Close::FellBehind.into())
    }

    fn happened(&self, event: &NumberedEvent) -> wire::Happened {
        self.app.happened(&self.live, self.viewer, self.language, event)
    }

    fn presented<T>(&self, present: impl FnOnce(Presenter<'_>, &Room) -> T) -> T {
        let catalogue = self.app.titles.current();
        let presenter = Presenter { catalogue: &catalogue, language: self.language };
        self.live.read(|room| present(presenter, room))
    }

    async fn hear(&mut self, attending: &Attendance, message: Message) -> Result<(), End> {
        self.heard_at = Instant::now();
        self.connection.heard_message();
        if !self.budget.takes(&message) {
            return Err(Close::TooFast.into());
        }
        match message {
            Message::Text(text) => self.hear_frame(attending, text.as_str()).await,
            Message::Binary(bytes) if bytes.len() > MAX_FRAME => Err(Close::FrameTooLarge.into()),
            Message::Binary(_) => self.not_a_command(None, "a frame is text").await,
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn hear_frame(&mut self, attending: &Attendance, text: &str) -> Result<(), End> {
        if text.len() > MAX_FRAME {
            return Err(Close::FrameTooLarge.into());
        }
        let (app, me, room) = (Arc::clone(&self.app), self.viewer, self.live.code());
        let mut waited = wait_until(|| app.limits.command(me)).await;
        let frame = parse::<CommandFrame>(text.as_bytes());
        if let Ok(CommandFrame { command, .. }) = &frame
            && let Some(weight) = lobby::weight(command)
        {
            waited |= wait_until(|| app.limits.lobby_of_person(me, weight)).await;
            waited |= wait_until(|| app.limits.lobby_of_room(room, weight)).await;
        }
        self.hurried = if waited { self.hurried + 1 } else { 0 };
        if self.hurried > HURRIED {
            return Err(Close::TooFast.into());
        }
        match frame {
            Ok(CommandFrame { id, command }) => self.act(attending, id, command).await,
            Err(invalid) => self.not_a_command(named(text), &invalid.reason).await,
        }
    }

    async fn not_a_command(&mut self, id: Option<u64>, why: &str) -> Result<(), End> {
        self.bad_frames += 1;
        if self.bad_frames >= BAD_FRAMES {
            return Err(Close::NotACommand.into());
        }
        self.say(&ServerFrame::Refused { id, code: "invalid".into(), message: why.into() }).await
    }

    async fn act(&mut self, attending: &Attendance, id: u64, command: wire::Command) -> Result<(), End> {
        let catalogue = self.app.titles.current();
        let heard = self.live.read(|room| Parser { catalogue: &catalogue, room }.command(command));
        let command = match heard {
            Ok(command) => command,
            Err(invalid) => return self.refuse(id, &Refused::Invalid(invalid)).await,
        };
        match attending.execute(&command).await {
            Ok(done) => self.acknowledge(id, done).await,
            Err(RoomError::Refused(refusal)) => self.refuse(id, &refusal.into()).await,
            // Neither done nor refused: the phone comes back and asks again.
            Err(error) => Err(self.ended_by(&error)),
        }
    }

    fn ended_by(&self, error: &RoomError) -> End {
        match error {
            RoomError::NotFound => Close::NoSuchRoom.into(),
            RoomError::Refused(_) => Close::NotAMember.into(),
            // It comes back, if it is there at all, and speaks again.
            RoomError::Fenced | RoomError::TooLate => Close::FellBehind.into(),
            RoomError::Hot(_) | RoomError::Db(_) => {
                tracing::debug!(%error, "a socket ends because a store did not answer");
                self.restarting()
            }
        }
    }

    fn restarting(&self) -> End {
        Close::Restarting(self.app.hub.spread()).into()
    }

    async fn refuse(&mut self, id: u64, refused: &Refused) -> Result<(), End> {
        // What explains the refusal comes before it.
        self.catch_up_to(None).await?;
        let (code, message) = (refused.code().into(), refused.to_string());
        self.say(&ServerFrame::Refused { id: Some(id), code, message }).await
    }

    async fn acknowledge(&mut self, id: u64, done: Done) -> Result<(), End> {
        if done.epoch != self.sent.epoch {
            return Err(Close::FellBehind.into());
        }
        let before = Seq::new(done.seq.get().saturating_sub(1));
        // The command's own event reaches this socket as the ack; what already was so may be somebody else's event.
        self.catch_up_to(Some(if done.appended { before } else { done.seq })).await?;
        let own = if done.appended { self.since(self.sent)?.into_iter().next() } else { None };
        let event = own.map(|event| self.happened(&event).event);
        // The room may have moved to another history at any moment: what was done in the old one is not said in the new.
        let queue = self.presented(|presenter, room| {
            (room.epoch() == done.epoch).then(|| presenter.queue(room, self.viewer)).ok_or(Close::FellBehind)
        })?;
        self.say(&ServerFrame::Ack(Ack { id, seq: done.seq.get(), queue, event })).await?;
        self.sent.seq = self.sent.seq.max(done.seq);
        Ok(())
    }

    async fn say(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.send(Message::Text(encode(frame).into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(self.app.config.patience.write, self.socket.send(message)).await {
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
                self.socket.send(close.message()).await.ok();
                self.hear_out().await;
            } else {
                self.socket.close().await.ok();
            }
        };
        timeout(GOODBYE, goodbye).await.ok();
    }
}

/// A phone that was offline sends what it kept all at once: it is slowed down, by not being read, and not turned away. Says whether it
/// had to wait.
async fn wait_until(granted: impl Fn() -> Result<(), Duration>) -> bool {
    let mut waited = false;
    while let Err(wait) = granted() {
        waited = true;
        sleep(wait).await;
    }
    waited
}

impl Conversation {
    /// Passes over what the phone had sent before it heard that this is the end; slowly, since it may never stop.
    async fn hear_out(&mut self) {
        let mut heard = 0_usize;
        while let Some(Ok(_)) = self.socket.recv().await {
            self.connection.heard_message();
            heard += 1;
            if heard.is_multiple_of(HEARD_AT_ONCE) {
                sleep(BETWEEN_HEARD).await;
            }
        }
    }
}

fn encode(frame: &ServerFrame) -> String {
    serde_json::to_string(frame).unwrap_or_else(|_| unreachable!("strings, numbers and finite ratings"))
}

/// The id of a frame that is no command, if it has one.
fn named(text: &str) -> Option<u64> {
    serde_json::from_str::<serde_json::Value>(text).ok()?.get("id")?.as_u64()
}

/// Frames beyond what is read at all are told from a phone that went.
fn unreadable(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => Close::FrameTooLarge.into(),
        _ => End::Gone,
    }
}
