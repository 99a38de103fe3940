//! Two people who share a few rooms, each on a server of their own.

use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{anyhow, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, UserId};
use tokio::{
    task::JoinSet,
    time::{sleep_until, timeout},
};

use crate::phone::{Came, Door, Session, Socket, Trouble};

const POST: Method = Method::POST;
/// The first user's id.
const FIRST_USER: i64 = 8_000_000;
/// What every phone calls itself: each belongs to somebody else.
const DEVICE: &str = "phone-that-talks";
/// Rooms are open within this.
const OPENING: Duration = Duration::from_secs(30);
/// Of so many messages one goes by HTTP.
const ONE_BY_HTTP: u64 = 4;
/// What has not come so long after the last word is missing.
const LATEST: Duration = Duration::from_secs(10);

/// How long things took.
#[derive(Debug, Default)]
pub(super) struct Measured {
    /// From sending a message to its frame on the other phone.
    pub(super) frames: Vec<Duration>,
    /// To its ack.
    pub(super) acks: Vec<Duration>,
    /// The round trip of the same command by HTTP.
    pub(super) http: Vec<Duration>,
    /// Messages that never came.
    pub(super) missing: usize,
}

impl Measured {
    pub(super) fn add(&mut self, other: Self) {
        self.frames.extend(other.frames);
        self.acks.extend(other.acks);
        self.http.extend(other.http);
        self.missing += other.missing;
    }
}

/// The two of them.
pub(super) struct Pair {
    phones: [Phone; 2],
    rooms: Vec<RoomCode>,
    /// Which pair of all.
    number: usize,
}

struct Phone {
    node: SocketAddr,
    session: Session,
    socket: Socket,
}

impl Pair {
    /// Makes the rooms, and opens each on both phones.
    pub(super) async fn enter(
        number: usize,
        rooms: usize,
        nodes: [SocketAddr; 2],
        http: reqwest::Client,
    ) -> anyhow::Result<Self> {
        let first = FIRST_USER + 2 * i64::try_from(number)?;
        let mut host = Session::of(UserId::new(first)?, http.clone());
        let mut guest = Session::of(UserId::new(first + 1)?, http);
        let mut codes = Vec::new();
        for _ in 0..rooms {
            let made: Value = host.insist(nodes[0], POST, "rooms", &json!({})).await?;
            let code: RoomCode = made["code"].as_str().unwrap_or_default().parse()?;
            let _: Value = guest.insist(nodes[1], POST, &format!("rooms/{code}/join"), &Value::Null).await?;
            codes.push(code);
        }
        let [host, guest] = [(host, nodes[0]), (guest, nodes[1])];
        let phones =
            [Phone::open(host.0, host.1, &codes).await?, Phone::open(guest.0, guest.1, &codes).await?];
        Ok(Self { phones, rooms: codes, number })
    }

    /// Talks: in each room one of them says something `every` so often, the rooms one after the other. What is said between `from` and
    /// `until` is measured.
    pub(super) async fn talk(
        mut self,
        every: Duration,
        all_rooms: usize,
        from: Instant,
        until: Instant,
    ) -> anyhow::Result<Measured> {
        let mut talk = Talk { from, ..Talk::of(self.number) };
        let began = Instant::now();
        let mut due: Vec<Instant> = (0..self.rooms.len())
            .map(|room| {
                let place = self.number * self.rooms.len() + room;
                began
                    + every * u32::try_from(place).unwrap_or(u32::MAX)
                        / u32::try_from(all_rooms).unwrap_or(u32::MAX)
            })
            .collect();
        loop {
            let (room, at) = due.iter().copied().enumerate().min_by_key(|(_, at)| *at).unwrap_or((0, until));
            let is_over = at > until;
            if is_over && talk.is_done() {
                break;
            }
            let wake_at = if is_over { until + LATEST } else { at };
            let [host, guest] = &mut self.phones;
            tokio::select! {
                came = host.socket.next() => talk.hear(0, came)?,
                came = guest.socket.next() => talk.hear(1, came)?,
                Some(took) = talk.calls.join_next() => talk.called(took??),
                () = sleep_until(wake_at.into()) => {
                    if is_over {
                        break;
                    }
                    due[room] += every;
                    talk.say(&mut self.phones, room % 2, self.rooms[room]).await?;
                }
            }
        }
        talk.measured.missing = talk.under_way.values().filter(|said| said.at >= from).count();
        Ok(talk.measured)
    }
}

