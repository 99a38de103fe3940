//! `cargo xtask chaos`: dozens of rooms at play while everything around them breaks, and a judge at the end of each.
//!
//! Real stores, real servers, and phones that speak the contract and nothing else. What is drawn is drawn from the seed;
//! how it falls together in time is not. A room is judged as soon as it has come to rest, and another one takes its
//! place, until everything that was to break has broken.

mod conversation;
mod director;
mod evening;
mod next_action;
mod outbox;
mod plan;
mod player;
mod report;
mod table;
mod talk;
mod view;
mod watching;

use std::{
    process::ExitCode,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::Context;
use machine::{interrupt, paths};
use tokio::{task::JoinSet, time::sleep};

use self::{
    director::{Director, Playing},
    plan::RoomPlan,
    report::Tally,
    table::{Nodes, Table},
};
use crate::{
    checker::law::Law,
    phone,
    stage::{Scenery, Stage},
    stores::Stores,
};

/// So many servers share the stores.
const SERVERS: usize = 3;
/// A fault takes half a second; on a machine that is busy with other things, this.
const EACH: Duration = Duration::from_secs(3);
/// The last rooms come to rest within this, or never.
const END: Duration = Duration::from_secs(300);
/// At least so often something is said.
const NEWS: Duration = Duration::from_secs(5);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many things go wrong
    #[arg(long, default_value_t = 100)]
    pub(crate) faults: usize,
    /// What everything is drawn from; another one each time if none is given
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// How many rooms are at play at once
    #[arg(long, default_value_t = 24)]
    pub(crate) rooms: usize,
    /// Only servers that stand still, and connections that phones lose meanwhile: for what is done late. Not on Windows
    #[arg(long, conflicts_with = "embedded")]
    freezes: bool,
    /// Now and then somebody erases themselves
    #[arg(long)]
    erasures: bool,
    /// The laws that must be broken, by planted bugs: then the trial ends as soon as all were, and well only if they were
    #[arg(long, value_name = "LAWS", value_delimiter = ',')]
    breaks: Vec<Law>,
    #[command(flatten)]
    pub(crate) stage: Scenery,
}

/// Runs it. The code is 0 if every law was kept (or those that had to be were broken), and 1 otherwise.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let seed = options.seed.unwrap_or_else(|| rand::random::<u32>().into());
    let directory = paths::root().join("target").join("chaos").join(format!("seed-{seed}"));
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    eprintln!("seed {seed}; what the servers say is in {}", directory.display());

    let stage = {
        let (options, directory) = (options.stage.clone(), directory.clone());
        tokio::task::spawn_blocking(move || Stage::set(&options, SERVERS, &directory))
            .await?
            .context("the stage")?
    };
    let began = Instant::now();
    let stage = Arc::new(stage);
    let theatre = Theatre {
        nodes: Arc::new(Nodes::at(stage.addresses())),
        stores: Arc::new(Stores::open(&stage.kept()).await?),
        playing: Playing::default(),
        tally: Arc::new(Mutex::new(Tally::until(options.breaks.clone()))),
        http: phone::http()?,
        began,
        seed,
        erasures: options.erasures,
        freezes: options.freezes,
    };
    let nodes = theatre.nodes.count();
    let plan = if options.freezes {
        plan::freezes(seed, options.faults, nodes)
    } else {
        plan::faults(seed, options.faults, nodes, options.stage.embedded)
    };
    let mut director = Director::new(
        Arc::clone(&stage),
        Arc::clone(&theatre.nodes),
        Arc::clone(&theatre.stores),
        Arc::clone(&theatre.playing),
        plan::chance(seed, u64::MAX),
        options.stage.embedded,
    );
    let happened = Arc::clone(&director.happened);
    let tally = Arc::clone(&theatre.tally);
    let breaking = director.break_things(plan, || lock(&tally).is_enough());
    let limit = EACH * u32::try_from(options.faults).unwrap_or(u32::MAX) + END;
    let play = theatre.play(options.rooms, breaking, || happened.load(Ordering::SeqCst));
    let by_kind = tokio::time::timeout(limit, play).await.context("it took far too long")??;

    let as_wanted = {
        let tally = lock(&theatre.tally);
        let as_wanted = tally.is_as_wanted();
        if !as_wanted {
            let findings = directory.join("findings.txt");
            std::fs::write(&findings, tally.findings())?;
            eprintln!("\nall that was found, in full: {}", findings.display());
        }
        println!("{}", tally.report(&by_kind, began.elapsed(), seed));
        as_wanted
    };
    // Blocks until everything has ended.
    tokio::task::spawn_blocking(move || drop((director, stage))).await?;
    if as_wanted {
        // Nobody needs to know what servers said that did everything right.
        std::fs::remove_dir_all(&directory)?;
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::from(1))
    }
}

