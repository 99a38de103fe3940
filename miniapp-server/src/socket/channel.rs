//! One room on one socket, from the `open` that asks for it to the last word about it.
//!
//! A room is opened in a task; what the phone asks of it meanwhile waits behind that. Whatever goes wrong closes this room, and no other.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use sovpalo_domain::{
    ids::{Epoch, Position, RoomCode, Seq},
    room::Refusal,
};
use tokio::{task::JoinHandle, time::Instant};
use tungstenite::Utf8Bytes;

use super::{
    acting::{self, Acted},
    due::{Due, Ended},
    entering::{self, CountsAs, Entered, enter},
    line::{Line, MOST_UNDER_WAY},
    phone::{Connected, Phone},
    render::{encode, refusal, too_many},
    room::OpenRoom,
    saying::{self, Said, is_for_messages},
};
use crate::{
    problem::Refused,
    wire::{self, OpenFrame, SocketAck, SocketServerFrame},
};

/// What a room says to its phone.
pub(super) enum Outgoing {
    Nothing,
    Frame(Utf8Bytes),
    /// That was its last word.
    Gone,
}

/// A room that a phone asked for.
pub(super) struct Channel {
    pub(super) code: RoomCode,
    /// The `open` frames that are not answered yet.
    asked: VecDeque<Asked>,
    entering: Option<JoinHandle<Result<Entered, Refused>>>,
    /// Whether they may be answered now, and how.
    granted: Option<Result<(), Box<Refused>>>,
    room: Option<OpenRoom>,
    /// While anything is in them.
    lines: Option<Box<Lines>>,
    /// The `close` frame that waits for what was asked before it.
    closing: Option<u64>,
    ended: Option<Ended>,
    over: bool,
}

/// What the phone asks to be done, in the two orders that do not wait for each other.
#[derive(Default)]
struct Lines {
    log: Line<wire::Command, Acted>,
    talk: Line<wire::Command, Said>,
}

impl Lines {
    /// The id of a command that nothing was done about, if there is any.
    fn give_up(&mut self) -> Option<u64> {
        self.log.give_up().or_else(|| self.talk.give_up())
    }
}

struct Asked {
    id: u64,
    known: Option<Position>,
    change: Option<u64>,
}

impl From<&OpenFrame> for Asked {
    fn from(frame: &OpenFrame) -> Self {
        let known = frame.epoch.zip(frame.seq);
        let position = |(epoch, seq)| Position { epoch: Epoch::from_bits(epoch), seq: Seq::new(seq) };
        Self { id: frame.id, known: known.map(position), change: frame.change }
    }
}

impl Channel {
    pub(super) fn new(code: RoomCode) -> Self {
        Self {
            code,
            asked: VecDeque::new(),
            entering: None,
            granted: None,
            room: None,
            lines: None,
            closing: None,
            ended: None,
            over: false,
        }
    }

    /// Opens the room, or begins again from what the client says. What comes back is said at once.
    pub(super) fn open(
        &mut self,
        phone: &Phone,
        connected: &Connected,
        frame: &OpenFrame,
    ) -> Option<SocketServerFrame> {
        if self.asked.len() >= MOST_UNDER_WAY {
            return Some(refusal(Some(frame.id), Some(self.code), &too_many()));
        }
        self.asked.push_back(frame.into());
        if self.entering.is_none() && self.granted.is_none() && !self.is_ending() {
            self.entering = Some(tokio::spawn(self.enter(phone, connected)));
        }
        // It goes on: a close that waited is done with.
        self.closing.take().map(|id| self.plain_ack(id))
    }

    /// After the last word: the room anew, for a phone that asked for it before it could have heard that.
    pub(super) fn begins_again(&mut self, phone: &Phone, connected: &Connected) -> Option<Self> {
        let mut anew = Self { asked: std::mem::take(&mut self.asked), ..Self::new(self.code) };
        if anew.asked.is_empty() {
            return None;
        }
        anew.entering = Some(tokio::spawn(anew.enter(phone, connected)));
        Some(anew)
    }

    /// Whether there are only last words to tell.
    fn is_ending(&self) -> bool {
        self.ended.is_some() || self.over
    }

    fn enter(
        &self,
        phone: &Phone,
        connected: &Connected,
    ) -> impl Future<Output = Result<Entered, Refused>> + use<> {
        let (app, viewer, code) = (Arc::clone(&phone.app), phone.viewer, self.code);
        let Connected { registered, mailbox } = connected.clone();
        let held = self.room.as_ref().map(|room| room.held.clone());
        async move {
            match held {
                // The member is here already: only the replica must be as new as the log.
                Some(held) => {
                    let live = app.open(code).await?;
                    Ok(Entered::of(&app, viewer, live, held).await)
                }
                None => enter(app, viewer, registered, mailbox, code).await,
            }
        }
    }

