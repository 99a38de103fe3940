//! `cargo xtask swipes`: how many swipes one server does in a second of its own processor time.
//!
//! Rooms of four swipe forty titles each, over sockets, half of them likes, with or without matches; so many swipes are always under
//! way, each phone's one after the other. Machines and their moods differ: what counts is the ratio to another build (`--against`),
//! measured in turns with this one.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use machine::{interrupt, paths};
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, UserId};
use tokio::{
    sync::{Barrier, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    limits,
    phone::{self, Came, Door, Has, RoomSocket, Session},
    stage::{Scenery, Stage},
    usage::processor_time,
};

/// How many people share a room.
const PEOPLE: i64 = 4;
/// How many titles they swipe.
const TITLES: usize = 40;
/// How many swipes are under way at once.
const UNDER_WAY: usize = 32;
/// How many rooms are made at once.
const MADE_AT_ONCE: usize = 16;
/// What was begun while the rooms were made is done after this.
const SETTLED: Duration = Duration::from_secs(3);
/// A swipe without an answer for so long is an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many rooms of four swipe at once
    #[arg(long, default_value_t = 100)]
    rooms: usize,
    /// How often everything is measured
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// Nobody likes what everybody else does: swipes alone, without what a match costs
    #[arg(long)]
    without_matches: bool,
    /// Another program `sovpalo` to compare with
    #[arg(long, value_name = "PROGRAM")]
    against: Option<PathBuf>,
    #[command(flatten)]
    stage: Scenery,
}

/// Who swipes, and how.
#[derive(Clone, Copy)]
struct Evening {
    rooms: usize,
    /// Whether titles match.
    matches: bool,
}

/// What one turn took.
struct Turn {
    swipes: u32,
    took: Duration,
    /// Of the server, where the system tells.
    processor: Option<f64>,
}