/// Everything that rooms are played with.
struct Theatre {
    nodes: Arc<Nodes>,
    stores: Arc<Stores>,
    playing: Playing,
    tally: Arc<Mutex<Tally>>,
    http: reqwest::Client,
    began: Instant,
    seed: u64,
    erasures: bool,
    freezes: bool,
}

impl Theatre {
    /// Keeps `rooms` rooms at play until `breaking` is done, then lets them come to their end.
    async fn play<T>(
        &self,
        rooms: usize,
        breaking: impl Future<Output = anyhow::Result<T>>,
        happened: impl Fn() -> u64,
    ) -> anyhow::Result<T> {
        let mut evenings = JoinSet::new();
        let mut next = 0;
        let mut breaking = std::pin::pin!(breaking);
        let mut broken = None;
        let mut news = tokio::time::interval(NEWS);
        loop {
            if broken.is_none() {
                while evenings.len() < rooms {
                    evenings.spawn(self.open(next));
                    next += 1;
                }
            } else if evenings.is_empty() || lock(&self.tally).is_enough() {
                // Whatever is still at play would tell nothing new.
                break;
            }
            anyhow::ensure!(!interrupt::requested(), "interrupted");
            tokio::select! {
                done = &mut breaking, if broken.is_none() => {
                    broken = Some(done?);
                    for table in lock(&self.playing).values() {
                        table.closing.store(true, Ordering::SeqCst);
                    }
                }
                Some(judged) = evenings.join_next(), if !evenings.is_empty() => {
                    let (number, judged) = judged?;
                    lock(&self.playing).remove(&number);
                    lock(&self.tally).add(judged);
                }
                _ = news.tick() => {
                    let tally = lock(&self.tally);
                    let (phones, connected) = self.connected();
                    eprintln!(
                        "{:>4} s  {} faults; {} rooms at play, {connected} of {phones} phones connected; \
                         {} rooms judged, {} commands acknowledged, {} violations",
                        self.began.elapsed().as_secs(), happened(), evenings.len(), tally.rooms,
                        tally.acknowledged, tally.violations.len()
                    );
                }
                () = sleep(Duration::from_millis(200)) => {}
            }
        }
        broken.context("the rooms ended before the faults did")
    }

    /// How many phones there are, and how many have a connection now.
    fn connected(&self) -> (usize, usize) {
        let playing = lock(&self.playing);
        let seats = playing.values().flat_map(|table| &table.seats);
        seats.fold((0, 0), |(all, connected), seat| {
            (all + 1, connected + usize::from(seat.state().connected.is_some()))
        })
    }

    fn open(&self, number: u64) -> impl Future<Output = (u64, evening::Judged)> + use<> {
        let mut plan = RoomPlan::draw(self.seed, number);
        if self.freezes {
            plan = plan.fickle();
        }
        if !self.erasures {
            plan.people.iter_mut().for_each(|habits| habits.erases = 0.0);
        }
        let table = Table::set(plan, Arc::clone(&self.nodes), self.began);
        let table = Arc::new(table);
        lock(&self.playing).insert(number, Arc::clone(&table));
        let evening = evening::play(table, number, Arc::clone(&self.stores), self.http.clone());
        async move { (number, evening.await) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
