//! `cargo xtask abuse`: what people of quiet rooms notice while six accounts abuse one room, within the limits.
//!
//! Three of the six replace their picks by fifty fresh typed titles as often as they are let, and one of these, the host, turns the settings to
//! and fro; two say on sockets that they are ready, and that they are not, without waiting for an answer; one leaves and joins. In quiet rooms people say that they are ready, and that they are not; how long each answer takes is compared with how long it took
//! before. What counts is the ratio, so that the machine and the build do not matter much.

use std::{
    net::SocketAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use futures::future::{join_all, try_join_all};
use machine::{interrupt, paths};
use reqwest::Method;
use serde_json::{Value, json};
use sovpalo_domain::ids::{RoomCode, UserId};
use tokio::{
    task::JoinSet,
    time::{interval, sleep, timeout},
};

use crate::{
    phone::{self, Came, Door, Has, RoomSocket, Session, Trouble},
    stage::{Scenery, Stage},
    usage::processor_time,
};

/// Clients that flood one room with commands, and what each of them does; the first one is the host.
const ABUSES: [Abuse; 6] =
    [Abuse::Retype, Abuse::Retype, Abuse::Retype, Abuse::Toggle, Abuse::Toggle, Abuse::ComeAndGo];
/// Clients whose latency is measured, each in a room of their own.
const QUIET: i64 = 5;
/// What every phone calls itself: each belongs to somebody else.
const DEVICE: &str = "phone-of-a-quiet-room";
/// So many commands of a socket are under way at the same time: beyond a few more it is refused.
const UNDER_WAY: usize = 24;
/// Between two commands of a quiet person: the pace of a lobby.
const EVERY: Duration = Duration::from_millis(600);
/// An abuser who was refused tries again after this.
const AGAIN: Duration = Duration::from_millis(100);
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// For how long it is quiet, and for how long it is not
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How many times slower the quiet rooms may become
    #[arg(long, default_value_t = 3.0)]
    most: f64,
    #[command(flatten)]
    stage: Scenery,
}

