//! How much one socket may send: frames and bytes, whatever they are.
//!
//! Commands have an allowance of their own per person; this one is for what no allowance counts, pings above all, each of which
//! costs an answer. `LIMITS=off` lifts rates per person and address, and not this: data frames, which a benchmark sends one after the
//! other as fast as they are answered, have a budget of their own then, which is wider and ends as well.

use std::num::NonZeroU32;

use governor::{
    Quota, RateLimiter,
    clock::MonotonicClock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use tungstenite::Message;

/// Frames a second from one socket, control frames (pings) among them. Beyond it the socket is closed with 4429.
pub(crate) const FRAMES: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// So many at once.
pub(crate) const FRAMES_AT_ONCE: NonZeroU32 = NonZeroU32::new(100).unwrap();
/// Bytes a second from one socket. Beyond it the socket is closed with 4429.
pub(crate) const BYTES: NonZeroU32 = NonZeroU32::new(64 * 1024).unwrap();
/// So many at once.
pub(crate) const BYTES_AT_ONCE: NonZeroU32 = NonZeroU32::new(256 * 1024).unwrap();
/// With `LIMITS=off`, data frames of one socket and their bytes have so many times as much, for themselves. Beyond it the socket is closed with 4429.
pub const WIDER_WITHOUT_LIMITS: u32 = 20;
/// What a frame's head costs a client at the least.
const HEAD: u32 = 6;

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// What one socket has left.
pub(crate) struct Budget {
    all: Share,
    /// Of data frames alone; `None`: they share with the others.
    data: Option<Box<Share>>,
}

struct Share {
    frames: Limiter,
    bytes: Limiter,
}

impl Budget {
    /// What a socket has; `wider`: so many times as much for its data frames alone.
    pub(crate) fn new(wider: Option<u32>) -> Self {
        let data = wider.map(|times| Box::new(Share::of(times)));
        Self { all: Share::of(1), data }
    }

    /// Counts a message. False: that was too much.
    pub(crate) fn takes(&self, message: &Message) -> bool {
        let data = self.data.as_deref().unwrap_or(&self.all);
        match message {
            Message::Text(text) => data.takes(text.len()),
            Message::Binary(bytes) => data.takes(bytes.len()),
            Message::Ping(bytes) | Message::Pong(bytes) => self.all.takes(bytes.len()),
            Message::Close(_) | Message::Frame(_) => self.all.takes(0),
        }
    }
}

impl Share {
    fn of(times: u32) -> Self {
        let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
        let limiter = |rate: NonZeroU32, at_once: NonZeroU32| {
            let quota = Quota::per_second(rate.saturating_mul(times));
            RateLimiter::direct_with_clock(quota.allow_burst(at_once.saturating_mul(times)), MonotonicClock)
        };
        Self { frames: limiter(FRAMES, FRAMES_AT_ONCE), bytes: limiter(BYTES, BYTES_AT_ONCE) }
    }

    fn takes(&self, length: usize) -> bool {
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
            let taken = taken(&Budget::new(None), message);
            assert!((100..=100 + meanwhile(began, 50)).contains(&taken), "{message:?}: {taken}");
        }
        let (budget, began) = (Budget::new(None), Instant::now());
        taken(&budget, &Message::Text("{}".into()));
        let pings = taken(&budget, &ping);
        assert!(pings <= meanwhile(began, 50), "what the data spent is not there for pings: {pings}");
    }

    #[test]
    fn large_frames_spend_bytes_before_they_spend_frames() {
        let (budget, began) = (Budget::new(None), Instant::now());
        let taken = taken(&budget, &Message::Text("x".repeat(60 * 1024).into()));
        assert!((4..=4 + meanwhile(began, 2)).contains(&taken), "{taken}");
    }

    #[test]
    fn without_limits_data_has_a_wider_budget_of_its_own_and_pings_have_the_same() {
        let wider = usize::try_from(WIDER_WITHOUT_LIMITS).unwrap();
        let (budget, began) = (Budget::new(Some(WIDER_WITHOUT_LIMITS)), Instant::now());
        let data = taken(&budget, &Message::Text("{}".into()));
        assert!((100 * wider..=(100 + meanwhile(began, 50)) * wider).contains(&data), "{data}");
        let large =
            taken(&Budget::new(Some(WIDER_WITHOUT_LIMITS)), &Message::Text("x".repeat(60 * 1024).into()));
        assert!((4 * wider..=(6 + meanwhile(began, 2)) * wider).contains(&large), "{large}");
        let pings = taken(&budget, &Message::Ping(bytes::Bytes::new()));
        assert!((100..=100 + meanwhile(began, 50)).contains(&pings), "{pings}");
    }
}
