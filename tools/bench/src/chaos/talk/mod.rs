//! The talk of a room, as one phone takes part in it: what it wants, what it holds, and all that came, for the checker.

mod choice;
mod line;
mod replica;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    pin::Pin,
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use sovpalo_domain::ids::{RoomCode, UserId};

use self::{line::Line, replica::Replica};
use crate::{
    checker::{
        history::Moment,
        talk::{
            history::{Outcome, PhoneTalk, Received},
            message::Message,
        },
    },
    phone::{Session, Trouble},
};

/// So many commands without an answer, and somebody waits before they go on.
const PATIENT: usize = 4;
/// Messages in a page that a phone asks for.
const PAGE: usize = 20;
/// A page that could not be had is asked for again after this.
const AGAIN: Duration = Duration::from_millis(400);
/// How likely something said goes by HTTP.
const BY_HTTP: f64 = 0.1;
/// How likely a phone that has nothing asks for the stream from its beginning, instead of fetching pages.
const FROM_THE_BEGINNING: f64 = 0.5;

/// One phone's part in it.
pub(super) struct Talk {
    me: UserId,
    line: Line,
    replica: Replica,
    received: Vec<Received>,
    /// Pages to fetch.
    wanted: VecDeque<Wanted>,
    asking: Option<Asking>,
    not_before: Option<Instant>,
    /// How many things were said.
    count: u64,
    stayed: bool,
    erased_at: Option<Moment>,
}

/// A page to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Newest,
    Before(u64),
    ChangedSince(u64),
}

type Asking = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What came by HTTP.
pub(super) enum Answer {
    Said(usize, Result<Done, Trouble>),
    Page(Wanted, Result<Page, Trouble>),
}

#[derive(Deserialize)]
pub(super) struct Done {
    message: Option<Box<Message>>,
}

#[derive(Deserialize)]
pub(super) struct Page {
    items: Vec<Message>,
    more: bool,
}

/// Why a frame cannot be taken in.
pub(super) enum Unheard {
    /// Something was missed: the room has to be opened again.
    Behind,
    /// The contract does not allow it.
    Wrong(String),
}

impl Talk {
    /// Of this person, who has said nothing yet.
    pub(super) fn of(me: UserId) -> Self {
        Self {
            me,
            line: Line::default(),
            replica: Replica::default(),
            received: Vec::new(),
            wanted: VecDeque::new(),
            asking: None,
            not_before: None,
            count: 0,
            stayed: false,
            erased_at: None,
        }
    }

    /// All of it.
    pub(super) fn into_history(self) -> PhoneTalk {
        let Self { line, received, stayed, erased_at, .. } = self;
        PhoneTalk { operations: line.operations, received, stayed, erased_at }
    }

    /// The evening is over, and this phone was there to its end.
    pub(super) fn stays(&mut self) {
        self.stayed = true;
    }

    /// A server has said that this person is erased.
    pub(super) fn is_erased(&mut self, now: Moment) {
        self.erased_at = Some(now);
    }

    /// What it says that it has of the messages when it opens the room.
    pub(super) fn has(&self, chance: &mut StdRng) -> Option<u64> {
        self.replica.position.or_else(|| chance.random_bool(FROM_THE_BEGINNING).then_some(0))
    }

    /// How many things are under way.
    pub(super) fn under_way(&self) -> usize {
        self.line.len() + self.wanted.len() + usize::from(self.asking.is_some())
    }

    /// The newest change that it knows of.
    pub(super) fn newest(&self) -> u64 {
        self.replica.newest()
    }

    /// Somebody feels like talking.
    pub(super) fn act(&mut self, chance: &mut StdRng) {
        if self.line.len() < PATIENT
            && let Some(command) = choice::next(self.me, self.count, &self.replica, chance)
        {
            self.count += 1;
            self.line.invoke(command);
        }
    }

    /// Somebody says something, whatever else is under way.
    pub(super) fn say(&mut self, chance: &mut StdRng) {
        if let Some(command) = choice::say(self.me, self.count, &self.replica, chance) {
            self.count += 1;
            self.line.invoke(command);
        }
    }

    /// The next frame to send on this connection; it counts as sent.
    pub(super) fn next(&mut self, now: Moment) -> Option<Value> {
        self.line.next(now)
    }

    /// What was on its way may not have arrived.
    pub(super) fn reconnected(&mut self) {
        self.line.reconnected();
    }

