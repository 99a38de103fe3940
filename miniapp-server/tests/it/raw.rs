//! A connection that says exactly what a test wants, byte by byte.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::harness::{SOON, TestApp};

/// A connection of nobody in particular.
pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
    read: Vec<u8>,
}

impl Raw {
    pub(crate) async fn open(app: &TestApp) -> Self {
        Self::from(Ipv4Addr::LOCALHOST, app).await
    }

    /// From another address of this machine. (All of 127.0.0.0/8 is.)
    pub(crate) async fn from(address: Ipv4Addr, app: &TestApp) -> Self {
        Self::to(app.address().parse().unwrap(), address).await
    }

    pub(crate) async fn to(server: SocketAddr, from: Ipv4Addr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        if from != Ipv4Addr::LOCALHOST {
            socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).unwrap();
        }
        let stream = timeout(SOON, socket.connect(server)).await.expect("nobody listens").unwrap();
        Self { stream, read: Vec::new() }
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.expect("the connection is gone");
    }

    /// A request without a body.
    pub(crate) async fn ask(&mut self, line: &str, headers: &str) -> Option<(u16, String)> {
        // Whoever was closed learns that from the answer that does not come.
        let request = format!("{line} HTTP/1.1\r\nHost: test\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes()).await.ok();
        self.answer().await
    }

    /// The next answer: its status and its head, in lower case. `None`: the connection was closed.
    pub(crate) async fn answer(&mut self) -> Option<(u16, String)> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap().to_ascii_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        while self.read.len() < length {
            self.more().await?;
        }
        self.read.drain(..length);
        Some((status, head))
    }

    async fn more(&mut self) -> Option<()> {
        let read =
            timeout(SOON, self.stream.read_buf(&mut self.read)).await.expect("neither an answer nor an end");
        read.ok().filter(|read| *read > 0).map(drop)
    }

    /// Waits for the end.
    pub(crate) async fn closed(&mut self) {
        while self.more().await.is_some() {}
    }

    /// Whether the server has closed it. Answers that were not read are gone then.
    pub(crate) fn is_closed(&self) -> bool {
        loop {
            match self.stream.try_read(&mut [0; 1024]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
            }
        }
    }
}
