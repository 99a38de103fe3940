//! `cargo xtask watching`: what a thousand rooms that watch cost one server, in per cent of a core, over PostgreSQL and Redis.
//!
//! In each room sit four people with a phone each. As a page that watches does, each phone asks the server's clock every fifteen seconds and
//! sends a playback signal to the three others every two minutes and after each command; every five minutes somebody plays or pauses, which
//! is a dozen pauses in a film of two hours (`--command-every`: more, or fewer). The same phones on the same sockets first do nothing for as long: what that costs stands beside it. Measured is also how long it takes
//! from sending a command to the frame on each of the other phones.

mod room;

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use machine::{interrupt, paths};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    task::JoinSet,
    time::sleep_until,
};

use self::room::{Measured, PEOPLE, Room, Times};
use crate::{
    limits, percentile, phone,
    stage::{Scenery, Stage},
    usage::processor_time,
};

/// Rooms that are made at the same time.
const AT_ONCE: usize = 12;
/// What was begun while the rooms were made is done after this.
const SETTLED: Duration = Duration::from_secs(10);
/// From the first signal until it is measured: all phones are under way.
const WARM_UP: Duration = Duration::from_secs(10);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many rooms of four watch
    #[arg(long, default_value_t = 1_000)]
    rooms: usize,
    /// For how long each of both is measured: idle, and watching
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// In each room somebody plays or pauses every so many seconds
    #[arg(long, default_value_t = 300)]
    command_every: u64,
    /// How many per cent of a core it may cost
    #[arg(long, default_value_t = 5.0)]
    most: f64,
    #[command(flatten)]
    stage: Scenery,
}

/// Per cent of a core, where the system tells.
struct Cost {
    idle: Option<f64>,
    watching: Option<f64>,
}

/// Runs it. The code is 1 if it costs too much, or if somebody was not told of a command.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    ensure!(
        options.rooms > 0 && options.seconds > 0 && options.command_every > 0,
        "there is nothing to watch"
    );
    // A socket has two ends, and both are here; servers inherit the limit.
    limits::raise_open_files((2 * PEOPLE * options.rooms) as u64 + 2_000)?;
    let directory = paths::root().join("target").join("watching");
    let scenery = options.stage.clone();
    let stage = tokio::task::spawn_blocking(move || Stage::set(&scenery, 1, &directory))
        .await?
        .context("the stage")?;
    let node = *stage.addresses().first().context("no server")?;
    let http = phone::http()?;

    let began = Instant::now();
    let (all, turns) = (options.rooms, Arc::new(Semaphore::new(AT_ONCE)));
    let (begin, times) = watch::channel(None);
    let (open, mut opened) = mpsc::channel(all);
    let mut watching = JoinSet::new();
    for number in 0..all {
        let (turns, times, open, http) = (Arc::clone(&turns), times.clone(), open.clone(), http.clone());
        watching.spawn(async move {
            let turn = turns.acquire().await?;
            let room = Room::enter(number, node, http).await?;
            drop(turn);
            open.send(()).await?;
            room.watch(number, all, times).await
        });
    }
    for _ in 0..all {
        tokio::select! {
            Some(()) = opened.recv() => {}
            Some(ended) = watching.join_next() => {
                ended??;
                bail!("a room was left before it began");
            }
        }
        ensure!(!interrupt::requested(), "interrupted");
    }
    eprintln!("{all} rooms of {PEOPLE} are open after {:.1} s", began.elapsed().as_secs_f64());
    let [seconds, command_every] = [options.seconds, options.command_every].map(Duration::from_secs);
    let times = Times::of(Instant::now(), seconds, command_every);
    begin.send_replace(Some(times));
    let cost = measure(&stage, times).await;
    let mut measured = Measured::default();
    while let Some(of_a_room) = watching.join_next().await {
        measured.add(of_a_room??);
    }
    let missing = measured.missing;
    println!("{}", report(&options, &cost, measured));
    tokio::task::spawn_blocking(move || drop(stage)).await?;
    let is_cheap = cost.watching.is_none_or(|percent| percent < options.most);
    Ok(if is_cheap && missing == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

impl Times {
    fn of(now: Instant, each: Duration, command_every: Duration) -> Self {
        let idle_from = now + SETTLED;
        let begin = idle_from + each;
        let from = begin + WARM_UP;
        Self { idle_from, begin, from, until: from + each, command_every }
    }
}

async fn measure(stage: &Stage, Times { idle_from, begin, from, until, .. }: Times) -> Cost {
    let used = || stage.process_id(0).and_then(processor_time);
    let percent = async |from: Instant, until: Instant| {
        sleep_until(from.into()).await;
        let (before, began) = (used(), Instant::now());
        sleep_until(until.into()).await;
        let seconds = began.elapsed().as_secs_f64();
        Some((used()? - before?) / seconds * 100.0)
    };
    Cost { idle: percent(idle_from, begin).await, watching: percent(from, until).await }
}

fn report(options: &Options, cost: &Cost, mut measured: Measured) -> String {
    let percent = |cost: Option<f64>| cost.map_or_else(|| "–".to_owned(), |cost| format!("{cost:.2} %"));
    let ms = |took: Option<Duration>| {
        took.map_or_else(|| "–".to_owned(), |took| format!("{:.1} ms", took.as_secs_f64() * 1e3))
    };
    let took = [50, 99].map(|part| ms(percentile::of(&mut measured.told, part)));
    let seconds = options.seconds.max(1);
    let Measured { told, missing, signals, signals_told, clocks, .. } = &measured;
    let times = cost.idle.zip(cost.watching).map(|(idle, watching)| watching / idle.max(1e-9));
    format!(
        "\n  idle      {} of a core\n  watching  {} of a core, {} times as much\n  \
         signals   {} a second from phones, {} a second to others\n  clock     {} answers a second\n  \
         commands  told to others {} times, p50 {}, p99 {}\n\n\
         {} rooms of {PEOPLE} that watch cost {} of a core; {missing} tellings of commands missing",
        percent(cost.idle),
        percent(cost.watching),
        times.map_or_else(|| "–".to_owned(), |times| format!("{times:.1}")),
        signals / seconds,
        signals_told / seconds,
        clocks / seconds,
        told.len(),
        took[0],
        took[1],
        options.rooms,
        percent(cost.watching),
    )
}