    /// Takes a frame of the room in.
    pub(super) fn hear(&mut self, json: &Value, now: Moment) -> Result<(), Unheard> {
        match json["type"].as_str().unwrap_or_default() {
            "welcome" if json["asked"] == true => self.opened(json),
            "message" => {
                let message = message(&json["message"])?;
                self.replica.next(&message);
                self.received.push(Received::Frame(message));
            }
            "messages_gap" => {
                let from = json["from"].as_u64().unwrap_or_default();
                self.received.push(Received::Gap { from });
                self.wanted.push_back(Wanted::ChangedSince(from));
            }
            "read" => {
                let member = json["member"].as_i64().and_then(|id| UserId::new(id).ok());
                if let (Some(member), Some(number)) = (member, json["number"].as_u64()) {
                    self.received.push(Received::Read { member, number });
                }
            }
            "at" if json["change"].as_u64().is_some_and(|change| change > self.newest()) => {
                return Err(Unheard::Behind);
            }
            "ack" => {
                if let Some(index) = line::index(&json["id"]) {
                    self.acknowledged(index, &json["message"], now)?;
                }
            }
            "refused" => {
                if let Some(index) = line::index(&json["id"]) {
                    self.refused(index, json["code"].as_str().unwrap_or_default());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a frame answers one of these commands.
    pub(super) fn is_answer(json: &Value) -> bool {
        matches!(json["type"].as_str(), Some("ack" | "refused")) && line::index(&json["id"]).is_some()
    }

    fn opened(&mut self, json: &Value) {
        let (said, stands) = (json["change"].as_u64(), json["messages"]["change"].as_u64());
        // Where nobody could say where the messages stand, a gap follows.
        let after = said.or(stands).unwrap_or_default();
        self.received.push(Received::Opened { after });
        self.replica.position = Some(after);
        if said.is_none() && after > 0 && !self.wanted.contains(&Wanted::Newest) {
            self.wanted.push_back(Wanted::Newest);
        }
    }

    fn acknowledged(&mut self, index: usize, json: &Value, now: Moment) -> Result<(), Unheard> {
        let told = if json.is_null() { None } else { Some(message(json)?) };
        if let Some(message) = &told {
            self.replica.answer(message);
            self.received.push(Received::Ack(message.clone()));
        }
        self.line.answered(index, Outcome::Acknowledged { message: told, at: now });
        Ok(())
    }

    fn refused(&mut self, index: usize, code: &str) {
        match code {
            "unavailable" | "too_many" | "fenced" | "not_open" => self.line.again(index),
            code => self.line.answered(index, Outcome::Refused { code: code.to_owned() }),
        }
    }

    /// Asks the next thing by HTTP, if there is any and nothing is being asked.
    pub(super) fn ask(
        &mut self,
        session: &Session,
        node: SocketAddr,
        room: RoomCode,
        now: Moment,
        chance: &mut StdRng,
    ) {
        if self.asking.is_some() || self.not_before.is_some_and(|at| Instant::now() < at) {
            return;
        }
        if let Some(wanted) = self.wanted.front().copied() {
            let path = format!("rooms/{room}/messages?limit={PAGE}{}", wanted.query());
            self.asking = session
                .asking(node, &Method::GET, &path, &Value::Null)
                .map(|page| -> Asking { Box::pin(async move { Answer::Page(wanted, page.await) }) });
            return;
        }
        if !chance.random_bool(BY_HTTP) {
            return;
        }
        if let Some((index, command)) = self.line.next_by_http(now) {
            let path = format!("rooms/{room}/commands");
            let done = session.asking(node, &Method::POST, &path, &command);
            self.asking =
                done.map(|done| -> Asking { Box::pin(async move { Answer::Said(index, done.await) }) });
            if self.asking.is_none() {
                self.line.again(index);
            }
        }
    }

    /// The answer by HTTP to what is being asked; waits for as long as it takes.
    pub(super) async fn answer(&mut self) -> Answer {
        match &mut self.asking {
            Some(asking) => {
                let answer = asking.as_mut().await;
                self.asking = None;
                answer
            }
            None => std::future::pending().await,
        }
    }

    /// Takes an answer by HTTP in.
    pub(super) fn answered(&mut self, answer: Answer, now: Moment) {
        match answer {
            Answer::Said(index, Ok(Done { message })) => {
                if let Some(message) = &message {
                    self.replica.take(message);
                    self.received.push(Received::Page(vec![(**message).clone()]));
                }
                self.line.answered(index, Outcome::Acknowledged { message, at: now });
            }
            Answer::Said(index, Err(Trouble::Refused(code))) => self.refused(index, &code),
            Answer::Said(index, Err(Trouble::Passing | Trouble::Session)) => self.line.again(index),
            Answer::Page(wanted, Ok(page)) => self.fetched(wanted, page),
            Answer::Page(_, Err(_)) => self.not_before = Some(Instant::now() + AGAIN),
        }
    }

    fn fetched(&mut self, wanted: Wanted, Page { items, more }: Page) {
        self.wanted.retain(|other| *other != wanted);
        for message in &items {
            self.replica.take(message);
        }
        let next = match wanted {
            Wanted::Newest | Wanted::Before(_) => items.first().map(|first| Wanted::Before(first.number)),
            Wanted::ChangedSince(_) => items.last().map(|last| Wanted::ChangedSince(last.change)),
        };
        let is_needed = |next: &Wanted| match next {
            Wanted::Newest | Wanted::Before(_) => more && !self.replica.is_whole(),
            Wanted::ChangedSince(_) => more,
        };
        self.wanted.extend(next.filter(is_needed));
        self.received.push(Received::Page(items));
    }
}

impl Wanted {
    fn query(self) -> String {
        match self {
            Self::Newest => String::new(),
            Self::Before(number) => format!("&before={number}"),
            Self::ChangedSince(change) => format!("&changed_since={change}"),
        }
    }
}

fn message(json: &Value) -> Result<Box<Message>, Unheard> {
    Deserialize::deserialize(json)
        .map(Box::new)
        .map_err(|error| Unheard::Wrong(format!("a message cannot be read ({error}): {json}")))
}