impl Turn {
    /// Swipes in a second of the server's processor time.
    fn for_each_cpu_second(&self) -> Option<f64> {
        self.processor.map(|seconds| f64::from(self.swipes) / seconds)
    }
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    // A socket has two ends, and both are here; servers inherit the limit.
    limits::raise_open_files(options.rooms as u64 * 8 + 2_000)?;
    let here = options.stage.clone();
    let there = options.against.map(|sovpalo| Scenery { sovpalo, ..here.clone() });
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..options.turns {
        let evening = Evening { rooms: options.rooms, matches: !options.without_matches };
        ours.push(turn("this build", &here, evening).await?);
        if let Some(there) = &there {
            theirs.push(turn("the other build", there, evening).await?);
        }
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    println!(
        "\n{}",
        ours.map_or_else(
            || "CPU not known on this system".to_owned(),
            |n| format!("{n:.0} swipes for each second of the server's processor time (median)")
        )
    );
    if let Some((ours, theirs)) = ours.zip(theirs) {
        println!("{:.2} times those of the other build ({theirs:.0})", ours / theirs);
    }
    Ok(ExitCode::SUCCESS)
}

async fn turn(name: &str, scenery: &Scenery, evening: Evening) -> anyhow::Result<Turn> {
    let directory = paths::root().join("target").join("swipes");
    let stage = {
        let scenery = scenery.clone();
        tokio::task::spawn_blocking(move || Stage::set(&scenery, 1, &directory))
            .await?
            .context("the stage")?
    };
    let turn = measure(&stage, evening).await;
    tokio::task::spawn_blocking(move || drop(stage)).await?;
    let turn = turn?;
    let pace = f64::from(turn.swipes) / turn.took.as_secs_f64();
    let each = turn.for_each_cpu_second().map_or_else(|| "?".to_owned(), |n| format!("{n:.0}"));
    println!("  {name:<16} {} swipes, {pace:.0} a second, {each} for each CPU second", turn.swipes);
    Ok(turn)
}

async fn measure(stage: &Stage, Evening { rooms, matches }: Evening) -> anyhow::Result<Turn> {
    let node = *stage.addresses().first().context("no server")?;
    let http = phone::http()?;
    let made =
        stream::iter(0..rooms).map(|room| enter(node, room, http.clone())).buffer_unordered(MADE_AT_ONCE);
    let phones: Vec<Phone> = made.try_concat().await?;
    ensure!(!interrupt::requested(), "interrupted");

    let swipes = u32::try_from(phones.iter().map(|phone| phone.titles.len()).sum::<usize>())?;
    let (gate, budget) = (Arc::new(Barrier::new(phones.len() + 1)), Arc::new(Semaphore::new(UNDER_WAY)));
    let mut swiping = JoinSet::new();
    for phone in phones {
        swiping.spawn(phone.swipe_all(matches, Arc::clone(&gate), Arc::clone(&budget)));
    }
    sleep(SETTLED).await;
    let processor = || stage.process_id(0).and_then(processor_time);
    let (before, began) = (processor(), Instant::now());
    gate.wait().await;
    // Sockets stay open until everybody is done.
    let mut done = Vec::new();
    while let Some(phone) = swiping.join_next().await {
        done.push(phone??);
    }
    let (after, took) = (processor(), began.elapsed());
    Ok(Turn { swipes, took, processor: after.zip(before).map(|(after, before)| after - before) })
}

/// Somebody's end of a room.
struct Phone {
    socket: RoomSocket,
    titles: Vec<Value>,
    /// How many people came before.
    number: usize,
}

/// Four people in a room whose round has begun, each with an open socket.
async fn enter(node: SocketAddr, room: usize, http: reqwest::Client) -> anyhow::Result<Vec<Phone>> {
    let first = 1_000 + i64::try_from(room)? * PEOPLE;
    let mut sessions = Vec::new();
    for user in first..first + PEOPLE {
        sessions.push(Session::of(UserId::new(user)?, http.clone()));
    }
    let (host, guests) = sessions.split_first_mut().context("nobody")?;
    let wanted = json!({ "picks_per_member": TITLES });
    let made: Value = host.insist(node, Method::POST, "rooms", &wanted).await?;
    let code: RoomCode = made["code"].as_str().context("a room without a code")?.parse()?;
    let typed: Vec<Value> =
        (0..TITLES).map(|n| json!({ "text": format!("film {n} of room {room}") })).collect();
    let picked: Value = host
        .insist(node, Method::POST, &format!("rooms/{code}/selections"), &json!({ "titles": typed }))
        .await?;
    let picked = picked["my_picks"].as_array().context("a room without picks")?;
    let titles: Vec<Value> = picked.iter().map(|title| title["id"].clone()).collect();
    for guest in guests {
        let _: Value = guest.insist(node, Method::POST, &format!("rooms/{code}/join"), &Value::Null).await?;
    }
    let start = json!({ "type": "start" });
    let _: Value = sessions[0].insist(node, Method::POST, &format!("rooms/{code}/commands"), &start).await?;
    let mut phones = Vec::new();
    for (number, mut session) in sessions.into_iter().enumerate() {
        let token = session.token(node).await.map_err(|trouble| anyhow!("{trouble:?}"))?;
        let device = format!("phone-{room:06}-{number:06}");
        let door = Door { node, from: None, device: &device, token: &token, patience: PATIENCE };
        let socket = RoomSocket::open(door, code, Has::default()).await;
        let socket = socket.map_err(|trouble| anyhow!("a socket was not opened: {trouble:?}"))?;
        phones.push(Phone { socket, titles: titles.clone(), number });
    }
    Ok(phones)
}

impl Phone {
    /// Swipes every title, beginning at another one than the others in the room.
    async fn swipe_all(
        mut self,
        matches: bool,
        gate: Arc<Barrier>,
        budget: Arc<Semaphore>,
    ) -> anyhow::Result<Self> {
        gate.wait().await;
        let shift = self.number * self.titles.len() / 4;
        let mut titles: Vec<(usize, Value)> = self.titles.iter().cloned().enumerate().collect();
        titles.rotate_left(shift);
        for (n, title) in titles {
            let _turn = loop {
                tokio::select! {
                    biased;
                    turn = budget.acquire() => break turn?,
                    came = self.socket.next() => drop(read(came)?),
                };
            };
            // Each four of verdicts comes as often as any other: one title of sixteen matches.
            // Without, every other person likes what those between them skip.
            let likes =
                if matches { (n >> self.number) & 1 == 0 } else { (n + self.number).is_multiple_of(2) };
            let verdict = if likes { "like" } else { "skip" };
            let swipe = json!({ "id": n, "type": "swipe", "title": title, "verdict": verdict });
            ensure!(self.socket.send(&swipe).await, "a socket broke");
            timeout(PATIENCE, self.answer(n)).await.context("a swipe was not answered")??;
        }
        Ok(self)
    }

    async fn answer(&mut self, id: usize) -> anyhow::Result<()> {
        loop {
            let frame = read(self.socket.next().await)?;
            if frame["id"] == id {
                ensure!(frame["type"] == "ack", "a swipe was answered {frame}");
                return Ok(());
            }
        }
    }
}

fn read(came: Came) -> anyhow::Result<Value> {
    match came {
        Came::Frame(frame) => Ok(frame),
        Came::End(end) => bail!("a socket ended: {end:?}"),
    }
}

fn median(turns: &[Turn]) -> Option<f64> {
    let mut paces = turns.iter().map(Turn::for_each_cpu_second).collect::<Option<Vec<_>>>()?;
    paces.sort_by(f64::total_cmp);
    paces.get(paces.len() / 2).copied()
}
