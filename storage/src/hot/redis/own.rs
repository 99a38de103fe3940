//! A Redis of a test's own, which it may kill.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The server; it ends with this.
pub(crate) struct OwnRedis {
    port: u16,
    directory: tempfile::TempDir,
    arguments: &'static [&'static str],
    child: Option<Child>,
}

impl OwnRedis {
    /// One that keeps nothing on disk.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A cluster of one.
    pub(crate) async fn cluster() -> Self {
        let server = Self::with(&["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"]).await;
        server.ask("CLUSTER ADDSLOTSRANGE 0 16383").await;
        while !server.ask("CLUSTER INFO").await.contains("cluster_state:ok") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server
    }

    async fn with(arguments: &'static [&'static str]) -> Self {
        let mut server =
            Self { port: free_port(), directory: tempfile::tempdir().unwrap(), arguments, child: None };
        server.revive().await;
        server
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.arguments.is_empty() { "redis" } else { "redis-cluster" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// Ends it without a word. All that it held is gone.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it at the same address.
    pub(crate) async fn revive(&mut self) {
        let program = std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".into());
        let child = Command::new(program)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .args(["--port", &self.port.to_string(), "--dir"])
            .arg(self.directory.path())
            .args(self.arguments)
            .stdout(Stdio::null())
            .spawn()
            .expect("`redis-server` does not start: run `cargo xtask test`, which installs Redis");
        self.child = Some(child);
        let up = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), up).await.expect("Redis does not answer");
    }

    /// Says something to it on a connection of its own.
    pub(crate) async fn ask(&self, command: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Below the ports that systems give to outgoing connections, one of which could take it otherwise; a cluster also needs the one
/// 10,000 above.
fn free_port() -> u16 {
    loop {
        let port = rand::random_range(12_000..22_000);
        let free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        if free(port) && free(port + 10_000) {
            return port;
        }
    }
}
