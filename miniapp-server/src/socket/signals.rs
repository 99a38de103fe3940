//! What phones tell each other without anybody keeping it: that somebody is typing.

use std::{num::NonZeroU32, sync::Arc};

use governor::{
    Quota, RateLimiter,
    clock::MonotonicClock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use sovpalo_domain::ids::{RoomCode, UserId};
use sovpalo_live::hot::{Publish, Published};
use tokio::task::JoinHandle;

/// Signals a second from one socket. Those beyond it are dropped without a word.
pub(crate) const SIGNALS: NonZeroU32 = NonZeroU32::new(10).unwrap();

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// The signals of one socket, on their way out.
pub(super) struct Signals {
    limiter: Limiter,
    sending: Option<JoinHandle<()>>,
}

impl Default for Signals {
    fn default() -> Self {
        let limiter = RateLimiter::direct_with_clock(Quota::per_second(SIGNALS), MonotonicClock);
        Self { limiter, sending: None }
    }
}

impl Signals {
    /// Sends a signal, unless there were too many or the one before is still on its way.
    pub(super) fn send(
        &mut self,
        hot: Arc<dyn Publish>,
        room: RoomCode,
        from: UserId,
        to: Option<UserId>,
        body: &str,
    ) {
        let is_busy = self.sending.as_ref().is_some_and(|sending| !sending.is_finished());
        if is_busy || self.limiter.check().is_err() {
            return;
        }
        let signal = Published::Signal { from, to, body: body.into() };
        self.sending = Some(tokio::spawn(async move {
            // Whoever is not reached now has no use for it later.
            hot.publish(room, &signal).await.ok();
        }));
    }
}
