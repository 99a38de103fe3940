//! A room of four phones that watch.

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{anyhow, bail, ensure};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, UserId};
use tokio::{
    sync::watch,
    time::{sleep_until, timeout},
};

use crate::phone::{Came, Door, Session, Socket};

const POST: Method = Method::POST;
/// How many people share a room.
pub(super) const PEOPLE: usize = 4;
/// The first user's id.
const FIRST_USER: i64 = 9_000_000;
/// What every phone calls itself: each belongs to somebody else.
const DEVICE: &str = "phone-that-watches";
/// A room is open within this.
const OPENING: Duration = Duration::from_secs(30);
/// A phone says so often how its film goes, while it goes on as before.
const SIGNAL_EVERY: Duration = Duration::from_secs(120);
/// And so long after somebody let the film play or stand.
const NEWS_AFTER: Duration = Duration::from_millis(500);
/// A phone asks so often for the server's clock.
const CLOCK_EVERY: Duration = Duration::from_secs(15);
/// What has not come so long after the end is missing.
const LATEST: Duration = Duration::from_secs(10);
/// Ids of commands begin here, above those of clock frames.
const FIRST_COMMAND: u64 = 1 << 20;

/// When what happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// From here on it is measured what idle phones cost,
    pub(super) idle_from: Instant,
    /// until they begin to watch.
    pub(super) begin: Instant,
    /// From here on it is measured what watching costs,
    pub(super) from: Instant,
    /// until here.
    pub(super) until: Instant,
    /// Somebody in each room lets the film play or stand so often.
    pub(super) command_every: Duration,
}

/// What was seen while it was measured.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// From sending a command to its event on each other phone.
    pub(super) told: Vec<Duration>,
    /// Phones that were not told of a command.
    pub(super) missing: usize,
    /// Signals that phones sent.
    pub(super) signals: u64,
    /// Signals that others were told.
    pub(super) signals_told: u64,
    /// Answers to clock frames.
    pub(super) clocks: u64,
}

impl Measured {
    pub(super) fn add(&mut self, other: Self) {
        self.told.extend(other.told);
        self.missing += other.missing;
        self.signals += other.signals;
        self.signals_told += other.signals_told;
        self.clocks += other.clocks;
    }
}

/// Four phones with the room open.
pub(super) struct Room {
    code: RoomCode,
    phones: [Socket; PEOPLE],
    state: State,
}

/// What is shown, as far as a phone says how it goes.
#[derive(Debug, Clone, Default, Deserialize)]
struct Screen {
    rev: u64,
    playing: bool,
    position_s: f64,
    at: i64,
}

impl Screen {
    /// Where the film is now: the contract's formula.
    fn position_s(&self) -> f64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = Duration::from_millis(u64::try_from(self.at).unwrap_or_default());
        let passed = since.saturating_sub(at).as_secs_f64();
        self.position_s + if self.playing { passed } else { 0.0 }
    }
}

/// What goes on.
#[derive(Default)]
struct State {
    screen: Screen,
    playing: bool,
    commands: u64,
    /// The command that not all have been told of yet.
    under_way: Option<UnderWay>,
    measured: Measured,
}

struct UnderWay {
    at: Instant,
    by: usize,
    untold: Vec<usize>,
}

/// What a phone does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Signal(usize),
    /// The same, because something has changed.
    News(usize),
    Clock(usize),
    Command,
}

impl Deed {
    fn every(self, command_every: Duration) -> Duration {
        match self {
            Self::Signal(_) => SIGNAL_EVERY,
            Self::Clock(_) => CLOCK_EVERY,
            Self::Command | Self::News(_) => command_every,
        }
    }
}

impl Room {
    /// Makes the room, shows a film, and opens it on four phones.
    pub(super) async fn enter(
        number: usize,
        node: SocketAddr,
        http: reqwest::Client,
    ) -> anyhow::Result<Self> {
        let first = FIRST_USER + i64::try_from(number * PEOPLE)?;
        let [mut host, mut second, mut third, mut fourth] = session_of_each(first, &http)?;
        let made: Value = host.insist(node, POST, "rooms", &json!({})).await?;
        let code: RoomCode = made["code"].as_str().unwrap_or_default().parse()?;
        for guest in [&mut second, &mut third, &mut fourth] {
            let _: Value = guest.insist(node, POST, &format!("rooms/{code}/join"), &Value::Null).await?;
        }
        let media = json!({ "kind": "file", "url": format!("https://films.example.com/{number}.mp4") });
        let show = json!({ "type": "show", "media": media });
        let shown: Value = host.insist(node, POST, &format!("rooms/{code}/commands"), &show).await?;
        let screen = shown.pointer("/room/screen").ok_or_else(|| anyhow!("nothing is shown"))?;
        let screen = Screen::deserialize(screen)?;
        let phones = [
            open(host, node, code).await?,
            open(second, node, code).await?,
            open(third, node, code).await?,
            open(fourth, node, code).await?,
        ];
        Ok(Self { code, phones, state: State { screen, ..State::default() } })
    }

