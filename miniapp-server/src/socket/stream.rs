//! A WebSocket whose frames go out as they are.
//!
//! The codec (tungstenite) reads frames, answers pings and closes. Before it writes a frame it copies it into a buffer that stays as large
//! as the largest frame was, and most sockets that are open have been sent a whole room once. So text and ping frames are written here: a
//! payload that many phones get is copied for none of them, several frames go out in one vectored write, and an idle socket holds no buffer.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures::{Sink, SinkExt, Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tungstenite::{
    Error, Message,
    protocol::{Role, WebSocketConfig},
};

/// Read into at first; grows for longer frames. Most sockets are idle, and hold this.
const READ_BUFFER: usize = 512;
/// A frame that is larger than the contract allows is still read, so that the phone learns why it is turned away, up to this.
pub(crate) const MAX_READ: usize = 64 * 1024;
/// At most so many frames go out in one write. Before the next write, incoming frames are read.
pub(crate) const FRAMES_IN_A_WRITE: usize = 16;
/// The first byte of a frame that is a whole message (RFC 6455, 5.2).
const TEXT: u8 = 0x81;
const PING: u8 = 0x89;
/// In the second byte: the length follows in two bytes, or in eight.
const LENGTH_IN_2: u8 = 126;
const LENGTH_IN_8: u8 = 127;

/// A phone's socket, on an upgraded HTTP connection.
pub(super) type PhoneStream = WebSocket<TokioIo<Upgraded>>;

/// The server's end of a WebSocket.
pub(super) struct WebSocket<S> {
    codec: WebSocketStream<S>,
    /// Frames that are not written yet, or not completely.
    waiting: VecDeque<Outgoing>,
    /// How many bytes of the first of them are written.
    written: usize,
    /// The close frame, which the codec writes after them.
    last: Option<Message>,
}

/// An unmasked frame that is a whole message.
struct Outgoing {
    head: [u8; 10],
    head_len: usize,
    payload: Bytes,
}

impl Outgoing {
    fn new(first: u8, payload: Bytes) -> Self {
        let mut head = [0; 10];
        head[0] = first;
        let length = payload.len();
        let head_len = if let Some(short) = u8::try_from(length).ok().filter(|short| *short < LENGTH_IN_2) {
            head[1] = short;
            2
        } else if let Ok(length) = u16::try_from(length) {
            head[1] = LENGTH_IN_2;
            head[2..4].copy_from_slice(&length.to_be_bytes());
            4
        } else {
            head[1] = LENGTH_IN_8;
            head[2..].copy_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
            10
        };
        Self { head, head_len, payload }
    }

    fn len(&self) -> usize {
        self.head_len + self.payload.len()
    }

