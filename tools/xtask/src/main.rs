//! The developer's commands, the same on Linux, macOS and Windows.
//!
//! Everything a newcomer needs is `cargo xtask run` and `cargo xtask test`. They promise to need
//! nothing configured, to say exactly what is missing and how to get it, and to leave no process
//! behind. They must never pass over a check because its tool is absent, and never touch anything
//! outside the repository and its own temporary directories, except to install Debian packages
//! when root asks for them.

mod audit;
mod browser;
mod contact_sheet;
mod failed;
mod first_card;
mod frames;
mod limits;
mod measurement;
mod pin;
mod report;
mod run;
mod spread;
mod tally;
mod test;
mod trial;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use machine::{cargo, install, interrupt, paths, tools};

/// Developer commands of Sovpalo.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and start it: the app with a simulated Telegram, or against the real one
    /// when `BOT_TOKEN` is set
    Run(run::Options),
    /// Check and test everything, or only the steps named
    Test(test::Options),
    /// Let six accounts abuse one room, within the limits, and measure what other rooms notice
    Abuse(trial::Options),
    /// Measure what an append costs Redis, beside redis-benchmark
    Appends(trial::Options),
    /// Break servers, stores and sockets under rooms at play, and judge every room's history
    Chaos(trial::Options),
    /// Picture every screen in both languages and themes, on a small phone and a large one, into target/contact-sheet
    ContactSheet(contact_sheet::Options),
    /// Count the swipes until a room's first match, for several orders of the deck
    Convergence(trial::Options),
    /// Measure what commands cost in rooms of different sizes and pasts
    Costs(trial::Options),
    /// Play one evening of three people over two servers while stores and a server break
    Evening(trial::Options),
    /// Measure how long it takes until the first card is painted, on slow 4G and a slow processor with nothing cached
    FirstCard(first_card::Options),
    /// Measure how long frames take in which a card is dragged and thrown, on a processor four times slower
    Frames(frames::Options),
    /// Let thousands of phones lose their server and come back at once
    Reconnect(trial::Options),
    /// Measure how far apart real browsers are that watch a film together, with wrong clocks and slow networks
    Spread(spread::Options),
    /// Measure how many swipes a server does in a second of processor time
    Swipes(trial::Options),
    /// Measure how long a message takes to the other phone, with a thousand rooms on two servers
    Talk(trial::Options),
    /// Measure what a thousand rooms that watch cost a server
    Watching(trial::Options),
    /// Ask the databases of known vulnerabilities about everything that is depended on; fails where they cannot be reached
    Audit,
    /// Write the table of limits in docs/SECURITY.md from the constants in the code
    Limits,
    /// Write the digests of images and actions beside their versions, as their registries say them now
    Pin(pin::Options),
    /// Write the wire types for the UI from the server's OpenAPI document
    Types,
}

fn main() -> ExitCode {
    match obey(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> anyhow::Result<ExitCode> {
    interrupt::watch()?;
    match command {
        Command::Run(options) => run::run(&options)?,
        Command::Test(options) => return test::test(&options),
        Command::Abuse(options) => return trial::run("abuse", &options),
        Command::Appends(options) => return trial::run("appends", &options),
        Command::Chaos(options) => return trial::run("chaos", &options),
        Command::ContactSheet(options) => return contact_sheet::contact_sheet(&options),
        Command::Convergence(options) => return trial::run_alone("convergence", &options),
        Command::Costs(options) => return trial::run_alone("costs", &options),
        Command::Evening(options) => return trial::run("evening", &options),
        Command::FirstCard(options) => return first_card::first_card(&options),
        Command::Frames(options) => return frames::frames(&options),
        Command::Reconnect(options) => return trial::run("reconnect", &options),
        Command::Spread(options) => return spread::spread(&options),
        Command::Swipes(options) => return trial::run("swipes", &options),
        Command::Talk(options) => return trial::run("talk", &options),
        Command::Watching(options) => return trial::run("watching", &options),
        Command::Audit => return audit::audit(),
        Command::Limits => limits::write()?,
        Command::Pin(options) => pin::pin(&options)?,
        Command::Types => {
            install::require(&[tools::Tool::Node, tools::Tool::Npm])?;
            ui::install_packages(&paths::ui())?;
            ui::write_types(cargo::Profile::Dev, cargo::Features::Needed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
