//! Somebody with a phone, from coming into a room to going home.
//!
//! The phone is a faithful one: it has one outbox and forgets nothing in it, comes back whenever it is thrown out in a way
//! that asks for that, to any server, and signs in again when its session has ended.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, TitleId, UserId};
use tokio::time::sleep;

use super::{
    outbox::Outbox,
    plan::Habits,
    table::{Seat, Table},
    talk::Talk,
    view::View,
    watching::Watching,
};
use crate::{
    checker::{
        action::Action,
        history::{Answer, Connection, PhoneHistory, Place},
        law::Law,
        wire::WireRoom,
    },
    phone::{Door, Has, RoomSocket, Session, Trouble},
};

/// What somebody's first and second phone call themselves.
const DEVICES: [&str; 2] = ["the-first-phone-of-somebody", "the-second-phone-of-somebody"];
/// A phone becomes so many times more patient at most.
const SLOWEST: u32 = 6;
/// A handshake that takes longer is given up.
const HANDSHAKE: Duration = Duration::from_millis(2_500);

/// How a connection, or the wish for one, ended.
pub(super) enum Parting {
    /// Come back after this pause.
    Again(Duration),
    /// The session is over: sign in, and come back.
    Renew,
    /// The room says that this is no member.
    NoMember,
    /// There is no such room.
    NoRoom,
    /// They left, and that is done.
    Left,
    /// They want to be forgotten.
    Erasing,
    /// The evening is over.
    Over,
}

/// A person and a phone of theirs.
pub(super) struct Player {
    pub(super) me: UserId,
    pub(super) habits: Habits,
    pub(super) table: Arc<Table>,
    pub(super) seat: Arc<Seat>,
    /// Listens, and never asks.
    pub(super) is_second_phone: bool,
    pub(super) chance: StdRng,
    pub(super) outbox: Outbox,
    pub(super) view: View,
    /// What this phone has of the room.
    pub(super) known: Option<Place>,
    pub(super) connections: Vec<Connection>,
    pub(super) grievances: Vec<(Law, String)>,
    pub(super) to_pick: Vec<TitleId>,
    pub(super) ready: bool,
    pub(super) session: Session,
    /// Connections in a row that were never welcomed.
    pub(super) in_vain: u32,
    pub(super) talk: Talk,
    pub(super) watching: Watching,
}

impl Player {
    /// In this seat, and not yet in the room.
    pub(super) fn new(
        me: UserId,
        habits: Habits,
        is_second_phone: bool,
        table: Arc<Table>,
        seat: Arc<Seat>,
        http: reqwest::Client,
    ) -> Self {
        seat.set(|state| state.gone = is_second_phone);
        Self {
            me,
            chance: StdRng::seed_from_u64(habits.seed ^ u64::from(is_second_phone)),
            table,
            seat,
            is_second_phone,
            outbox: Outbox::default(),
            view: View::default(),
            known: None,
            connections: Vec::new(),
            grievances: Vec::new(),
            to_pick: if habits.picks_at_once { Vec::new() } else { habits.picks.clone() },
            ready: false,
            session: Session::of(me, http),
            in_vain: 0,
            talk: Talk::of(me),
            watching: Watching::default(),
            habits,
        }
    }

    /// The whole evening.
    pub(super) async fn play(mut self, is_host: bool) -> PhoneHistory {
        if let Some(code) = self.enter(is_host).await {
            self.seat.set(|state| state.gone = self.is_second_phone);
            while self.stay(code).await && self.come_back(code).await {}
        }
        self.seat.set(|state| (state.connected, state.gone) = (None, true));
        PhoneHistory {
            user: self.me,
            asked: self.outbox.into_asked(),
            connections: self.connections,
            grievances: self.grievances,
            talk: self.talk.into_history(),
            watching: self.watching.into_history(),
        }
    }

