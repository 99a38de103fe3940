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
pub(super) struct Budget {
    frames: Limiter,
    bytes: Limiter,
    counts_data: bool,
}

impl Budget {
    /// `counts_data: false` counts control frames only.
    pub(super) fn new(counts_data: bool) -> Self {
        let limiter = |rate, at_once| {
            RateLimiter::direct_with_clock(Quota::per_second(rate).allow_burst(at_once), MonotonicClock)
        };
        Self { frames: limiter(FRAMES, FRAMES_AT_ONCE), bytes: limiter(BYTES, BYTES_AT_ONCE), counts_data }
    }

    /// Counts a message. False: that was too much.
    pub(super) fn takes(&self, message: &Message) -> bool {
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
    use super::*;

    fn taken(budget: &Budget, message: &Message) -> usize {
        (0..5_000).take_while(|_| budget.takes(message)).count()
    }

    #[test]
    fn every_kind_of_frame_spends_the_same_budget() {
        let ping = Message::Ping(bytes::Bytes::new());
        for message in [&ping, &Message::Pong(bytes::Bytes::new()), &Message::Text("{}".into())] {
            let taken = taken(&Budget::new(true), message);
            assert!((100..=160).contains(&taken), "{message:?}: {taken}");
        }
        let budget = Budget::new(true);
        taken(&budget, &Message::Text("{}".into()));
        assert!(taken(&budget, &ping) < 60, "what the data spent is not there for pings");
    }

    #[test]
    fn large_frames_spend_bytes_before_they_spend_frames() {
        let budget = Budget::new(true);
        let taken = taken(&budget, &Message::Text("x".repeat(60 * 1024).into()));
        assert!((4..=8).contains(&taken), "{taken}");
    }

    #[test]
    fn without_limits_data_is_free_and_pings_are_not() {
        let budget = Budget::new(false);
        assert_eq!(taken(&budget, &Message::Text("{}".into())), 5_000);
        assert!(taken(&budget, &Message::Ping(bytes::Bytes::new())) < 200);
    }
}