    /// Idles, and watches once it is known when. Rooms do things one after the other, and so do the phones of one.
    pub(super) async fn watch(
        mut self,
        place: usize,
        all: usize,
        times: watch::Receiver<Option<Times>>,
    ) -> anyhow::Result<Measured> {
        let times = self.idle(times).await?;
        let mut due = timetable(place, all, times.begin, times.command_every);
        loop {
            let next = due.iter_mut().min_by_key(|(at, _)| *at);
            let Some((at, deed)) = next else { bail!("there is nothing to do") };
            let is_over = *at > times.until;
            if is_over && self.state.under_way.is_none() && Instant::now() > times.until {
                break;
            }
            let wake_at = match is_over {
                true if self.state.under_way.is_none() => times.until + Duration::from_millis(1),
                true => times.until + LATEST,
                false => *at,
            };
            let measures = Instant::now() >= times.from && Instant::now() < times.until;
            let [first, second, third, fourth] = &mut self.phones;
            tokio::select! {
                came = first.next() => self.state.hear(0, came, measures)?,
                came = second.next() => self.state.hear(1, came, measures)?,
                came = third.next() => self.state.hear(2, came, measures)?,
                came = fourth.next() => self.state.hear(3, came, measures)?,
                () = sleep_until(wake_at.into()) => {
                    if is_over {
                        break;
                    }
                    let (deed_now, every) = (*deed, deed.every(times.command_every));
                    *at += every;
                    let (by, frame) = self.state.does(deed_now, self.code, measures);
                    let Some(phone) = self.phones.get_mut(by) else { bail!("nobody does it") };
                    ensure!(phone.send(&frame).await, "a socket broke");
                }
            }
        }
        let untold = self.state.under_way.map_or(0, |command| command.untold.len());
        Ok(Measured { missing: self.state.measured.missing + untold, ..self.state.measured })
    }
}

impl Room {
    /// Reads what is told until it is known when everything happens: a phone that reads nothing counts as gone.
    async fn idle(&mut self, mut times: watch::Receiver<Option<Times>>) -> anyhow::Result<Times> {
        loop {
            let [first, second, third, fourth] = &mut self.phones;
            tokio::select! {
                times = times.wait_for(Option::is_some) => {
                    return (*times?).ok_or_else(|| anyhow!("it never begins"));
                }
                came = first.next() => self.state.hear(0, came, false)?,
                came = second.next() => self.state.hear(1, came, false)?,
                came = third.next() => self.state.hear(2, came, false)?,
                came = fourth.next() => self.state.hear(3, came, false)?,
            }
        }
    }
}

/// When who does what first.
fn timetable(place: usize, all: usize, begin: Instant, command_every: Duration) -> Vec<(Instant, Deed)> {
    let part = |every: Duration, place: usize, of: usize| {
        let share = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        every * share(place) / share(of.max(1))
    };
    let command = begin + part(command_every, place, all);
    let mut due = vec![(command, Deed::Command)];
    for phone in 0..PEOPLE {
        // Phones of one room are apart, as people are who came at different times.
        let nth = phone * all + place;
        due.push((begin + part(SIGNAL_EVERY, nth, PEOPLE * all), Deed::Signal(phone)));
        due.push((command + NEWS_AFTER, Deed::News(phone)));
        due.push((begin + part(CLOCK_EVERY, nth, PEOPLE * all), Deed::Clock(phone)));
    }
    due
}

