//! Trials that need real stores, real processes and many phones: `cargo xtask abuse`, `cargo xtask appends`, `cargo xtask chaos`,
//! `cargo xtask evening`, `cargo xtask reconnect`, `cargo xtask swipes`, `cargo xtask talk` and `cargo xtask watching`; and two that need
//! none of these, `cargo xtask convergence` and `cargo xtask costs`.

mod abuse;
mod appends;
mod chaos;
mod checker;
mod convergence;
mod costs;
mod evening;
mod limits;
mod percentile;
mod phone;
mod reconnect;
mod stage;
mod stores;
mod swipes;
mod talk;
mod usage;
mod watching;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Trials of a whole Sovpalo.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    trial: Trial,
}

#[derive(Subcommand)]
enum Trial {
    /// Let six accounts abuse one room, within the limits, and measure what other rooms notice
    Abuse(abuse::Options),
    /// Measure what an append costs Redis, beside redis-benchmark
    Appends(appends::Options),
    /// Break servers, stores and sockets under rooms at play, and judge every room's history
    Chaos(chaos::Options),
    /// Count the swipes until a room's first match, for several orders of the deck
    Convergence(convergence::Options),
    /// Measure what commands cost in rooms of different sizes and pasts
    Costs(costs::Options),
    /// Play one evening of three people over two servers while stores and a server break, step by step
    Evening(evening::Options),
    /// Let thousands of phones lose their server and come back at once
    Reconnect(reconnect::Options),
    /// Measure how many swipes a server does in a second of processor time
    Swipes(swipes::Options),
    /// Measure how long a message takes to the other phone, with a thousand rooms on two servers
    Talk(talk::Options),
    /// Measure what a thousand rooms that watch cost a server
    Watching(watching::Options),
}

fn main() -> ExitCode {
    let outcome = machine::interrupt::watch().and_then(|()| {
        let trial = Cli::parse().trial;
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
            match trial {
                Trial::Abuse(options) => abuse::run(options).await,
                Trial::Appends(options) => appends::run(options).await,
                Trial::Chaos(options) => chaos::run(options).await,
                Trial::Convergence(options) => convergence::run(&options).map(|()| ExitCode::SUCCESS),
                Trial::Costs(options) => costs::run(&options),
                Trial::Evening(options) => evening::run(options).await,
                Trial::Reconnect(options) => reconnect::run(options).await,
                Trial::Swipes(options) => swipes::run(options).await,
                Trial::Talk(options) => talk::run(options).await,
                Trial::Watching(options) => watching::run(options).await,
            }
        })
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            // 1 says that a law was broken.
            ExitCode::from(2)
        }
    }
}
