//! A Redis that keeps nothing: killing it is losing everything in it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use tempfile::TempDir;

use super::surroundings::{PATIENCE, temporary};
use crate::{net, process::Running, tools};

/// A server. Its port stays the same from start to start.
pub struct Redis {
    program: PathBuf,
    port: u16,
    // Before the directory: it ends first.
    process: Running,
    directory: TempDir,
}

impl Redis {
    /// A fresh one, ready to be spoken to.
    pub fn start() -> anyhow::Result<Self> {
        let program = tools::redis().context("it is not installed")?;
        let directory = temporary("redis")?;
        let port = net::free_port()?;
        let process = run(&program, port, &directory)?;
        let mut redis = Self { program, port, process, directory };
        redis.wait()?;
        Ok(redis)
    }

    /// `kill -9`. Nothing of what it held comes back.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()
    }

    /// Starts it after [`Redis::kill`], empty, where it was.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        self.process = run(&self.program, self.port, &self.directory)?;
        self.wait()
    }

    /// Sends one command, in the form in which one types it, and returns the beginning of the answer.
    pub fn say(&self, command: &str) -> std::io::Result<String> {
        net::ask(self.port, format!("{command}\r\n").as_bytes())
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let Self { port, process, .. } = self;
        net::wait_until(
            "Redis",
            PATIENCE,
            || process.still_there(),
            || net::ask(*port, b"PING\r\n").is_ok_and(|answer| answer.starts_with("+PONG")),
        )
    }
}

fn run(program: &PathBuf, port: u16, directory: &TempDir) -> anyhow::Result<Running> {
    Running::start(
        "Redis",
        Command::new(program)
            .arg("--port")
            .arg(port.to_string())
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--loglevel", "warning", "--dir"])
            .arg(directory.path())
            .stdout(Stdio::null()),
    )
}
