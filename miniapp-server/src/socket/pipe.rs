//! A socket, and the connection that it is on: what goes out on it, as fast as the phone takes it.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::{FutureExt, StreamExt};
use tokio::time::{sleep, timeout};
use tungstenite::{Error, Utf8Bytes};

use super::stream::PhoneStream;
use crate::listen::connection::Connection;

/// Of what still comes after the last word, so many frames are passed over at once, and then none for a moment.
const DRAINED_AT_ONCE: usize = 32;
const BETWEEN_DRAINED: Duration = Duration::from_millis(10);

/// One of the socket's ways to be waited for.
pub(super) type Way = fn(Pin<&mut PhoneStream>, &mut Context<'_>) -> Poll<Result<(), Error>>;

/// Why nothing more goes out.
pub(super) enum Stuck {
    /// The phone is gone.
    Gone,
    /// It takes too long.
    Slow,
}

/// How far what is due was told.
pub(super) enum Telling {
    /// Nothing is left.
    Done,
    /// There is more.
    More,
    /// The phone has to be waited for, before this.
    Waits(Option<Utf8Bytes>),
}

/// A socket.
pub(super) struct Wire {
    pub(super) socket: PhoneStream,
    pub(super) connection: Arc<Connection>,
}

impl Wire {
    /// Whether the phone has taken what was said; `None`: it has to be waited for.
    pub(super) fn has_taken(&mut self, way: Way) -> Option<Result<(), Stuck>> {
        let taken = poll_fn(|cx| way(Pin::new(&mut self.socket), cx)).now_or_never()?;
        Some(taken.map_err(|_| Stuck::Gone))
    }

    /// Waits until the phone has taken what was said.
    pub(super) async fn until_taken(&mut self, way: Way, patience: Duration) -> Result<(), Stuck> {
        match timeout(patience, poll_fn(|cx| way(Pin::new(&mut self.socket), cx))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Stuck::Gone),
            Err(_) => Err(Stuck::Slow),
        }
    }

    /// Passes over what the phone had sent before it heard that this is the end; slowly, since it may never stop.
    pub(super) async fn drain(&mut self) {
        let mut drained = 0_usize;
        while let Some(Ok(_)) = self.socket.next().await {
            self.connection.message_ended();
            drained += 1;
            if drained.is_multiple_of(DRAINED_AT_ONCE) {
                sleep(BETWEEN_DRAINED).await;
            }
        }
    }
}
