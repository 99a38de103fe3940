//! The one way to run a program: shown before it runs, explained when it fails, never left behind.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::interrupt;

/// How long a process may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(8);

/// The command line as one would type it.
fn shown(command: &Command) -> String {
    let name = PathBuf::from(command.get_program());
    let name = name.file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn announce(command: &Command) {
    eprintln!("\n$ {}", shown(command));
}

fn judged(command: &Command, status: ExitStatus) -> anyhow::Result<()> {
    if status.success() {
        return Ok(());
    }
    match status.code() {
        Some(code) => bail!("`{}` ended with code {code}", shown(command)),
        None => bail!("`{}` was ended by a signal", shown(command)),
    }
}

/// Runs to the end in the open; failure is an error that names the command.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    announce(command);
    let status = command.status().with_context(|| format!("cannot start `{}`", shown(command)))?;
    judged(command, status)
}

/// Runs to the end in silence and shows what it said only if it failed.
pub fn quietly(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", shown(command)))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    judged(command, output.status)
        .with_context(|| format!("{said}{}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(said)
}

/// What a program that was watched while it ran has said, and how it ended.
pub struct Watched {
    /// Both of its streams, without colours.
    pub text: String,
    /// Its exit code; `None`: a signal ended it.
    pub code: Option<i32>,
    /// An error that names the command if it failed.
    pub ended: anyhow::Result<()>,
}

/// Runs to the end in the open and keeps a copy of what it said. It runs no longer than `limit`, and not on after Ctrl-C.
pub fn watched(name: &'static str, command: &mut Command, limit: Duration) -> anyhow::Result<Watched> {
    announce(command);
    let mut running = Running::start(name, command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (stdout, stderr) = (running.child.stdout.take(), running.child.stderr.take());
    let copiers = [
        stdout.map(|stream| copy(stream, std::io::stdout(), Arc::clone(&kept))),
        stderr.map(|stream| copy(stream, std::io::stderr(), Arc::clone(&kept))),
    ];
    let status = running.wait(limit)?;
    for copier in copiers.into_iter().flatten() {
        // A copier that panicked has lost output only; the exit status still decides.
        let _ = copier.join();
    }
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let text = without_colours(&String::from_utf8_lossy(&kept));
    Ok(Watched { text, code: status.code(), ended: judged(command, status) })
}

fn copy(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    kept: Arc<Mutex<Vec<u8>>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0_u8; 8 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let piece = buffer.get(..count).unwrap_or_default();
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(piece);
            // Our own output may be closed (`| head`); the child must still be drained.
            let _ = to.write_all(piece).and_then(|()| to.flush());
        }
    })
}

/// The text without terminal escape sequences (`ESC [ … letter`).
pub fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.by_ref().skip(1).find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

/// A process that runs beside us and ends when this value does.
pub struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts a program beside us.
    pub fn start(name: &'static str, command: &mut Command) -> anyhow::Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {name} (`{}`)", shown(command)))?;
        Ok(Self { name, child })
    }

    /// What it prints, if its standard output was piped.
    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// An error once it has ended, which nobody who calls this wanted.
    pub fn still_there(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended by itself ({status})", self.name),
        }
    }

    /// Waits for it to end by itself, no longer than `limit` and not after Ctrl-C.
    fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if interrupt::requested() {
                bail!("interrupted");
            }
            if Instant::now() > deadline {
                bail!("{} did not end within {} s", self.name, limit.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks it to end. Harmless if it has ended already.
    pub fn ask_to_end(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            polite_end(&mut self.child);
        }
    }

    /// `kill -9`: it is gone when this returns. Harmless if it has ended already.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Its id, for as long as this value lives.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Freezes it where it stands, until [`Running::thaw`].
    #[cfg(unix)]
    pub fn freeze(&self) -> anyhow::Result<()> {
        Ok(signal(&self.child, nix::sys::signal::Signal::SIGSTOP)?)
    }

    /// Lets it go on. Harmless if it was not frozen.
    #[cfg(unix)]
    pub fn thaw(&self) -> anyhow::Result<()> {
        Ok(signal(&self.child, nix::sys::signal::Signal::SIGCONT)?)
    }

    fn end(&mut self) {
        self.ask_to_end();
        let deadline = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                eprintln!("{} does not end by itself; killing it", self.name);
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(unix)]
fn polite_end(child: &mut Child) {
    use nix::sys::signal::Signal;

    // It may have ended meanwhile, or be frozen, and then hears nothing before it is thawed.
    let _ = signal(child, Signal::SIGTERM);
    let _ = signal(child, Signal::SIGCONT);
}

/// The child has not been waited for, so the id is still its own.
#[cfg(unix)]
fn signal(child: &Child, signal: nix::sys::signal::Signal) -> nix::Result<()> {
    let id = i32::try_from(child.id()).map_err(|_| nix::errno::Errno::ESRCH)?;
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), signal)
}

/// Windows has no polite request for a process without a window; Ctrl-C in the console has reached
/// it already, and otherwise it is ended.
#[cfg(not(unix))]
fn polite_end(child: &mut Child) {
    if !interrupt::requested() {
        let _ = child.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_and_words_stay() {
        assert_eq!(without_colours("\u{1b}[1m\u{1b}[32m12\u{1b}[0m passed"), "12 passed");
    }

    #[test]
    fn a_command_is_shown_as_one_would_type_it() {
        let mut command = Command::new("/somewhere/bin/initdb");
        command.args(["-U", "postgres"]);
        assert_eq!(shown(&command), "initdb -U postgres");
    }
}
