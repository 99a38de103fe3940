//! `cargo xtask talk`: how long a message takes from one phone to another, on two servers, while a thousand rooms talk.
//!
//! Two people share a few rooms, each on a server of their own, with all of these rooms on one socket. In each room one of them says
//! something every ten seconds. What is measured is the time from sending it to the frame on the other one's phone. Beside it, in the same
//! run, stand the time to the sender's ack, and the round trip of the same command by HTTP, which some of the messages take: the ratio to
//! that does not depend much on the machine and the build.

mod pair;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use machine::{interrupt, paths};
use tokio::task::JoinSet;

use self::pair::{Measured, Pair};
use crate::{
    limits, percentile, phone,
    stage::{Scenery, Stage},
};

/// Rooms that two people share, all open on one socket of each.
const SHARED: usize = 4;
/// Pairs that come in at the same time.
const AT_ONCE: usize = 24;
/// Nothing is measured before so long: caches and pools fill.
const WARM_UP: Duration = Duration::from_secs(5);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many rooms
    #[arg(long, default_value_t = 1_000)]
    rooms: usize,
    /// For how long it is measured
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// In each room something is said every so many seconds
    #[arg(long, default_value_t = 10)]
    every: u64,
    /// Within how many milliseconds 99 % must be with the other phone
    #[arg(long, default_value_t = 100.0)]
    most: f64,
    #[command(flatten)]
    stage: Scenery,
}

/// Runs it. The code is 1 if messages take too long, or are missing.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    ensure!(options.rooms > 0 && options.every > 0, "there is nothing to say");
    // A socket has two ends, and both are here; servers inherit the limit.
    limits::raise_open_files(2 * options.rooms as u64 + 2_000)?;
    let directory = paths::root().join("target").join("talk");
    let scenery = options.stage.clone();
    let stage = tokio::task::spawn_blocking(move || Stage::set(&scenery, 2, &directory))
        .await?
        .context("the stage")?;
    let addresses = stage.addresses();
    let first = *addresses.first().context("no server")?;
    let nodes = [first, addresses.get(1).copied().unwrap_or(first)];
    let http = phone::http()?;

    let began = Instant::now();
    let pairs = options.rooms.div_ceil(SHARED);
    let enter = |number: usize| {
        let rooms = SHARED.min(options.rooms - number * SHARED);
        Pair::enter(number, rooms, nodes, http.clone())
    };
    let pairs: Vec<Pair> = stream::iter(0..pairs).map(enter).buffer_unordered(AT_ONCE).try_collect().await?;
    eprintln!("{} rooms are open after {:.1} s", options.rooms, began.elapsed().as_secs_f64());
    ensure!(!interrupt::requested(), "interrupted");

    let every = Duration::from_secs(options.every);
    let from = Instant::now() + WARM_UP;
    let until = from + Duration::from_secs(options.seconds);
    let mut talking = JoinSet::new();
    for pair in pairs {
        talking.spawn(pair.talk(every, options.rooms, from, until));
    }
    let mut all = Measured::default();
    while let Some(measured) = talking.join_next().await {
        all.add(measured??);
    }
    let slowest = percentile::of(&mut all.frames, 99);
    let (most, missing) = (options.most, all.missing);
    println!("{}", report(&options, all));
    tokio::task::spawn_blocking(move || drop(stage)).await?;
    let well = slowest.is_some_and(|slowest| slowest.as_secs_f64() * 1e3 <= most) && missing == 0;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn report(options: &Options, mut all: Measured) -> String {
    let line = |took: &mut Vec<Duration>| {
        let ms = |at: Option<Duration>| {
            at.map_or_else(|| "–".to_owned(), |at| format!("{:.1} ms", at.as_secs_f64() * 1e3))
        };
        let (half, most) = (percentile::of(took, 50), percentile::of(took, 99));
        format!("{} times, p50 {}, p99 {}", took.len(), ms(half), ms(most))
    };
    let ratio = |percent| -> Option<f64> {
        let frames = percentile::of(&mut all.frames.clone(), percent)?.as_secs_f64();
        Some(frames / percentile::of(&mut all.http.clone(), percent)?.as_secs_f64().max(1e-9))
    };
    let ratios = [50, 99].map(|percent| ratio(percent).map_or_else(|| "–".to_owned(), |r| format!("{r:.2}")));
    format!(
        "\n  frame   {}: from sending to the other phone\n  ack     {}: to the sender's answer\n  \
         http    {}: the same command by HTTP\n\n\
         {} rooms, a message each in {} s, {} missing; frame by http: p50 {}, p99 {}",
        line(&mut all.frames),
        line(&mut all.acks),
        line(&mut all.http),
        options.rooms,
        options.every,
        all.missing,
        ratios[0],
        ratios[1],
    )
}
