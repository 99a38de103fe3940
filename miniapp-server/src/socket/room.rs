//! An open room on a socket: how far the phone was told, and what is due next.
//!
//! What has happened is pulled from the room's replica when the phone can take it, and never queued for it: a slow phone costs no
//! memory.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use sovpalo_domain::ids::{Position, Seq};
use sovpalo_live::rooms::{LiveRoom, Next, NumberedEvent};
use tokio::{sync::futures::OwnedNotified, time::Instant};

use super::{
    acting::{Acted, Trouble},
    due::{Due, Ended},
    entering::{Entered, Held, Standing},
    messages::Messages,
    phone::Phone,
    presence::SentPresence,
    render::{self, refusal},
    saying::Said,
    voice::{SentVoices, VoiceNews},
};
use crate::{
    present::Presenter,
    problem::Refused,
    wire::{self, Opened, SocketAck, SocketServerFrame},
};

/// A phone that missed more events than this is told the whole room.
pub(crate) const MOST_EVENTS: usize = 200;

/// A room that is open.
pub(super) struct OpenRoom {
    pub(super) live: Arc<LiveRoom>,
    pub(super) held: Held,
    /// Where the messages stood when the room was opened last, until everybody who asked was told.
    standing: Option<Box<Standing>>,
    pub(super) messages: Messages,
    /// Up to where the phone has been told.
    sent: Position,
    stir: Pin<Box<OwnedNotified>>,
    /// Something happened since it was last made sure that the member still is one.
    stirred: bool,
    presence: SentPresence,
    voices: SentVoices,
}

impl OpenRoom {
    pub(super) fn new(Entered { live, held, messages: standing }: Entered) -> Self {
        Self {
            stir: Box::pin(live.stirred()),
            sent: live.position(),
            live,
            messages: Messages::new(Arc::clone(&held.following)),
            held,
            standing: Some(Box::new(standing)),
            stirred: true,
            presence: SentPresence::default(),
            voices: SentVoices::default(),
        }
    }

    pub(super) fn sent(&self) -> Position {
        self.sent
    }

    /// Looks again whether its member still is one.
    pub(super) fn doubt(&mut self) {
        self.stirred = true;
    }

    /// The room was opened again: its messages stand here now.
    pub(super) fn stands(&mut self, standing: Standing) {
        self.standing = Some(Box::new(standing));
    }

    /// Everybody who asked for the room was told where its messages stand.
    pub(super) fn stood(&mut self) {
        self.standing = None;
    }

    fn summary(&self) -> Option<&wire::Messages> {
        self.standing.as_ref().and_then(|standing| standing.summary.as_ref())
    }

