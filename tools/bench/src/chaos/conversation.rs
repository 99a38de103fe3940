//! One connection of one phone, from its welcome to its end.

use std::time::Duration;

use rand::{RngExt, seq::IndexedRandom};
use sovpalo_domain::ids::{Seq, TitleId};
use tokio::time::{Instant, sleep, sleep_until};

use super::{
    next_action::{Mind, NextAction},
    player::{Parting, Player},
    table::Call,
    talk::{Talk, Unheard},
    watching::Said,
};
use crate::{
    checker::{
        action::Action,
        history::{Answer, Connection, Heard, Place},
        law::Law,
        wire::{self, Frame, WireEvent},
    },
    phone::{Came, Cut, End, RoomSocket},
};

/// Why a room is closed that is to be opened again.
const FELL_BEHIND: &str = "fell_behind";
/// A welcome takes no longer.
const WELCOME: Duration = Duration::from_secs(4);
/// A command without an answer for so long means a dead connection.
const ANSWER: Duration = Duration::from_secs(4);
/// A server says something at least every 25 s.
const SILENCE: Duration = Duration::from_secs(60);
/// Between two words of somebody they tap so often.
const PER_WORD: u32 = 5;
/// How likely somebody says something when everybody does.
const JOINS_IN: f64 = 0.6;
/// Nothing to swipe for so long, in a round that is not over, means that something was missed.
const STRANDED: Duration = Duration::from_secs(6);

impl Player {
    /// Talks until one side ends it.
    pub(super) async fn converse(&mut self, mut socket: RoomSocket, node: usize, life: u64) -> Parting {
        self.begins_anew(node);
        let (stop, seat) = (self.table.stop.clone(), self.seat.clone());
        let mut welcomed = false;
        let mut heard_at = Instant::now();
        let mut act_at = heard_at + self.thinking();
        let mut useful_at = heard_at;
        let mut talk_at = heard_at + self.thinking() * PER_WORD;
        let mut calls = self.table.calls.subscribe();
        let mut called = *calls.borrow_and_update();
        loop {
            let hushed = self.table.is_closing();
            let unanswered = self.outbox.len() + self.talk.under_way();
            let patience = match (welcomed, unanswered) {
                (false, _) => WELCOME * self.slowly(),
                (true, 1..) => ANSWER,
                (true, 0) => SILENCE,
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => {
                    if welcomed && self.table.is_at_rest() {
                        self.talk.stays();
                        self.watching.stays(&self.view);
                    }
                    return Parting::Over;
                }
                () = seat.cut.notified() => {
                    socket.cut(self.loses_network());
                    return self.again(0, 300);
                }
                came = socket.next() => {
                    let frame = match came {
                        Came::Frame(frame) => frame,
                        // Any server may know better, also this one on this very socket.
                        Came::End(End::Room(code)) if code == FELL_BEHIND && self.chance.random_bool(0.5) => {
                            self.begins_anew(node);
                            welcomed = false;
                            if !socket.open_again(self.has()).await {
                                return self.again(0, 200);
                            }
                            continue;
                        }
                        Came::End(end) => return self.parted(end),
                    };
                    // What others' phones say of their films is no sign that this one's commands arrive.
                    if frame["type"] != "signal" {
                        heard_at = Instant::now();
                    }
                    if let Err(parting) = self.hear(&frame, node) {
                        return parting;
                    }
                    welcomed = true;
                    self.in_vain = 0;
                }
                answer = self.talk.answer() => self.talk.answered(answer, self.table.now()),
                Ok(()) = calls.changed(), if welcomed => {
                    called = *calls.borrow_and_update();
                    self.is_called(called);
                    heard_at = begins(unanswered, heard_at);
                }
                () = sleep_until(talk_at), if welcomed => {
                    talk_at = Instant::now() + self.thinking() * PER_WORD;
                    if !self.is_second_phone && !hushed {
                        self.talk.act(&mut self.chance);
                        heard_at = begins(unanswered, heard_at);
                    }
                }
                () = sleep_until(act_at), if welcomed => {
                    act_at = Instant::now() + self.thinking();
                    match self.next_action() {
                        NextAction::Nap(nap) => {
                            socket.cut(Cut::Closed);
                            self.seat.set(|state| state.connected = None);
                            sleep(nap).await;
                            return Parting::Again(Duration::ZERO);
                        }
                        NextAction::Erase => {
                            socket.cut(Cut::Closed);
                            return Parting::Erasing;
                        }
                        NextAction::Do(action) => {
                            useful_at = act_at;
                            // From now on there is something to be answered.
                            heard_at = Instant::now();
                            self.wish(action);
                        }
                        NextAction::Watch(wish, rev) => {
                            heard_at = Instant::now();
                            self.outbox.ask_of(Action::Watch(wish), rev);
                        }
                        NextAction::Rest => useful_at = act_at,
                        NextAction::Wait if self.view.phase == wire::Phase::Swiping && useful_at.elapsed() > STRANDED => {
                            return self.again(0, 100);
                        }
                        NextAction::Wait => {}
                    }
                    if !self.says(&mut socket).await {
                        return self.again(0, 200);
                    }
                }
                () = sleep_until(heard_at + patience) => return self.again(0, 100),
            }
            if welcomed && !self.send(&mut socket).await {
                return self.again(0, 200);
            }
            let (known, waiting) = (self.known, self.outbox.len() + self.talk.under_way());
            let change = self.talk.newest();
            self.seat.set(|state| {
                state.connected = known.map(|known| (node, life, known));
                state.change = change;
                state.waiting = waiting;
                (state.hushed, state.called) = (hushed, called);
                state.gone = false;
            });
        }
    }

