//! A PostgreSQL and a Redis of our own for the length of a test run.
//!
//! They live in a temporary directory, listen on 127.0.0.1 on ports nobody else uses, trust whoever
//! asks, and promise nothing about the disk. They end with the value that holds them, also when the
//! tests fail. A service whose URL is already in the environment is used instead of starting one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::process::{self, Running};
use crate::{net, tools};

/// How long a service may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Durability off, room for many tests at once, no socket file in a place that may not exist.
const POSTGRES_CONF: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
";

/// The services that the tests of storage talk to.
pub(crate) struct Services {
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Services {
    /// Starts what is not already given by `TEST_DATABASE_URL` and `TEST_REDIS_URL`.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let postgres = match given("TEST_DATABASE_URL") {
            Some(_) => None,
            None => Some(Postgres::start().context("PostgreSQL for the tests")?),
        };
        let redis = match given("TEST_REDIS_URL") {
            Some(_) => None,
            None => Some(Redis::start().context("Redis for the tests")?),
        };
        Ok(Self { postgres, redis })
    }

    /// Tells a test runner where they are; what was given it inherits.
    pub(crate) fn tell(&self, command: &mut Command) {
        if let Some(postgres) = &self.postgres {
            command.env("TEST_DATABASE_URL", postgres.url());
        }
        if let Some(redis) = &self.redis {
            command.env("TEST_REDIS_URL", redis.url());
        }
    }
}

/// A service that the developer runs already.
pub(crate) fn given(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

struct Postgres {
    programs: PathBuf,
    directory: TempDir,
    port: u16,
}

impl Postgres {
    fn start() -> anyhow::Result<Self> {
        let postgres = Self {
            programs: tools::postgres().context("it is not installed")?,
            directory: temporary("postgres")?,
            port: net::free_port()?,
        };
        own_by_an_ordinary_user(postgres.directory.path())?;
        // Sorting and case must not depend on a machine's locale, nor may the app's queries.
        process::quietly(
            postgres
                .program("initdb")
                .args(["--username=postgres", "--auth=trust", "--no-sync"])
                .args(["--encoding=UTF8", "--locale=C"])
                .arg("--pgdata")
                .arg(postgres.data()),
        )?;
        let conf = postgres.data().join("postgresql.conf");
        std::fs::write(
            &conf,
            format!("{}{POSTGRES_CONF}port = {}\n", std::fs::read_to_string(&conf)?, postgres.port),
        )?;
        let log = postgres.directory.path().join("log");
        // Not piped: the server would inherit the pipe, and reading it would never end.
        let status = postgres
            .program("pg_ctl")
            .args(["start", "--silent", "--wait", "--pgdata"])
            .arg(postgres.data())
            .arg("--log")
            .arg(&log)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        anyhow::ensure!(
            status.success(),
            "it does not start: {}",
            std::fs::read_to_string(&log).unwrap_or_default()
        );
        Ok(postgres)
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// One of PostgreSQL's programs, as somebody who is not root: it refuses root.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.directory.path()).env("LC_ALL", "C");
        become_an_ordinary_user(&mut command);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = self
            .program("pg_ctl")
            .args(["stop", "--silent", "--mode=immediate", "--pgdata"])
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !stopped.is_ok_and(|status| status.success()) && self.data().join("postmaster.pid").exists() {
            eprintln!("the tests' PostgreSQL on port {} did not stop", self.port);
        }
    }
}

struct Redis {
    port: u16,
    // Before the directory: it ends first.
    process: Running,
    _directory: TempDir,
}

impl Redis {
    fn start() -> anyhow::Result<Self> {
        let program = tools::redis().context("it is not installed")?;
        let directory = temporary("redis")?;
        let port = net::free_port()?;
        let process = Running::start(
            "Redis",
            Command::new(program)
                .arg("--port")
                .arg(port.to_string())
                .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
                .args(["--loglevel", "warning", "--dir"])
                .arg(directory.path())
                .stdout(Stdio::null()),
        )?;
        let mut redis = Self { port, process, _directory: directory };
        net::wait_until(
            "Redis",
            PATIENCE,
            || redis.process.still_there(),
            || net::ask(port, b"PING\r\n").is_ok_and(|answer| answer.starts_with("+PONG")),
        )?;
        Ok(redis)
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

fn temporary(name: &str) -> anyhow::Result<TempDir> {
    Ok(tempfile::Builder::new().prefix(&format!("sovpalo-{name}-")).tempdir()?)
}

/// Who PostgreSQL runs as when we are root.
#[cfg(unix)]
fn ordinary_user() -> anyhow::Result<Option<nix::unistd::User>> {
    use nix::unistd::{User, geteuid};

    if !geteuid().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    anyhow::bail!("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
}

#[cfg(unix)]
fn own_by_an_ordinary_user(directory: &Path) -> anyhow::Result<()> {
    if let Some(user) = ordinary_user()? {
        std::os::unix::fs::chown(directory, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
    }
    Ok(())
}

#[cfg(unix)]
fn become_an_ordinary_user(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    if let Ok(Some(user)) = ordinary_user() {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
}

/// `pg_ctl` gives up an administrator's rights by itself.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems' version can fail")]
fn own_by_an_ordinary_user(_directory: &Path) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn become_an_ordinary_user(_command: &mut Command) {}
