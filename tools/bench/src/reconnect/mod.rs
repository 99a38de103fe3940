//! `cargo xtask reconnect`: thousands of phones lose their server in one moment and come back in the next.
//!
//! All of them are on one server, which is killed; they go to the other one, or to the same one as soon as it is there
//! again. Each says what it has of its room. Half of them say the truth, and must be told that this is all; the others
//! say that they have missed the last event, and must be told just that. Afterwards each one's room is held against a
//! fresh answer by HTTP.

mod crowd;
mod phone;

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use futures::{StreamExt, stream};
use machine::{interrupt, paths};
use tokio::{sync::watch, task::JoinSet, time::sleep};

use self::crowd::AT_ONCE;
use crate::{
    limits, phone as wire,
    stage::{Scenery, Stage},
    usage::resident_memory,
};

/// Idle sockets are weighed after this.
const SETTLED: Duration = Duration::from_secs(3);
/// Whoever is not back then will not come back.
const PATIENCE: Duration = Duration::from_secs(120);

/// How to run it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// How many phones
    #[arg(long, default_value_t = 15_000)]
    phones: usize,
    /// Start the killed server again and go back to it, instead of going to the other one
    #[arg(long)]
    same: bool,
    #[command(flatten)]
    stage: Scenery,
}

/// Runs it. The code is 1 if somebody came back to a wrong room, or not at all.
pub(crate) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    // A socket has two ends, and both are here; servers inherit the limit.
    limits::raise_open_files(options.phones as u64 + 2_000)?;
    let directory = paths::root().join("target").join("reconnect");
    let stage = {
        let (options, directory) = (options.stage.clone(), directory.clone());
        tokio::task::spawn_blocking(move || Stage::set(&options, 2, &directory))
            .await?
            .context("the stage")?
    };
    let stage = Arc::new(stage);
    let addresses = stage.addresses();
    let (first, second) = match (options.same, addresses.as_slice()) {
        (false, [first, second, ..]) => (*first, *second),
        (_, [first, ..]) => (*first, *first),
        _ => anyhow::bail!("no server"),
    };
    let goes_back = first == second;

    let http = wire::http()?;
    let began = Instant::now();
    let phones = crowd::gather(options.phones, first, &http).await?;
    eprintln!("{} phones are in their rooms after {:.1} s", phones.len(), began.elapsed().as_secs_f64());
    let empty = stage.process_id(0).and_then(resident_memory);

    let (told, go) = watch::channel(None);
    let mut sockets = JoinSet::new();
    let began = Instant::now();
    let connected: Vec<_> =
        stream::iter(phones).map(|phone| phone.connect(first)).buffer_unordered(AT_ONCE).collect().await;
    for phone in connected {
        sockets.spawn(phone?.wait_and_return(go.clone(), second));
    }
    let sockets_open = sockets.len();
    eprintln!("{sockets_open} sockets are open after {:.1} s more", began.elapsed().as_secs_f64());
    sleep(SETTLED).await;
    ensure!(!interrupt::requested(), "interrupted");
    let full = stage.process_id(0).and_then(resident_memory);

    let killed = Instant::now();
    let restarting = {
        let stage = Arc::clone(&stage);
        tokio::task::spawn_blocking(move || {
            stage.kill_node(0)?;
            if goes_back { stage.start_node(0) } else { Ok(()) }
        })
    };
    told.send_replace(Some(killed));
    let (mut returned, mut wrong) = (Vec::new(), Vec::new());
    let coming = async {
        while let Some(phone) = sockets.join_next().await {
            match phone {
                Ok(Ok(phone)) => returned.push(phone),
                Ok(Err(error)) => wrong.push(format!("{error:#}")),
                Err(error) => wrong.push(error.to_string()),
            }
        }
    };
    let all_came = tokio::time::timeout(PATIENCE, coming).await.is_ok();
    restarting.await??;

    let took: Vec<Duration> = returned.iter().map(|phone| phone.took).collect();
    let tries: u64 = returned.iter().map(|phone| phone.tries).sum();
    eprintln!("asking for {} rooms by HTTP", returned.len());
    let compared: Vec<String> = stream::iter(returned)
        .map(|phone| phone.wrong(second))
        .buffer_unordered(AT_ONCE)
        .filter_map(async |wrong| wrong)
        .collect()
        .await;
    wrong.extend(compared);
    for what in wrong.iter().take(5) {
        eprintln!("wrong: {what}");
    }
    let missing = sockets_open - took.len();
    println!("{}", report(took, tries, empty.zip(full), sockets_open, wrong.len(), missing));
    tokio::task::spawn_blocking(move || drop(stage)).await?;
    let right = all_came && wrong.is_empty() && missing == 0;
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn report(
    mut took: Vec<Duration>,
    tries: u64,
    memory: Option<(u64, u64)>,
    sockets: usize,
    wrong: usize,
    missing: usize,
) -> String {
    took.sort_unstable();
    let at = |part: usize| took.get((took.len() * part / 100).min(took.len().saturating_sub(1)));
    let seconds =
        |part| at(part).map_or_else(|| "–".to_owned(), |took| format!("{:.2} s", took.as_secs_f64()));
    let memory = memory.map_or_else(
        || "not known on this system".to_owned(),
        |(empty, full)| {
            let each = full.saturating_sub(empty) / sockets.max(1) as u64;
            format!(
                "{each} B for each of {sockets} idle sockets ({} MB, {} MB before)",
                full >> 20,
                empty >> 20
            )
        },
    );
    format!(
        "\n  memory    {memory}\n  back      half after {}, 99 % after {}; {tries} tries\n\n\
         {sockets} phones, {wrong} wrong, {missing} missing, the last one right after {}",
        seconds(50),
        seconds(99),
        seconds(100)
    )
}
