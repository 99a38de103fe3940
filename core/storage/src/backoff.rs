//! How long to wait before the next try: a second, then twice as long each time, up to a bound.

use std::time::Duration;

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);

/// Waits that grow.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
    most: Duration,
}

impl Backoff {
    /// Waits of at most `most`.
    pub fn up_to(most: Duration) -> Self {
        Self { next: FIRST, most }
    }

    /// The wait before the `attempts + 1`th try.
    pub fn after(attempts: u32, most: Duration) -> Duration {
        FIRST.saturating_mul(1 << attempts.min(16)).min(most)
    }

    /// The next wait.
    pub fn wait(&mut self) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(self.most);
        wait
    }

    /// It worked: the next wait is a short one.
    pub fn reset(&mut self) {
        self.next = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_their_bound_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::up_to(Duration::from_secs(5));
        let waits: Vec<u64> = (0..5).map(|_| backoff.wait().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        backoff.reset();
        assert_eq!(backoff.wait().as_secs(), 1);
        assert_eq!(Backoff::after(u32::MAX, Duration::from_secs(300)).as_secs(), 300);
    }
}