/// Runs it. The code is 1 if others notice more of it than they may.
pub(crate) async fn run(mut options: Options) -> anyhow::Result<ExitCode> {
    options.stage.limits = true;
    let directory = paths::root().join("target").join("abuse");
    let scenery = options.stage.clone();
    let stage = tokio::task::spawn_blocking(move || Stage::set(&scenery, 1, &directory))
        .await?
        .context("the stage")?;
    let node = *stage.addresses().first().context("no server")?;
    let cpu = || stage.process_id(0).and_then(processor_time);
    let http = phone::http()?;
    let mut quiet: Vec<Quiet> =
        try_join_all((1..=QUIET).map(|who| Quiet::enter(node, who, http.clone()))).await?;
    let lasts = Duration::from_secs(options.seconds);

    let began = cpu();
    let before = answers(&mut quiet, lasts).await?;
    let quiet_cpu = cpu().zip(began).map(|(now, then)| now - then);
    ensure!(!interrupt::requested(), "interrupted");

    let mut abuse = JoinSet::new();
    let mut abusers = Vec::new();
    for (who, _) in (1_000..).zip(ABUSES) {
        abusers.push(Session::of(UserId::new(who)?, http.clone()));
    }
    let room = gather(node, &mut abusers).await?;
    for ((who, session), how) in abusers.into_iter().enumerate().zip(ABUSES) {
        match how {
            Abuse::Retype => abuse.spawn(retype(node, session, room, who)),
            Abuse::Toggle => abuse.spawn(toggle(node, session, room)),
            Abuse::ComeAndGo => abuse.spawn(come_and_go(node, session, room)),
        };
    }
    let began = cpu();
    let during = answers(&mut quiet, lasts).await?;
    let abused_cpu = cpu().zip(began).map(|(now, then)| now - then);
    abuse.shutdown().await;

    let ratio = p95(&during).as_secs_f64() / p95(&before).as_secs_f64();
    let share = |cpu: Option<f64>| match cpu {
        Some(seconds) => format!("{:.2} CPU seconds a second", seconds / lasts.as_secs_f64()),
        None => "CPU not known on this system".to_owned(),
    };
    println!(
        "\n  quiet   {} answers, 95 % within {:.1} ms; {}\n  abused  {} answers, 95 % within {:.1} ms; {}\n\n\
         {ratio:.2} times as slow",
        before.len(),
        p95(&before).as_secs_f64() * 1e3,
        share(quiet_cpu),
        during.len(),
        p95(&during).as_secs_f64() * 1e3,
        share(abused_cpu),
    );
    tokio::task::spawn_blocking(move || drop(stage)).await?;
    Ok(if ratio <= options.most { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What somebody does as often as they are let.
#[derive(Clone, Copy)]
enum Abuse {
    /// Fifty fresh titles at once.
    Retype,
    /// Ready, and not ready.
    Toggle,
    /// Out, and in again.
    ComeAndGo,
}

/// Somebody in a room of their own.
struct Quiet {
    socket: RoomSocket,
    ready: bool,
    next_id: u64,
}

impl Quiet {
    async fn enter(node: SocketAddr, who: i64, http: reqwest::Client) -> anyhow::Result<Self> {
        let mut session = Session::of(UserId::new(who)?, http);
        let made: Value = session.insist(node, Method::POST, "rooms", &json!({})).await?;
        let room = made["code"].as_str().context("a room without a code")?.parse()?;
        let token = session.token(node).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
        let door = Door { node, from: None, device: DEVICE, token: &token, patience: PATIENCE };
        let socket = RoomSocket::open(door, room, Has::default()).await;
        let socket = socket.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
        Ok(Self { socket, ready: false, next_id: 1 })
    }

    /// Says the opposite of before, again and again; how long each answer took.
    async fn toggle(&mut self, lasts: Duration) -> anyhow::Result<Vec<Duration>> {
        let (until, mut turn) = (Instant::now() + lasts, interval(EVERY));
        let mut took = Vec::new();
        while Instant::now() < until {
            turn.tick().await;
            self.ready = !self.ready;
            let id = self.next_id;
            self.next_id += 1;
            let began = Instant::now();
            let said = self.socket.send(&json!({ "id": id, "type": "ready", "ready": self.ready })).await;
            ensure!(said, "a quiet room's socket broke");
            timeout(PATIENCE, self.answer(id)).await.context("a quiet room was not answered")??;
            took.push(began.elapsed());
        }
        Ok(took)
    }

    async fn answer(&mut self, id: u64) -> anyhow::Result<()> {
        loop {
            match self.socket.next().await {
                Came::Frame(frame) if frame["id"] == id => {
                    ensure!(frame["type"] == "ack", "a quiet person was answered {frame}");
                    return Ok(());
                }
                Came::Frame(_) => {}
                Came::End(end) => bail!("a quiet room's socket ended: {end:?}"),
            }
        }
    }
}

async fn answers(quiet: &mut [Quiet], lasts: Duration) -> anyhow::Result<Vec<Duration>> {
    let all = join_all(quiet.iter_mut().map(|person| person.toggle(lasts))).await;
    let mut took = Vec::new();
    for person in all {
        took.extend(person?);
    }
    Ok(took)
}

/// The first of them makes a room, and the others join it.
async fn gather(node: SocketAddr, abusers: &mut [Session]) -> anyhow::Result<RoomCode> {
    let (host, guests) = abusers.split_first_mut().context("nobody")?;
    let wanted = json!({ "picks_per_member": 50 });
    let made: Value = host.insist(node, Method::POST, "rooms", &wanted).await?;
    let room: RoomCode = made["code"].as_str().context("a room without a code")?.parse()?;
    for guest in guests {
        let _: Value = guest.insist(node, Method::POST, &format!("rooms/{room}/join"), &json!({})).await?;
    }
    Ok(room)
}

/// Fifty fresh titles at once, as often as it is let; the first of them changes the settings too.
async fn retype(node: SocketAddr, mut session: Session, room: RoomCode, who: usize) {
    for turn in 0_u32.. {
        let titles: Vec<Value> =
            (0..50).map(|n| json!({ "text": format!("title {n} of {who} in turn {turn}") })).collect();
        let path = format!("rooms/{room}/selections");
        let replaced: Result<Value, Trouble> =
            session.ask(node, Method::POST, &path, &json!({ "titles": titles })).await;
        if who == 0 {
            let deck = if turn.is_multiple_of(2) { json!("soviet-comedies") } else { Value::Null };
            let change = json!({ "type": "configure", "deck": deck });
            let path = format!("rooms/{room}/commands");
            let _: Result<Value, Trouble> = session.ask(node, Method::POST, &path, &change).await;
        }
        if replaced.is_err() {
            sleep(AGAIN).await;
        }
    }
}

/// On a socket, without waiting for each answer; on another one where that ends.
async fn toggle(node: SocketAddr, mut session: Session, room: RoomCode) {
    loop {
        if let Ok(token) = session.token(node).await {
            let door = Door { node, from: None, device: DEVICE, token: &token, patience: PATIENCE };
            if let Ok(socket) = RoomSocket::open(door, room, Has::default()).await {
                toggle_on(socket).await;
            }
        }
        sleep(AGAIN).await;
    }
}

/// Until the socket ends.
async fn toggle_on(mut socket: RoomSocket) {
    if let Came::End(_) = socket.next().await {
        return;
    }
    let mut under_way = 0;
    for id in 1_u64.. {
        let command = json!({ "id": id, "type": "ready", "ready": id.is_multiple_of(2) });
        if !socket.send(&command).await {
            return;
        }
        under_way += 1;
        while under_way >= UNDER_WAY {
            match socket.next().await {
                Came::Frame(frame) if frame["id"].is_u64() => {
                    under_way -= 1;
                    if frame["type"] != "ack" {
                        sleep(AGAIN).await;
                    }
                }
                Came::Frame(_) => {}
                Came::End(_) => return,
            }
        }
    }
}

async fn come_and_go(node: SocketAddr, mut session: Session, room: RoomCode) {
    loop {
        let leave = json!({ "type": "leave" });
        let path = format!("rooms/{room}/commands");
        let left: Result<Value, Trouble> = session.ask(node, Method::POST, &path, &leave).await;
        let path = format!("rooms/{room}/join");
        let joined: Result<Value, Trouble> = session.ask(node, Method::POST, &path, &json!({})).await;
        if left.is_err() || joined.is_err() {
            sleep(AGAIN).await;
        }
    }
}

fn p95(took: &[Duration]) -> Duration {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let place = (sorted.len() * 95 / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}