impl State {
    /// Who sends which frame.
    fn does(&mut self, deed: Deed, room: RoomCode, measures: bool) -> (usize, Value) {
        match deed {
            Deed::Signal(phone) | Deed::News(phone) => {
                self.measured.signals += u64::from(measures);
                let how = json!({ "type": "playback", "rev": self.screen.rev, "state": "ready", "position_s": self.screen.position_s() });
                (phone, json!({ "room": room.as_str(), "signal": how }))
            }
            Deed::Clock(phone) => (phone, json!({ "id": 1, "clock": true, "rtt_ms": 40.5 })),
            Deed::Command => {
                self.commands += 1;
                self.playing = !self.playing;
                let by = usize::try_from(self.commands).unwrap_or_default() % PEOPLE;
                let untold = self.under_way.take().map_or(0, |before| before.untold.len());
                self.measured.missing += untold;
                self.under_way = measures.then(|| UnderWay {
                    at: Instant::now(),
                    by,
                    untold: (0..PEOPLE).filter(|phone| *phone != by).collect(),
                });
                let kind = if self.playing { "play" } else { "pause" };
                let id = FIRST_COMMAND + self.commands;
                (
                    by,
                    json!({ "id": id, "room": room.as_str(), "type": kind, "position_s": self.screen.position_s() }),
                )
            }
        }
    }

    fn hear(&mut self, phone: usize, came: Came, measures: bool) -> anyhow::Result<()> {
        let frame = match came {
            Came::Frame(frame) => frame,
            Came::End(end) => bail!("a socket ended: {end:?}"),
        };
        match frame["type"].as_str().unwrap_or_default() {
            "signal" => self.measured.signals_told += u64::from(measures),
            "clock" => self.measured.clocks += u64::from(measures),
            "event" | "ack" => {
                if let Some(screen) = frame.pointer("/event/screen").filter(|screen| screen.is_object()) {
                    let screen = Screen::deserialize(screen)?;
                    if screen.rev > self.screen.rev {
                        self.screen = screen;
                    }
                    self.told(phone);
                }
            }
            "refused" | "closed" => bail!("something was refused: {frame}"),
            _ => {}
        }
        Ok(())
    }

    fn told(&mut self, phone: usize) {
        let Some(command) = self.under_way.as_mut().filter(|command| command.by != phone) else { return };
        if let Some(place) = command.untold.iter().position(|untold| *untold == phone) {
            command.untold.swap_remove(place);
            self.measured.told.push(command.at.elapsed());
        }
        if command.untold.is_empty() {
            self.under_way = None;
        }
    }
}

fn session_of_each(first: i64, http: &reqwest::Client) -> anyhow::Result<[Session; PEOPLE]> {
    let session = |user: i64| Ok::<_, anyhow::Error>(Session::of(UserId::new(user)?, http.clone()));
    Ok([session(first)?, session(first + 1)?, session(first + 2)?, session(first + 3)?])
}

async fn open(mut session: Session, node: SocketAddr, room: RoomCode) -> anyhow::Result<Socket> {
    let token = session.token(node).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
    let door = Door { node, from: None, device: DEVICE, token: &token, patience: OPENING };
    let mut socket = Socket::connect(door).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
    ensure!(socket.send(&json!({ "id": 0, "open": room.as_str() })).await, "a socket broke");
    let opening = async {
        loop {
            match socket.next().await {
                Came::Frame(frame) if frame["type"] == "opened" => return Ok(()),
                Came::Frame(frame) if frame["type"] == "refused" => bail!("a room was refused: {frame}"),
                Came::Frame(_) => {}
                Came::End(end) => bail!("a socket ended: {end:?}"),
            }
        }
    };
    timeout(OPENING, opening).await??;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_phones_of_all_rooms_say_something_at_the_same_moment() {
        let begin = Instant::now();
        let rooms = 1_000;
        let signals = (0..rooms).flat_map(|room| timetable(room, rooms, begin, SIGNAL_EVERY));
        let signals: Vec<Instant> =
            signals.filter(|(_, deed)| matches!(deed, Deed::Signal(_))).map(|(at, _)| at).collect();
        assert_eq!(signals.len(), rooms * PEOPLE);
        assert_eq!(signals.iter().collect::<HashSet<_>>().len(), signals.len(), "they come in bursts");
        assert!(signals.iter().all(|at| at.duration_since(begin) < SIGNAL_EVERY));
    }

    #[test]
    fn a_command_that_somebody_was_not_told_of_is_missing() {
        let mut state = State::default();
        let (by, _) = state.does(Deed::Command, RoomCode::from_bits(1), true);
        let screen = json!({ "rev": 1, "playing": true, "position_s": 0.0, "at": 0 });
        let event = || Came::Frame(json!({ "type": "event", "event": { "screen": screen.clone() } }));
        let others: Vec<usize> = (0..PEOPLE).filter(|phone| *phone != by).collect();
        for phone in &others[1..] {
            state.hear(*phone, event(), true).unwrap();
        }
        state.does(Deed::Command, RoomCode::from_bits(1), true);
        assert_eq!((state.measured.told.len(), state.measured.missing), (2, 1));
    }
}