impl Phone {
    async fn open(mut session: Session, node: SocketAddr, rooms: &[RoomCode]) -> anyhow::Result<Self> {
        let token = session.token(node).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
        let door = Door { node, from: None, device: DEVICE, token: &token, patience: OPENING };
        let mut socket = Socket::connect(door).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
        for (id, room) in rooms.iter().enumerate() {
            ensure!(socket.send(&json!({ "id": id, "open": room.as_str() })).await, "a socket broke");
        }
        let opening = async {
            let mut open = 0;
            while open < rooms.len() {
                match socket.next().await {
                    Came::Frame(frame) if frame["type"] == "opened" => open += 1,
                    Came::Frame(frame) if frame["type"] == "refused" => bail!("a room was refused: {frame}"),
                    Came::Frame(_) => {}
                    Came::End(end) => bail!("a socket ended: {end:?}"),
                }
            }
            Ok(())
        };
        timeout(OPENING, opening).await??;
        Ok(Self { node, session, socket })
    }
}

/// What was said and has not come yet, and what was measured.
struct Talk {
    pair: usize,
    from: Instant,
    /// By text, which is unique.
    under_way: HashMap<String, Said>,
    /// By the id of the command.
    unanswered: HashMap<u64, Instant>,
    calls: JoinSet<anyhow::Result<(Instant, Duration)>>,
    count: u64,
    measured: Measured,
}

struct Said {
    at: Instant,
    /// Which of the two.
    by: usize,
}

impl Talk {
    fn of(pair: usize) -> Self {
        Self {
            pair,
            from: Instant::now(),
            under_way: HashMap::new(),
            unanswered: HashMap::new(),
            calls: JoinSet::new(),
            count: 0,
            measured: Measured::default(),
        }
    }

    fn is_done(&self) -> bool {
        self.under_way.is_empty() && self.unanswered.is_empty() && self.calls.is_empty()
    }

    async fn say(&mut self, phones: &mut [Phone; 2], by: usize, room: RoomCode) -> anyhow::Result<()> {
        self.count += 1;
        // Above those of the frames that opened the rooms.
        let id = (1 << 20) + self.count;
        let text = format!("pair {} says {}", self.pair, self.count);
        let mut say = json!({ "type": "say", "key": format!("{}-{}", self.pair, self.count), "text": text });
        let at = Instant::now();
        self.under_way.insert(text, Said { at, by });
        let Some(phone) = phones.get_mut(by) else { return Ok(()) };
        if self.count.is_multiple_of(ONE_BY_HTTP) {
            let path = format!("rooms/{room}/commands");
            let asking = phone.session.asking::<Value>(phone.node, &POST, &path, &say);
            let asking = asking.ok_or_else(|| anyhow!("nobody is signed in"))?;
            self.calls.spawn(async move {
                let refused = |trouble: Trouble| anyhow!("a message was refused: {trouble:?}");
                asking.await.map(|_| (at, at.elapsed())).map_err(refused)
            });
            return Ok(());
        }
        (say["id"], say["room"]) = (id.into(), room.as_str().into());
        self.unanswered.insert(id, at);
        ensure!(phone.socket.send(&say).await, "a socket broke");
        Ok(())
    }

    fn called(&mut self, (at, took): (Instant, Duration)) {
        if at >= self.from {
            self.measured.http.push(took);
        }
    }

    fn hear(&mut self, by: usize, came: Came) -> anyhow::Result<()> {
        let frame = match came {
            Came::Frame(frame) => frame,
            Came::End(end) => bail!("a socket ended: {end:?}"),
        };
        match frame["type"].as_str().unwrap_or_default() {
            "message" => {
                self.came(by, frame.pointer("/message/text").and_then(Value::as_str).unwrap_or_default());
            }
            "ack" => {
                let at = frame["id"].as_u64().and_then(|id| self.unanswered.remove(&id));
                if let Some(at) = at.filter(|at| *at >= self.from) {
                    self.measured.acks.push(at.elapsed());
                }
            }
            "refused" | "closed" => bail!("a message was refused: {frame}"),
            _ => {}
        }
        Ok(())
    }

    fn came(&mut self, to: usize, text: &str) {
        if self.under_way.get(text).is_none_or(|said| said.by == to) {
            return;
        }
        if let Some(said) = self.under_way.remove(text).filter(|said| said.at >= self.from) {
            self.measured.frames.push(said.at.elapsed());
        }
    }
}