    /// Into the room, with picks.
    async fn enter(&mut self, is_host: bool) -> Option<RoomCode> {
        if is_host {
            let settings = self.table.plan.settings.clone();
            let room = self.ask(Action::Create, "rooms", &settings).await?;
            self.table.code.send_replace(Some(room.code));
        }
        let mut told = self.table.code.subscribe();
        let stop = self.table.stop.clone();
        let code =
            stop.run_until_cancelled(told.wait_for(Option::is_some)).await?.ok().and_then(|code| *code)?;
        if !is_host && !self.is_second_phone {
            let late =
                self.habits.late.unwrap_or_else(|| Duration::from_millis(self.chance.random_range(0..300)));
            stop.run_until_cancelled(sleep(late)).await?;
            self.ask(Action::Join, &format!("rooms/{code}/join"), &Value::Null).await?;
        }
        if self.habits.late.is_none() && !self.is_second_phone {
            if self.habits.picks_at_once {
                let titles = self.habits.picks.clone();
                let ids: Vec<Value> = titles.iter().map(|id| json!({ "id": id })).collect();
                let body = json!({ "titles": ids });
                self.ask(Action::Select(titles), &format!("rooms/{code}/selections"), &body).await;
            }
            self.table.gathered.fetch_add(1, Ordering::SeqCst);
        }
        Some(code)
    }

    /// Asks by HTTP until there is an answer. `None`: it is a no, or the evening is over.
    async fn ask(&mut self, action: Action, path: &str, body: &Value) -> Option<Room> {
        let making = action == Action::Create;
        let index = self.outbox.put(action);
        let mut complained = false;
        while !self.table.stop.is_cancelled() {
            let node = self.any_node();
            let address = self.table.nodes.address(node);
            self.outbox.sending(index, self.table.now());
            match self.session.ask::<Room>(address, Method::POST, path, body).await {
                Ok(room) => {
                    self.table.acknowledged(Place { epoch: room.told.epoch, seq: room.told.seq });
                    self.outbox.answered(index, Answer::Accepted(self.table.now()));
                    return Some(room);
                }
                Err(Trouble::Passing | Trouble::Session) => self.pause(50, 300).await,
                Err(Trouble::Refused(code)) => {
                    if making || code == "room_not_found" {
                        if !std::mem::replace(&mut complained, true) {
                            let what = if making {
                                "a room could not be made"
                            } else {
                                "a room was said not to be there"
                            };
                            self.grievances.push((Law::NothingLost, format!("{what} ({code})")));
                        }
                        self.pause(200, 400).await;
                        continue;
                    }
                    self.outbox.answered(index, Answer::Refused(code));
                    return None;
                }
            }
        }
        None
    }

    /// In the room, connection after connection. `true`: they left.
    async fn stay(&mut self, code: RoomCode) -> bool {
        let mut turned_away = false;
        loop {
            self.seat.set(|state| state.connected = None);
            if self.table.stop.is_cancelled() {
                return false;
            }
            self.in_vain = self.in_vain.saturating_add(1);
            let parting = self.attend(code).await;
            self.seat.set(|state| state.connected = None);
            let grievance = match parting {
                Parting::Again(pause) => {
                    // On a machine that has other work, knocking faster would only make it slower.
                    sleep(pause * self.slowly()).await;
                    continue;
                }
                Parting::Over => return false,
                Parting::Left => return true,
                Parting::Erasing => {
                    self.erase().await;
                    return false;
                }
                Parting::Renew => {
                    let node = self.any_node();
                    if self.session.renew(self.table.nodes.address(node)).await.is_err() {
                        self.pause(50, 200).await;
                    }
                    continue;
                }
                Parting::NoMember if self.table.is_removed(self.me) => {
                    if let Some(index) = self.outbox.waits(|action| *action == Action::Leave) {
                        // They may have left before; nobody tells them.
                        self.outbox.answered(index, Answer::Outdated);
                    }
                    self.seat.set(|state| (state.waiting, state.gone) = (0, true));
                    return false;
                }
                Parting::NoMember => match self.outbox.waits(|action| *action == Action::Leave) {
                    Some(index) => {
                        // That is what was wanted, and its answer went astray.
                        self.outbox.answered(index, Answer::Accepted(self.table.now()));
                        return true;
                    }
                    None => "a member was told to be none",
                },
                Parting::NoRoom => "a member of a room was told that there is none",
            };
            if self.is_second_phone {
                // Its owner is the one who comes and goes.
                self.seat.set(|state| state.gone = true);
            } else if !std::mem::replace(&mut turned_away, true) {
                self.grievances.push((Law::NothingLost, format!("{grievance}, at {:?}", self.table.now())));
            }
            self.pause(150, 300).await;
        }
    }