    /// Now and then a phone says how its film goes, or asks for the time; `false`: the connection is broken.
    async fn says(&mut self, socket: &mut RoomSocket) -> bool {
        let device = u64::from(self.is_second_phone);
        match self.watching.says(device, &self.view, &mut self.chance) {
            Some(Said::InTheRoom(frame)) => socket.send(&frame).await,
            Some(Said::ToTheServer(frame)) => socket.send_of_no_room(&frame).await,
            None => true,
        }
    }

    /// Sends what is to be sent; `false`: the connection is broken.
    async fn send(&mut self, socket: &mut RoomSocket) -> bool {
        let room = *self.table.code.borrow();
        if let Some(room) = room {
            let node = self.any_node();
            let (address, now) = (self.table.nodes.address(node), self.table.now());
            self.talk.ask(&self.session, address, room, now, &mut self.chance);
        }
        let now = self.table.now();
        while let Some(frame) = self.outbox.next(now).or_else(|| self.talk.next(now)) {
            if !socket.send(&frame).await {
                return false;
            }
        }
        true
    }

    /// Something makes people talk.
    fn is_called(&mut self, call: Call) {
        let speaks = match call {
            Call::None => false,
            Call::Everybody(_) => self.chance.random_bool(JOINS_IN),
            // Of those who are there from beginning to end the first.
            Call::OneMore(_) => self.table.is_anchor(self.me),
        };
        if speaks && !self.is_second_phone {
            self.talk.say(&mut self.chance);
        }
    }

    /// The room is asked for, and nothing of it has come.
    fn begins_anew(&mut self, node: usize) {
        self.connections.push(Connection { node, known: self.known, heard: Vec::new() });
        self.outbox.reconnected();
        self.talk.reconnected();
        self.watching.reconnected();
    }

    /// What the person does next.
    fn next_action(&mut self) -> NextAction {
        let next_action = if self.is_second_phone {
            NextAction::Rest
        } else {
            let mind = Mind {
                me: self.me,
                habits: &self.habits,
                table: &self.table,
                view: &self.view,
                outbox: &self.outbox,
                to_pick: &mut self.to_pick,
                ready: &mut self.ready,
                watching: &mut self.watching,
            };
            mind.next(&mut self.chance)
        };
        self.seat.set(|state| state.resting = next_action == NextAction::Rest);
        next_action
    }

    fn wish(&mut self, action: Action) {
        if let Action::Swipe(_, title, verdict) = &action {
            self.view.swipe(title.clone(), *verdict);
        }
        if let Action::Remove(member) = action {
            self.table.removes(member);
        }
        self.outbox.ask(action);
    }

    /// Takes a frame in.
    fn hear(&mut self, json: &serde_json::Value, node: usize) -> Result<(), Parting> {
        if self.watching.hear(json) {
            return Ok(());
        }
        let frame: Frame = match serde::Deserialize::deserialize(json) {
            Ok(frame) => frame,
            Err(error) => {
                self.grievances.push((Law::OneStory, format!("a frame cannot be read ({error}): {json}")));
                return Err(self.again(0, 200));
            }
        };
        // The room goes on under another epoch: that is another story, told from its beginning.
        if matches!(frame, Frame::Welcome { .. })
            && self.connections.last().is_some_and(|connection| !connection.heard.is_empty())
        {
            self.connections.push(Connection { node, known: self.known, heard: Vec::new() });
        }
        let heard = Heard { frame: frame.clone(), at: self.table.now(), opinions: wire::opinions(json) };
        if let Some(connection) = self.connections.last_mut() {
            connection.heard.push(heard);
        }
        match self.talk.hear(json, self.table.now()) {
            Ok(()) => {}
            Err(Unheard::Behind) => return Err(self.again(0, 100)),
            Err(Unheard::Wrong(what)) => {
                self.grievances.push((Law::OneStory, what));
                return Err(self.again(0, 200));
            }
        }
        if Talk::is_answer(json) {
            return Ok(());
        }
        match frame {
            Frame::Welcome { epoch, seq, room } => {
                self.welcomed(Place { epoch, seq }, room.as_deref());
                Ok(())
            }
            Frame::Event { seq, event } => self.happened(seq, &event),
            Frame::Ack { id, seq, event, queue } => self.acknowledged(id, seq, event.as_ref(), queue),
            Frame::Refused { id, code } => self.refused(id, code),
            Frame::At { seq } if self.known.is_some_and(|known| seq > known.seq) => Err(self.again(0, 100)),
            Frame::At { .. } | Frame::Other => Ok(()),
        }
    }

