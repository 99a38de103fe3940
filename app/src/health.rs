//! `sovpalo health`: asks the process that runs with the same settings on this machine how it is, for a container's health check.
//!
//! Promises an exit code within [`WITHIN`]: 0 if it answers and can work, 1 if not. A server is asked at `LISTEN`; a bot that listens
//! nowhere, because it fetches updates, is asked for its metrics. A process whose listener has ended ends too, so that one of them
//! is enough.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::config::Config;

/// How long the answer may take; a process that needs longer counts as one that does not answer.
pub(crate) const WITHIN: Duration = Duration::from_secs(3);

/// Asks, and says on standard error what is wrong.
pub(crate) fn ask(config: &Config) -> ExitCode {
    let deadline = Instant::now() + WITHIN;
    let listens = status(config.listen, "/api/health", deadline);
    let metrics = || Some(status(config.metrics_listen?, "/metrics", deadline));
    let answer = match listens {
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            metrics().unwrap_or(Err(error))
        }
        other => other,
    };
    match answer {
        // A bot has no such page and says 404, which is an answer.
        Ok(status) if status < 500 => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("it answers {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("it does not answer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where a process on this machine is reached that listens there.
fn here(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, v6.port()).into(),
        other => other,
    }
}

fn status(address: SocketAddr, path: &str, deadline: Instant) -> std::io::Result<u16> {
    let left = || deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let mut stream = TcpStream::connect_timeout(&here(address), left())?;
    stream.set_write_timeout(Some(left()))?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    // "HTTP/1.1 200": what comes after that does not matter.
    let mut start = [0_u8; 12];
    let mut had = 0;
    while had < start.len() {
        stream.set_read_timeout(Some(left()))?;
        match stream.read(&mut start[had..])? {
            0 => break,
            more => had += more,
        }
        if Instant::now() >= deadline {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
    }
    let code = std::str::from_utf8(&start).ok().and_then(|start| start.strip_prefix("HTTP/1.1 "));
    code.and_then(|code| code.parse().ok()).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn an_address_for_everybody_is_asked_on_this_machine() {
        for (listens, asked) in
            [("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("127.0.0.2:1", "127.0.0.2:1")]
        {
            assert_eq!(here(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }

    #[test]
    fn whoever_says_nothing_is_given_up_in_time() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = silent.local_addr().unwrap();
        let outcome = status(address, "/", Instant::now() + Duration::from_millis(50));
        assert!(outcome.is_err(), "there is no answer");
    }
}
