//! A real coturn, and who it lets in. No package of it is usual on Windows.

use std::{
    net::{TcpListener, UdpSocket},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::*;

/// A coturn on this machine. Ends with this.
struct Coturn {
    child: Child,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Drop for Coturn {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

const MISSING: &str = "coturn's programs do not start: run `cargo xtask test`, which installs it";

impl Coturn {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("turnserver.conf");
        let port = free_port();
        let path = |name: &str| directory.path().join(name).display().to_string();
        let settings = format!(
            "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port={port}\nuse-auth-secret\n\
             static-auth-secret={SECRET}\nrealm=sovpalo\nno-tls\nno-dtls\nno-cli\nallow-loopback-peers\n\
             cli-password=unused\npidfile={}\nuserdb={}\nlog-file=stdout\nsimple-log\n",
            path("pid"),
            path("userdb"),
        );
        std::fs::write(&file, settings).unwrap();
        let mut command = program("turnserver");
        command.arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: command.spawn().expect(MISSING), port, _directory: directory }
    }

    /// Whether somebody with these credentials is given an address, and what they send there comes back.
    fn allocates(&self, server: &IceServer) -> bool {
        let port = self.port.to_string();
        let (name, password) = (server.username.as_deref().unwrap(), server.credential.as_deref().unwrap());
        let outcome = program("turnutils_uclient")
            // One client that sends to itself, over TCP, which needs no second try.
            .args([
                "-t",
                "-y",
                "-c",
                "-m",
                "1",
                "-n",
                "1",
                "-u",
                name,
                "-w",
                password,
                "-p",
                &port,
                "127.0.0.1",
            ])
            .output()
            .expect(MISSING);
        outcome.status.success()
            && !String::from_utf8_lossy(&outcome.stdout).contains("Cannot complete Allocation")
    }

    /// Waits until it listens.
    fn up(&mut self) {
        let until = std::time::Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "coturn ended");
            assert!(std::time::Instant::now() < until, "coturn does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// One of coturn's programs, from where `cargo xtask test` found them.
fn program(name: &str) -> Command {
    Command::new(std::env::var_os("COTURN").map_or_else(|| name.into(), |place| Path::new(&place).join(name)))
}

/// One that nobody has, for both protocols.
fn free_port() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

#[test]
fn a_real_coturn_takes_credentials_of_its_secret_and_no_others() {
    let mut coturn = Coturn::start();
    coturn.up();
    assert!(coturn.allocates(&turn(SECRET).server_for(user(), now())), "the right secret, now");
    assert!(!coturn.allocates(&turn("another secret").server_for(user(), now())), "another secret");
    let long_ago = Timestamp::from_millis(now().millis() - 2 * 3_600_000);
    assert!(!coturn.allocates(&turn(SECRET).server_for(user(), long_ago)), "they have expired");
}
