//! A PostgreSQL that lives in a temporary directory, and may be stopped, killed and started again.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use tempfile::TempDir;

use super::{
    ordinary_user,
    surroundings::{PATIENCE, temporary},
};
use crate::{net, process, tools};

/// Nothing waits for the disk, room for many tests at once, no socket file in a place that may not exist.
///
/// A commit is still written before it is answered: the server may be killed, only the machine may not.
const CONF: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
shared_buffers = 128MB
fsync = off
full_page_writes = off
";

/// A server. Its port and its data stay the same from start to start; both go with the value.
pub struct Postgres {
    programs: PathBuf,
    directory: TempDir,
    port: u16,
}

impl Postgres {
    /// A fresh one, ready to be spoken to.
    pub fn start() -> anyhow::Result<Self> {
        let postgres = Self {
            programs: tools::postgres().context("it is not installed")?,
            directory: temporary("postgres")?,
            port: net::free_port()?,
        };
        ordinary_user::own(postgres.directory.path())?;
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
            format!("{}{CONF}port = {}\n", std::fs::read_to_string(&conf)?, postgres.port),
        )?;
        postgres.start_again()?;
        Ok(postgres)
    }

    /// Starts it after [`Postgres::stop`] or [`Postgres::kill`], with the data that it had.
    pub fn start_again(&self) -> anyhow::Result<()> {
        let log = self.directory.path().join("log");
        // A killed server's children may hold its memory for a moment, and it does not start beside them.
        net::wait_until("PostgreSQL", PATIENCE, || Ok(()), || self.try_to_start(&log)).with_context(|| {
            format!("it does not start: {}", std::fs::read_to_string(&log).unwrap_or_default())
        })
    }

    fn try_to_start(&self, log: &std::path::Path) -> bool {
        let mut command = self.program("pg_ctl");
        command.args(["start", "--silent", "--wait", "--pgdata"]).arg(self.data()).arg("--log").arg(log);
        succeeds(&mut command)
    }

    /// Ends it at once, as a crash would, but in order: every child is told.
    pub fn stop(&self) -> anyhow::Result<()> {
        let mut command = self.program("pg_ctl");
        command.args(["stop", "--silent", "--mode=immediate", "--pgdata"]).arg(self.data());
        anyhow::ensure!(succeeds(&mut command), "PostgreSQL on port {} did not stop", self.port);
        Ok(())
    }

    /// `kill -9`: what was committed is there after the next start.
    #[cfg(unix)]
    pub fn kill(&self) -> anyhow::Result<()> {
        use nix::sys::signal::{Signal, kill};
        use nix::unistd::Pid;

        let file = std::fs::read_to_string(self.data().join("postmaster.pid"))?;
        let id = file.lines().next().context("an empty postmaster.pid")?.trim().parse()?;
        kill(Pid::from_raw(id), Signal::SIGKILL)?;
        net::wait_until(
            "the end of PostgreSQL",
            PATIENCE,
            || Ok(()),
            || kill(Pid::from_raw(id), None).is_err(),
        )
    }

    /// There is no such signal here.
    #[cfg(not(unix))]
    pub fn kill(&self) -> anyhow::Result<()> {
        self.stop()
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Where it is, as a superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// One of PostgreSQL's programs, as somebody who is not root: it refuses root.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.directory.path()).env("LC_ALL", "C");
        ordinary_user::run_as(&mut command);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists()
            && let Err(error) = self.stop()
        {
            eprintln!("{error:#}");
        }
    }
}

/// Not piped: the server would inherit the pipe, and reading it would never end.
fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