    async fn attend(&mut self, room: RoomCode) -> Parting {
        let node = self.any_node();
        let life = self.table.nodes.life(node);
        let address = self.table.nodes.address(node);
        let again = Duration::from_millis(self.chance.random_range(30..250));
        let has = self.has();
        let Ok(token) = self.session.token(address).await else { return Parting::Again(again) };
        let patience = HANDSHAKE * self.slowly();
        let device = DEVICES[usize::from(self.is_second_phone)];
        let door = Door { node: address, from: None, device, token: &token, patience };
        match RoomSocket::open(door, room, has).await {
            Ok(socket) => self.converse(socket, node, life).await,
            Err(Trouble::Passing) => Parting::Again(again),
            Err(Trouble::Session) => Parting::Renew,
            Err(Trouble::Refused(code)) => {
                self.grievances.push((Law::OneStory, format!("a socket was refused: {code}")));
                Parting::Again(again)
            }
        }
    }

    /// What it says that it has when it opens the room.
    pub(super) fn has(&mut self) -> Has {
        Has { place: self.known, change: self.talk.has(&mut self.chance) }
    }

    /// After leaving: some come back. `true`: in the room again.
    async fn come_back(&mut self, code: RoomCode) -> bool {
        let returns = self.chance.random_bool(0.8);
        self.seat.set(|state| (state.connected, state.waiting, state.gone) = (None, 0, !returns));
        if !returns {
            return false;
        }
        self.pause(200, 2_000).await;
        let back = self.ask(Action::Join, &format!("rooms/{code}/join"), &Value::Null).await;
        self.seat.set(|state| state.gone = back.is_none());
        back.is_some()
    }

    /// Asks until they are forgotten, and does nothing afterwards.
    async fn erase(&mut self) {
        let mut refused = false;
        while !self.table.stop.is_cancelled() {
            let node = self.any_node();
            let address = self.table.nodes.address(node);
            match self.session.ask(address, Method::DELETE, "me", &Value::Null).await {
                Ok(()) => {
                    self.talk.is_erased(self.table.now());
                    break;
                }
                Err(Trouble::Refused(code)) if !std::mem::replace(&mut refused, true) => {
                    let what = format!("somebody could not be erased ({code})");
                    self.grievances.push((Law::ErasedWords, what));
                }
                Err(_) => {}
            }
            self.pause(50, 300).await;
        }
        self.seat.set(|state| (state.waiting, state.gone) = (0, true));
    }

    /// How many times more patient it is than at first: it backs off.
    pub(super) fn slowly(&self) -> u32 {
        self.in_vain.clamp(1, SLOWEST)
    }

    pub(super) fn any_node(&mut self) -> usize {
        self.chance.random_range(0..self.table.nodes.count())
    }

    async fn pause(&mut self, from: u64, to: u64) {
        let pause = Duration::from_millis(self.chance.random_range(from..to));
        // Whoever called looks whether the evening is over.
        let _ = self.table.stop.clone().run_until_cancelled(sleep(pause)).await;
    }
}

/// A room in an answer by HTTP.
#[derive(serde::Deserialize)]
struct Room {
    code: RoomCode,
    #[serde(flatten)]
    told: WireRoom,
}
