//! Telegram's sending limits: about one message a second in a chat (with a short burst), twenty in any sliding minute in a
//! group, thirty a second in all. Edits count. What is counted is kept, so that a test can ask for the worst minute.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    time::{Duration, Instant},
};

use serde::Serialize;

use super::ids::ChatId;

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    capacity: f64,
    per_second: f64,
    at: Instant,
}

impl Bucket {
    fn new(capacity: f64, per_second: f64, now: Instant) -> Self {
        Self { tokens: capacity, capacity, per_second, at: now }
    }

    /// Seconds until a token is there; 0 when one is.
    fn wait(&mut self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.capacity);
        self.at = now;
        if self.tokens >= 1.0 { 0.0 } else { (1.0 - self.tokens) / self.per_second }
    }
}

/// How many messages a chat takes at once before the one-per-second pace applies.
const BURST: f64 = 5.0;
/// How many messages and edits a group takes in any minute.
const PER_MINUTE: usize = 20;

/// How much the bot sent into a chat, and edited there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counted {
    /// Messages and edits that were taken.
    pub(crate) sent: usize,
    /// The most of them in any sliding minute.
    pub(crate) worst_minute: usize,
    /// What was refused with 429 for being too much.
    pub(crate) refused: usize,
}

/// A sliding minute of one chat.
#[derive(Debug, Default)]
struct Minute {
    times: VecDeque<Instant>,
    counted: Counted,
}

impl Minute {
    fn forget(&mut self, minute: Duration, now: Instant) {
        while self.times.front().is_some_and(|at| now.saturating_duration_since(*at) >= minute) {
            self.times.pop_front();
        }
    }

    /// Seconds until a group takes one more; 0 when it does.
    fn wait(&self, minute: Duration, now: Instant) -> f64 {
        let Some(first) = self.times.len().checked_sub(PER_MINUTE).and_then(|at| self.times.get(at)) else {
            return 0.0;
        };
        (*first + minute).saturating_duration_since(now).as_secs_f64()
    }

    fn note(&mut self, now: Instant) {
        self.times.push_back(now);
        self.counted.sent += 1;
        self.counted.worst_minute = self.counted.worst_minute.max(self.times.len());
    }
}

/// All limits.
#[derive(Debug)]
pub(crate) struct Limits {
    on: bool,
    /// How long a minute is: a test's may be shorter, and everything is as much faster.
    minute: Duration,
    /// What a refusal says at least.
    flood_wait: u32,
    all: Bucket,
    chats: HashMap<String, Bucket>,
    minutes: BTreeMap<String, Minute>,
}

/// What a message is counted against.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Private(ChatId),
    Group(ChatId),
    Inline(String),
}

impl Limits {
    pub(crate) fn new(on: bool, minute: Duration) -> Self {
        let all = 30.0 * faster(minute);
        Self {
            on,
            minute,
            flood_wait: 1,
            all: Bucket::new(30.0, all, Instant::now()),
            chats: HashMap::new(),
            minutes: BTreeMap::new(),
        }
    }

    /// On or off, and how many seconds a refusal says at least. Everything is counted anew.
    pub(crate) fn set(&mut self, on: bool, flood_wait: u32) {
        *self = Self { flood_wait, ..Self::new(on, self.minute) };
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    /// What was sent and edited since the limits were set, by chat; of an inline message by its id.
    pub(crate) fn counted(&self) -> BTreeMap<&str, Counted> {
        self.minutes.iter().map(|(chat, minute)| (chat.as_str(), minute.counted)).collect()
    }

    /// Counts one message, or says how many whole seconds to wait.
    pub(crate) fn take(&mut self, target: &Target, now: Instant) -> Result<(), u32> {
        let key = match target {
            Target::Private(chat) | Target::Group(chat) => chat.to_string(),
            Target::Inline(id) => id.clone(),
        };
        let pace = faster(self.minute);
        let minute = self.minutes.entry(key.clone()).or_default();
        minute.forget(self.minute, now);
        if !self.on {
            minute.note(now);
            return Ok(());
        }
        let chat = self.chats.entry(key).or_insert_with(|| Bucket::new(BURST, pace, now));
        let mut wait = chat.wait(now).max(self.all.wait(now));
        if let Target::Group(_) = target {
            wait = wait.max(minute.wait(self.minute, now));
        }
        if wait > 0.0 {
            minute.counted.refused += 1;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 60")]
            return Err((wait.ceil() as u32).max(self.flood_wait));
        }
        chat.tokens -= 1.0;
        self.all.tokens -= 1.0;
        minute.note(now);
        Ok(())
    }
}

/// How many times as fast as Telegram everything is.
fn faster(minute: Duration) -> f64 {
    60.0 / minute.as_secs_f64().max(0.001)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: Target = Target::Group(ChatId(-5));

    #[test]
    fn a_group_takes_twenty_in_any_minute_however_they_are_spread() {
        let mut limits = Limits::new(true, Duration::from_secs(60));
        let start = Instant::now();
        let mut taken = 0;
        for second in 0..59 {
            taken += usize::from(limits.take(&GROUP, start + Duration::from_secs(second)).is_ok());
        }
        assert_eq!(taken, PER_MINUTE, "nothing comes back within the minute");
        assert_eq!(limits.take(&GROUP, start + Duration::from_secs(59)), Err(1), "the first one leaves then");
        assert_eq!(limits.take(&GROUP, start + Duration::from_secs(60)), Ok(()));
        let counted = limits.counted()["-5"];
        assert_eq!(counted, Counted { sent: 21, worst_minute: 20, refused: 40 });
    }

    #[test]
    fn without_limits_the_worst_minute_is_counted_all_the_same() {
        let mut limits = Limits::new(false, Duration::from_secs(60));
        let start = Instant::now();
        for second in 0..100 {
            assert_eq!(limits.take(&GROUP, start + Duration::from_secs(second)), Ok(()));
        }
        assert_eq!(limits.counted()["-5"], Counted { sent: 100, worst_minute: 60, refused: 0 });
    }

    #[test]
    fn a_refusal_asks_for_as_long_a_silence_as_it_was_told_to() {
        let mut limits = Limits::new(true, Duration::from_secs(60));
        limits.set(true, 120);
        let now = Instant::now();
        let refused = (0..30).find_map(|_| limits.take(&GROUP, now).err());
        assert_eq!(refused, Some(120));
    }
}
