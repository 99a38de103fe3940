//! The bytes of a connection: every write has a deadline, and closing takes nothing back.
//!
//! A peer that takes nothing of what is written to it for as long as a write may take is gone. If the rest of its request is
//! not going to be read, what it still sends is read and thrown away for a moment after the answer: closing over unread bytes
//! makes the system send a reset, which may overtake the answer.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::{connection::Connection, register::Held};

/// How long, and how much, is read of a request that was answered before its end.
const LINGER: Duration = Duration::from_secs(1);
const MAX_LINGER: usize = 256 * 1024;

/// A connection's bytes. It is open in the register for as long as this is there.
pub(super) struct Stream {
    tcp: TcpStream,
    held: Held,
    write_within: Duration,
    /// While a write waits.
    deadline: Option<Pin<Box<Sleep>>>,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
}

impl Stream {
    pub(super) fn new(tcp: TcpStream, held: Held, write_within: Duration) -> Self {
        Self { tcp, held, write_within, deadline: None, lingering: None }
    }

    fn connection(&self) -> &Arc<Connection> {
        self.held.connection()
    }

    /// Sees how a write went; one that waits is given up after its time.
    fn in_time<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match written {
            Poll::Ready(written) => {
                if self.deadline.take().is_some() || written.is_ok() {
                    self.connection().was_written();
                }
                Poll::Ready(written)
            }
            Poll::Pending => {
                if self.deadline.is_none() {
                    self.connection().write_waits();
                }
                let within = self.write_within;
                let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(within)));
                ready!(deadline.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer takes nothing")))
            }
        }
    }

    /// Throws away what still comes, until the peer closes or a moment has passed.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (end, left) = self.lingering.get_or_insert_with(|| (Box::pin(sleep(LINGER)), MAX_LINGER));
        let mut space = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            match Pin::new(&mut self.tcp).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() && *left > 0 => {
                    *left = left.saturating_sub(buffer.filled().len());
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return end.as_mut().poll(cx),
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.tcp).poll_read(cx, buffer))?;
        if self.connection().was_read(buffer.filled().len() - before) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "too much that is no message")))
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write(cx, bytes);
        self.in_time(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(cx, bytes);
        self.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A TCP stream has nothing to flush.
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
            if !self.connection().has_unread() {
                return Poll::Ready(Ok(()));
            }
        }
        ready!(self.poll_linger(cx));
        Poll::Ready(Ok(()))
    }
}
