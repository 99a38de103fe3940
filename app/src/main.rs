//! `sovpalo`: one binary, a subcommand per role; without one, everything in one process.

mod config;
mod house;
mod import;
mod logging;
mod stores;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    config::{Cli, Role},
    house::Parts,
};

fn main() -> ExitCode {
    // Before any thread exists, since it sets environment variables.
    let dotenv = dotenvy::dotenv();
    let cli = Cli::parse();
    if let Err(error) = &dotenv
        && !error.not_found()
    {
        eprintln!(".env cannot be read: {error}");
        return ExitCode::FAILURE;
    }
    let config = match cli.settings.judge(cli.command.as_ref()) {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            return ExitCode::from(2);
        }
    };
    logging::start(config.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            None => house::keep(config, Parts::Everything).await,
            Some(Role::Server) => house::keep(config, Parts::Server).await,
            Some(Role::Bot) => house::keep(config, Parts::Bot).await,
            Some(Role::ImportTitles(options)) => import::titles(config, &options).await,
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
