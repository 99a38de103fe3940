//! Ports and the one HTTP question we ask: are you ready?

use std::hash::{BuildHasher as _, RandomState};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::interrupt;

/// Between two questions to something that is starting.
const PAUSE: Duration = Duration::from_millis(30);

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// A port that nobody listens on, also after a restart: it lies below those that systems give to outgoing
/// connections (from 32768 on), one of which could take it otherwise before it is used again.
pub fn free_port() -> anyhow::Result<u16> {
    /// A few are taken; that all of these are is no chance.
    const TRIES: u64 = 1_000;
    // The standard library's only source of chance.
    let chance = RandomState::new();
    let drawn = (0..TRIES).filter_map(|at| u16::try_from(20_000 + chance.hash_one(at) % 12_000).ok());
    drawn.into_iter().find(|port| is_free(*port)).context("no free port")
}

/// Whether a server of ours could listen here.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Asks again and again until the answer is yes. `alive` ends the waiting early with a reason.
pub fn wait_until(
    what: &str,
    limit: Duration,
    mut alive: impl FnMut() -> anyhow::Result<()>,
    mut ready: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + limit;
    while !ready() {
        alive()?;
        if interrupt::requested() {
            bail!("interrupted");
        }
        if Instant::now() > deadline {
            bail!("{what} was not ready within {} s", limit.as_secs());
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// Sends a few bytes to a local port and returns the beginning of what comes back.
pub fn ask(port: u16, question: &[u8]) -> std::io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(question)?;
    let mut answer = [0_u8; 256];
    let count = stream.read(&mut answer)?;
    Ok(String::from_utf8_lossy(answer.get(..count).unwrap_or_default()).into_owned())
}

/// Whether `GET path` on a local port answers 200.
pub fn answers_ok(port: u16, path: &str) -> bool {
    let question = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    ask(port, question.as_bytes())
        .ok()
        .and_then(|answer| answer.split(' ').nth(1).map(|status| status == "200"))
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_answering(answer: &'static [u8]) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0_u8; 512];
            let _ = stream.read(&mut question).unwrap();
            stream.write_all(answer).unwrap();
        });
        port
    }

    #[test]
    fn ready_is_a_200_and_nothing_else() {
        assert!(answers_ok(server_answering(b"HTTP/1.1 200 OK\r\n\r\n"), "/api/health"));
        assert!(!answers_ok(server_answering(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), "/api/health"));
        assert!(!answers_ok(free_port().unwrap(), "/api/health"));
    }

    #[test]
    fn waiting_ends_early_when_the_thing_has_died() {
        let outcome = wait_until("it", Duration::from_secs(60), || bail!("it ended by itself"), || false);
        assert_eq!(outcome.unwrap_err().to_string(), "it ended by itself");
    }
}
