//! `cargo xtask run`: from a fresh clone to an evening in the browser.
//!
//! Without a bot token it starts the app and a simulated Telegram; with one, the app alone against
//! the real Telegram. Whatever it starts ends with it.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};

use machine::cargo::{self, Features, Profile, Target};
use machine::process::Running;
use machine::tools::Tool;
use machine::{install, interrupt, net, paths};

use crate::{browser, ui};

/// How long a program may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The simulated bot's token: no secret, and the same every time so that sessions outlive a restart.
const SIM_TOKEN: &str = "7000000001:sim-token-of-a-bot-that-exists-only-here";
const SIM_BOT: &str = "sovpalo_bot";
const MINI_APP: &str = "app";

/// How to run.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The app's port; the simulated Telegram takes the next one, metrics the one 1010 higher
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build as it ships: slower to build, quick to run
    #[arg(long)]
    release: bool,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

impl Options {
    fn sim_port(&self) -> u16 {
        self.port.saturating_add(1)
    }

    fn metrics_port(&self) -> u16 {
        self.port.saturating_add(1010)
    }

    fn profile(&self) -> Profile {
        if self.release { Profile::Release } else { Profile::Dev }
    }
}

/// Builds, starts, and stays until Ctrl-C or until something ends by itself, which is an error.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let real = bot_token_is_set();
    install::require(&[Tool::Node, Tool::Npm])?;
    let ports: &[u16] =
        if real { &[options.port] } else { &[options.port, options.sim_port(), options.metrics_port()] };
    if let Some(taken) = ports.iter().find(|port| !net::is_free(**port)) {
        bail!("port {taken} is taken; try `cargo xtask run --port {}`", options.port.saturating_add(10));
    }

    ui::install_packages(&paths::ui())?;
    ui::write_types(options.profile(), Features::Needed)?;
    ui::build()?;
    let targets = [Target::Sovpalo, Target::TelegramSim];
    let [sovpalo, telegram_sim] = cargo::build(targets, options.profile(), Features::Needed)?;

    let mut app = Command::new(sovpalo);
    app.current_dir(paths::root()).env("LISTEN", format!("127.0.0.1:{}", options.port));
    let mut running = Vec::new();
    if !real {
        let sim = start_sim(Command::new(telegram_sim), options)?;
        running.push(sim);
        point_at_sim(&mut app, options);
    }
    let mut app = Running::start("sovpalo", &mut app)?;
    net::wait_until(
        "sovpalo",
        PATIENCE,
        || app.still_there(),
        || net::answers_ok(options.port, "/api/health"),
    )?;
    running.push(app);

    eprintln!("{}", welcome(options, real));
    if !options.no_open && !real {
        browser::open(&local(options.sim_port()));
    }
    stay(&mut running)
}

/// In the environment or in `.env`, where the app would find it too, itself or as a file of its own.
fn bot_token_is_set() -> bool {
    // Only looked at here; the app reads the file itself, and says what is wrong with it.
    let file = std::fs::read_to_string(paths::root().join(".env")).unwrap_or_default();
    ["BOT_TOKEN", "BOT_TOKEN_FILE"].into_iter().any(|name| is_set(name, &file))
}

fn is_set(name: &str, file: &str) -> bool {
    let is_set = |value: &str| !value.trim().is_empty();
    let in_file = file.lines().filter_map(|line| line.trim_start_matches("export ").split_once('='));
    std::env::var(name).map_or_else(
        |_| in_file.into_iter().any(|(written, value)| written.trim() == name && is_set(value)),
        |value| is_set(&value),
    )
}

fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn start_sim(mut command: Command, options: &Options) -> anyhow::Result<Running> {
    command
        .current_dir(paths::root())
        .arg("--listen")
        .arg(format!("127.0.0.1:{}", options.sim_port()))
        .args(["--app-url", &local(options.port), "--token", SIM_TOKEN])
        .args(["--bot-username", SIM_BOT, "--app-name", MINI_APP])
        .stdout(Stdio::piped());
    let mut sim = Running::start("telegram-sim", &mut command)?;
    let printed = sim.stdout().context("telegram-sim has no output")?;
    let (ready, says_ready) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(printed).lines().map_while(Result::ok) {
            if line.starts_with("telegram-sim ready") {
                // Nobody listens any more once it has been heard.
                let _ = ready.send(());
            } else {
                println!("{line}");
            }
        }
    });
    net::wait_until("telegram-sim", PATIENCE, || sim.still_there(), || says_ready.try_recv().is_ok())?;
    Ok(sim)
}

fn point_at_sim(app: &mut Command, options: &Options) {
    if std::env::var_os("LIMITS").is_none() {
        // Everybody has the same address here, and reloads more often than a family would.
        app.env("LIMITS", "off");
    }
    app.env("BOT_TOKEN", SIM_TOKEN)
        .env("TELEGRAM_API_URL", local(options.sim_port()))
        .env("PUBLIC_URL", local(options.port))
        .env("MINI_APP_NAME", MINI_APP)
        .env("METRICS_LISTEN", format!("127.0.0.1:{}", options.metrics_port()))
        .env(
            "FRAME_ANCESTORS",
            format!("{},http://localhost:{}", local(options.sim_port()), options.sim_port()),
        );
}

/// What a person sees who has waited for the build.
fn welcome(options: &Options, real: bool) -> String {
    let mut rows = Vec::new();
    if !real {
        rows.push(("Telegram, simulated", local(options.sim_port())));
    }
    rows.push(("Mini App", local(options.port)));
    rows.push(("Health", format!("{}/api/health", local(options.port))));
    if !real {
        rows.push(("Metrics", format!("{}/metrics", local(options.metrics_port()))));
        rows.push(("Data", "./data (delete it to begin afresh)".to_owned()));
    }
    let mut text = String::from("\n  Sovpalo is running.\n\n");
    for (what, place) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {what:<22}{place}");
    }
    text.push_str(if real {
        "\n  In @BotFather, once:\n\
         \x20   /newapp       the Mini App's address is PUBLIC_URL (https), its short name MINI_APP_NAME\n\
         \x20   /setinline    so that people can call the bot in any chat\n\
         \x20   /setinlinefeedback  100 %, so that cards sent that way stay up to date\n\
         \x20 Privacy mode stays on: the bot needs to read commands only.\n"
    } else {
        "\n  Write /new in the group chat and tap the card that the bot sends.\n"
    });
    text.push_str("  Ctrl-C ends everything.\n");
    text
}

/// Until Ctrl-C, which is a good end, or until one of them ends by itself, which is not.
fn stay(running: &mut [Running]) -> anyhow::Result<()> {
    while !interrupt::requested() {
        for process in running.iter_mut() {
            process.still_there()?;
        }
        thread::sleep(Duration::from_millis(100));
    }
    eprintln!("\n  Ending…");
    for process in running {
        process.ask_to_end();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(port: u16) -> Options {
        Options { port, release: false, no_open: true }
    }

    #[test]
    fn the_default_ports_are_the_documented_ones() {
        let options = options(8080);
        assert_eq!((options.sim_port(), options.metrics_port()), (8081, 9090));
    }

    #[test]
    fn the_welcome_says_where_to_begin() {
        let text = welcome(&options(8080), false);
        assert!(text.contains("http://127.0.0.1:8081"), "{text}");
        assert!(text.contains("/new"), "{text}");
        assert!(!welcome(&options(8080), true).contains("simulated"));
    }
}