    /// Takes a command. What comes back is said at once.
    pub(super) fn command(&mut self, id: u64, command: wire::Command) -> Option<SocketServerFrame> {
        if self.closing.is_some() || self.is_ending() {
            return Some(refusal(Some(id), Some(self.code), &Refused::NotOpen));
        }
        let lines = self.lines.get_or_insert_default();
        let taken = if is_for_messages(&command) {
            lines.talk.take(id, command)
        } else {
            lines.log.take(id, command)
        };
        taken.err().map(|_| refusal(Some(id), Some(self.code), &too_many()))
    }

    /// Closes the room once everything is answered that was asked before. What comes back is said at once.
    pub(super) fn close(&mut self, id: u64) -> Option<SocketServerFrame> {
        self.closing.replace(id).map(|before| self.plain_ack(before))
    }

    fn plain_ack(&self, id: u64) -> SocketServerFrame {
        let seq = self.room.as_ref().map_or(0, |room| room.sent().seq.get());
        SocketServerFrame::Ack(SocketAck {
            id,
            room: self.code.to_string(),
            seq,
            event: None,
            queue: None,
            message: None,
        })
    }

    /// Where the phone stands in the room, if it is open.
    pub(super) fn sent(&self) -> Option<Position> {
        self.room.as_ref().map(OpenRoom::sent)
    }

    /// Up to which change the phone was told of the room's messages.
    pub(super) fn sent_change(&self) -> u64 {
        self.room.as_ref().map_or(0, |room| room.messages.sent_change())
    }

    /// Looks again whether the phone is still to be told of the room.
    pub(super) fn doubt(&mut self) {
        if let Some(room) = &mut self.room {
            room.doubt();
        }
    }

    /// The room, if it is open.
    pub(super) fn opened(&mut self) -> Option<&mut OpenRoom> {
        self.room.as_mut()
    }

