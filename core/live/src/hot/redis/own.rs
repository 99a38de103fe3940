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

use super::way::Way;

/// The server; it ends with this.
pub(crate) struct OwnRedis {
    port: u16,
    directory: tempfile::TempDir,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl OwnRedis {
    /// One that keeps nothing on disk.
    pub(crate) async fn start() -> Self {
        Self::with([]).await
    }

    /// A copy of this one, which has all that this one has by now.
    pub(crate) async fn copy(&self) -> Self {
        let copy = Self::with(["--replicaof".to_owned(), format!("127.0.0.1 {}", self.port)]).await;
        copy.until("INFO replication", "master_link_status:up").await;
        copy
    }

    /// A sentinel that soon lets a copy of this one take over, and its URL.
    pub(crate) async fn sentinel(&self) -> (Self, String) {
        let port = free_port();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sentinel.conf");
        let watched = format!(
            "sentinel monitor rooms 127.0.0.1 {} 1\nsentinel down-after-milliseconds rooms 300\n\
             sentinel failover-timeout rooms 2000\n",
            self.port
        );
        std::fs::write(&file, watched).unwrap();
        let arguments = vec![file.to_str().unwrap().to_owned(), "--sentinel".to_owned()];
        let mut sentinel = Self { port, directory, arguments, child: None };
        sentinel.revive().await;
        // Without having heard of the copies it has nobody to let take over.
        sentinel.until("SENTINEL MASTER rooms", "num-slaves\r\n$1\r\n1").await;
        let url = format!("redis-sentinel://127.0.0.1:{port}?sentinelServiceName=rooms");
        (sentinel, url)
    }

    /// A cluster of one.
    pub(crate) async fn cluster() -> Self {
        let arguments = ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"];
        let server = Self::with(arguments.map(str::to_owned)).await;
        server.ask("CLUSTER ADDSLOTSRANGE 0 16383").await;
        server.until("CLUSTER INFO", "cluster_state:ok").await;
        server
    }

    /// One that has just begun to load its data from disk, which takes some seconds.
    pub(crate) async fn loading() -> Self {
        let mut server = Self::with(["--enable-debug-command", "yes"].map(str::to_owned)).await;
        server.ask("DEBUG POPULATE 3000").await;
        server.ask("SAVE").await;
        server.kill();
        // So many microseconds for each key, and a look at what people ask in between.
        let slowly = ["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"];
        server.arguments.extend(slowly.map(str::to_owned));
        server.revive().await;
        server
    }

    /// One that lets in who says this password.
    pub(crate) async fn guarded(password: &str) -> Self {
        Self::with(["--requirepass".to_owned(), password.to_owned()]).await
    }

    async fn with<const N: usize>(arguments: [String; N]) -> Self {
        let arguments = arguments.to_vec();
        let mut server =
            Self { port: free_port(), directory: tempfile::tempdir().unwrap(), arguments, child: None };
        server.revive().await;
        server
    }

    pub(crate) fn url(&self) -> String {
        let is_cluster = self.arguments.iter().any(|argument| argument == "--cluster-enabled");
        let scheme = if is_cluster { "redis-cluster" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// A way to it on which answers can be lost.
    pub(crate) async fn way(&self) -> Way {
        Way::to(self.port).await
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
        let is_sentinel = self.arguments.iter().any(|argument| argument == "--sentinel");
        let keeps_nothing: &[&str] = if is_sentinel { &[] } else { &["--save", "", "--appendonly", "no"] };
        let child = Command::new(program)
            // A sentinel's file comes first.
            .args(&self.arguments)
            .args(["--bind", "127.0.0.1", "--loglevel", "warning"])
            .args(keeps_nothing)
            .args(["--port", &self.port.to_string(), "--dir"])
            .arg(self.directory.path())
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

    /// Asks until the answer has this in it.
    async fn until(&self, question: &str, wanted: &str) {
        let asking = async {
            while !self.ask(question).await.contains(wanted) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let asked = tokio::time::timeout(Duration::from_secs(30), asking).await;
        asked.unwrap_or_else(|_| panic!("{question} never said {wanted}"));
    }

    /// Says something to it on a connection of its own.
    pub(crate) async fn ask(&self, command: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap();
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.unwrap();
        // A sentinel does not know how to be left.
        stream.shutdown().await.unwrap();
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
