//! `sovpalo`: one binary, a subcommand per role; without one, everything in one process.

mod addresses;
mod chore;
mod config;
mod descriptors;
mod dotenv;
mod filesystem;
mod health;
mod import;
mod logging;
mod reports;
mod run;
mod secrets;
mod sharing;
mod sources;
mod stores;
mod strength;
mod titles;

use std::process::ExitCode;

use crate::{config::Role, run::Parts};

/// A swipe costs about a tenth less processor time with it than with the system's allocator (`cargo xtask swipes`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let given = sources::read();
    let config = match given.judge() {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            return ExitCode::from(2);
        }
    };
    if matches!(given.cli.command, Some(Role::Health)) {
        return health::ask(&config);
    }
    logging::start(config.log_format, given.log_filter().as_deref());
    for warning in given.warnings() {
        tracing::warn!("{warning}");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match given.cli.command {
            None => run::keep(config, Parts::Everything).await,
            Some(Role::Server) => run::keep(config, Parts::Server).await,
            Some(Role::Bot) => run::keep(config, Parts::Bot).await,
            Some(Role::ImportTitles(options)) => import::titles(config, &options).await,
            Some(Role::Reports(options)) => reports::see_to(config, &options).await,
            Some(Role::Health) => unreachable!("answered above"),
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