    /// What is left to write after so many bytes: of the header, and of the payload.
    fn parts(&self, written: usize) -> [&[u8]; 2] {
        let head = self.head.get(written..self.head_len).unwrap_or_default();
        let payload = self.payload.get(written.saturating_sub(self.head_len)..).unwrap_or_default();
        [head, payload]
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    /// On a connection that was upgraded.
    pub(super) async fn on(connection: S) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_READ))
            .max_frame_size(Some(MAX_READ));
        let codec = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
        Self { codec, waiting: VecDeque::new(), written: 0, last: None }
    }

    /// Ready once all frames are written.
    fn poll_written(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Self { codec, waiting, written, .. } = self;
        if waiting.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if *written == 0 {
            // A pong that the codec has written in part must not go on within a frame.
            ready!(codec.poll_flush_unpin(cx))?;
        }
        while !waiting.is_empty() {
            let mut slices = [IoSlice::new(&[]); 2 * FRAMES_IN_A_WRITE];
            let mut skipped = *written;
            for (pair, frame) in slices.chunks_exact_mut(2).zip(&*waiting) {
                let [head, payload] = frame.parts(std::mem::take(&mut skipped));
                pair.copy_from_slice(&[IoSlice::new(head), IoSlice::new(payload)]);
            }
            let mut taken = ready!(Pin::new(codec.get_mut()).poll_write_vectored(cx, &slices))?;
            if taken == 0 {
                return Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into()));
            }
            taken += std::mem::take(written);
            while let Some(frame) = waiting.front().filter(|frame| frame.len() <= taken) {
                taken -= frame.len();
                waiting.pop_front();
            }
            *written = taken;
        }
        *waiting = VecDeque::new();
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for WebSocket<S> {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.written > 0 {
            // Reading may make the codec write a pong, which must not begin within a frame.
            if let Err(error) = ready!(self.poll_written(cx)) {
                return Poll::Ready(Some(Err(error)));
            }
        }
        self.codec.poll_next_unpin(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Message> for WebSocket<S> {
    type Error = Error;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.waiting.len() < FRAMES_IN_A_WRITE { Poll::Ready(Ok(())) } else { self.poll_written(cx) }
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        match message {
            Message::Text(text) => self.waiting.push_back(Outgoing::new(TEXT, text.into())),
            Message::Ping(payload) => self.waiting.push_back(Outgoing::new(PING, payload)),
            other if self.waiting.is_empty() => self.codec.start_send_unpin(other)?,
            other => self.last = Some(other),
        }
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        ready!(self.poll_written(cx))?;
        if let Some(last) = self.last.take() {
            self.codec.start_send_unpin(last)?;
        }
        self.codec.poll_flush_unpin(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        ready!(self.as_mut().poll_flush(cx))?;
        self.codec.poll_close_unpin(cx)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use proptest::prelude::*;
    use tokio::io::{DuplexStream, duplex};

    use super::*;

    type Client = WebSocketStream<DuplexStream>;

    /// The two ends of a connection that holds so many bytes each way.
    async fn connected(holds: usize) -> (WebSocket<DuplexStream>, Client) {
        let (here, there) = duplex(holds);
        (WebSocket::on(here).await, WebSocketStream::from_raw_socket(there, Role::Client, None).await)
    }

    fn text(length: usize) -> Message {
        Message::text("x".repeat(length))
    }

    async fn next(client: &mut Client) -> Message {
        client.next().await.expect("the socket has ended").expect("a broken frame")
    }

    #[test]
    fn a_header_is_the_same_as_the_codecs() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload = Bytes::from(vec![b'x'; length]);
            let mut expected = Vec::new();
            let frame = tungstenite::protocol::frame::Frame::message(
                payload.clone(),
                tungstenite::protocol::frame::coding::OpCode::Data(
                    tungstenite::protocol::frame::coding::Data::Text,
                ),
                true,
            );
            frame.format(&mut expected).unwrap();
            assert_eq!(Outgoing::new(TEXT, payload).parts(0).concat(), expected, "{length} bytes");
        }
    }

    #[tokio::test]
    async fn an_idle_socket_holds_no_buffer() {
        let (mut server, mut client) = connected(1 << 20).await;
        for length in [10, 60_000] {
            server.send(text(length)).await.unwrap();
            assert_eq!(next(&mut client).await, text(length));
        }
        assert_eq!(server.waiting.capacity(), 0);
    }

    #[tokio::test]
    async fn a_close_frame_comes_after_all_frames_that_were_sent_before_it() {
        let (mut server, mut client) = connected(64).await;
        let says = async {
            server.feed(text(500)).await.unwrap();
            server.feed(Message::Close(None)).await.unwrap();
            server.flush().await.unwrap();
        };
        let reads = async {
            assert_eq!(next(&mut client).await, text(500));
            assert_eq!(next(&mut client).await, Message::Close(None));
        };
        tokio::join!(says, reads);
    }

    proptest! {
        /// However little the connection takes at once, and whatever the phone sends meanwhile.
        #[test]
        fn frames_come_whole_and_in_order_and_pings_are_answered(
            holds in 1_usize..300,
            lengths in prop::collection::vec(0_usize..400, 1..40),
            together in 1_usize..20,
            pings in 0_usize..6,
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let (mut server, client) = connected(holds).await;
                let (mut sends, mut reads) = client.split();
                let pinging = async {
                    for _ in 0..pings {
                        sends.send(Message::Ping(Bytes::from_static(b"are you there"))).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                };
                let lengths = &lengths;
                let serving = async {
                    for turn in lengths.chunks(together) {
                        for length in turn {
                            server.feed(text(*length)).await.unwrap();
                        }
                        // As a socket does whose phone sends something while it is written to.
                        while server.next().now_or_never().is_some() {}
                        server.flush().await.unwrap();
                    }
                    while server.next().await.is_some() {}
                };
                let reading = async {
                    let mut texts = Vec::new();
                    while texts.len() < lengths.len() {
                        match reads.next().await.unwrap().unwrap() {
                            Message::Text(text) => texts.push(text.len()),
                            Message::Pong(payload) => assert_eq!(&payload[..], b"are you there"),
                            other => panic!("{other:?}"),
                        }
                    }
                    texts
                };
                let texts = tokio::select! {
                    _ = futures::future::join(serving, pinging) => panic!("the phone has gone"),
                    texts = reading => texts,
                };
                assert_eq!(&texts, lengths);
            });
        }
    }
}
