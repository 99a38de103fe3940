//! `cargo xtask appends`: what an append costs Redis when the Redis engine asks for it, beside `redis-benchmark` saying the very
//! same command.
//!
//! Both take turns on one Redis. What counts is how many appends one second of Redis's own processor time is good for:
//! that is what limits a room full of nodes, and it is the same whatever else the machine does. Each append begins a log,
//! since `redis-benchmark` can only repeat itself, and a second append to one log is another command.

mod measured;

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::ensure;
use futures::{StreamExt, TryStreamExt, stream};
use machine::{interrupt, services};
use sovpalo_domain::{
    ids::{Epoch, RoomCode, UserId},
    room::{Created, Entry, Event, RoomName, Settings},
};
use sovpalo_live::hot::{
    Appended, Log as _,
    redis::{Redis, RedisConfig},
};
use sovpalo_storage::clock::Clock;
use tokio::task::spawn_blocking;

use self::measured::{Command, Measured};

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many appends in each turn
    #[arg(long, default_value_t = 100_000)]
    appends: u32,
    /// How many turns each of the two takes
    #[arg(long, default_value_t = 5)]
    turns: usize,
    /// How many appends the engine has under way at once
    #[arg(long, default_value_t = 256)]
    at_once: usize,
    /// Over how many connections: a server has one
    #[arg(long, default_value_t = 1)]
    connections: usize,
}

/// Runs it.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let server = spawn_blocking(services::Redis::start).await??;
    let outcome = compare(&options, &server).await;
    spawn_blocking(move || drop(server)).await?;
    outcome?;
    Ok(ExitCode::SUCCESS)
}

async fn compare(options: &Options, server: &services::Redis) -> anyhow::Result<()> {
    let engines = Engines::connect(server.url(), options.connections).await?;
    let command = Command::seen(server, engines.append_one()).await?;
    let (mut ours, mut theirs) = (Measured::default(), Measured::default());
    for turn in 1..=options.turns {
        ensure!(!interrupt::requested(), "interrupted");
        // Both begin with an empty Redis: a full one is slower.
        server.say("FLUSHALL")?;
        ours.add(server, options.appends, engines.append(options.appends, options.at_once)).await?;
        server.say("FLUSHALL")?;
        theirs.add(server, options.appends, command.repeat(server, options.appends)).await?;
        eprintln!("turn {turn} of {}: engine {ours}; redis-benchmark {theirs}", options.turns);
    }
    println!(
        "\n  engine           {ours}\n  redis-benchmark  {theirs}\n\n\
         {:.2} of redis-benchmark's appends for each second of Redis's processor time ({:.2} of its pace)",
        ours.for_each_cpu_second() / theirs.for_each_cpu_second(),
        ours.pace() / theirs.pace(),
    );
    Ok(())
}

/// The engine, as often as there are connections.
struct Engines {
    engines: Vec<Arc<Redis>>,
    next_room: AtomicU64,
}

impl Engines {
    async fn connect(url: String, connections: usize) -> anyhow::Result<Self> {
        let config = RedisConfig { recovery: Duration::ZERO, ..RedisConfig::new(url) };
        let connecting = (0..connections.max(1)).map(|_| Redis::connect(config.clone(), Clock::system()));
        let engines = stream::iter(connecting).buffered(4).map_ok(Arc::new).try_collect().await?;
        Ok(Self { engines, next_room: AtomicU64::new(0) })
    }

    async fn append(&self, appends: u32, at_once: usize) -> anyhow::Result<()> {
        stream::iter(0..appends)
            .map(Ok)
            .try_for_each_concurrent(at_once, async |_| self.append_one().await)
            .await
    }

    /// Begins a log.
    async fn append_one(&self) -> anyhow::Result<()> {
        let number = self.next_room.fetch_add(1, Ordering::Relaxed);
        let room = RoomCode::from_bits(number);
        let place = usize::try_from(number)? % self.engines.len();
        let created = Created {
            code: room,
            epoch: Epoch::from_bits(7),
            host: UserId::new(5_000_000_001)?,
            seed: number,
            settings: Settings::named(RoomName::new("Movie night").map_err(|_| anyhow::anyhow!("no name"))?),
        };
        let entry = Entry { at: Clock::system().now(), event: Event::Created(Box::new(created)) };
        let appended = self.engines[place].append(room, None, &[entry], false).await?;
        ensure!(matches!(appended, Appended::At(_)), "an append was not done: {appended:?}");
        Ok(())
    }
}