    /// Ready when there may be something to tell.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, phone: &Phone) -> Poll<()> {
        let mut ready = self.poll_entering(cx).is_ready();
        let Some(room) = &mut self.room else { return if ready { Poll::Ready(()) } else { Poll::Pending } };
        if let Some(lines) = &mut self.lines {
            let (app, user, code) = (&phone.app, phone.viewer.user, self.code);
            let pace = |command: &wire::Command| -> super::line::Pace {
                Box::pin(entering::pace(Arc::clone(app), user, code, CountsAs::of(command)))
            };
            let run = |command| acting::begin(phone, &room.live, &room.held, command);
            ready |= lines.log.poll(cx, pace, run, Acted::ends_the_room).is_ready();
            let run = |command| saying::begin(phone, &room.live, &room.held, &command);
            ready |= lines.talk.poll(cx, pace, run, saying::ends_the_room).is_ready();
        }
        // After what these have done to it: one look is enough for both.
        ready |= room.poll(cx, phone).is_ready();
        if ready { Poll::Ready(()) } else { Poll::Pending }
    }

    /// What is being done goes on by itself: nobody polls this room for a while.
    pub(super) fn let_go(&mut self) {
        if let Some(lines) = &mut self.lines {
            lines.log.let_go();
            lines.talk.let_go();
        }
    }

    fn poll_entering(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(entering) = &mut self.entering else { return Poll::Pending };
        let Poll::Ready(outcome) = Pin::new(entering).poll(cx) else { return Poll::Pending };
        self.entering = None;
        self.granted = Some(match outcome {
            Ok(Ok(entered)) => {
                match &mut self.room {
                    Some(room) => room.stands(entered.messages),
                    None => self.room = Some(OpenRoom::new(entered)),
                }
                Ok(())
            }
            Ok(Err(refused)) => Err(Box::new(refused)),
            Err(_) => Err(Box::new(Refused::Internal)),
        });
        Poll::Ready(())
    }

    /// The next thing to tell the phone.
    pub(super) fn tell(&mut self, phone: &Phone) -> Outgoing {
        if self.over {
            return Outgoing::Gone;
        }
        if let Some(ended) = self.ended {
            return self.last_words(ended);
        }
        if let Some(granted) = self.granted.take() {
            return self.tell_opened(phone, granted);
        }
        match self.due(phone) {
            Due::Nothing => Outgoing::Nothing,
            Due::Frame(frame) => Outgoing::Frame(frame),
            Due::Ended(ended) => {
                self.ended = Some(ended);
                self.last_words(ended)
            }
        }
    }

    fn tell_opened(&mut self, phone: &Phone, granted: Result<(), Box<Refused>>) -> Outgoing {
        if let Some(Asked { id, known, change }) = self.asked.pop_front() {
            let due = match (&granted, &mut self.room) {
                (Ok(()), Some(room)) => room.opened(phone, id, known, change),
                (Ok(()), None) => Due::Frame(encode(&refusal(Some(id), Some(self.code), &Refused::Internal))),
                (Err(refused), _) => Due::Frame(encode(&refusal(Some(id), Some(self.code), refused))),
            };
            self.granted = Some(granted);
            return match due {
                Due::Frame(frame) => Outgoing::Frame(frame),
                Due::Nothing => Outgoing::Nothing,
                Due::Ended(_) => Outgoing::Frame(encode(&refusal(
                    Some(id),
                    Some(self.code),
                    &Refused::Room(Refusal::NotAMember),
                ))),
            };
        }
        self.asked = VecDeque::new();
        let Some(room) = &mut self.room else { return self.never_open() };
        room.stood();
        self.tell(phone)
    }

    /// What was asked of a room that could not be opened is refused.
    fn never_open(&mut self) -> Outgoing {
        if let Some(id) = self.lines.as_mut().and_then(|lines| lines.give_up()) {
            self.granted = Some(Ok(()));
            return Outgoing::Frame(encode(&refusal(Some(id), Some(self.code), &Refused::NotOpen)));
        }
        self.over = true;
        match self.closing.take() {
            Some(id) => Outgoing::Frame(encode(&self.plain_ack(id))),
            None => Outgoing::Gone,
        }
    }

    fn due(&mut self, phone: &Phone) -> Due {
        let Some(room) = &mut self.room else { return Due::Nothing };
        // Dropped once nothing is left in them: nearly all sockets are idle.
        self.lines.take_if(|lines| lines.log.is_over() && lines.talk.is_over());
        let (mut is_running, mut waits_for_answer, mut is_talking) = (false, false, false);
        if let Some(lines) = &mut self.lines {
            if let Some((id, acted)) = lines.log.answer() {
                let (due, answered) = room.answer(phone, *id, acted.as_ref());
                if answered {
                    lines.log.answered();
                }
                return due;
            }
            if let Some((id, said)) = lines.talk.answer() {
                let (due, answered) = room.talk_answer(phone, *id, said.as_ref());
                if answered {
                    lines.talk.answered();
                }
                if !matches!(due, Due::Nothing) {
                    return due;
                }
            }
            is_running = lines.log.is_running();
            (waits_for_answer, is_talking) = (lines.talk.answer().is_some(), lines.talk.is_running());
        }
        // While a command is done, its own event may be among them: that comes as the ack.
        if !is_running {
            match room.event(phone, None) {
                Due::Nothing => {}
                due => return due,
            }
            if let Some(ended) = room.over(phone) {
                return Due::Ended(ended);
            }
        }
        // While messages wait for the answer of a command, that tells them.
        if !waits_for_answer {
            match room.message(phone, is_talking) {
                Due::Nothing => {}
                due => return due,
            }
        }
        let is_idle = self.lines.as_ref().is_none_or(|lines| lines.log.is_idle() && lines.talk.is_idle());
        if is_idle
            && self.entering.is_none()
            && let Some(id) = self.closing
        {
            self.over = true;
            return Due::Frame(encode(&self.plain_ack(id)));
        }
        match room.presence() {
            Due::Nothing => room.voice(phone),
            due => due,
        }
    }

    /// The room is closed on this socket. Where the phone shall open it again, what is not answered it asks again.
    fn last_words(&mut self, ended: Ended) -> Outgoing {
        if ended != Ended::FellBehind
            && let Some((id, is_done)) = self.unanswered()
        {
            let refused = match ended {
                Ended::NoSuchRoom => Refused::RoomNotFound,
                Ended::NotAMember | Ended::FellBehind => Refused::Room(Refusal::NotAMember),
            };
            let refused = || refusal(Some(id), Some(self.code), &refused);
            return Outgoing::Frame(encode(&if is_done { self.plain_ack(id) } else { refused() }));
        }
        self.over = true;
        if let Some(id) = self.closing.take() {
            return Outgoing::Frame(encode(&self.plain_ack(id)));
        }
        let closed = SocketServerFrame::Closed { room: self.code.to_string(), code: ended.code().into() };
        Outgoing::Frame(encode(&closed))
    }

    /// The id of a command that was not answered yet, and whether it is done all the same.
    fn unanswered(&mut self) -> Option<(u64, bool)> {
        let lines = self.lines.as_mut()?;
        if let Some(id) = lines.give_up() {
            return Some((id, false));
        }
        if let Some((id, acted)) = lines.log.answered() {
            return Some((id, acted.is_some_and(|acted| acted.outcome.is_ok())));
        }
        lines.talk.answered().map(|(id, said)| (id, matches!(said, Some(Ok(_)))))
    }

    /// When there will be something to tell that only waits for its time.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.room.as_ref().and_then(OpenRoom::presence_due_at)
    }
}