    /// Ready when something happened in the room.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, phone: &Phone) -> Poll<()> {
        let messages = self.messages.poll(cx, phone);
        let room = self.poll_room(cx);
        if messages.is_ready() { messages } else { room }
    }

    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Poll::Ready(()) = self.stir.as_mut().poll(cx) else { return Poll::Pending };
        // Before anything is looked at, so that nothing falls between the two.
        self.stir.set(self.live.stirred());
        self.stirred = true;
        Poll::Ready(())
    }

    /// The answer to an `open`: what was missed since `known`, or the whole room.
    pub(super) fn opened(
        &mut self,
        phone: &Phone,
        id: u64,
        known: Option<Position>,
        change: Option<u64>,
    ) -> Due {
        self.presence.start_again();
        self.voices.start_again();
        let stands = self.summary().map(|summary| summary.change);
        let marks = self.standing.as_ref().map_or(0, |standing| standing.marks);
        self.messages.begin(phone, &self.live, change, stands, marks);
        let missed = known.and_then(|known| Some((known, self.missed(known)?)));
        let Some((known, missed)) = missed else { return self.state(phone, Some(id)) };
        self.sent = missed.last().map_or(known, |last| Position { seq: last.seq, ..known });
        let viewer = &phone.viewer;
        let tell =
            |event: &Arc<NumberedEvent>| phone.app.happened(&self.live, viewer.user, viewer.language, event);
        let events = Some(missed.iter().map(tell).collect());
        let messages = self.summary().cloned();
        self.frame(&SocketServerFrame::Opened(Opened { events, messages, ..self.place(Some(id)) }))
    }

    fn missed(&self, known: Position) -> Option<Vec<Arc<NumberedEvent>>> {
        self.live.since(known).filter(|missed| missed.len() <= MOST_EVENTS)
    }

    fn state(&mut self, phone: &Phone, id: Option<u64>) -> Due {
        self.voices.start_with(&self.live.voices());
        let Some(room) = phone.app.show(&self.live, phone.viewer.user, phone.viewer.language) else {
            return Due::Ended(Ended::NotAMember);
        };
        self.sent =
            Position { epoch: sovpalo_domain::ids::Epoch::from_bits(room.epoch), seq: Seq::new(room.seq) };
        // Under a new epoch the messages go on as they were.
        let messages = if id.is_some() { self.summary().cloned() } else { None };
        let state = Some(Box::new(wire::Room { messages, ..room }));
        self.frame(&SocketServerFrame::Opened(Opened { state, ..self.place(id) }))
    }

    fn place(&self, id: Option<u64>) -> Opened {
        let Position { epoch, seq } = self.sent;
        let room = self.live.code().to_string();
        Opened { id, room, epoch: epoch.get(), seq: seq.get(), state: None, events: None, messages: None }
    }

    /// The next event, if one is due; none after `last`.
    pub(super) fn event(&mut self, phone: &Phone, last: Option<Seq>) -> Due {
        match self.live.next_after(self.sent) {
            Next::Nothing => Due::Nothing,
            Next::Event(event) if last.is_some_and(|last| event.seq > last) => Due::Nothing,
            Next::Event(event) => {
                self.sent.seq = event.seq;
                Due::Frame(render::event(&phone.app, &self.live, &phone.viewer, &event))
            }
            Next::OtherHistory => self.state(phone, None),
            Next::TooFar => Due::Ended(Ended::FellBehind),
        }
    }

    /// What is due on the way to the answer of a command, and then the answer itself; `true`: that was it.
    pub(super) fn answer(&mut self, phone: &Phone, id: u64, acted: Option<&Acted>) -> (Due, bool) {
        match acted.map(|acted| (&acted.outcome, acted)) {
            None | Some((Err(Trouble::Unknown), _)) => (Due::Ended(Ended::FellBehind), false),
            Some((Err(Trouble::NoSuchRoom), _)) => (Due::Ended(Ended::NoSuchRoom), false),
            // What explains a refusal comes before it.
            Some((Err(Trouble::Refused(refused)), acted)) => match self.event_up_to(phone, acted.stood) {
                Due::Nothing => (self.frame(&refusal(Some(id), Some(self.live.code()), refused)), true),
                due => (due, false),
            },
            Some((Ok(done), acted)) => {
                let before = Seq::new(done.seq.get() - u64::from(done.appended));
                match self.event_up_to(phone, Position { epoch: done.epoch, seq: before }) {
                    Due::Nothing => self.acknowledge(phone, id, acted),
                    due => (due, false),
                }
            }
        }
    }

    fn event_up_to(&mut self, phone: &Phone, last: Position) -> Due {
        if self.sent.epoch == last.epoch {
            return self.event(phone, Some(last.seq));
        }
        // The room moved to another history before the command was done, or after: what was done in an older one is not said in a newer.
        match self.event(phone, Some(Seq::ZERO)) {
            Due::Nothing => Due::Ended(Ended::FellBehind),
            due => due,
        }
    }

    fn acknowledge(&mut self, phone: &Phone, id: u64, acted: &Acted) -> (Due, bool) {
        let lost = (Due::Ended(Ended::FellBehind), false);
        let Ok(done) = &acted.outcome else { return lost };
        // Told already, if the phone opened the room again meanwhile.
        let own = done.appended && done.seq > self.sent.seq;
        let event = if own {
            let Next::Event(event) = self.live.next_after(self.sent) else { return lost };
            Some(render::own_event(&phone.app, &self.live, &phone.viewer, &event))
        } else {
            None
        };
        let catalogue = phone.app.titles.current();
        let presenter =
            Presenter { catalogue: &catalogue, posters: &phone.app.posters, language: phone.viewer.language };
        // The room may have moved to another history at any moment: what was done in the old one is not said in the new.
        let queue = self.live.read(|room| {
            (room.epoch() == done.epoch)
                .then(|| acted.turns_cards.then(|| presenter.queue(room, phone.viewer.user)))
        });
        let Some(queue) = queue else { return lost };
        self.sent.seq = self.sent.seq.max(done.seq);
        let room = self.live.code().to_string();
        (
            self.frame(&SocketServerFrame::Ack(SocketAck {
                id,
                room,
                seq: done.seq.get(),
                event,
                queue,
                message: None,
            })),
            true,
        )
    }

    /// The answer of a command about messages, or what is due before it; `true`: that was it.
    pub(super) fn talk_answer(&mut self, phone: &Phone, id: u64, said: Option<&Said>) -> (Due, bool) {
        if let Some(Err(Refused::Fenced)) = said {
            // As with the log: the phone opens the room again, if it is the newest, and asks again.
            (Due::Ended(Ended::FellBehind), false)
        } else if let Some(said) = said {
            self.messages.answer(phone, &self.live, (id, said), self.sent.seq.get())
        } else {
            let refused = refusal(Some(id), Some(self.live.code()), &Refused::Internal);
            (self.frame(&refused), true)
        }
    }

    /// The next message or read mark, if one is due.
    pub(super) fn message(&mut self, phone: &Phone, is_running: bool) -> Due {
        self.messages.due(phone, &self.live, is_running)
    }

    /// Whether the room is over for this phone, looked at after something happened.
    pub(super) fn over(&mut self, phone: &Phone) -> Option<Ended> {
        if !std::mem::take(&mut self.stirred) {
            return None;
        }
        if self.live.closed().is_cancelled() {
            return Some(Ended::FellBehind);
        }
        if !self.live.read(|room| room.has_member(phone.viewer.user)) {
            return Some(Ended::NotAMember);
        }
        // Taken for gone, by a piece of the log that was put back: opening the room again makes sure of it.
        (!self.held.following.tells()).then_some(Ended::FellBehind)
    }

    /// When there is something to tell of who is here.
    pub(super) fn presence_due_at(&self) -> Option<Instant> {
        self.presence.due_at(&self.live.online())
    }

    /// Who is here, or came and went, if that is due.
    pub(super) fn presence(&mut self) -> Due {
        let online = self.live.online();
        if self.presence.due_at(&online).is_none_or(|due| due > Instant::now()) {
            return Due::Nothing;
        }
        match self.presence.frame(self.live.code(), online) {
            Some(frame) => self.frame(&SocketServerFrame::Presence(frame)),
            None => Due::Nothing,
        }
    }

    /// The phone wants to be in the voice chat, or not to be.
    pub(super) fn wishes_voice(&mut self, on: bool) {
        self.voices.wishes(on);
    }

    /// Whether this phone, and not another one of its person, is in the voice chat.
    pub(super) fn is_in_voice(&self) -> bool {
        self.held.attendance.is_in_voice()
    }

    /// Who came into the voice chat, or left it.
    pub(super) fn voice(&mut self, phone: &Phone) -> Due {
        let of = (phone.viewer.user, self.held.attendance.socket());
        let Some(VoiceNews { from, on }) = self.voices.next(&self.live.voices(), of) else {
            return Due::Nothing;
        };
        let (room, signal) = (self.live.code().to_string(), wire::Signal::Voice { on });
        self.frame(&SocketServerFrame::Signal { room, from: from.get(), signal })
    }

    #[expect(clippy::unused_self, reason = "reads as what the room says")]
    fn frame(&self, frame: &SocketServerFrame) -> Due {
        Due::Frame(render::encode(frame))
    }
}