    fn welcomed(&mut self, place: Place, room: Option<&wire::WireRoom>) {
        self.table.seen(place.epoch);
        self.known = Some(place);
        if let Some(room) = room {
            self.view.show(room);
        }
        self.outbox.round(self.view.round);
    }

    fn happened(&mut self, seq: Seq, told: &WireEvent) -> Result<(), Parting> {
        let Some(known) = self.known.filter(|known| seq == known.seq.next()) else {
            return Err(self.again(0, 100));
        };
        self.known = Some(Place { seq, ..known });
        self.view.hear(told);
        if matches!(told, WireEvent::Started { .. } | WireEvent::Restarted { .. }) {
            self.ready = false;
            self.outbox.round(self.view.round);
        }
        Ok(())
    }

    fn acknowledged(
        &mut self,
        id: u64,
        seq: Seq,
        event: Option<&WireEvent>,
        queue: Option<Vec<TitleId>>,
    ) -> Result<(), Parting> {
        let now = self.table.now();
        let Some(known) = self.known else { return Err(self.again(0, 100)) };
        let place = Place { seq, ..known };
        let answer = if event.is_some() { Answer::Done(place, now) } else { Answer::SoAlready(now) };
        let action = self.outbox.answered(index(id), answer);
        if event.is_some() {
            self.table.done(place, self.me);
        } else {
            self.table.acknowledged(place);
        }
        if let Some(told) = event {
            self.happened(seq, told)?;
        }
        if let Some(queue) = queue.filter(|_| self.view.phase == wire::Phase::Swiping) {
            self.view.queue = queue;
        }
        match action {
            Some(Action::Undo(_, title)) => {
                self.view.swiped.retain(|(swiped, _)| *swiped != title);
            }
            Some(Action::Leave) => return Err(Parting::Left),
            _ => {}
        }
        Ok(())
    }

    fn refused(&mut self, id: Option<u64>, code: String) -> Result<(), Parting> {
        if matches!(code.as_str(), "too_many" | "unavailable") {
            return Err(self.again(100, 300));
        }
        match id.and_then(|id| self.outbox.answered(index(id), Answer::Refused(code))) {
            Some(Action::Swipe(_, title, _)) => self.view.swiped.retain(|(swiped, _)| *swiped != title),
            Some(Action::Ready(..)) => self.ready = false,
            _ => {}
        }
        Ok(())
    }

    /// What an end asks for.
    fn parted(&mut self, end: End) -> Parting {
        let wrong = match end {
            End::Closed(4401) => return Parting::Renew,
            // Coming back is what all of these ask for.
            End::Broken | End::Closed(1012 | 4408 | 4409) => return self.again(0, 300),
            End::Room(code) => match code.as_str() {
                "not_a_member" => return Parting::NoMember,
                "room_not_found" => return Parting::NoRoom,
                FELL_BEHIND | "fenced" | "too_many" | "unavailable" => return self.again(0, 300),
                _ => format!("a room was closed: {code}"),
            },
            End::Closed(code) => format!("a socket was closed with {code}"),
            End::Wrong(what) => what,
        };
        self.grievances.push((Law::OneStory, wrong));
        self.again(200, 400)
    }

    fn loses_network(&mut self) -> Cut {
        *[Cut::Closed, Cut::Reset, Cut::Silent].choose(&mut self.chance).unwrap_or(&Cut::Closed)
    }

    fn again(&mut self, from: u64, to: u64) -> Parting {
        Parting::Again(Duration::from_millis(self.chance.random_range(from..to)))
    }

    fn thinking(&mut self) -> Duration {
        let (quickest, slowest) = self.habits.pace;
        self.chance.random_range(quickest..=slowest)
    }
}

/// Since when an answer is awaited: if nothing was unanswered, since now.
fn begins(unanswered: usize, heard_at: Instant) -> Instant {
    if unanswered == 0 { Instant::now() } else { heard_at }
}

/// A command's id is its place in the outbox.
fn index(id: u64) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
