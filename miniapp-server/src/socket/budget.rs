//! How much one socket may send: frames and bytes, whatever they are.
//!
//! Commands have an allowance of their own per person; this one is for what no allowance counts, pings above all, each of which
//! costs an answer. `LIMITS=off` lifts it for data frames, which a benchmark sends as fast as it can, and never for control frames.

use std::num::NonZeroU32;

use axum::extract::ws::Message;
use governor::{
    Quota, RateLimiter,
    clock::MonotonicClock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};

/// Frames a second from one socket, control frames (pings) among them. Beyond it the socket is closed with 4429.
pub(crate) const FRAMES: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// So many at once.
pub(crate) const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// Bytes a second from one socket. Beyond it the socket is closed with 4429.
pub(crate) const BYTES: NonZeroU32 = NonZeroU32::new(64 * 1024).unwrap();
/// So many at once.
pub(crate) const BYTES_AT_ONCE: NonZeroU32 = NonZeroU32::new(256 * 1024).unwrap();
/// What a frame's head costs a client at the least.
const HEAD: u32 = 6;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// What one socket has left.
pub(crate) struct Budget {
    frames: Limiter,
    bytes: Limiter,
    counts_data: bool,
}

impl Budget {
    /// `counts_data: false` counts control frames only.
    pub(crate) fn new(counts_data: bool) -> Self {
        let limiter = |rate, at_once| {
            RateLimiter::direct_with_clock(Quota::per_second(rate).allow_burst(at_once), MonotonicClock)
        };
        Self { frames: limiter(FRAMES, FRAMES_AT_ONCE), bytes: limiter(BYTES, BYTES_AT_ONCE), counts_data }
    }

    /// Counts a message. False: that was too much.
    pub(crate) fn takes(&self, message: &Message) -> bool {
        let length = match message {
            Message::Text(text) if self.counts_data => text.len(),
            Message::Binary(bytes) if self.counts_data => bytes.len(),
            Message::Text(_) | Message::Binary(_) => return true,
            Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
            Message::Close(_) => 0,
        };
        let bytes = u32::try_from(length).unwrap_or(u32::MAX).saturating_add(HEAD);
        let bytes = NonZeroU32::new(bytes).unwrap_or(NonZeroU32::MIN);
        self.frames.check().is_ok() && matches!(self.bytes.check_n(bytes), Ok(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn taken(budget: &Budget, message: &Message) -> usize {
        (0..5_000).take_while(|_| budget.takes(message)).count()
    }

    /// What comes back while a test takes its time, on a machine that has more to do.
    fn meanwhile(began: Instant, a_second: usize) -> usize {
        a_second * usize::try_from(began.elapsed().as_secs() + 1).unwrap()
    }

    #[test]
    fn every_kind_of_frame_spends_the_same_budget() {
        let ping = Message::Ping(bytes::Bytes::new());
        for message in [&ping, &Message::Pong(bytes::Bytes::new()), &Message::Text("{}".into())] {
            let began = Instant::now();
            let taken = taken(&Budget::new(true), message);
            assert!((100..=100 + meanwhile(began, 50)).contains(&taken), "{message:?}: {taken}");
        }
        let (budget, began) = (Budget::new(true), Instant::now());
        taken(&budget, &Message::Text("{}".into()));
        let pings = taken(&budget, &ping);
        assert!(pings <= meanwhile(began, 50), "what the data spent is not there for pings: {pings}");
    }

    #[test]
    fn large_frames_spend_bytes_before_they_spend_frames() {
        let (budget, began) = (Budget::new(true), Instant::now());
        let taken = taken(&budget, &Message::Text("x".repeat(60 * 1024).into()));
        assert!((4..=4 + meanwhile(began, 2)).contains(&taken), "{taken}");
    }

    #[test]
    fn without_limits_data_is_free_and_pings_are_not() {
        let budget = Budget::new(false);
        assert_eq!(taken(&budget, &Message::Text("{}".into())), 5_000);
        let began = Instant::now();
        assert!(taken(&budget, &Message::Ping(bytes::Bytes::new())) <= 100 + meanwhile(began, 50));
    }
}
