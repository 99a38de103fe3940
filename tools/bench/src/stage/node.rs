//! One server process, which may be killed, frozen and started again where it was.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use machine::{interrupt, net, process::Running};

use crate::phone::BOT_TOKEN;

/// How long a server may take to start, its stores being away for a while.
const PATIENCE: Duration = Duration::from_secs(60);
/// Like whatever an operator keeps servers running with: one that gives up is started again.
const RESTART: Duration = Duration::from_millis(150);

/// How to start servers.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    /// The program.
    pub(super) program: PathBuf,
    /// Its role; none: everything in one process.
    pub(super) role: Option<&'static str>,
    /// What it is told beyond what every server here is told.
    pub(super) environment: Vec<(&'static str, String)>,
}

/// A server.
pub(super) struct Node {
    recipe: Recipe,
    pub(super) port: u16,
    directory: PathBuf,
    running: Option<Running>,
}

impl Node {
    /// One that does not run yet. What it writes and says goes into `directory`, also after its end.
    pub(super) fn new(recipe: Recipe, directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory)?;
        Ok(Self { recipe, port: net::free_port()?, directory: directory.to_owned(), running: None })
    }

    /// Starts it, and comes back when it answers.
    pub(super) fn start(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut running = self.run()?;
        while !self.answers() {
            if interrupt::requested() {
                bail!("interrupted");
            }
            if Instant::now() > deadline {
                bail!("a server does not start; what it says is in {}", self.log().display());
            }
            // A store may be away, and then it says so and ends.
            if running.still_there().is_err() {
                std::thread::sleep(RESTART);
                running = self.run()?;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.running = Some(running);
        Ok(())
    }

    fn run(&self) -> anyhow::Result<Running> {
        let log = |path: &Path| -> anyhow::Result<File> {
            OpenOptions::new().create(true).append(true).open(path).context("a server's log")
        };
        let mut command = Command::new(&self.recipe.program);
        command
            .args(self.recipe.role)
            .current_dir(&self.directory)
            .env_clear()
            .envs(
                std::env::vars_os()
                    .filter(|(name, _)| name == "PATH" || name == "RUST_LOG" || name == "SYSTEMROOT"),
            )
            .env("BOT_TOKEN", BOT_TOKEN)
            // Nobody is there.
            .env("TELEGRAM_API_URL", "http://127.0.0.1:9")
            .env("PUBLIC_URL", "https://sovpalo.example")
            .env("LISTEN", format!("127.0.0.1:{}", self.port))
            .env("METRICS_LISTEN", "off")
            .env("LIMITS", "off")
            .env("DATA_DIR", self.directory.join("data"))
            .envs(self.recipe.environment.iter().map(|(name, value)| (name, value)))
            .stdout(log(&self.log())?)
            .stderr(log(&self.log())?);
        Running::start("sovpalo", &mut command)
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// Whether it says anything at all; how it is, is another question.
    fn answers(&self) -> bool {
        let question = b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        net::ask(self.port, question).is_ok_and(|answer| answer.starts_with("HTTP/1.1 "))
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) -> anyhow::Result<()> {
        match self.running.take() {
            Some(mut running) => running.kill(),
            None => Ok(()),
        }
    }

    /// The process, while it runs.
    pub(super) fn process(&self) -> Option<&Running> {
        self.running.as_ref()
    }

    /// Where the embedded mode keeps everything.
    pub(super) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }
}
